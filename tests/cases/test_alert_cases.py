"""A case that an alert opened, from the envelope to the report: what it is about, and what its alert is taken to say."""

import pytest

from investigator.domain.case import OpenCase, Sources
from investigator.domain.words import Tactic
from investigator.proof.verify import verify
from tests.support.investigations import Room
from tests.support.small_case import ALERT, small_logs
from tests.support.story import key_of

ALICE = "arn:aws:iam::111122223333:user/alice"
ENVELOPE = {
    "version": "0",
    "id": "e-1",
    "account": "111122223333",
    "region": "us-east-1",
    "time": "2026-01-27T03:30:00Z",
}
HUB = ENVELOPE | {
    "source": "aws.securityhub", "detail-type": "Security Hub Findings - Imported", "detail": {"findings": [{
        "Id": "arn:aws:guardduty:us-east-1:111122223333:detector/d/finding/f1", "AwsAccountId": "111122223333",
        "ProductArn": "arn:aws:securityhub:us-east-1::product/aws/guardduty", "Title": "A logging change",
        "Types": ["TTPs/Defense Evasion/Stealth:IAMUser-CloudTrailLoggingDisabled"], "Region": "us-east-1",
        "FirstObservedAt": "2026-01-27T03:12:00Z", "UpdatedAt": "2026-01-27T03:20:00Z",
        "Resources": [{"Type": "AwsIamAccessKey", "Id": f"AWS::IAM::AccessKey:{key_of('alice')}"}],
    }]},
}  # fmt: skip
V2 = ENVELOPE | {
    "source": "aws.securityhub", "detail-type": "Findings Imported V2", "detail": {"findings": [{
        "class_uid": 2004, "severity_id": 4, "metadata": {"product": {"name": "GuardDuty"}},
        "finding_info": {"uid": "f1", "title": "An identity was made", "types": ["Persistence:IAMUser/AnomalousBehavior"],
                         "first_seen_time_dt": "2026-01-27T03:06:00Z"},
        "cloud": {"account": {"uid": "111122223333"}, "region": "us-east-1"}, "resources": [{"uid": ALICE}],
    }]},
}  # fmt: skip
HEALTH = ENVELOPE | {
    "source": "aws.health", "detail-type": "AWS Health Event", "detail": {
        "eventArn": "arn:aws:health:us-east-1::event/RISK/1", "eventTypeCode": "AWS_RISK_CREDENTIALS_EXPOSED",
        "startTime": "Tue, 27 Jan 2026 03:00:00 GMT", "affectedEntities": [{"entityValue": key_of("alice")}],
    },
}  # fmt: skip
CALL = ENVELOPE | {
    "source": "aws.iam", "detail-type": "AWS API Call via CloudTrail", "detail": {
        "eventID": "r-1", "eventName": "CreateUser", "eventSource": "iam.amazonaws.com", "eventTime": "2026-01-27T03:06:00Z",
        "awsRegion": "us-east-1", "recipientAccountId": "111122223333", "sourceIPAddress": "198.51.100.7",
        "userIdentity": {"type": "IAMUser", "userName": "alice", "arn": ALICE, "accessKeyId": key_of("alice")},
    },
}  # fmt: skip
AWS_CASE = ENVELOPE | {
    "source": "aws.security-ir", "detail-type": "Case Created",
    "resources": ["arn:aws:security-ir:us-east-1:111122223333:case/1234567890"],
    "detail": {"caseId": "1234567890", "createdBy": "AWS Responder"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("alert", "said", "tactic"),
    [
        (ALERT, "guardduty reported UnauthorizedAccess:IAMUser/TorIPCaller", Tactic.INITIAL_ACCESS),
        (HUB, "guardduty reported TTPs/Defense Evasion/Stealth:IAMUser-CloudTrailLoggingDisabled", Tactic.DEFENSE_EVASION),
        (V2, "guardduty reported Persistence:IAMUser/AnomalousBehavior", Tactic.PERSISTENCE),
        (HEALTH, "health reported AWS_RISK_CREDENTIALS_EXPOSED", Tactic.UNKNOWN),
        (CALL, "cloudtrail reported iam:CreateUser", Tactic.UNKNOWN),
        (AWS_CASE, "security-ir reported Case Created", Tactic.UNKNOWN),
    ],
    ids=["guardduty", "asff", "ocsf", "health", "call", "security-ir"],
)  # fmt: skip
def test_an_alert_opens_a_case_that_says_only_what_it_can_prove(tmp_path, alert, said, tactic):
    request = OpenCase(alert=alert, sources=Sources(logs=(small_logs(tmp_path / "logs"),)), ask=False)

    document = Room(tmp_path / "room").run(request)

    assert (document.case.accounts, document.case.regions) == (("111122223333",), ("us-east-1",))
    [claim] = [claim for claim in document.claims if claim.text.startswith(said)]
    [finding] = [finding for finding in document.findings if claim.id in finding.claims]
    assert claim.holds is True
    assert finding.tactic is tactic


def test_what_the_alert_said_is_checked_again_from_the_bundle_alone(tmp_path):
    room = Room(tmp_path / "room")
    handle = room.handle(OpenCase(alert=CALL, sources=Sources(logs=(small_logs(tmp_path / "logs"),)), ask=False))
    (tmp_path / "case.zip").write_bytes(b"".join(room.investigation.export(handle, "bundle")))

    verified = verify(tmp_path / "case.zip", None)

    assert "alert:r-1" in {id_ for claim in room.investigation.document(handle).claims for id_ in claim.evidence}
    assert verified.holds is True
