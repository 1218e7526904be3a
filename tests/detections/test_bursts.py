"""Bursts: many different things by one caller within minutes."""

from datetime import UTC, datetime, timedelta

import pytest

from investigator.detections.detect import many_event_hits
from tests.detections.records import Record, Records, call

START = datetime(2026, 1, 27, 3, tzinfo=UTC)
SERVICES = ("iam", "ec2", "s3", "kms", "lambda")


def at(minute: float, action: str, **fields: object) -> Record:
    moment = (START + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return call(action, eventTime=moment, **fields)


def reads(count: int, *, every: float = 0.1, services: int = 5, **fields: object) -> list[Record]:
    return [at(n * every, f"{SERVICES[n % services]}:Describe{n}", readOnly=True, **fields) for n in range(count)]


def naming(record: Record) -> Record:
    """The same read of one thing that it names, as infrastructure as code asks for what it made."""
    filters = {"items": [{"name": "vpc-id", "valueSet": {"items": [{"value": "vpc-0a1b"}]}}]}
    return {**record, "requestParameters": {"filterSet": filters, "maxResults": 100}}


def found(name: str, records: list[Record]):
    numbered = [{**record, "eventID": f"{n:05}"} for n, record in enumerate(records)]
    return [hit for hit in many_event_hits(Records(*numbered)) if hit.name == name]


def test_many_reads_over_many_services_are_one_hit_with_all_of_them():
    [hit] = found("discovery-burst", reads(20))

    assert hit.count == 20
    assert hit.rule_id == "D01"


@pytest.mark.parametrize(
    "records",
    [
        pytest.param(reads(14), id="too few names"),
        pytest.param(reads(20, services=4), id="too few services"),
        pytest.param(reads(20, every=2), id="too slow"),
        pytest.param([{**one, "readOnly": False} for one in reads(20)], id="no reads"),
        pytest.param(reads(20, sourceIPAddress="config.amazonaws.com"), id="a service reads for the caller"),
        pytest.param([*map(naming, reads(20)), *reads(7)], id="a refresh of what is managed"),
    ],
)
def test_what_is_less_is_no_burst(records):
    assert not found("discovery-burst", records)


@pytest.mark.parametrize(
    "request_",
    [
        {},
        None,
        {"maxResults": 100, "nextToken": "AAAA"},
        {"filterSet": {}, "instancesSet": {"items": [{}]}},
        {"Host": "s3.amazonaws.com"},
        {"pathPrefix": "/", "scope": "Local", "onlyAttached": False},
        {"ownersSet": {"items": [{"owner": "self"}]}, "functionVersion": "ALL"},
        {"filterSet": {"items": [{"name": "instance-state-name", "valueSet": {"items": [{"value": "running"}]}}]}},
        {"filterSet": {"items": [{"name": "state", "valueSet": {"items": [{"value": "*"}]}}]}},
    ],
)
def test_a_request_that_names_nothing_is_broad(request_):
    """Pages, their sizes and empty filters are no names."""
    assert found("discovery-burst", [{**one, "requestParameters": request_} for one in reads(20)])


def test_whoever_asks_about_himself_enumerates_and_who_reads_what_he_manages_does_not():
    names = [
        f"iam:{name}"
        for name in "ListUsers GetUser ListAccessKeys ListGroupsForUser ListUserPolicies ListMFADevices".split()
    ]
    caller = {
        "type": "IAMUser",
        "arn": "arn:aws:iam::111122223333:user/ana",
        "userName": "ana",
        "accessKeyId": "AKIAI44QH8DHBEXAMPLE",
    }
    himself = [at(n * 0.1, name, requestParameters={"userName": "ana"}) for n, name in enumerate(names)]
    managed = [{**one, "requestParameters": {"userName": "build-7"}} for one in himself]

    assert found("identity-enumeration", [{**one, "userIdentity": caller} for one in himself])
    assert not found("identity-enumeration", [{**one, "userIdentity": caller} for one in managed])


def test_the_window_slides_over_clock_boundaries():
    """Half of the burst lies before ten past, half after."""
    [hit] = found(
        "discovery-burst", [at(9.5 + n * 0.05, f"{SERVICES[n % 5]}:Get{n}", readOnly=True) for n in range(20)]
    )

    assert hit.count == 20


def test_only_what_lies_in_the_burst_is_cited():
    lone = [at(-120, "iam:ListUsers", readOnly=True), at(300, "iam:ListRoles", readOnly=True)]

    [hit] = found("discovery-burst", [*reads(20), *lone])
    assert hit.count == 20


def test_two_callers_are_not_added_up():
    half = reads(20)
    other = {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/ana", "accessKeyId": "AKIAI44QH8DHBEXAMPLE"}

    assert not found(
        "discovery-burst", [{**one, "userIdentity": other} if n % 2 else one for n, one in enumerate(half)]
    )


def test_ten_denied_calls_in_ten_minutes_are_a_burst_and_nine_are_none():
    denied = [at(n * 0.5, "s3:GetObject", errorCode="AccessDenied") for n in range(10)]

    assert found("denied-burst", denied)[0].outcome == "tried"
    assert not found("denied-burst", denied[:9])


def test_five_kinds_of_denied_calls_are_a_burst():
    denied = [at(n, f"iam:Create{n}", errorCode="AccessDenied") for n in range(5)]

    assert found("many-kinds-denied", denied)


def test_many_secrets_are_a_burst_and_one_secret_often_is_none():
    asks = [at(n * 0.1, "secretsmanager:GetSecretValue", requestParameters={"secretId": f"s{n}"}) for n in range(12)]
    same = [{**one, "requestParameters": {"secretId": "s"}} for one in asks]

    assert found("secrets-read", asks)[0].count == 12
    assert not found("secrets-read", same)


def test_one_key_in_three_networks_within_the_hour():
    addresses = ("198.51.100.7", "203.0.113.9", "192.0.2.44")
    spread = [at(n, "s3:ListBuckets", sourceIPAddress=ip) for n, ip in enumerate(addresses)]
    near = [at(n, "s3:ListBuckets", sourceIPAddress=f"198.51.100.{n}") for n in range(1, 4)]

    assert found("key-from-many-networks", spread)
    assert not found("key-from-many-networks", near)


def test_the_same_read_in_five_regions():
    swept = [at(n * 0.2, "ec2:DescribeInstances", readOnly=True, awsRegion=f"eu-west-{n}") for n in range(5)]

    assert found("regions-swept", swept)
    assert not found("regions-swept", swept[:4])


def test_a_flood_of_one_call_is_no_breadth():
    flood = [at(n * 0.001, "kms:Decrypt", readOnly=True) for n in range(2_000)]

    assert not found("discovery-burst", flood)
