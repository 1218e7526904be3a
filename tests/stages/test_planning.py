"""Each question stands where the best source can answer it, once for each value and cell; the rest is a planned gap."""

from datetime import timedelta

import pytest

from investigator.domain.coverage import Cell
from investigator.domain.entity import EntityRef
from investigator.domain.plan import Budget, Lead
from investigator.domain.playbook import Playbook, PlaybookStep
from investigator.domain.question import Answer
from investigator.domain.times import Window, parse_instant
from investigator.domain.words import CellState, EntityKind, Scenario
from investigator.stages.case_facts import CaseFacts
from investigator.stages.planning import make_plan, steps_of_lead
from investigator.stages.steps.sourcing import World
from tests.doubles.fake_catalog import FakeCatalog
from tests.support.told_tools import in_history, in_logs, of_services

NOW = parse_instant("2026-01-28T12:00:00Z")
KEY, OTHER = "AKIAIOSFODNN7EXAMPLE", "AKIAI44QH8DHBEXAMPLE"
ONE, TWO = "111122223333", "444455556666"
REGIONS = tuple((ONE, region) for region in ("us-east-1", "eu-west-1", "ap-southeast-3"))
CATALOG = FakeCatalog((*in_logs(), *in_history(), *of_services()))


def asks(tool: str, for_each: str | None = None, **inputs: str) -> PlaybookStep:
    return PlaybookStep(tool=tool, inputs=inputs, for_each=for_each, because=f"why {tool}")


def book(*steps: PlaybookStep, budget: Budget | None = None) -> Playbook:
    return Playbook(
        name="p", title="P", scenario=Scenario.GENERAL, when=(), slots=(), steps=steps, budget=budget or Budget()
    )


def world(*steps: PlaybookStep, logs=(), cells=(), budget=None) -> World:
    return World(book(*steps, budget=budget), CATALOG, NOW, tuple(logs), tuple(cells))


def case(**slots: str) -> CaseFacts:
    return CaseFacts(tuple(Answer(slot=slot, value=value, source="user") for slot, value in slots.items()))


def log_cell(region: str, start: str = "2026-01-01", end: str = "2026-01-28T12:00:00", account: str = ONE) -> Cell:
    window = Window(start=parse_instant(start), end=parse_instant(end))
    return Cell(source="logs", account=account, region=region, events="management", window=window, records=9,
                state=CellState.UNVERIFIED)  # fmt: skip


def placed(plan) -> list[tuple[str, str, str]]:
    return [(step.tool, step.source, step.region) for step in plan.steps]


def why(plan) -> list[str]:
    return [gap.why for gap in plan.gaps]


def test_log_files_answer_once_for_all_regions():
    plan = make_plan(case(key=KEY), world(asks("calls_by_key", for_each="key"), logs=[log_cell("us-east-1")]))

    assert placed(plan) == [("calls_by_key", "logs", "")]
    assert plan.steps[0].inputs == {"key": KEY, "window": "2026-01-14T12:00:00Z/2026-01-28T12:00:01Z"}


def test_without_logs_the_event_history_is_asked_in_every_region():
    plan = make_plan(case(key=KEY), world(asks("calls_by_key"), cells=REGIONS))

    assert placed(plan) == [
        ("calls_by_key", "cloudtrail", region) for region in ("ap-southeast-3", "eu-west-1", "us-east-1")
    ]


def test_regions_in_use_are_asked_first_and_none_is_left_out():
    plan = make_plan(case(key=KEY, regions="us-east-1"), world(asks("calls_by_key"), cells=REGIONS))

    assert [step.region for step in plan.steps] == ["us-east-1", "ap-southeast-3", "eu-west-1"]


def test_regions_without_logs_are_asked_of_the_event_history_as_well():
    logs = [log_cell("us-east-1"), log_cell("eu-west-1")]
    plan = make_plan(case(key=KEY), world(asks("calls_by_key"), logs=logs, cells=REGIONS))

    assert placed(plan) == [("calls_by_key", "logs", ""), ("calls_by_key", "cloudtrail", "ap-southeast-3")]


@pytest.mark.parametrize(("start", "end"), [("2026-01-27", "2026-01-28T12:00:00"), ("2026-01-01", "2026-01-27")])
def test_logs_that_stop_short_of_the_window_do_not_cover_it(start, end):
    logs = [log_cell("us-east-1", start, end)]
    plan = make_plan(case(key=KEY), world(asks("calls_by_key"), logs=logs, cells=[(ONE, "us-east-1")]))

    assert placed(plan) == [("calls_by_key", "logs", ""), ("calls_by_key", "cloudtrail", "us-east-1")]


def test_global_questions_are_put_once_an_account_where_the_service_is_at_home():
    plan = make_plan(
        case(principal="build"), world(asks("keys_of_user"), cells=[*REGIONS, (TWO, "eu-west-1"), (TWO, "us-east-1")])
    )

    assert [(step.account, step.region) for step in plan.steps] == [(ONE, "us-east-1"), (TWO, "us-east-1")]


def test_only_the_affected_accounts_are_asked():
    cells = [(ONE, "us-east-1"), (TWO, "us-east-1")]

    assert {
        step.account for step in make_plan(case(key=KEY, account=TWO), world(asks("calls_by_key"), cells=cells)).steps
    } == {TWO}


def test_an_account_out_of_reach_is_a_gap_and_narrows_nothing():
    plan = make_plan(case(key=KEY, account="999988887777"), world(asks("calls_by_key"), cells=[(ONE, "us-east-1")]))

    assert len(plan.steps) == 1
    assert why(plan) == ["account 999988887777 is not among those that can be asked"]


def test_no_source_looks_up_by_address_but_log_files():
    plan = make_plan(case(ip="198.51.100.7"), world(asks("calls_by_ip"), cells=REGIONS))

    assert plan.steps == ()
    assert why(plan) == [
        "only log files can answer it, and CloudTrail's event history can be searched neither by address nor for data events: none are given"
    ]


def test_beyond_90_days_the_event_history_holds_nothing():
    plan = make_plan(
        case(key=KEY, start="2025-09-01T00:00:00Z"), world(asks("calls_by_key"), cells=[(ONE, "us-east-1")])
    )

    assert plan.steps[0].inputs["window"].startswith("2025-10-30T12:00:00Z/")
    assert why(plan) == [
        "CloudTrail's event history reaches back 90 days, to 2025-10-30T12:00:00Z; give log files for earlier"
    ]


def test_a_fact_that_nobody_knows_yet_is_no_failure():
    plan = make_plan(
        case(key=KEY),
        world(asks("instance_set_up", for_each="instance"), asks("calls_by_key"), cells=[(ONE, "us-east-1")]),
    )

    assert [step.tool for step in plan.steps] == ["calls_by_key"]
    assert [(gap.tool, gap.waits_for) for gap in plan.gaps] == [("instance_set_up", "instance")]


def test_several_values_are_several_steps():
    plan = make_plan(
        case(key=f"{KEY}, {OTHER}"), world(asks("calls_by_key", for_each="key"), cells=[(ONE, "us-east-1")])
    )

    assert [step.inputs["key"] for step in plan.steps] == [KEY, OTHER]


def test_literals_and_templates_fill_inputs():
    steps = (asks("calls_by_name", event_name="CreateUser,CreateRole"), asks("keys_of_user", user="{principal}"))
    plan = make_plan(
        case(principal="arn:aws:iam::111122223333:user/ops/build"), world(*steps, cells=[(ONE, "us-east-1")])
    )

    assert [step.inputs.get("event_name") or step.inputs["user"] for step in plan.steps] == [
        "CreateUser",
        "CreateRole",
        "build",
    ]


def test_a_role_is_not_asked_for_as_a_user():
    plan = make_plan(
        case(principal="arn:aws:iam::111122223333:role/Deploy"),
        world(asks("keys_of_user", user="{principal}"), cells=REGIONS),
    )

    assert plan.steps == ()
    assert plan.gaps[0].waits_for == "user"


def test_a_value_that_a_tool_cannot_take_is_a_gap():
    plan = make_plan(case(bucket="UPPER"), world(asks("bucket_policy"), cells=[(ONE, "us-east-1")]))

    assert plan.steps == ()
    assert "bucket_policy cannot take bucket=UPPER" in why(plan)[0]


def test_a_tool_that_is_not_there_is_a_gap():
    assert why(make_plan(case(), world(asks("no_such_tool")))) == ["the catalog has no tool of that name"]


def test_invalid_and_default_answers_fill_nothing():
    facts = CaseFacts((Answer(slot="key", value="not a key", source="user", note="kept as text"),
                       Answer(slot="principal", value="build", source="default")))  # fmt: skip

    assert make_plan(facts, world(asks("calls_by_key"), asks("keys_of_user"), cells=REGIONS)).steps == ()


def test_the_quote_says_calls_time_and_money():
    plan = make_plan(case(key=KEY), world(asks("calls_by_key"), asks("cost"), cells=REGIONS))

    assert (plan.quote.steps, plan.quote.aws_calls, plan.quote.cost_explorer_requests, plan.quote.usd) == (
        4,
        7,
        1,
        "0.01",
    )
    assert plan.quote.seconds == 2


def test_paid_requests_stop_at_their_cap():
    plan = make_plan(
        case(),
        world(asks("cost"), cells=[(ONE, "us-east-1"), (TWO, "us-east-1")], budget=Budget(cost_explorer_requests=1)),
    )

    assert len(plan.steps) == 1
    assert why(plan) == ["the cap of 1 Cost Explorer requests is reached"]


def test_the_same_question_in_the_same_cell_keeps_its_id():
    one = make_plan(case(key=KEY), world(asks("calls_by_key"), cells=REGIONS))
    two = make_plan(case(key=KEY, rotated="yes"), world(asks("calls_by_key"), asks("keys_of_user"), cells=REGIONS))

    assert {step.id for step in one.steps} <= {step.id for step in two.steps}


@pytest.mark.parametrize(
    ("slot", "one", "other"),
    [
        ("account", ONE, TWO),
        ("regions", "us-east-1", "eu-west-1"),
        ("start", "2026-01-20T00:00:00Z", "2026-01-21T00:00:00Z"),
        ("left_at", "2026-01-20T00:00:00Z", "2026-01-21T00:00:00Z"),
        ("exposure", "GitHub on 2026-01-20", "GitHub on 2026-01-21"),
        ("principal", "build", "deploy"),
        ("person", "jdoe", "jroe"),
        ("key", KEY, OTHER),
        ("instance", "i-0123456789abcdef0", "i-0123456789abcdef1"),
        ("bucket", "one", "two"),
        ("ip", "198.51.100.7", "198.51.100.8"),
    ],
)
def test_two_answers_to_one_question_make_two_plans(slot, one, other):
    steps = (asks("calls_by_key", key=KEY), asks("calls_by_ip"), asks("calls_by_key"), asks("calls_by_principal"),
             asks("keys_of_user"), asks("instance_set_up"), asks("bucket_policy"))  # fmt: skip
    there = world(*steps, logs=[log_cell("us-east-1")], cells=[*REGIONS, (TWO, "us-east-1")])

    assert make_plan(case(**{slot: one}), there).steps != make_plan(case(**{slot: other}), there).steps


def test_a_lead_asks_only_what_is_about_it():
    lead = Lead(entity=EntityRef(kind=EntityKind.ACCESS_KEY, value=OTHER), evidence="ct:7", because="handed out")
    there = world(
        asks("calls_by_key", for_each="key"),
        asks("calls_by_name", event_name="CreateUser"),
        asks("keys_of_user"),
        cells=[(ONE, "us-east-1")],
    )

    [step] = steps_of_lead(lead, case(key=KEY, principal="build"), there)
    assert (step.tool, step.inputs["key"], step.lead, step.because) == ("calls_by_key", OTHER, "ct:7", "handed out")


def test_the_window_includes_the_moment_of_the_case():
    assert NOW in case().window(NOW)
    assert case().window(NOW).end == NOW + timedelta(seconds=1)


def test_a_start_after_the_moment_of_the_case_is_not_used():
    assert case(start="2027-01-01T00:00:00Z").window(NOW).start == NOW - timedelta(days=14)
