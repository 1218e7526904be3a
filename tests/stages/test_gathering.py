"""Steps are asked, refusals become gaps, evidence raises leads, leads become steps; nothing is asked twice."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from investigator.domain.coverage import Cell
from investigator.domain.entity import EntityRef
from investigator.domain.event import EventGroup
from investigator.domain.gap import Gap
from investigator.domain.observation import Observation
from investigator.domain.plan import Budget
from investigator.domain.playbook import Playbook
from investigator.domain.progress import Progress
from investigator.domain.question import Answer
from investigator.domain.times import Window, parse_instant
from investigator.domain.trouble import NoCredentials, Stopped
from investigator.domain.words import CellState, EntityKind, Scenario
from investigator.ports.aws import Aws
from investigator.ports.tool import EVERY_REGION, tool
from investigator.stages.case_facts import CaseFacts
from investigator.stages.gathering import Means, gather
from investigator.stages.planning import make_plan
from investigator.stages.steps.sourcing import World
from tests.doubles.fake_accounts import FakeAccounts, refusal
from tests.doubles.fake_catalog import FakeCatalog
from tests.doubles.fake_store import FakeStore
from tests.stages.test_leads import BOB_KEY, INTRUSION, MACHINE, SESSION_KEY
from tests.stages.test_planning import ONE, asks
from tests.support.story import key_of, told, without
from tests.support.told_tools import LOOKUP, KeyUse, from_module, in_history, in_logs, of_services

NOW = parse_instant("2026-01-28T12:00:00Z")
ALICE = key_of("alice")
CATALOG = FakeCatalog((*in_logs(), *in_history(), *of_services()))
QUESTIONS = (
    asks("calls_by_key", for_each="key"),
    asks("keys_of_user"),
    asks("instance_set_up", for_each="instance"),
    asks("calls_by_principal"),
)
LOGS = (Cell(source="logs", account=ONE, region="us-east-1", events="management", records=9, state=CellState.UNVERIFIED,
             window=Window(start=NOW - timedelta(days=20), end=NOW)),)  # fmt: skip
HOME, IRELAND = (ONE, "us-east-1"), (ONE, "eu-west-1")


def case(**slots: str) -> CaseFacts:
    return CaseFacts(tuple(Answer(slot=slot, value=value, source="user") for slot, value in slots.items()))


def world(*steps, logs=(), cells=(), catalog=CATALOG, **budget) -> World:
    playbook = Playbook(
        name="p", title="P", scenario=Scenario.GENERAL, when=(), slots=(), steps=steps, budget=Budget(**budget)
    )
    return World(playbook, catalog, NOW, logs, cells)


def run(facts: CaseFacts, there: World, **means):
    return gather(make_plan(facts, there), facts, there, Means(**means))


def asked(gathered) -> list[tuple[str, str]]:
    return [(report.step.tool, next(iter(report.step.inputs.values()))) for report in gathered.steps]


def test_logs_are_asked_along_the_whole_chain_of_leads():
    gathered = run(case(key=ALICE), world(*QUESTIONS, logs=LOGS), store=FakeStore(told(INTRUSION)))

    keys = {value for name, value in asked(gathered) if name == "calls_by_key"}
    assert keys >= {ALICE, BOB_KEY, SESSION_KEY, key_of("svc")}
    counted = {
        r.step.inputs["key"]: g.count
        for r in gathered.steps
        for g in r.observations
        if isinstance(g, EventGroup) and "key" in r.step.inputs
    }
    assert (counted[ALICE], counted[BOB_KEY], counted[SESSION_KEY]) == (2, 2, 2)


def test_each_lead_step_cites_the_record_that_raised_it():
    gathered = run(case(key=ALICE), world(*QUESTIONS, logs=LOGS), store=FakeStore(told(INTRUSION)))

    raised = {report.step.inputs.get("key"): report.step.lead for report in gathered.steps}
    assert raised[ALICE] is None
    assert (raised[BOB_KEY], raised[SESSION_KEY]) == ("ct:2", "ct:4")


@pytest.mark.parametrize(("record", "key"), [("ct:2", BOB_KEY), ("ct:4", SESSION_KEY)])
def test_without_the_record_that_raised_it_a_step_is_gone(record, key):
    events = without(told(INTRUSION), record)
    gathered = run(case(key=ALICE), world(*QUESTIONS, logs=LOGS), store=FakeStore(events))

    assert key not in {value for _, value in asked(gathered)}


def test_a_fact_that_a_lead_brings_closes_its_planned_gap():
    there = world(*QUESTIONS, logs=LOGS, cells=(HOME,))
    with_lead = run(case(key=ALICE), there, store=FakeStore(told(INTRUSION)), accounts=FakeAccounts((HOME,)))
    without_lead = run(
        case(key=key_of("carol")), there, store=FakeStore(told(INTRUSION)), accounts=FakeAccounts((HOME,))
    )

    assert ("instance_set_up", MACHINE) in asked(with_lead)
    assert "no instance is known, and no evidence led to one" not in {gap.why for gap in with_lead.gaps}
    assert "no instance is known, and no evidence led to one" in {gap.why for gap in without_lead.gaps}


def test_answers_of_aws_are_indexed_and_raise_leads():
    events = told(INTRUSION)
    accounts = FakeAccounts((HOME,))
    run(case(key=ALICE), world(*QUESTIONS, cells=(HOME,)), refresh=lambda: FakeStore(events), accounts=accounts)

    looked_up = [
        parameters["AccessKeyId"] for name, _, _, parameters in accounts.asked if name == "cloudtrail.LookupEvents"
    ]
    assert looked_up[0] == ALICE
    assert {BOB_KEY, SESSION_KEY} <= set(looked_up)
    assert len(looked_up) == len(set(looked_up))


def test_one_refused_cell_is_a_gap_and_the_rest_goes_on():
    accounts = FakeAccounts((HOME, IRELAND), {"cloudtrail.LookupEvents@eu-west-1": (refusal("LookupEvents in eu-west-1"),),
                                              "cloudtrail.LookupEvents": ({"Events": [{"EventId": "1"}]},)})  # fmt: skip
    gathered = run(case(key=ALICE), world(asks("calls_by_key"), cells=(HOME, IRELAND)), accounts=accounts)

    [denied] = [cell for cell in gathered.cells if cell.region == "eu-west-1"]
    [gap] = [gap for gap in gathered.gaps if gap.what == "LookupEvents in eu-west-1"]
    assert (denied.state, denied.gap, denied.records) == (CellState.DENIED, gap.id, 0)
    assert [cell.records for cell in gathered.cells if cell.region == "us-east-1"] == [1, 0]


def test_a_look_up_covers_its_key_alone_and_its_last_minutes_are_uncertain():
    accounts = FakeAccounts((HOME,), {"cloudtrail.LookupEvents": ({"Events": []},)})
    seen, late = run(case(key=ALICE), world(asks("calls_by_key"), cells=(HOME,)), accounts=accounts).cells

    assert (seen.source, seen.events, seen.filter, seen.state) == (
        "lookup_events",
        "management",
        {"AccessKeyId": ALICE},
        CellState.SEEN,
    )
    assert seen.window.end == late.window.start == NOW - timedelta(minutes=15)
    assert late.state is CellState.PARTIAL
    assert late.gap is not None


def test_answers_of_services_are_cells_of_their_moment():
    accounts = FakeAccounts((HOME,), {"iam.ListAccessKeys": ({"AccessKeyMetadata": [{"AccessKeyId": ALICE}]},)})
    [cell] = run(case(principal="alice"), world(asks("keys_of_user"), cells=(HOME,)), accounts=accounts).cells

    assert (cell.source, cell.events, cell.records, cell.state) == ("iam", "answer", 1, CellState.SEEN)
    assert cell.window == Window(start=NOW, end=NOW + timedelta(seconds=1))


def test_cells_of_log_files_stand_in_the_step_alone():
    gathered = run(case(key=ALICE), world(asks("calls_by_key"), logs=LOGS), store=FakeStore(told(INTRUSION)))

    assert gathered.steps[0].cells == LOGS
    assert gathered.cells == ()


def test_steps_of_an_earlier_run_are_not_asked_again():
    there = world(asks("keys_of_user"), asks("calls_by_key"), cells=(HOME,))
    kept = {}
    first = run(
        case(key=ALICE, principal="alice"),
        there,
        accounts=FakeAccounts((HOME,)),
        keep=lambda report: kept.setdefault(report.step.id, report),
    )
    again = FakeAccounts((HOME,))
    second = run(case(key=ALICE, principal="alice"), there, accounts=again, kept=kept)

    assert set(kept) == {report.step.id for report in first.steps}
    assert again.asked == []
    assert second == first


def test_the_budget_of_calls_ends_the_asking_and_is_said():
    accounts = FakeAccounts((HOME,))
    there = world(asks("calls_by_name", event_name="CreateUser,CreateRole,DeleteTrail"), cells=(HOME,), aws_calls=1)
    gathered = run(case(), there, accounts=accounts)

    assert len(accounts.asked) == 1
    assert [gap.why for gap in gathered.gaps if "budget" in gap.why] == ["the budget of 1 calls is spent"] * 2


def test_the_budget_of_minutes_ends_the_asking():
    ticks = iter(range(0, 100_000, 400))
    there = world(asks("calls_by_name", event_name="CreateUser,CreateRole,DeleteTrail"), cells=(HOME,), minutes=10)
    gathered = run(case(), there, accounts=FakeAccounts((HOME,)), seconds=lambda: float(next(ticks)))

    assert "the budget of 10 minutes is spent" in {gap.why for gap in gathered.gaps}


def test_the_budget_of_leads_is_a_gap():
    gathered = run(case(key=ALICE), world(*QUESTIONS, logs=LOGS, leads=2), store=FakeStore(told(INTRUSION)))

    assert len(gathered.leads) == 2
    assert "the budget of 2 leads is spent" in {gap.why for gap in gathered.gaps}


def test_lost_credentials_pause_the_run_and_finished_steps_are_kept():
    accounts = FakeAccounts((HOME,), {"iam.ListAccessKeys": (NoCredentials("expired"),)})
    kept = []
    there = world(asks("calls_by_key"), asks("keys_of_user"), cells=(HOME,))
    with pytest.raises(NoCredentials):
        run(case(key=ALICE, principal="alice"), there, accounts=accounts, keep=kept.append)

    assert [report.step.tool for report in kept] == ["calls_by_key"]


def test_a_stop_ends_the_run_and_finished_steps_are_kept():
    kept = []

    def stop_after_one(progress: Progress) -> None:
        if progress.kind == "step":
            raise Stopped("stopped")

    there = world(asks("calls_by_key"), asks("keys_of_user"), cells=(HOME,))
    with pytest.raises(Stopped):
        run(
            case(key=ALICE, principal="alice"),
            there,
            accounts=FakeAccounts((HOME,)),
            keep=kept.append,
            sink=stop_after_one,
        )

    assert len(kept) == 1


def test_progress_tells_what_is_done_of_how_much():
    told_lines: list[Progress] = []
    run(
        case(key=ALICE),
        world(asks("calls_by_key"), cells=(HOME, IRELAND)),
        accounts=FakeAccounts((HOME, IRELAND)),
        sink=told_lines.append,
    )

    steps = [line for line in told_lines if line.kind == "step"]
    assert [(line.done, line.total) for line in steps] == [(1, 2), (2, 2)]
    assert {line.text for line in steps} == {f"calls_by_key in {ONE} us-east-1", f"calls_by_key in {ONE} eu-west-1"}


def test_a_gap_that_a_look_up_yields_explains_its_last_minutes():
    slow = Gap.of(what="the last calls", why="late delivery", effect="may be missing", close="resume")

    @tool("Which calls did this key sign?", permissions=LOOKUP, where=EVERY_REGION)
    def calls_by_key(inputs: KeyUse, aws: Aws) -> Iterator[Observation]:
        yield slow
        yield EventGroup(where="", count=2, ids=("ct:1", "ct:2"), last=NOW - timedelta(days=1))

    there = world(asks("calls_by_key"), cells=(HOME,), catalog=FakeCatalog((from_module(calls_by_key, "cloudtrail"),)))
    gathered = run(case(key=ALICE), there, accounts=FakeAccounts((HOME,)))

    assert [(cell.records, cell.gap) for cell in gathered.cells] == [(2, None), (0, slow.id)]
    assert gathered.gaps == (slow,)


def test_what_the_event_history_has_forgotten_is_a_cell_of_its_own():
    gathered = run(
        case(key=ALICE, start="2025-09-01T00:00:00Z"),
        world(asks("calls_by_key"), cells=(HOME,)),
        accounts=FakeAccounts((HOME,)),
    )

    [forgotten] = [cell for cell in gathered.cells if cell.state is CellState.OUT_OF_RETENTION]
    assert forgotten.window == Window(start=parse_instant("2025-09-01T00:00:00Z"), end=NOW - timedelta(days=90))
    assert forgotten.gap in {gap.id for gap in gathered.gaps}


def test_two_runs_over_the_same_answers_are_equal():
    cells = (HOME, IRELAND, (ONE, "ap-southeast-3"))

    def once():
        return run(
            case(key=ALICE),
            world(*QUESTIONS, cells=cells),
            refresh=lambda: FakeStore(told(INTRUSION)),
            accounts=FakeAccounts(cells),
        )

    assert once().model_dump_json() == once().model_dump_json()


def test_responders_are_never_followed():
    gathered = run(case(key=ALICE), world(*QUESTIONS, logs=LOGS), store=FakeStore(told(INTRUSION)))

    assert EntityRef(kind=EntityKind.ACCESS_KEY, value=key_of("admin")) not in {lead.entity for lead in gathered.leads}


def test_a_case_without_any_source_says_what_it_could_not_ask():
    gathered = run(case(key=ALICE), world(*QUESTIONS))

    assert gathered.steps == ()
    assert "Which keys has this user? How is this instance set up?" in {gap.what for gap in gathered.gaps}
    assert "it asks AWS, and neither an account nor saved answers are given" in {gap.why for gap in gathered.gaps}
