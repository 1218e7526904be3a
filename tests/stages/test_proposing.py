"""Which actions a judgement calls for, told with the entities and lines of a case."""

from datetime import UTC, datetime

import pytest

from investigator.actions.catalogue import ORDER, catalogue
from investigator.domain.credential import Credential
from investigator.domain.entity import Entity, EntityRef
from investigator.domain.finding import Finding
from investigator.domain.plan import Step
from investigator.domain.report import Judgement
from investigator.domain.stage_results import Assessed, Gathered, Linked, StepReport
from investigator.domain.state import State
from investigator.domain.timeline import Origin, Place, TimelineActor, TimelineEntry
from investigator.domain.words import Confidence, EntityKind, Outcome, Role, Severity, Tactic, Verdict
from investigator.stages.proposing import Limits, propose

ACCOUNT = "111122223333"
KEY = "AKIAIOSFODNN7EXAMPLE"
BUILD = f"arn:aws:iam::{ACCOUNT}:user/build"
DEPLOY = f"arn:aws:iam::{ACCOUNT}:role/deploy"
MINER = "i-0123456789abcdef0"


def entity(kind: EntityKind, value: str, role: Role = Role.COMPROMISED) -> Entity:
    return Entity(kind=kind, value=value, role=role, evidence=("ct:1",))


def finding(*entities: str, tactic: Tactic = Tactic.INITIAL_ACCESS, number: int = 1, evidence: str = "ct:1") -> Finding:
    return Finding(
        id=f"f{number}", claims=("c1",), confidence=Confidence.HIGH, severity=Severity.HIGH, tactic=tactic,
        entities=entities, evidence=(evidence,),
    )  # fmt: skip


def line(
    action: str, *on: str, evidence: str = "ct:1", tactic: Tactic | None = None, actor: str = BUILD
) -> TimelineEntry:
    return TimelineEntry(
        id="e1", time=datetime(2026, 1, 27, 3, tzinfo=UTC), source="cloudtrail", action=action, outcome=Outcome.SUCCESS,
        actor=TimelineActor(kind="person", arn=actor), origin=Origin(ip="198.51.100.7", agent=""), on=on,
        place=Place(account=ACCOUNT, region="eu-west-1"), tactic=tactic, evidence=(evidence,), why="f1",
    )  # fmt: skip


def assessed(*entities: Entity, findings=None, timeline=(), verdict=Verdict.CONFIRMED) -> Assessed:
    found = findings if findings is not None else (finding(*(e.value for e in entities)),)
    return Assessed(
        verdict=Judgement(value=verdict, confidence=Confidence.HIGH),
        findings=tuple(found),
        timeline=tuple(timeline),
        entities=entities,
    )


def proposed(case: Assessed, *, disrupt: bool = False, gathered: Gathered | None = None):
    linked = Linked(credentials=(Credential(id=KEY, issued_to=BUILD),))
    return propose(case, linked, gathered or Gathered(), "ir-5b0c1f22a9d4", Limits(disrupt=disrupt)).actions


def codes(actions) -> list[str]:
    return [action.code for action in actions]


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


def test_switching_off_a_key_never_stands_alone():
    """Sessions of GetSessionToken outlive the key, and a long-term key could always have made one."""
    for role in (Role.COMPROMISED, Role.CREATED_BY_ACTOR):
        found = codes(proposed(assessed(entity(EntityKind.ACCESS_KEY, KEY, role))))
        assert "KEY-OFF" in found and "USER-REVOKE" in found


def test_an_inactive_key_is_not_switched_off_again_but_its_sessions_still_end():
    found = codes(proposed(assessed(entity(EntityKind.ACCESS_KEY, KEY)), gathered=iam_says("Inactive")))

    assert "KEY-OFF" not in found
    assert "USER-REVOKE" in found and "KEY-DEL" in found


def test_what_responders_did_is_not_proposed_again():
    key = entity(EntityKind.ACCESS_KEY, KEY)
    response = finding("soc", tactic=Tactic.RESPONSE, number=2, evidence="ct:9")
    done = line(
        "iam:UpdateAccessKey", "build", KEY, evidence="ct:9", tactic=Tactic.RESPONSE, actor="arn:aws:iam::1:user/soc"
    )
    stopped = line("cloudtrail:StopLogging", "main")
    started = line(
        "cloudtrail:StartLogging", "arn:aws:cloudtrail:eu-west-1:1:trail/main", evidence="ct:9", tactic=Tactic.RESPONSE
    )

    found = codes(proposed(assessed(key, findings=(finding(KEY), response), timeline=(stopped, started, done))))

    assert "KEY-OFF" not in found
    assert "LOG-ON" not in found
    assert "USER-REVOKE" in found


def test_a_user_with_a_quarantine_policy_is_still_denied():
    user = entity(EntityKind.PRINCIPAL, BUILD)
    findings = (finding(BUILD), finding("soc", tactic=Tactic.RESPONSE, number=2, evidence="ct:9"))
    quarantine, deny = ("arn:aws:iam::aws:policy/" + name for name in ("AWSCompromisedKeyQuarantineV3", "AWSDenyAll"))

    def after(policy: str) -> list[str]:
        done = line("iam:AttachUserPolicy", "build", policy, evidence="ct:9", actor="arn:aws:iam::1:user/soc")
        return codes(proposed(assessed(user, findings=findings, timeline=(done,)), disrupt=True))

    assert "USER-DENY" in after(quarantine)
    assert "USER-DENY" not in after(deny)


@pytest.mark.parametrize("role", [Role.RESPONDER, Role.OWN, Role.BENIGN, Role.UNKNOWN, Role.TOUCHED])
def test_nobody_else_is_acted_on(role):
    assert not proposed(
        assessed(entity(EntityKind.PRINCIPAL, BUILD, role), entity(EntityKind.ACCESS_KEY, KEY, role)), disrupt=True
    )


def test_the_calls_of_a_responder_are_not_undone():
    soc = f"arn:aws:iam::{ACCOUNT}:user/soc"
    case = assessed(
        entity(EntityKind.PRINCIPAL, soc, Role.RESPONDER),
        findings=(finding(soc, tactic=Tactic.DEFENSE_EVASION),),
        timeline=(line("cloudtrail:StopLogging", "main", actor=soc),),
    )

    assert not proposed(case)


@pytest.mark.parametrize("verdict", [Verdict.BENIGN, Verdict.LIKELY_BENIGN])
def test_a_benign_case_calls_for_nothing(verdict):
    assert not proposed(assessed(entity(EntityKind.ACCESS_KEY, KEY), verdict=verdict))


def test_nothing_is_proposed_without_a_finding():
    assert not proposed(assessed(entity(EntityKind.ACCESS_KEY, KEY), findings=()))


def test_a_role_loses_its_sessions_unless_it_belongs_to_a_service():
    linked_role = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/support.amazonaws.com/AWSServiceRoleForSupport"
    person = f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef"

    assert codes(proposed(assessed(entity(EntityKind.PRINCIPAL, DEPLOY)))) == ["ROLE-REVOKE"]
    assert codes(proposed(assessed(entity(EntityKind.PRINCIPAL, linked_role)))) == []
    assert codes(proposed(assessed(entity(EntityKind.PRINCIPAL, person)))) == ["IDC-DENY"]


def test_root_has_its_own_step():
    assert codes(proposed(assessed(entity(EntityKind.PRINCIPAL, f"arn:aws:iam::{ACCOUNT}:root")))) == ["ROOT"]


def test_an_instance_of_the_intruder_is_kept_as_evidence_then_stopped_then_removed():
    case = assessed(
        entity(EntityKind.INSTANCE, MINER, Role.CREATED_BY_ACTOR), timeline=(line("ec2:RunInstances", "p3.2xlarge"),)
    )

    actions = proposed(case)

    assert codes(actions) == ["SNAP", "EC2-PROTECT", "EC2-STOP", "EC2-TERM", "GUARD-REGION"]
    assert actions[0].region == "eu-west-1"


def test_the_session_of_an_instance_leads_to_the_instance():
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/web/{MINER}"
    person = f"arn:aws:sts::{ACCOUNT}:assumed-role/web/ana"

    found = proposed(assessed(entity(EntityKind.SESSION, session), timeline=(line("s3:ListBuckets"),)))
    assert codes(found)[:3] == ["SNAP", "EC2-PROTECT", "EC2-ASG"]
    assert {action.on for action in found} == {MINER}
    assert not proposed(assessed(entity(EntityKind.SESSION, person)))


def test_a_workload_is_isolated_only_when_it_may_be_interrupted():
    case = assessed(entity(EntityKind.INSTANCE, MINER), entity(EntityKind.IP, "198.51.100.7", Role.HOSTILE))

    assert "EC2-ISOLATE" not in codes(proposed(case))
    assert {"SNAP", "EC2-PROTECT", "IMDS"} <= set(codes(proposed(case)))
    assert {"EC2-ISOLATE", "NET-BLOCK"} <= set(codes(proposed(case, disrupt=True)))


@pytest.mark.parametrize(
    ("call", "on", "code", "word"),
    [
        ("iam:CreateLoginProfile", ["mallory"], "USER-CONSOLE", "mallory"),
        (
            "iam:AttachUserPolicy",
            ["mallory", "arn:aws:iam::aws:policy/AdministratorAccess"],
            "POLICY-UNDO",
            "AdministratorAccess",
        ),
        ("iam:PutUserPolicy", ["mallory", "all"], "POLICY-UNDO", "--user-name mallory --policy-name all"),
        ("iam:UpdateAssumeRolePolicy", ["deploy"], "ROLE-TRUST", "deploy"),
        ("cloudtrail:StopLogging", ["main"], "LOG-ON", "main"),
        ("ec2:ModifySnapshotAttribute", ["snap-0123456789abcdef0"], "SHARE-OFF", "snap-0123456789abcdef0"),
        ("ec2:ModifyImageAttribute", ["ami-0123456789abcdef0"], "SHARE-OFF", "ami-0123456789abcdef0"),
        ("s3:PutBucketReplication", ["arn:aws:s3:::acme-data"], "POLICY-UNDO", "--bucket acme-data"),
        ("s3:PutBucketPolicy", ["acme-data"], "S3-BLOCK", "acme-data"),
        ("s3:PutBucketVersioning", ["acme-data"], "S3-VERSIONING", "acme-data"),
        ("s3:PutBucketLifecycle", ["acme-data"], "S3-LIFECYCLE-UNDO", "acme-data"),
        ("kms:ScheduleKeyDeletion", ["0b1c2d3e-0000-4000-8000-000000000001"], "KMS-SAVE", "0b1c2d3e"),
        ("secretsmanager:GetSecretValue", ["prod/db"], "SECRET-ROTATE", "prod/db"),
    ],
)
def test_a_harmful_call_is_undone(call, on, code, word):
    actions = proposed(assessed(findings=(finding(BUILD, tactic=Tactic.IMPACT),), timeline=(line(call, *on),)))

    action = next(action for action in actions if action.code == code)
    assert word in action.command
    assert action.needs == ("f1",)


def test_an_object_is_not_taken_for_a_bucket():
    deleted = line("s3:DeleteObjects", "acme-data", "q3.pdf")

    assert {
        action.on for action in proposed(assessed(findings=(finding(BUILD),), timeline=(deleted,)), disrupt=True)
    } == {"acme-data"}


def test_a_call_that_failed_needs_no_undoing():
    tried = line("cloudtrail:StopLogging", "main").model_copy(update={"outcome": Outcome.DENIED})

    assert not proposed(assessed(findings=(finding(BUILD),), timeline=(tried,)))


def test_actions_stand_in_the_order_to_take_them_each_once():
    case = assessed(
        entity(EntityKind.INSTANCE, MINER, Role.CREATED_BY_ACTOR), entity(EntityKind.ACCESS_KEY, KEY), entity(EntityKind.PRINCIPAL, BUILD),
        timeline=(line("cloudtrail:StopLogging", "main"), line("iam:CreateLoginProfile", "mallory"), line("ec2:RunInstances", "p3.2xlarge")),
    )  # fmt: skip

    actions = proposed(case, disrupt=True)
    orders = [ORDER.index(next(t.order for t in catalogue().values() if t.code == action.code)) for action in actions]

    assert orders == sorted(orders)
    assert len({action.id for action in actions}) == len(actions)
    assert len({action.command for action in actions}) == len(actions)


def test_a_hostile_name_makes_no_command():
    case = assessed(
        findings=(finding(BUILD),), timeline=(line("cloudtrail:StopLogging", "main; rm -rf ~", "$(id)", "a\nb"),)
    )

    commands = [action.command for action in proposed(case)]
    assert all("$(id)" not in command and "\n" not in command for command in commands)
    assert any("'main; rm -rf ~'" in command for command in commands)
