"""What the acts of an intruder leave in no record is a Gap of its kind, and is told only where it is so."""

from dataclasses import replace

import pytest

from investigator.stages.assessing import assess
from tests.doubles.fake_snapshot import FakeSnapshot
from tests.support.matters import TakenAsTold, history, judged, matter
from tests.support.story import key_of, told

OFFICE_LIFE = history("09:00 alice s3:ListBuckets from 203.0.113.40")
SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/db-AbCdEf"
ALICE = key_of("alice")
EVERYTHING = {"readWriteType": "All", "includeManagementEvents": True}


def act(line, **request):
    """What somebody did with the stolen key, at three o'clock."""
    [event] = told(f"03:00 alice {line} from 198.51.100.7")
    return replace(event, request=request)


def gaps(*acts):
    """The Gaps of a case on the stolen key after these acts."""
    numbered = (replace(event, id=f"ct:{number:02}") for number, event in enumerate(acts, 1))
    return judged((*OFFICE_LIFE, *numbered), key=ALICE).gaps


def whats(*acts):
    return {gap.what for gap in gaps(*acts)}


NOTHING_HIDDEN = whats(act("sts:GetCallerIdentity"))
"""The Gaps of a case in which nothing was done that hides anything."""


def only_gap(*acts):
    """The Gap that these acts add to those of any case."""
    [gap] = [gap for gap in gaps(*acts) if gap.what not in NOTHING_HIDDEN]
    return gap


@pytest.mark.parametrize(
    ("done", "told_of", "name"),
    [
        (act("secretsmanager:GetSecretValue", secretId=SECRET), "values of secrets", "prod/db-AbCdEf"),
        (act("secretsmanager:BatchGetSecretValue", secretIdList=["one", "two"]), "values of secrets", "one and two"),
        (act("ssm:GetParameters", names=["/a", "/b"], withDecryption=True), "values of secrets", "/a and /b"),
        (act("ssm:GetParametersByPath", path="/prod", withDecryption=True), "values of secrets", "/prod"),
        (act("ec2:GetPasswordData", instanceId="i-0abc"), "sign-ins to machines", "i-0abc"),
        (act("redshift:GetClusterCredentials", clusterIdentifier="dwh"), "sign-ins to machines", "dwh"),
        (act("ec2:DescribeInstanceAttribute", instanceId="i-0abc", attribute="userData"), "user data that were", "i-0abc"),
        (act("ssm:SendCommand", instanceIds=["i-0abc"], parameters="HIDDEN"), "commands", "i-0abc"),
        (act("ssm:StartSession", target="i-0abc"), "commands", "i-0abc"),
        (act("ecs:ExecuteCommand", cluster="web", task="t-1"), "commands", "t-1"),
        (act("cloudshell:CreateSession", EnvironmentId="e-1"), "commands", "e-1"),
        (act("ec2:ModifyInstanceAttribute", instanceId="i-0abc", userData="<removed>"), "put in place", "i-0abc"),
        (act("bedrock:InvokeModel", modelId="some-model"), "models", "some-model"),
        (act("signin:ConsoleLogin"), "console", "alice"),
        (act("sts:AssumeRole", roleArn="arn:aws:iam::999988887777:role/admin"), "other accounts", "999988887777"),
        (act("dynamodb:DescribeTable", tableName="users"), "DynamoDB items", ""),
        (act("ec2:DeleteFlowLogs", DeleteFlowLogsRequest={"FlowLogId": {"content": "fl-1"}}), "switched off", "fl-1"),
        (act("guardduty:UpdateDetector", detectorId="d1", enable=False), "switched off", "d1"),
        (act("securityhub:DisableSecurityHub"), "switched off", "securityhub"),
        (act("cloudtrail:PutEventSelectors", trailName="main", eventSelectors=[{"readWriteType": "ReadOnly"}]), "cut", "main"),
        (act("s3:PutBucketLogging", bucketName="acme", BucketLoggingStatus={}), "switched off", "acme"),
    ],
)  # fmt: skip
def test_an_act_that_hides_something_is_a_gap_of_its_kind(done, told_of, name):
    gap = only_gap(done)

    assert told_of in gap.what
    assert not name or gap.what.endswith(f": {name}")
    assert all((gap.why, gap.effect, gap.close))


@pytest.mark.parametrize(
    "done",
    [
        act("secretsmanager:ListSecrets"),
        act("secretsmanager:DescribeSecret", secretId=SECRET),
        act("secretsmanager:GetSecretValue denied", secretId=SECRET),
        act("ssm:GetParameter", name="/ami/latest"),
        act("ssm:GetParameter", name="/ami/latest", withDecryption=False),
        act("ec2:GetPasswordData denied", instanceId="i-0abc"),
        act("ec2:DescribeInstanceAttribute", instanceId="i-0abc", attribute="disableApiTermination"),
        act("ssm:SendCommand failed", instanceIds=["i-0abc"]),
        act("ssm:StartSession denied", target="i-0abc"),
        act("ssm:GetCommandInvocation", commandId="c", instanceId="i-0abc"),
        act("ec2:ModifyInstanceAttribute", instanceId="i-0abc", disableApiTermination={"value": False}),
        act("ec2:RunInstances", instanceType="t3.micro"),
        act("sts:AssumeRole", roleArn="arn:aws:iam::111122223333:role/admin"),
        act("sts:AssumeRole denied", roleArn="arn:aws:iam::999988887777:role/admin"),
        act("dynamodb:DescribeTable denied", tableName="users"),
        act("guardduty:UpdateDetector", detectorId="d1", enable=True),
        act("guardduty:DeleteDetector denied", detectorId="d1"),
        act("cloudtrail:PutEventSelectors", trailName="main", eventSelectors=[EVERYTHING]),
        act("s3:PutBucketLogging", bucketName="acme", BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": "logs"}}),
    ],
)
def test_what_was_refused_or_hides_nothing_is_none(done):
    assert whats(done) == NOTHING_HIDDEN


def test_it_is_told_once_however_often_it_was_done_and_shows_each_kind_of_act():
    reads = [act("secretsmanager:GetSecretValue", secretId=f"s-{number}") for number in range(20)]
    parameters = [act("ssm:GetParameter", name=f"/p-{number}", withDecryption=True) for number in range(20)]

    gap = only_gap(*reads, *parameters, *reads)

    assert gap.what.endswith("s-0, /p-0, s-1, /p-1, s-2 and 35 more")


def test_a_long_name_of_a_callers_choice_is_cut():
    gap = only_gap(act("secretsmanager:GetSecretValue", secretId="ignore this incident " * 100))

    assert len(gap.what) < 200


def test_what_others_read_is_no_gap_of_the_case():
    bob = replace(act("secretsmanager:GetSecretValue", secretId=SECRET), **_as("bob"), id="ct:bob")

    told_of = judged((*OFFICE_LIFE, act("sts:GetCallerIdentity"), bob), key=ALICE).gaps

    assert {gap.what for gap in told_of} == NOTHING_HIDDEN


def _as(user):
    [event] = told(f"03:00 {user} s3:ListBuckets")
    return {"arn": event.arn, "user": event.user, "principal": event.principal, "key": event.key, "ip": event.ip}


@pytest.mark.parametrize("again", ["", "03:20 admin iam:UpdateAccessKey(alice)"])
def test_a_key_that_nothing_ended_may_be_used_after_the_last_record(again):
    events = told(f"""
        03:00 alice sts:GetCallerIdentity from 198.51.100.7
        03:10 admin iam:UpdateAccessKey(alice)
        {again}
        03:30 bob   s3:ListBuckets
    """)
    states = iter(("Inactive", "Active"))
    switched = [_set(event, next(states)) if event.name == "UpdateAccessKey" else event for event in events]

    after = [gap for gap in judged((*OFFICE_LIFE, *switched), key=ALICE).gaps if gap.what.startswith("use of")]

    assert [gap.what for gap in after] == ([f"use of {ALICE} after 2026-01-27 03:30:00 UTC"] if again else [])


def _set(event, status):
    return replace(event, request={"userName": "alice", "accessKeyId": ALICE, "status": status})


def test_a_key_that_was_deleted_may_not():
    made, gone, later = told("""
        03:00 alice iam:CreateAccessKey(svc) -> AKIASVC0000000000001 from 198.51.100.7
        03:10 admin iam:DeleteAccessKey(svc)
        03:20 bob   s3:ListBuckets
    """)
    deleted = replace(gone, request={"userName": "svc", "accessKeyId": "AKIASVC0000000000001"})

    assert f"use of {ALICE} and AKIASVC0000000000001 after 2026-01-27 03:20:00 UTC" in whats(made, later)
    assert f"use of {ALICE} after 2026-01-27 03:20:00 UTC" in whats(made, deleted, later)


@pytest.mark.parametrize(("until", "usable"), [("02:30", False), ("04:30", True)])
def test_a_session_may_be_used_until_it_expires(until, usable):
    stolen = told("""
        01:30 alice sts:AssumeRole(deploy) -> ASIADEPLOY0000000001 from 198.51.100.7
        03:00 bob   s3:ListBuckets
    """)
    ends = {"accessKeyId": "ASIADEPLOY0000000001", "expiration": f"2026-01-27T{until}:00Z"}
    issued = replace(stolen[0], response={**stolen[0].response, "credentials": ends})

    [after] = [what for what in whats(issued, stolen[1]) if what.startswith("use of")]

    assert ("ASIADEPLOY0000000001" in after) is usable


@pytest.mark.parametrize(("used", "usable"), [("2026-01-27 03:00", False), ("2026-01-28 20:00", True)])
def test_a_session_whose_end_is_not_known_may_be_used_as_long_as_any_lasts(used, usable):
    events = told(f"{used} alice s3:ListBuckets from 198.51.100.7\n2026-01-29 03:00 bob s3:ListBuckets")
    session = replace(events[0], key="ASIAUNKNOWN000000001")
    case = matter((*OFFICE_LIFE, session, events[1]), {"key": session.key})
    late = replace(case, window=case.window.model_copy(update={"end": events[1].time}))

    told_of = assess(late, (), TakenAsTold()).gaps

    assert any(gap.what.startswith(f"use of {session.key}") for gap in told_of) is usable


def test_records_that_reach_beyond_the_window_leave_no_such_gap():
    theft, later = told("""
        2026-01-27 03:00 alice sts:GetCallerIdentity from 198.51.100.7
        2026-01-29 03:00 bob s3:ListBuckets
    """)

    assert f"use of {ALICE} after 2026-01-27 03:00:00 UTC" in whats(theft)
    assert not [what for what in whats(theft, later) if what.startswith("use of")]


def test_a_trail_of_the_intruders_own_making_hides_nothing_when_it_goes():
    made = [act(f"cloudtrail:{name}", name="mine") for name in ("CreateTrail", "StopLogging", "DeleteTrail")]

    assert whats(*made) == NOTHING_HIDDEN


def test_a_trail_that_was_there_before_does_though_he_made_another_of_its_name():
    gone = [act(f"cloudtrail:{name}", name="main") for name in ("DeleteTrail", "CreateTrail", "DeleteTrail")]

    assert "trail main was not logging" in only_gap(*gone).what


def test_a_log_of_his_own_making_is_no_witness_either():
    made = replace(act("ec2:CreateFlowLogs"), response={"CreateFlowLogsResponse": {"flowLogIdSet": {"item": "fl-1"}}})
    gone = act("ec2:DeleteFlowLogs", DeleteFlowLogsRequest={"FlowLogId": [{"content": "fl-1"}, {"content": "fl-2"}]})

    assert only_gap(made, gone).what.endswith("deleted: fl-2")
    assert only_gap(gone, made).what.endswith("deleted: fl-1 and fl-2")


def test_a_log_group_that_he_only_wrote_to_is_one():
    flows = act("ec2:CreateFlowLogs", CreateFlowLogsRequest={"LogGroupName": "app"})

    assert only_gap(flows, act("logs:DeleteLogGroup", logGroupName="app")).what.endswith("deleted: app")


def test_a_trail_of_the_same_name_in_another_account_is_not_his():
    made, stopped = (act(f"cloudtrail:{name}", name="main") for name in ("CreateTrail", "StopLogging"))

    assert "trail main was not logging" in only_gap(made, replace(stopped, account="444455556666")).what


def test_an_address_that_only_the_intruders_own_user_shares_tells_him_apart():
    made = act("iam:CreateUser(svc)", userName="svc")
    [his] = told("03:10 svc s3:ListBuckets from 198.51.100.7")
    nameless = replace(his, principal="unknown", arn="", user="", key="")

    assert not _on_addresses(made, his, nameless)
    assert "svc used it too" in _on_addresses(act("sts:GetCallerIdentity"), his)[0].why


def _on_addresses(*acts):
    return [gap for gap in gaps(*acts) if "address" in gap.what]


class WithLambdaCalls(FakeSnapshot):
    """A store whose records hold calls of functions."""

    def cells(self):
        [cell] = super().cells()
        return (cell, cell.model_copy(update={"events": "data:lambda"}))


@pytest.mark.parametrize(("store", "seen"), [(FakeSnapshot, False), (WithLambdaCalls, True)])
def test_calls_of_functions_are_a_gap_until_they_are_recorded(store, seen):
    case = matter((*OFFICE_LIFE, act("lambda:AddPermission", functionName="f")), {"key": ALICE})

    told_of = assess(replace(case, store=store(case.store.all)), (), TakenAsTold()).gaps

    assert any(gap.what == "calls of Lambda functions" for gap in told_of) is not seen
