"""Sequences: what only several events together show."""

from tests.detections.records import Record, Records, call
from tests.detections.test_bursts import at, found

CAROL = {
    "type": "IAMUser",
    "arn": "arn:aws:iam::111122223333:user/carol",
    "userName": "carol",
    "accessKeyId": "AKIAI44QH8DHBEXAMPLE",
}
WEB = {
    "type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/web/i-0123456789abcdef0", "accessKeyId": "ASIAIOSFODNN7EXAMPLE",
}  # fmt: skip

FUNCTION = {
    "type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/orders/orders-import", "accessKeyId": "ASIAI44QH8DHBEXAMPLE",
}  # fmt: skip


def made_key(minute: float, user: str = "carol") -> Record:
    answer = {"accessKey": {"accessKeyId": CAROL["accessKeyId"], "userName": user}}
    return at(minute, "iam:CreateAccessKey", requestParameters={"userName": user}, responseElements=answer)


def ids(name: str, *records: Record) -> tuple[str, ...]:
    return tuple(id_ for hit in found(name, list(records)) for id_ in hit.event_ids)


def test_a_key_made_for_another_user_and_its_first_use():
    used = at(5, "s3:ListBuckets", userIdentity=CAROL)

    assert ids("key-made-and-used", made_key(0), used, {**used, "eventName": "GetObject"}) == ("ct:00000", "ct:00001")


def test_a_key_for_oneself_is_no_sequence():
    assert not ids("key-made-and-used", made_key(0, user="build"))


def test_a_user_made_and_armed_within_half_an_hour():
    story = (
        at(0, "iam:CreateUser", requestParameters={"userName": "svc"}),
        at(1, "iam:AttachUserPolicy", requestParameters={"userName": "svc"}),
        at(2, "iam:CreateLoginProfile", requestParameters={"userName": "svc"}),
        at(3, "iam:CreateAccessKey", requestParameters={"userName": "other"}),
    )

    assert ids("identity-made-and-armed", *story) == ("ct:00000", "ct:00001", "ct:00002")
    assert not ids(
        "identity-made-and-armed", story[0], at(31, "iam:AttachUserPolicy", requestParameters={"userName": "svc"})
    )
    assert not ids("identity-made-and-armed", {**story[0], "errorCode": "AccessDenied"}, story[1])


def test_an_identity_removed_soon_after_it_was_made():
    made = at(0, "iam:CreateUser", requestParameters={"userName": "svc"})
    gone = at(60, "iam:DeleteUser", requestParameters={"userName": "svc"})

    assert ids("identity-made-and-removed", made, gone) == ("ct:00000", "ct:00001")
    assert not ids("identity-made-and-removed", made, {**gone, "eventTime": "2026-01-29T03:00:00Z"})
    assert not ids("identity-made-and-removed", made, {**gone, "requestParameters": {"userName": "other"}})


def test_changes_made_while_the_trail_was_off():
    stop = at(0, "cloudtrail:StopLogging", requestParameters={"name": "main"})
    share = at(30, "ec2:ModifySnapshotAttribute")
    read, late = at(31, "ec2:DescribeInstances", readOnly=True), at(500, "iam:CreateUser")

    assert ids("logging-stopped-then-changes", stop, share, read, late) == ("ct:00000", "ct:00001")
    assert not ids("logging-stopped-then-changes", stop, read, late)


def test_a_disk_copied_and_attached():
    story = (
        at(0, "ec2:CreateSnapshot", responseElements={"snapshotId": "snap-1"}),
        at(5, "ec2:CreateVolume", requestParameters={"snapshotId": "snap-1"}, responseElements={"volumeId": "vol-1"}),
        at(9, "ec2:AttachVolume", requestParameters={"volumeId": "vol-1", "instanceId": "i-1"}),
    )

    again = at(600, "ec2:AttachVolume", requestParameters={"volumeId": "vol-1", "instanceId": "i-2"})

    assert ids("disk-copied-and-attached", *story) == ("ct:00000", "ct:00001", "ct:00002")
    assert ids("disk-copied-and-attached", *story, again) == ("ct:00000", "ct:00001", "ct:00002")
    assert not ids("disk-copied-and-attached", *story[:2])


def test_the_key_of_an_instance_used_from_a_second_address():
    home = at(0, "s3:ListBuckets", userIdentity=WEB, sourceIPAddress="203.0.113.10")
    away = at(9, "s3:ListBuckets", userIdentity=WEB, sourceIPAddress="198.51.100.7")
    through = at(10, "kms:Decrypt", userIdentity=WEB, sourceIPAddress="s3.amazonaws.com")

    assert ids("workload-credential-elsewhere", home, away, through) == ("ct:00001",)
    assert not ids("workload-credential-elsewhere", home, through)


def reported(minute: float, ip: str = "203.0.113.10", **fields: object) -> Record:
    asked = {"instanceId": "i-0123456789abcdef0"}
    action = "ssm:UpdateInstanceInformation"
    return at(minute, action, userIdentity=WEB, sourceIPAddress=ip, **{"requestParameters": asked, **fields})


def from_instance(minute: float, ip: str, **fields: object) -> Record:
    return at(minute, "s3:ListBuckets", userIdentity=WEB, sourceIPAddress=ip, **fields)


def test_the_credential_of_an_instance_used_from_where_no_machine_of_the_account_reported():
    home, away = from_instance(1, "203.0.113.10"), from_instance(9, "198.51.100.7")
    inside, forwarded = from_instance(9, "10.0.0.7"), from_instance(9, "s3.amazonaws.com")

    assert ids("instance-credential-from-the-internet", reported(0), home, away) == ("ct:00002",)
    assert not ids("instance-credential-from-the-internet", reported(0), home, inside, forwarded)


def test_an_address_is_known_from_reports_of_the_instance_itself_that_came_in_time():
    name, home = "instance-credential-from-the-internet", from_instance(0, "203.0.113.10")

    assert not ids(name, home, reported(9))
    assert ids(name, home, reported(11)) == ("ct:00000", "ct:00001")
    assert "ct:00001" in ids(name, reported(0, requestParameters={"instanceId": "i-other"}), home)
    assert "ct:00001" in ids(name, reported(0, errorCode="AccessDenied"), home)
    assert "ct:00001" in ids(name, reported(0, recipientAccountId="444455556666"), home)
    assert "ct:00001" in ids(name, reported(0, eventName="PutInventory"), home)


def of_function(
    minute: float, action: str, ip: str, agent: str = "Boto3/1.34 exec-env/AWS_Lambda_python3.12"
) -> Record:
    return at(minute, action, userIdentity=FUNCTION, sourceIPAddress=ip, userAgent=agent)


def test_the_key_of_a_function_used_elsewhere_by_a_command_line():
    home = of_function(0, "s3:GetObject", "203.0.113.10")
    away = of_function(9, "s3:ListBuckets", "198.51.100.7", "aws-cli/2.15")
    moved = of_function(10, "s3:GetObject", "203.0.113.99")
    helper = of_function(11, "s3:GetObject", "203.0.113.10", "own-program/1.0")
    through = of_function(12, "kms:Decrypt", "s3.amazonaws.com", "s3.amazonaws.com")

    assert ids("runtime-credential-elsewhere", home, away, moved, helper, through) == ("ct:00001",)
    assert not ids("runtime-credential-elsewhere", home, moved, helper, through)
    assert not ids("runtime-credential-elsewhere", {**home, "userAgent": "Boto3/1.34"}, away)


def test_the_key_that_aws_fetched_for_a_container_used_elsewhere():
    fetched = at(
        0, "sts:AssumeRole", userIdentity={"type": "AWSService", "invokedBy": "ecs-tasks.amazonaws.com"},
        responseElements={"credentials": {"accessKeyId": FUNCTION["accessKeyId"]}},
    )  # fmt: skip
    home, away = (of_function(n, "s3:GetObject", ip, "Boto3/1.34") for n, ip in ((1, "10.0.0.7"), (2, "198.51.100.7")))

    assert ids("runtime-credential-elsewhere", fetched, home, away) == ("ct:00002",)
    assert not ids("runtime-credential-elsewhere", home, away)


DAY = 1440


def test_the_first_changes_in_a_region_after_a_week_of_none():
    used = [at(n * DAY, "ec2:RunInstances", readOnly=False) for n in range(8)]
    look = at(8 * DAY - 10, "ec2:DescribeInstances", awsRegion="sa-east-1", readOnly=True)
    first, second, later = (
        at(8 * DAY + n, "ec2:RunInstances", awsRegion="sa-east-1", readOnly=False) for n in (0, 30, 90)
    )

    assert ids("write-in-new-region", *used, look, first, second, later) == ("ct:00009", "ct:00010")
    assert not ids("write-in-new-region", *used, look, {**first, "errorCode": "AccessDenied"})


def test_a_region_is_not_new_when_the_evidence_begins_with_it():
    begun = at(0, "ec2:RunInstances", readOnly=False)
    other = at(6 * DAY, "ec2:RunInstances", awsRegion="sa-east-1", readOnly=False)
    signed_in = at(9 * DAY, "signin:ConsoleLogin", awsRegion="eu-north-1", readOnly=False)

    assert not ids("write-in-new-region", begun, other, signed_in)


def test_a_sign_in_after_many_failures():
    def sign_in(minute: float, said: str) -> Record:
        return at(minute, "signin:ConsoleLogin", responseElements={"ConsoleLogin": said}, userIdentity=CAROL)

    failed = [sign_in(n, "Failure") for n in range(5)]

    assert len(ids("guessed-sign-in", *failed, sign_in(6, "Success"))) == 6
    assert not ids("guessed-sign-in", *failed[:4], sign_in(6, "Success"))
    assert not ids("guessed-sign-in", *failed, sign_in(60, "Success"))


def test_records_without_time_break_nothing():
    undated = {key: value for key, value in call("cloudtrail:StopLogging").items() if key != "eventTime"}

    assert ids("logging-stopped-then-changes", undated) == ()
    assert list(Records(undated).matching("name = 'StopLogging'"))
