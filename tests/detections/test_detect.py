"""What becomes of matches: one hit for each rule, principal, account and outcome, at the level that the actor gives."""

import gc
from pathlib import Path

import pytest

from investigator.detections.detect import detect
from investigator.detections.loader import Rules, load_rules
from investigator.domain.words import Done, Severity
from tests.detections.records import Record, Records, call

PACK = load_rules()
SESSION = {
    "type": "AssumedRole",
    "arn": "arn:aws:sts::111122223333:assumed-role/web/s",
    "accessKeyId": "ASIAIOSFODNN7EXAMPLE",
}
SERVICE = {"type": "AWSService", "invokedBy": "autoscaling.amazonaws.com"}


def hits(name: str, *records: Record):
    rules = Rules(tuple(rule for rule in PACK if rule.name == name), (), "")
    return detect(Records(*({"eventID": str(n), **record} for n, record in enumerate(records))), rules)


def test_repeated_calls_are_one_hit_that_lists_every_event():
    [hit] = hits(
        "logging-stopped", *(call("cloudtrail:StopLogging", eventTime=f"2026-01-27T1{n}:00:00Z") for n in range(3))
    )

    assert hit.event_ids == ("ct:0", "ct:1", "ct:2")
    assert hit.count == 3
    assert hit.first and hit.first.hour == 10
    assert hit.last and hit.last.hour == 12
    assert (hit.rule_id, hit.tactic, hit.techniques) == ("F01", "defense-evasion", ("T1562.008", "T1685.002"))
    assert hit.harmful


def test_each_principal_and_account_has_a_hit_of_its_own():
    ours = call("iam:CreateUser")
    found = hits("create-user", ours, {**ours, "recipientAccountId": "444455556666"}, {**ours, "userIdentity": SESSION})

    assert len({(hit.principal, hit.account) for hit in found}) == 3


@pytest.mark.parametrize(
    "error", ["AccessDenied", "ThrottlingException", "NoSuchEntityException", "InstanceLimitExceeded"]
)
def test_an_attempt_is_a_hit_one_level_lower_and_harms_nobody(error):
    [hit] = hits("logging-stopped", call("cloudtrail:StopLogging", errorCode=error, userIdentity=SESSION))

    assert hit.level is Severity.MEDIUM
    assert hit.outcome is Done.TRIED
    assert not hit.harmful


def test_attempts_and_successes_are_told_apart():
    denied = call("cloudtrail:StopLogging", errorCode="AccessDenied")

    assert [hit.outcome for hit in hits("logging-stopped", call("cloudtrail:StopLogging"), denied)] == [
        Done.DONE,
        Done.TRIED,
    ]


def test_where_an_attempt_says_as_much_its_level_stays():
    [hit] = hits(
        "windows-password-read",
        call("ec2:GetPasswordData", errorCode="Client.UnauthorizedOperation", userIdentity=SESSION),
    )

    assert hit.level is Severity.MEDIUM


def test_long_term_keys_and_root_raise_the_level_of_changes_but_not_of_reads():
    by_key, by_session = call("iam:CreateUser"), call("iam:CreateUser", userIdentity=SESSION)
    root = call("iam:CreateUser", userIdentity={"type": "Root", "arn": "arn:aws:iam::111122223333:root"})
    read = call("secretsmanager:GetSecretValue", readOnly=True)

    assert [hits("create-user", one)[0].level for one in (by_session, by_key, root)] == ["medium", "high", "high"]
    assert hits("secret-read", read)[0].level is Severity.LOW


def test_a_service_that_acts_for_itself_is_no_hit():
    assert not hits("launch-instances", call("ec2:RunInstances", userIdentity=SERVICE))
    assert not hits("launch-instances", call("ec2:RunInstances", eventType="AwsServiceEvent"))
    linked = {
        **SESSION,
        "sessionContext": {"sessionIssuer": {"arn": "arn:aws:iam::1:role/aws-service-role/x.amazonaws.com/R"}},
    }
    assert not hits("launch-instances", call("ec2:RunInstances", userIdentity=linked))


def test_a_rule_about_a_service_hits_it():
    assert hits(
        "shared-snapshot-used", call("ec2:SharedSnapshotVolumeCreated", eventType="AwsServiceEvent", userIdentity={})
    )


def test_what_a_service_forwards_counts_less_and_its_reads_not_at_all():
    forwarded = {**SESSION, "invokedBy": "cloudformation.amazonaws.com"}

    [hit] = hits("create-user", call("iam:CreateUser", userIdentity=forwarded))
    assert hit.level is Severity.LOW
    assert not hits("secret-read", call("secretsmanager:GetSecretValue", readOnly=True, userIdentity=forwarded))


def test_a_record_without_time_or_identity_is_still_a_hit():
    bare = {"eventSource": "cloudtrail.amazonaws.com", "eventName": "StopLogging"}

    [hit] = hits("logging-stopped", bare)
    assert hit.first is None
    assert hit.event_ids == ("ct:0",)


def test_hits_come_in_the_same_order_whatever_the_order_of_records():
    records = [
        call(action, eventID=action) for action in ("iam:CreateUser", "cloudtrail:StopLogging", "ec2:RunInstances")
    ]

    assert detect(Records(*records), PACK) == detect(Records(*reversed(records)), PACK)


def test_rules_of_others_run_without_our_sequences(tmp_path: Path):
    (tmp_path / "own.yml").write_text(
        "title: Mine\nid: 5f0e4a3e-0000-4000-8000-000000000001\nlogsource: {product: aws}\n"
        "detection:\n  s: {eventName: CreateUser}\n  condition: s\nlevel: low\ntags: [attack.t1136.003, attack.stealth]\n"
    )
    rules = load_rules(tmp_path)

    [hit] = detect(Records(call("iam:CreateUser")), rules)
    assert hit.rule_id == "5f0e4a3e-0000-4000-8000-000000000001"
    assert hit.tactic == "defense-evasion"
    assert not rules.sequences


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("title: x\n  y: [", "mapping values"),
        ("just words", "no map"),
        ("a: 1\n---\nb: 2", "not valid Sigma"),
        ("title: x\nlogsource: {product: aws}\ndetection:\n  s: {a: b}\n  condition: missing", "its condition"),
        (
            "title: x\nlogsource: {product: aws}\ndetection:\n  s: {eventName|expand: '%x%'}\n  condition: s",
            "placeholders (%name% with expand)",
        ),
        (
            "title: x\nlogsource: {product: aws}\ndetection:\n  s: {eventName: x}\n  condition: s\nlevel: urgent",
            "level",
        ),
        (
            "title: x\nlogsource: {product: aws}\ndetection:\n  s: {eventName: x}\n  condition: s\ninvestigator: {mood: x}",
            "mood",
        ),
    ],
)
def test_a_rule_that_cannot_run_as_written_is_refused_with_its_reason(tmp_path: Path, text: str, reason: str):
    (tmp_path / "bad.yml").write_text(text)

    rules = load_rules(tmp_path)
    assert not rules.rules
    assert reason in rules.refused[0].reason
    assert rules.refused[0].path.partition("#")[0] == "bad.yml"


def test_a_refused_rule_stops_no_other(tmp_path: Path):
    (tmp_path / "bad.yml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "good.yaml").write_text(
        "title: x\nlogsource: {product: aws}\ndetection:\n  s: {eventName: x}\n  condition: s\n"
    )

    rules = load_rules(tmp_path)
    assert [rule.name for rule in rules] == ["good"]
    assert len(rules.refused) == 1


def test_the_digest_follows_the_content_of_the_rules(tmp_path: Path):
    one = load_rules().sha256
    (tmp_path / "a.yml").write_text("title: x")

    assert one == load_rules().sha256
    assert load_rules(tmp_path).sha256 != one


@pytest.mark.parametrize("enabled", [True, False])
def test_the_collector_is_left_as_it_was_also_when_the_rules_fail(enabled):
    before = gc.isenabled()
    (gc.enable if enabled else gc.disable)()
    try:
        detect(Records(), load_rules())
        assert gc.isenabled() is enabled
        with pytest.raises(AttributeError):
            detect(None, load_rules())
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if before else gc.disable)()
