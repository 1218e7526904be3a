"""Alerts as others published them: events of EventBridge, answers of Security Hub, a scanner's OCSF file."""

import json
from pathlib import Path

import pytest

from investigator.domain.alerts.asff import asff_alert
from investigator.domain.alerts.reading import alerts_in, answered
from investigator.domain.words import EntityKind, Severity, Tactic
from tests.support.data import real_data


def events() -> Path:
    return real_data("evidence-c7n") / "data/cwe"


def published(name: str):
    return json.loads((events() / f"{name}.json").read_text())


@pytest.mark.parametrize(
    ("name", "kind", "tactic", "values"),
    [
        ("ec2-duty-event", "Backdoor:EC2/C&CActivity.B!DNS", Tactic.COMMAND_AND_CONTROL, {"i-99999999", "example.com"}),
        ("iam-duty-event", "UnauthorizedAccess:IAMUser/TorIPCaller", Tactic.INITIAL_ACCESS,
         {"198.51.100.0", "arn:aws:iam::883606788610:user/GeneratedFindingUserName"}),
        ("event-securityhub-iamkey-finding-action", "Unusual Behaviors/User/UnauthorizedAccess:IAMUser-ConsoleLogin",
         Tactic.INITIAL_ACCESS, {"208.115.85.104", "arn:aws:iam::644160558196:user/kapil"}),
        ("event-phd-ec2-retire", "AWS_EC2_PERSISTENT_INSTANCE_RETIREMENT_SCHEDULED", Tactic.UNKNOWN, {"i-00ddbf07ce6372082"}),
        ("event-cloud-trail-create-bucket", "s3:CreateBucket", Tactic.UNKNOWN,
         {"204.63.44.148", "custodian-create-bucket-v4", "arn:aws:iam::619193117841:root"}),
    ],
)  # fmt: skip
def test_a_published_event_is_an_alert_with_what_it_names(name, kind, tactic, values):
    [read] = alerts_in(published(name))

    assert (read.type, read.tactic) == (kind, tactic)
    assert {entity.value for entity in read.entities} == values
    assert read.account and read.region and read.first


def test_every_published_call_is_an_alert():
    calls = [json.loads(path.read_text()) for path in sorted(events().glob("event-*.json"))]

    reads = [alerts_in(call) for call in calls if "eventName" in call.get("detail", {})]

    assert len(reads) >= 10
    assert all(read.account and read.first and len(read.type_at) == 2 for [read] in reads)


def test_published_answers_of_security_hub_name_keys_buckets_and_instances_however_they_are_written():
    folder = real_data("evidence-c7n") / "data/placebo"
    findings = [
        finding
        for path in sorted(folder.glob("*/securityhub.GetFindings_*.json"))
        for finding in json.loads(path.read_text())["data"]["Findings"]
    ]

    reads = [answered(asff_alert, finding, "aws:0123456789abcdef") for finding in findings]

    named = {(entity.kind, entity.value) for read in reads for entity in read.entities}
    assert len(reads) > 10
    assert (EntityKind.ACCESS_KEY, "AKIAJEZJDQQX4TZNRMKQ") in named
    assert (EntityKind.INSTANCE, "i-0fdc9cff318add68f") in named
    assert (EntityKind.BUCKET, "c7n-test-public-bucket") in named
    assert {read.tactic for read in reads if "Recon:" in read.type} == {Tactic.DISCOVERY}


def test_a_scanners_ocsf_file_is_many_alerts():
    file = real_data("evidence-prowler") / "data/example_output_aws.ocsf.json"

    reads = alerts_in(json.loads(file.read_text()))

    assert len(reads) == 5
    assert {(read.detector, read.tactic) for read in reads} == {("prowler", Tactic.UNKNOWN)}
    assert {read.severity for read in reads} <= {Severity.LOW, Severity.MEDIUM, Severity.HIGH}
    assert all(read.type and read.first for read in reads)
