"""Which actions a judgement calls for, told with the entities and calls of a case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from investigator.actions.catalogue import ORDER, catalogue
from investigator.domain.entity import EntityRef
from investigator.domain.plan import Step
from investigator.domain.stage_results import Gathered, StepReport
from investigator.domain.state import State
from investigator.domain.words import EntityKind, Outcome, Role, Tactic, Verdict
from investigator.stages.proposing import Limits
from tests.stages.proposals import (
    ACCOUNT,
    BUILD,
    DEPLOY,
    HOME,
    KEY,
    MINER,
    SOC,
    assessed,
    call,
    codes,
    entity,
    finding,
    proposed,
    undoing,
)
from tests.stages.test_effects import HARMFUL

ANY = Limits(disrupt=True)
STOPPED = call("cloudtrail:StopLogging", {"name": "main"})


def iam_says(status: str) -> Gathered:
    state = State(
        answer="aws:0123456789abcdef", path="AccessKeyMetadata[AccessKeyId=x]", entity=EntityRef(kind=EntityKind.ACCESS_KEY, value=KEY),
        kind="access_key", account=ACCOUNT, region="us-east-1", values={"Status": status, "UserName": "build"},
    )  # fmt: skip
    step = Step(id="s1", tool="keys_of_user", source="iam", because="")
    return Gathered(steps=(StepReport(step=step, observations=(state,)),))


def test_a_leaked_key_is_switched_off_and_its_sessions_end():
    actions = proposed(assessed(entity(EntityKind.ACCESS_KEY, KEY)))

    assert codes(actions)[:2] == ["KEY-OFF", "USER-REVOKE"]
    assert "KEY-DEL" in codes(actions)
    assert f"--user-name build --access-key-id {KEY} --status Inactive" in actions[0].command
    assert actions[0].account == ACCOUNT


@pytest.mark.parametrize("role", [Role.COMPROMISED, Role.CREATED_BY_ACTOR])
@pytest.mark.parametrize("disrupt", [False, True])
def test_switching_off_a_key_never_stands_alone(role, disrupt):
    """Sessions of GetSessionToken outlive the key, and a long-term key could always have made one."""
    found = codes(proposed(assessed(entity(EntityKind.ACCESS_KEY, KEY, role)), limits=Limits(disrupt=disrupt)))

    assert "KEY-OFF" in found and "USER-REVOKE" in found
    assert found.index("KEY-OFF") < found.index("USER-REVOKE")


def test_an_inactive_key_is_not_switched_off_again_but_its_sessions_still_end():
    found = codes(proposed(assessed(entity(EntityKind.ACCESS_KEY, KEY)), gathered=iam_says("Inactive")))

    assert "KEY-OFF" not in found
    assert "USER-REVOKE" in found and "KEY-DEL" in found


def switched(status: str, clock: str, actor: str = SOC):
    return call(
        "iam:UpdateAccessKey", {"userName": "build", "accessKeyId": KEY, "status": status}, clock=clock, actor=actor
    )


@pytest.mark.parametrize(
    ("later", "still"),
    [
        ([switched("Inactive", "04:00")], False),
        ([switched("Inactive", "04:00"), switched("Active", "05:00")], True),
        ([switched("Active", "04:00"), switched("Inactive", "05:00")], False),
        ([switched("Active", "04:00")], True),
        ([switched("Inactive", "04:00", actor=BUILD)], False),
        ([call("iam:DeleteAccessKey", {"userName": "build", "accessKeyId": KEY}, clock="04:00")], False),
        ([call("iam:DeleteAccessKey", {"accessKeyId": "AKIAANOTHERKEY000000"}, clock="04:00")], True),
        ([call("iam:DeleteAccessKey", {"accessKeyId": KEY}, clock="04:00", outcome=Outcome.DENIED)], True),
    ],
)  # fmt: skip
def test_the_last_word_of_the_records_says_whether_a_key_is_off(later, still):
    key = entity(EntityKind.ACCESS_KEY, KEY)
    case = assessed(key, findings=(finding(KEY, evidence=(STOPPED.id,)),))

    found = codes(proposed(case, STOPPED, *later))

    assert ("KEY-OFF" in found) is still
    assert "USER-REVOKE" in found


def test_a_user_with_a_quarantine_policy_is_still_denied():
    user = entity(EntityKind.PRINCIPAL, BUILD)
    case = assessed(user, findings=(finding(BUILD, evidence=(STOPPED.id,)),))

    def after(policy: str) -> list[str]:
        arn = f"arn:aws:iam::aws:policy/{policy}"
        attached = call("iam:AttachUserPolicy", {"userName": "build", "policyArn": arn}, clock="04:00", actor=SOC)
        return codes(proposed(case, STOPPED, attached, limits=ANY))

    assert "USER-DENY" in after("AWSCompromisedKeyQuarantineV3")
    assert "USER-DENY" not in after("AWSDenyAll")


@pytest.mark.parametrize("role", [Role.RESPONDER, Role.OWN, Role.BENIGN, Role.UNKNOWN, Role.TOUCHED])
def test_nobody_else_is_acted_on(role):
    entities = (entity(EntityKind.PRINCIPAL, BUILD, role), entity(EntityKind.ACCESS_KEY, KEY, role))

    assert not proposed(assessed(*entities), limits=ANY)


def test_the_calls_of_a_responder_are_not_undone():
    stopped = call("cloudtrail:StopLogging", {"name": "main"}, actor=SOC)

    assert not undoing(stopped, entities=(entity(EntityKind.PRINCIPAL, SOC, Role.RESPONDER),))


@pytest.mark.parametrize("verdict", [Verdict.BENIGN, Verdict.LIKELY_BENIGN])
def test_a_benign_case_calls_for_nothing(verdict):
    assert not proposed(assessed(entity(EntityKind.ACCESS_KEY, KEY), verdict=verdict))


def test_nothing_is_proposed_without_a_finding():
    assert not proposed(assessed(entity(EntityKind.ACCESS_KEY, KEY), findings=()), STOPPED)


def test_a_role_loses_its_sessions_unless_it_belongs_to_a_service():
    linked_role = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/support.amazonaws.com/AWSServiceRoleForSupport"
    person = f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef"

    assert codes(proposed(assessed(entity(EntityKind.PRINCIPAL, DEPLOY)))) == ["ROLE-REVOKE"]
    assert codes(proposed(assessed(entity(EntityKind.PRINCIPAL, linked_role)))) == []
    assert codes(proposed(assessed(entity(EntityKind.PRINCIPAL, person)))) == ["IDC-DENY"]


def test_a_role_that_the_intruder_made_is_trusted_by_nobody():
    [trust, revoke] = proposed(assessed(entity(EntityKind.PRINCIPAL, DEPLOY, Role.CREATED_BY_ACTOR)))

    assert (trust.code, revoke.code) == ("ROLE-TRUST", "ROLE-REVOKE")
    assert "TrustNobody" in trust.command
    assert trust.turn < revoke.turn


def test_root_has_its_own_step():
    assert codes(proposed(assessed(entity(EntityKind.PRINCIPAL, f"arn:aws:iam::{ACCOUNT}:root")))) == ["ROOT"]


def test_an_instance_of_the_intruder_is_kept_as_evidence_then_stopped_then_removed():
    launched = call("ec2:RunInstances", {}, {"instancesSet": {"items": [{"instanceId": MINER}]}})
    miner = entity(EntityKind.INSTANCE, MINER, Role.CREATED_BY_ACTOR).model_copy(update={"evidence": (launched.id,)})
    state = State(
        answer="aws:0123456789abcdef", path="x", entity=EntityRef(kind=EntityKind.INSTANCE, value=MINER),
        kind="instance", account=ACCOUNT, region=HOME, values={},
    )  # fmt: skip
    step = Step(id="s1", tool="instance", source="ec2", because="")
    seen = Gathered(steps=(StepReport(step=step, observations=(state,)),))

    case = assessed(miner, findings=(finding(MINER, evidence=(launched.id,)),))
    actions = proposed(case, launched, gathered=seen)

    assert codes(actions) == ["SNAP", "EC2-PROTECT", "EC2-STOP", "EC2-TERM", "GUARD-REGION", "SCP-ATTACH"]
    assert actions[0].region == HOME
    assert not {"SNAP", "EC2-PROTECT"} & set(codes(proposed(case, launched, limits=Limits(forensics=False))))


def test_an_instance_that_is_gone_calls_for_nothing_more():
    launched = call("ec2:RunInstances", {}, {})
    gone = call("ec2:TerminateInstances", {"instancesSet": {"items": [{"instanceId": MINER}]}}, clock="04:00")
    miner = entity(EntityKind.INSTANCE, MINER, Role.CREATED_BY_ACTOR)

    found = proposed(assessed(miner, findings=(finding(MINER, evidence=(launched.id,)),)), launched, gone)

    assert {action.on for action in found} == {ACCOUNT}


def test_what_the_intruder_copied_is_no_evidence_kept():
    """A snapshot that a responder took is enough; one that the intruder took is his."""
    request = {"CreateSnapshotsRequest": {"InstanceSpecification": {"InstanceId": MINER}}}
    theirs = call("ec2:CreateSnapshots", request, clock="03:30")
    ours = call("ec2:CreateSnapshots", request, clock="04:00", actor=SOC)
    case = assessed(entity(EntityKind.INSTANCE, MINER), findings=(finding(MINER, evidence=(STOPPED.id, theirs.id)),))

    assert "SNAP" in codes(proposed(case, STOPPED, theirs))
    assert "SNAP" not in codes(proposed(case, STOPPED, theirs, ours))


def test_the_session_of_an_instance_leads_to_the_instance():
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/web/{MINER}"
    person = f"arn:aws:sts::{ACCOUNT}:assumed-role/web/ana"

    found = proposed(assessed(entity(EntityKind.SESSION, session)))
    assert codes(found)[:3] == ["SNAP", "EC2-PROTECT", "EC2-ASG"]
    assert {action.on for action in found} == {MINER}
    assert not proposed(assessed(entity(EntityKind.SESSION, person)))


def test_a_workload_is_isolated_only_when_it_may_be_interrupted():
    addresses = [entity(EntityKind.IP, ip, Role.HOSTILE) for ip in ("198.51.100.7", "198.51.100.8", "2001:db8::7")]
    case = assessed(entity(EntityKind.INSTANCE, MINER), *addresses)

    assert "EC2-ISOLATE" not in codes(proposed(case))
    assert {"SNAP", "EC2-PROTECT", "IMDS"} <= set(codes(proposed(case)))
    blocked = [action.command for action in proposed(case, limits=ANY) if action.code == "NET-BLOCK"]
    assert "EC2-ISOLATE" in codes(proposed(case, limits=ANY))
    assert [
        word in text for word, text in zip(["/32", "/32", "--ipv6-cidr-block 2001:db8::7/128"], blocked, strict=True)
    ] == [True] * 3
    assert [text[text.index("--rule-number") :][:16] for text in blocked] == [
        "--rule-number 1 ",
        "--rule-number 2 ",
        "--rule-number 3 ",
    ]


def test_a_call_that_failed_needs_no_undoing():
    denied = call("cloudtrail:StopLogging", {"name": "main"}, outcome=Outcome.DENIED)

    assert not undoing(denied)


def test_a_hostile_name_makes_no_command():
    names = ("main; rm -rf ~", "$(id)", "a\nb", "-rf", "file:///etc/passwd")
    calls = [call("cloudtrail:StopLogging", {"name": name}, clock=f"03:0{n}") for n, name in enumerate(names)]

    commands = [action.command for action in undoing(*calls) if action.code == "LOG-ON"]
    assert commands == ["aws cloudtrail start-logging --name 'main; rm -rf ~' --region eu-west-1"]


def test_a_key_of_somebody_else_that_was_stopped_works_again():
    stopped = call(
        "iam:UpdateAccessKey", {"userName": "ci", "accessKeyId": "AKIACI00000000000000", "status": "Inactive"}
    )
    own = call("iam:UpdateAccessKey", {"userName": "build", "accessKeyId": KEY, "status": "Inactive"}, clock="03:01")

    found = undoing(stopped, own, entities=(entity(EntityKind.ACCESS_KEY, KEY),))

    assert [action.on for action in found if action.code == "KEY-ON"] == ["AKIACI00000000000000"]


def test_responders_turn_a_key_on_again_only_when_it_was_cleared():
    off = switched("Inactive", "04:00")
    response = finding(SOC, tactic=Tactic.RESPONSE, number=2, evidence=(off.id,))

    def after(role: Role) -> list[str]:
        entities = (entity(EntityKind.PRINCIPAL, SOC, Role.RESPONDER), entity(EntityKind.ACCESS_KEY, KEY, role))
        return codes(proposed(assessed(*entities, findings=(finding(evidence=(STOPPED.id,)), response)), STOPPED, off))

    assert "KEY-ON" in after(Role.BENIGN)
    assert "KEY-ON" not in after(Role.COMPROMISED)
    assert "KEY-ON" not in after(Role.UNKNOWN)


def test_every_guardrail_is_attached_at_the_end_of_the_plan():
    actions = undoing(STOPPED, call("iam:UpdateAssumeRolePolicy", {"roleName": "deploy"}, clock="03:01"))
    attached = [action for action in actions if action.code == "SCP-ATTACH"]

    assert codes(actions)[-2:] == ["SCP-ATTACH", "SCP-ATTACH"]
    assert ["guard-iam" in action.command for action in attached] == [True, False]
    assert ["guard-log" in action.command for action in attached] == [False, True]
    assert {action.turn for action in attached} == {actions[-1].turn}
    assert all(action.turn < actions[-1].turn for action in actions if action.code.startswith("GUARD-"))


CAST = [
    entity(EntityKind.ACCESS_KEY, KEY),
    entity(EntityKind.ACCESS_KEY, KEY, Role.CREATED_BY_ACTOR),
    entity(EntityKind.PRINCIPAL, BUILD),
    entity(EntityKind.PRINCIPAL, DEPLOY, Role.CREATED_BY_ACTOR),
    entity(EntityKind.INSTANCE, MINER),
    entity(EntityKind.INSTANCE, "i-0fedcba9876543210", Role.CREATED_BY_ACTOR),
    entity(EntityKind.IP, "198.51.100.7", Role.HOSTILE),
]
PLANS = st.builds(
    lambda cast, calls: undoing(*calls, entities=tuple(cast)),
    st.lists(st.sampled_from(CAST), unique_by=lambda one: one.value),
    st.lists(st.sampled_from([row.call for row in HARMFUL]), unique_by=lambda one: one.id),
)


def order_of(action) -> int:
    """The part of the plan that an action stands in, by the command that it came from."""
    words = action.effect
    return next(ORDER.index(template.order) for template in catalogue().values() if template.effect == words)


@given(PLANS)
def test_any_plan_keeps_the_order_of_the_response(actions):
    """Evidence, credential, workload, path, persistence, recover, harden; a turn never waits for a later one."""
    assert [order_of(action) for action in actions] == sorted(order_of(action) for action in actions)
    assert [action.turn for action in actions] == sorted(action.turn for action in actions)
    assert {action.turn for action in actions} == set(range(1, len({action.turn for action in actions}) + 1))


@given(PLANS)
def test_no_plan_loses_evidence_before_it_is_kept(actions):
    for number, action in enumerate(actions):
        if action.loses_evidence:
            kept = [before for before in actions[:number] if before.phase == "preserve" and before.on == action.on]
            assert "SNAP" in codes(kept)
            assert all(before.turn < action.turn for before in kept)


@given(PLANS)
def test_no_plan_switches_a_key_off_without_ending_its_sessions(actions):
    off = [action for action in actions if action.code == "KEY-OFF"]
    ended = [action for action in actions if action.code == "USER-REVOKE"]

    assert not off or ended
    assert all(first.turn < second.turn for first in off for second in ended)


@given(PLANS)
def test_every_action_of_any_plan_is_its_own_and_whole(actions):
    assert len({action.id for action in actions}) == len({action.command for action in actions}) == len(actions)
    assert all(action.on and action.effect and action.verify and action.undo and action.needs for action in actions)


@given(PLANS)
def test_what_may_be_run_together_waits_for_nothing_beside_it(actions):
    """Way in before sessions, guardrail before its attachment: never in one turn."""
    waiting = {
        "USER-REVOKE": {"KEY-OFF", "ROLE-TRUST"},
        "ROLE-REVOKE": {"KEY-OFF", "ROLE-TRUST"},
        "SCP-ATTACH": {"GUARD-LOG", "GUARD-IAM"},
    }
    for action in actions:
        beside = {other.code for other in actions if other.turn == action.turn}
        assert not beside & waiting.get(action.code, set())
