"""Whoever reads back or removes what he made himself took nothing and destroyed nothing."""

import json
from datetime import UTC, datetime, timedelta

from investigator.detections.detect import detect
from investigator.detections.loader import load_rules
from tests.detections.records import Record, Records, call

START = datetime(2026, 1, 27, 3, tzinfo=UTC)
OTHER = {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/ana", "accessKeyId": "AKIAI44QH8DHBEXAMPLE"}


def at(minute: float, action: str, asked: object, answered: object = None, **fields: object) -> Record:
    moment = (START + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return call(action, eventTime=moment, requestParameters=asked, responseElements=answered, **fields)


def hits(*records: Record) -> dict[str, tuple[str, int]]:
    """Level and count of each hit by name."""
    numbered = [{**record, "eventID": f"{n:05}"} for n, record in enumerate(records)]
    return {hit.name: (hit.level.value, hit.count) for hit in detect(Records(*numbered), load_rules())}


def secrets(number: int) -> tuple[list[Record], list[Record]]:
    made = [at(n * 0.1, "secretsmanager:CreateSecret", {"name": f"app/{n}"}) for n in range(number)]
    read = [at(9 + n * 0.1, "secretsmanager:GetSecretValue", {"secretId": f"app/{n}"}) for n in range(number)]
    return made, read


def test_to_read_ones_own_secrets_back_is_no_sweep():
    made, read = secrets(12)

    assert hits(*read)["secrets-read"] == ("high", 12)
    assert "secrets-read" not in hits(*made, *read)
    assert hits(*({**one, "userIdentity": OTHER} for one in made), *read)["secrets-read"] == ("high", 12)


def test_what_failed_or_came_later_made_nothing_ones_own():
    made, read = secrets(12)

    assert "secrets-read" in hits(*({**one, "errorCode": "AccessDenied"} for one in made), *read)
    assert "secrets-read" in hits(*({**one, "eventTime": "2026-01-27T05:00:00Z"} for one in made), *read)


def test_the_secrets_of_others_among_ones_own_are_a_sweep_by_themselves():
    made, read = secrets(25)

    assert hits(*made[:13], *read)["secrets-read"] == ("high", 12)
    assert "secrets-read" not in hits(*made[:16], *read)


def test_a_secret_is_known_by_its_arn_too():
    arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:app"
    made = [at(n, "secretsmanager:CreateSecret", {"name": f"a{n}"}, {"aRN": f"{arn}/{n}"}) for n in range(10)]
    read = [at(20 + n * 0.1, "secretsmanager:GetSecretValue", {"secretId": f"{arn}/{n}"}) for n in range(10)]

    assert "secrets-read" not in hits(*made, *read)


def test_the_same_name_in_another_region_or_account_is_another_thing():
    made, read = secrets(12)

    assert "secrets-read" in hits(*({**one, "awsRegion": "eu-north-1"} for one in made), *read)
    assert "secrets-read" in hits(*({**one, "recipientAccountId": "444455556666"} for one in made), *read)


def test_a_new_value_for_a_secret_of_others_makes_it_nobodys_own():
    _, read = secrets(12)
    put = [at(n * 0.1, "secretsmanager:PutSecretValue", {"secretId": f"app/{n}"}) for n in range(12)]

    assert "secrets-read" in hits(*put, *read)


def test_a_parameter_is_ones_own_that_was_not_there_before():
    def story(version: int) -> list[Record]:
        asked = [{"name": f"/app/{n}", "withDecryption": True} for n in range(12)]
        made = [at(n * 0.1, "ssm:PutParameter", one, {"version": version}) for n, one in enumerate(asked)]
        return [*made, *(at(20 + n * 0.1, "ssm:GetParameter", one) for n, one in enumerate(asked))]

    assert "parameters-read" not in hits(*story(1))
    assert "parameters-read" in hits(*story(2))


def test_to_copy_a_disk_of_others_makes_it_nobodys_own():
    """Copied out, then destroyed: the copies are his, the disks are not."""
    copied = [at(n, "ec2:CreateSnapshot", {"volumeId": f"vol-{n}"}, {"snapshotId": f"snap-{n}"}) for n in range(4)]
    gone = [at(10 + n, "ec2:DeleteVolume", {"volumeId": f"vol-{n}"}) for n in range(4)]
    tidy = [at(10 + n, "ec2:DeleteSnapshot", {"snapshotId": f"snap-{n}"}) for n in range(4)]

    assert hits(*copied, *gone)["disks-or-instances-removed-in-bulk"] == ("high", 4)
    assert "disks-or-instances-removed-in-bulk" not in hits(*copied, *tidy)


def test_instances_disks_and_images_of_ones_own_may_go():
    launched = {"instancesSet": {"items": [{"instanceId": f"i-{n}"} for n in range(4)]}}
    made = at(0, "ec2:RunInstances", None, launched)
    ended = [
        at(9 + n, "ec2:TerminateInstances", {"instancesSet": {"items": [{"instanceId": f"i-{n}"}]}}) for n in range(4)
    ]
    disks = [at(n, "ec2:CreateVolume", {"snapshotId": "snap-1"}, {"volumeId": f"vol-{n}"}) for n in range(4)]
    lost = [at(9 + n, "ec2:DeleteVolume", {"volumeId": f"vol-{n}"}) for n in range(4)]

    assert "disks-or-instances-removed-in-bulk" in hits(*ended)
    assert "disks-or-instances-removed-in-bulk" not in hits(made, *ended)
    assert "disks-or-instances-removed-in-bulk" not in hits(*disks, *lost)


def test_a_call_that_names_nothing_is_kept_as_it_is():
    made, gone = at(0, "s3:CreateBucket", {"bucketName": "a"}), at(5, "s3:DeleteBucket", {"bucketName": "a"})
    nameless = at(6, "s3:DeleteBucket", None)
    found = detect(Records(*({**r, "eventID": f"{n:05}"} for n, r in enumerate([made, gone, nameless]))), load_rules())

    told = {id_: hit.level.value for hit in found if hit.name == "bucket-deleted" for id_ in hit.event_ids}
    assert told == {"ct:00001": "low", "ct:00002": "medium"}


def test_what_is_left_of_a_burst_tells_its_own_outcome():
    made, read = secrets(24)
    denied = [{**one, "errorCode": "AccessDenied"} for one in read[12:]]
    numbered = [{**one, "eventID": f"{n:05}"} for n, one in enumerate([*made[:12], *read[:12], *denied])]
    [hit] = [one for one in detect(Records(*numbered), load_rules()) if one.name == "secrets-read"]

    assert (hit.count, hit.outcome.value) == (12, "tried")


def test_a_rule_of_the_users_own_is_run_as_it_is_written(tmp_path):
    """A file may have the name of one of ours."""
    rule = {"title": "t", "id": "0b0c6a3c-0000-4000-8000-000000000001", "logsource": {"product": "aws", "service": "cloudtrail"},
            "level": "medium", "detection": {"one": {"eventName": "DeleteBucket"}, "condition": "one"}}  # fmt: skip
    (tmp_path / "bucket-deleted.yml").write_text(json.dumps(rule))
    made, gone = at(0, "s3:CreateBucket", {"bucketName": "a"}), at(5, "s3:DeleteBucket", {"bucketName": "a"})
    [hit] = detect(Records({**made, "eventID": "1"}, {**gone, "eventID": "2"}), load_rules(tmp_path))

    assert hit.level.value == "medium"


def test_a_bucket_of_ones_own_that_is_deleted_weighs_less():
    made = at(0, "s3:CreateBucket", {"bucketName": "scratch"})
    gone = at(5, "s3:DeleteBucket", {"bucketName": "scratch"})
    weighty = at(6, "s3:DeleteBucket", {"bucketName": "orders"})

    alone = hits(weighty)["bucket-deleted"]
    assert hits(made, gone)["bucket-deleted"] != alone
    assert alone[0] == "medium"
    assert hits(made, gone)["bucket-deleted"][0] == "low"


def test_to_stop_a_trail_that_one_made_oneself_blinds_nobody():
    trail, user = {"name": "mine"}, {"userName": "eve"}
    made, off = at(0, "cloudtrail:CreateTrail", trail), at(5, "cloudtrail:StopLogging", trail)
    acted = at(9, "iam:CreateUser", user)

    assert "logging-stopped-then-changes" in hits(off, acted)
    assert "logging-stopped-then-changes" not in hits(made, off, acted)
    assert "logging-stopped" in hits(made, off, acted)
