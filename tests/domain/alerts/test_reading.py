"""Alerts of every known form become the same kind of Alert; anything else is refused in clear words."""

import copy

import pytest

from investigator.domain.alerts.asff import asff_alert
from investigator.domain.alerts.guardduty import guardduty_alert
from investigator.domain.alerts.reading import alert_key, alert_text, alerts_in, answered
from investigator.domain.paths import texts
from investigator.domain.times import to_text
from investigator.domain.words import Severity

FINDING = {
    "schemaVersion": "2.0", "id": "abc123", "type": "UnauthorizedAccess:IAMUser/TorIPCaller", "severity": 8,
    "accountId": "111122223333", "region": "eu-west-1", "partition": "aws", "title": "Tor exit node",
    "description": "An API was called from a Tor exit node.", "updatedAt": "2026-01-27T09:00:00.000Z",
    "resource": {"resourceType": "AccessKey", "accessKeyDetails": {
        "accessKeyId": "AKIAIOSFODNN7EXAMPLE", "userName": "build", "userType": "IAMUser"}},
    "service": {"eventFirstSeen": "2026-01-27T08:40:00Z", "eventLastSeen": "2026-01-27T08:50:00Z", "count": 3,
                "archived": False, "action": {"awsApiCallAction": {"remoteIpDetails": {"ipAddressV4": "198.51.100.7"}}}},
}  # fmt: skip
ASFF = {
    "SchemaVersion": "2018-10-08", "Id": "arn:aws:guardduty:x/finding/abc123", "AwsAccountId": "111122223333",
    "ProductArn": "arn:aws:securityhub:eu-west-1::product/aws/guardduty", "Types": ["TTPs/UnauthorizedAccess:IAMUser-TorIPCaller"],
    "Title": "Tor exit node", "Severity": {"Label": "HIGH"}, "UpdatedAt": "2026-01-27T09:00:00Z",
    "FirstObservedAt": "2026-01-27T08:40:00Z", "LastObservedAt": "2026-01-27T08:50:00Z",
    "Resources": [{"Type": "AwsEc2Instance", "Id": "arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0", "Region": "eu-west-1"}],
}  # fmt: skip
OCSF = {
    "class_uid": 2004, "severity_id": 4, "time": 1769503200000, "metadata": {"product": {"name": "GuardDuty"}},
    "finding_info": {"uid": "abc123", "title": "Tor exit node", "types": ["TTPs"], "first_seen_time_dt": "2026-01-27T08:40:00Z"},
    "cloud": {"account": {"uid": "111122223333"}, "region": "eu-west-1"},
    "resources": [{"uid": "arn:aws:iam::111122223333:user/build", "type": "AwsIamUser"}],
    "evidences": [{"src_endpoint": {"ip": "198.51.100.7"}}],
}  # fmt: skip
HEALTH = {
    "eventArn": "arn:aws:health:us-east-1::event/RISK/1", "service": "RISK", "eventTypeCode": "AWS_RISK_CREDENTIALS_EXPOSED",
    "startTime": "Tue, 27 Jan 2026 08:40:00 GMT", "eventDescription": [{"language": "en_US", "latestDescription": "Exposed."}],
    "affectedEntities": [{"entityValue": "AKIAIOSFODNN7EXAMPLE"}],
}  # fmt: skip
RECORD = {
    "eventID": "r-1", "eventName": "ConsoleLogin", "eventSource": "signin.amazonaws.com", "eventTime": "2026-01-27T08:40:00Z",
    "awsRegion": "us-east-1", "recipientAccountId": "111122223333", "sourceIPAddress": "198.51.100.7",
    "userIdentity": {"type": "IAMUser", "userName": "build", "arn": "arn:aws:iam::111122223333:user/build"},
}  # fmt: skip


CASE_CREATED = {
    "version": "0", "id": "e-1", "detail-type": "Case Created", "source": "aws.security-ir", "account": "111122223333",
    "time": "2026-01-27T08:40:00Z", "region": "us-west-2", "resources": ["arn:aws:security-ir:us-west-2:111122223333:case/1234567890"],
    "detail": {"caseId": "1234567890", "createdBy": "AWS Responder"},
}  # fmt: skip


def envelope(source: str, kind: str, detail: dict) -> dict:
    return {"version": "0", "id": "env-1", "source": source, "detail-type": kind, "account": "111122223333",
            "time": "2026-01-27T09:00:01Z", "region": "eu-west-1", "resources": [], "detail": detail}  # fmt: skip


def pascal(value):
    if isinstance(value, dict):
        return {key[0].upper() + key[1:]: pascal(inner) for key, inner in value.items()}
    return value


@pytest.fixture
def pascal_pair():
    return {"Findings": [pascal(FINDING), pascal(FINDING) | {"Id": "def456", "Type": "Recon:IAMUser/TorIPCaller"}]}


def entities(alert) -> set[str]:
    return {entity.value for entity in alert.entities}


@pytest.mark.parametrize(
    "alert",
    [
        FINDING,
        pascal(FINDING),
        {"Findings": [pascal(FINDING)]},
        [FINDING],
        envelope("aws.guardduty", "GuardDuty Finding", FINDING),
    ],
)
def test_a_guardduty_finding_reads_alike_in_every_wrapping(alert):
    [read] = alerts_in(alert)

    assert (read.id, read.detector, read.severity, read.count) == ("alert:abc123", "guardduty", Severity.HIGH, 3)
    assert (read.account, read.region, read.title) == ("111122223333", "eu-west-1", "Tor exit node")
    assert (to_text(read.first), to_text(read.last)) == ("2026-01-27T08:40:00Z", "2026-01-27T08:50:00Z")
    assert entities(read) == {"AKIAIOSFODNN7EXAMPLE", "198.51.100.7", "arn:aws:iam::111122223333:user/build"}


@pytest.mark.parametrize(
    "alert",
    [
        ASFF,
        envelope("aws.securityhub", "Security Hub Findings - Imported", {"findings": [ASFF]}),
        envelope("aws.securityhub", "Security Hub Findings - Custom Action", {"actionName": "go", "findings": [ASFF]}),
    ],
)
def test_a_security_hub_finding_reads_alike_in_every_wrapping(alert):
    [read] = alerts_in(alert)

    assert (read.detector, read.severity, read.account) == ("guardduty", Severity.HIGH, "111122223333")
    assert entities(read) == {"i-0123456789abcdef0"}


@pytest.mark.parametrize("alert", [OCSF, envelope("aws.securityhub", "Findings Imported V2", {"findings": [OCSF]})])
def test_an_ocsf_finding_is_read(alert):
    [read] = alerts_in(alert)

    assert (read.id, read.detector, read.severity) == ("alert:abc123", "guardduty", Severity.HIGH)
    assert entities(read) == {"198.51.100.7", "arn:aws:iam::111122223333:user/build"}


@pytest.mark.parametrize(
    "alert",
    [
        FINDING,
        pascal(FINDING),
        {"Findings": [pascal(FINDING)]},
        envelope("aws.guardduty", "GuardDuty Finding", FINDING),
        envelope("aws.securityhub", "Security Hub Findings - Imported", {"findings": [ASFF]}),
        {"Findings": [ASFF | {"Id": "with ] in it"}]},
        OCSF,
        envelope("aws.health", "AWS Health Event", HEALTH),
        CASE_CREATED,
    ],
)
def test_the_type_of_an_alert_can_be_looked_up_where_it_says(alert):
    [read] = alerts_in(alert)

    [(path, text)] = read.type_at
    assert texts(alert, path) == (text,) == (read.type,)


def test_each_of_several_findings_is_looked_up_in_its_own(pascal_pair):
    first, second = alerts_in(pascal_pair)

    [(path, _)] = second.type_at
    assert texts(pascal_pair, path) == (second.type,) != (first.type,)


@pytest.mark.parametrize("alert", [RECORD, envelope("aws.signin", "AWS Console Sign In via CloudTrail", RECORD)])
def test_the_type_of_a_call_is_looked_up_as_its_service_and_its_name(alert):
    [read] = alerts_in(alert)

    assert [texts(alert, path) for path, _ in read.type_at] == [("signin.amazonaws.com",), ("ConsoleLogin",)]
    assert [text for _, text in read.type_at] == ["signin.amazonaws.com", "ConsoleLogin"]


@pytest.mark.parametrize(
    "alert",
    [
        {},
        [],
        "text",
        7,
        None,
        {"detail-type": "Scheduled Event", "source": "aws.events", "detail": {}},
        {"id": "x"},
        {"findings": [{"Id": "x"}]},
    ],
)
def test_anything_else_is_refused_in_clear_words(alert):
    with pytest.raises(ValueError, match="takes an EventBridge event"):
        alerts_in(alert)


def test_the_same_alert_and_update_have_one_key_however_they_come():
    again = envelope("aws.guardduty", "GuardDuty Finding", FINDING) | {"id": "env-2", "time": "2026-01-27T10:00:00Z"}

    assert alert_key(again) == alert_key(envelope("aws.guardduty", "GuardDuty Finding", FINDING)) == alert_key(FINDING)


def test_a_new_update_of_an_alert_has_another_key():
    assert alert_key(FINDING | {"updatedAt": "2026-01-27T15:00:00.000Z"}) != alert_key(FINDING)


def test_two_alerts_have_the_key_of_both_in_any_order(pascal_pair):
    turned = {"Findings": pascal_pair["Findings"][::-1]}

    assert alert_key(turned) == alert_key(pascal_pair) != alert_key({"Findings": pascal_pair["Findings"][:1]})


def test_an_administrators_copy_has_the_account_of_the_finding():
    [read] = alerts_in(envelope("aws.guardduty", "GuardDuty Finding", FINDING) | {"account": "999988887777"})

    assert read.account == "111122223333"


def test_an_alert_in_words_begins_with_its_title():
    first, *_, last = alert_text(FINDING).splitlines()

    assert first == "Tor exit node"
    assert "abc123" in last and "111122223333, eu-west-1" in last


@pytest.mark.parametrize("value", [None, "x" * 10_000, [], {}, 1e308, -1, "\x1b[2J", True])
@pytest.mark.parametrize("field", ["severity", "service", "resource", "title", "region", "partition"])
def test_a_wrong_field_never_crashes_the_reader(field, value):
    finding = copy.deepcopy(FINDING) | {field: value}
    try:
        assert alerts_in(finding)
    except ValueError as refusal:
        assert "takes an EventBridge event" in str(refusal)


@pytest.mark.parametrize("given", ["", "a\nb", "\x1b[2J", "x" * 10_000, "\ud800", None, {}])
def test_an_id_that_nobody_could_cite_becomes_a_digest(given):
    [read] = alerts_in(ASFF | {"Id": given or "\n"})

    assert len(read.id) == len("alert:") + 16


def test_an_alert_nested_without_end_is_refused():
    deep = FINDING
    for _ in range(10_000):
        deep = {"detail-type": "x", "detail": deep}

    with pytest.raises(ValueError, match="deeper than 64"):
        alerts_in(deep)


@pytest.mark.parametrize(
    ("read", "finding", "kind"),
    [(guardduty_alert, pascal(FINDING), "Type"), (asff_alert, ASFF, "Types")],
    ids=["guardduty", "securityhub"],
)
def test_a_finding_of_an_answer_reads_as_it_does_when_it_opens_a_case(read, finding, kind):
    answer = {"Findings": [finding]}
    [opening] = alerts_in(answer)

    found = answered(read, finding, "aws:0123456789abcdef")

    assert found == opening.model_copy(update={"answer": "aws:0123456789abcdef"})
    assert found.type_at == ((f"Findings[Id={finding['Id']}].{kind}", found.type),)


@pytest.mark.parametrize("finding", [None, "text", 7, [], {}, {"Id": {}}, {"Types": [[[]]], "Resources": "x"}])
@pytest.mark.parametrize("read", [guardduty_alert, asff_alert])
def test_a_malformed_finding_of_an_answer_is_still_an_alert(read, finding):
    assert answered(read, finding, "aws:0123456789abcdef").id.startswith("alert:")
