"""Whoever reads back or removes what he made himself took nothing and destroyed nothing."""

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
