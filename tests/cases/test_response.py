"""One hour of an intruder's work: each act is told with tactic, actor, outcome and record, and answered where it succeeded."""

import pytest

from investigator.domain.words import Done, Outcome, Scenario, Tactic
from tests.support.investigations import Room
from tests.support.scenarios import INTRUDER, STRANGER, Told, deeds
from tests.support.story import key_of, user_arn

HOUR = Told(
    Scenario.LEAKED_ACCESS_KEY,
    f"The access key {key_of('build')} of user build leaked on 2026-01-27 at 02:00Z.",
    deeds(
        (f"02:10 build cloudtrail:StopLogging from {INTRUDER}", {"name": "main"}),
        (f"02:15 build cloudtrail:DeleteTrail from {INTRUDER}", {"name": "second"}),
        (f"02:20 build ec2:ModifySnapshotAttribute from {INTRUDER}", {"snapshotId": "snap-0123456789abcdef0", "attributeType": "CREATE_VOLUME_PERMISSION", "createVolumePermission": {"add": {"items": [{"userId": STRANGER}]}}}),
        f"02:25 build iam:CreateAccessKey(robot) -> AKIAROBOT00000000000 from {INTRUDER}",
        (f"02:30 build iam:UpdateAssumeRolePolicy(deploy) from {INTRUDER}", {"roleName": "deploy", "policyDocument": '{"Statement":[{"Effect":"Allow","Principal":{"AWS":"' + STRANGER + '"},"Action":"sts:AssumeRole"}]}'}),
        (f"02:35 build ec2:GetPasswordData denied from {INTRUDER}", {"instanceId": "i-0123456789abcdef0"}),
        (f"02:36 build ec2:GetPasswordData denied from {INTRUDER}", {"instanceId": "i-0fedcba9876543210"}),
    ),
    frozenset(),
    answers={"disrupt": "yes"},
)  # fmt: skip
ACTS = {
    "ct:1": ("cloudtrail:StopLogging", Tactic.DEFENSE_EVASION, "LOG-ON", "start-logging --name main"),
    "ct:2": ("cloudtrail:DeleteTrail", Tactic.DEFENSE_EVASION, "LOG-ON", "create-trail --name second"),
    "ct:3": ("ec2:ModifySnapshotAttribute", Tactic.EXFILTRATION, "SHARE-OFF", f"--user-ids {STRANGER}"),
    "ct:4": ("iam:CreateAccessKey", Tactic.PERSISTENCE, "KEY-OFF", "AKIAROBOT00000000000 --status Inactive"),
    "ct:5": ("iam:UpdateAssumeRolePolicy", Tactic.PERSISTENCE, "ROLE-TRUST", "--role-name deploy"),
    "ct:6": ("ec2:GetPasswordData", Tactic.CREDENTIAL_ACCESS, "", ""),
    "ct:7": ("ec2:GetPasswordData", Tactic.CREDENTIAL_ACCESS, "", ""),
}


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hour")
    return Room(folder / "room").run(HOUR.request(folder / "logs"))


@pytest.mark.parametrize("record", ACTS)
def test_each_act_stands_in_the_timeline_with_tactic_actor_outcome_and_record(record, document):
    call, tactic, *_ = ACTS[record]
    [entry] = [entry for entry in document.timeline if record in entry.evidence]

    assert entry.action == call
    assert entry.actor.arn == user_arn("build")
    assert entry.credential == key_of("build")
    assert entry.outcome is (Outcome.DENIED if call == "ec2:GetPasswordData" else Outcome.SUCCESS)
    assert tactic in {finding.tactic for finding in document.findings if record in finding.evidence}


@pytest.mark.parametrize("record", ACTS)
def test_each_act_is_a_finding_that_says_whether_it_was_done_or_tried(record, document):
    call, tactic, *_ = ACTS[record]
    about = [finding for finding in document.findings if record in finding.evidence and finding.tactic is tactic]

    outcomes = {finding.outcome for finding in about}
    assert outcomes == {Done.TRIED if call == "ec2:GetPasswordData" else Done.DONE}


@pytest.mark.parametrize("record", [record for record, act in ACTS.items() if act[2]])
def test_what_succeeded_is_answered_with_the_values_of_its_record(record, document):
    *_, code, words = ACTS[record]
    [action] = [action for action in document.actions if action.code == code and words in action.command]
    citing = {finding.id for finding in document.findings if record in finding.evidence}

    assert citing & set(action.needs)


def test_what_was_denied_is_not_answered(document):
    assert not [action for action in document.actions if "i-0123456789abcdef0" in action.command]


def test_the_plan_begins_with_the_credentials_and_ends_with_guardrails(document):
    codes = [action.code for action in document.actions]

    assert codes[0] == "KEY-OFF"
    assert codes.index("LOG-ON") > codes.index("USER-REVOKE")
    assert codes[-1] == "SCP-ATTACH"
    assert {"GUARD-LOG", "GUARD-IAM"} <= set(codes)
