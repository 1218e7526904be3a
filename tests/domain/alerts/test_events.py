"""Events of Health, CloudTrail and Security Incident Response as alerts, with what each names."""

import pytest

from investigator.domain.alerts.reading import alert_key, alerts_in
from investigator.domain.times import to_text
from investigator.domain.words import Severity, Tactic

CASE = "arn:aws:security-ir:us-west-2:111122223333:case/1234567890"
CALL = {
    "eventVersion": "1.09", "eventID": "r-1", "eventName": "CreateAccessKey", "eventSource": "iam.amazonaws.com",
    "eventTime": "2026-01-27T08:40:00Z", "awsRegion": "us-east-1", "recipientAccountId": "111122223333",
    "sourceIPAddress": "198.51.100.7", "eventType": "AwsApiCall",
    "userIdentity": {
        "type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/deploy/s1", "accountId": "111122223333",
        "accessKeyId": "ASIAIOSFODNN7EXAMPLE",
        "sessionContext": {"sessionIssuer": {"arn": "arn:aws:iam::111122223333:role/deploy"}},
    },
    "responseElements": {"accessKey": {"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "userName": "bob"}},
}  # fmt: skip


def event(source: str, kind: str, detail: dict, **more: object) -> dict:
    return {"version": "0", "id": "env-1", "source": source, "detail-type": kind, "account": "111122223333",
            "time": "2026-01-27T09:00:01Z", "region": "us-west-2", "resources": [], "detail": detail, **more}  # fmt: skip


def of_a_case(kind: str, **detail: str) -> dict:
    return event("aws.security-ir", kind, {"caseId": "1234567890", **detail}, resources=[CASE])


def entities(alert) -> set[str]:
    return {entity.value for entity in alert.entities}


def test_an_exposed_key_is_named_with_its_user_and_when():
    detail = {
        "eventArn": "arn:aws:health:us-east-1::event/RISK/AWS_RISK_CREDENTIALS_EXPOSED/1", "service": "RISK",
        "eventTypeCode": "AWS_RISK_CREDENTIALS_EXPOSED", "eventTypeCategory": "issue", "eventRegion": "us-east-1",
        "startTime": "Tue, 27 Jan 2026 08:40:00 GMT", "lastUpdatedTime": "Tue, 27 Jan 2026 08:41:00 GMT",
        "eventDescription": [{"language": "en_US", "latestDescription": "Your key is public."}],
        "eventMetadata": {"publicKey": "AKIAIOSFODNN7EXAMPLE", "userName": "build", "exposedUrl": "https://example.com/x"},
        "affectedEntities": [{"entityValue": "AKIAIOSFODNN7EXAMPLE"}], "affectedAccount": "111122223333",
    }  # fmt: skip

    [read] = alerts_in(event("aws.health", "AWS Health Event", detail))

    assert (read.type, read.severity) == ("AWS_RISK_CREDENTIALS_EXPOSED", Severity.HIGH)
    assert (read.account, read.region) == ("111122223333", "us-east-1")
    assert (to_text(read.first), to_text(read.last)) == ("2026-01-27T08:40:00Z", "2026-01-27T08:41:00Z")
    assert entities(read) == {"AKIAIOSFODNN7EXAMPLE", "arn:aws:iam::111122223333:user/build"}


def test_a_health_event_without_place_and_time_has_those_of_its_envelope():
    detail = {"eventTypeCode": "AWS_EC2_X", "affectedEntities": [{"entityValue": "i-0123456789abcdef0"}]}

    [read] = alerts_in(event("aws.health", "AWS Health Event", detail))

    assert (read.account, read.region, to_text(read.first)) == ("111122223333", "us-west-2", "2026-01-27T09:00:01Z")
    assert entities(read) == {"i-0123456789abcdef0"}


def test_a_call_names_its_session_role_keys_and_address():
    [read] = alerts_in(event("aws.iam", "AWS API Call via CloudTrail", CALL))

    assert (read.type, read.tactic) == ("iam:CreateAccessKey", Tactic.UNKNOWN)
    assert (read.account, read.region, to_text(read.first)) == ("111122223333", "us-east-1", "2026-01-27T08:40:00Z")
    assert entities(read) == {
        "ASIAIOSFODNN7EXAMPLE",
        "AKIAIOSFODNN7EXAMPLE",
        "198.51.100.7",
        "arn:aws:sts::111122223333:assumed-role/deploy/s1",
        "arn:aws:iam::111122223333:role/deploy",
    }


def test_a_sign_in_is_an_alert():
    record = CALL | {
        "eventName": "ConsoleLogin", "eventSource": "signin.amazonaws.com", "responseElements": {"ConsoleLogin": "Success"},
        "userIdentity": {"type": "IAMUser", "userName": "build", "arn": "arn:aws:iam::111122223333:user/build"},
    }  # fmt: skip

    [read] = alerts_in(event("aws.signin", "AWS Console Sign In via CloudTrail", record))

    assert (read.type, read.title) == ("signin:ConsoleLogin", "ConsoleLogin by build")
    assert entities(read) == {"198.51.100.7", "arn:aws:iam::111122223333:user/build"}


def test_an_event_of_a_service_is_an_alert():
    record = CALL | {
        "eventName": "RotateKey", "eventSource": "kms.amazonaws.com", "eventType": "AwsServiceEvent", "responseElements": None,
        "sourceIPAddress": "kms.amazonaws.com", "userIdentity": {"accountId": "111122223333", "invokedBy": "kms.amazonaws.com"},
        "resources": [{"ARN": "arn:aws:kms:us-east-1:111122223333:key/k-1", "type": "AWS::KMS::Key"}],
    }  # fmt: skip

    [read] = alerts_in(event("aws.kms", "AWS Service Event via CloudTrail", record))

    assert (read.type, read.title) == ("kms:RotateKey", "RotateKey by kms.amazonaws.com")
    assert entities(read) == {"arn:aws:kms:us-east-1:111122223333:key/k-1"}


@pytest.mark.parametrize(
    ("kind", "detail"),
    [
        ("Case Created", {"createdBy": "AWS Responder"}),
        ("Case Created", {"createdBy": "111122223333"}),
        ("Case Updated", {"updatedBy": "security-ir.amazonaws.com"}),
        ("Case Closed", {}),
        ("Case Comment Added", {"createdBy": "AWS Responder"}),
        ("Case Comment Created", {"createdBy": "AWS Responder"}),
        ("Case Comment Updated", {"updatedBy": "security-ir.amazonaws.com"}),
    ],
)
def test_an_event_of_an_aws_case_is_an_alert_with_its_account_region_and_time(kind, detail):
    [read] = alerts_in(of_a_case(kind, **detail))

    assert (read.id, read.detector, read.type) == (f"alert:{CASE}", "security-ir", kind)
    assert (read.account, read.region, to_text(read.first)) == ("111122223333", "us-west-2", "2026-01-27T09:00:01Z")
    assert "case 1234567890" in read.title


@pytest.mark.parametrize("kind", ["Created", "Updated", "Cancelled", "Terminated"])
def test_an_event_of_a_membership_is_an_alert(kind):
    [read] = alerts_in(event("aws.security-ir", f"Membership {kind}", {"membershipId": "m-abcdefghijkl"}))

    assert (read.id, read.type) == ("alert:m-abcdefghijkl", f"Membership {kind}")


@pytest.mark.parametrize("kind", ["Case Comment Added", "Case Comment Created", "Case Comment Updated"])
@pytest.mark.parametrize("who", [{"createdBy": "111122223333"}, {"updatedBy": "111122223333"}, {}])
def test_a_comment_that_may_be_ours_starts_nothing(kind, who):
    with pytest.raises(ValueError, match="starts nothing"):
        alerts_in(of_a_case(kind, **who))


def test_an_update_of_an_aws_case_is_another_alert_than_its_opening():
    opened, updated = of_a_case("Case Created"), of_a_case("Case Updated") | {"time": "2026-01-27T10:00:00Z"}

    assert alert_key(opened) != alert_key(updated)
    assert alert_key(opened) == alert_key(opened | {"id": "env-2"})
