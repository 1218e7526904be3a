"""The loopback AWS says what the saved answers say, over the wire, at AWS's pace, and fails on demand."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("moto", reason="the extra `demo` is not installed")

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from investigator.tools._json import to_json
from investigator.tools.aws import Limits

from investigator.demo.answers import Asked, Fault, answer, denied
from investigator.demo.answers.paging import page_of
from investigator.demo.company import ACCOUNT, GLOBAL, HOME, LEAKED_KEY
from investigator.demo.incident import incident
from investigator.demo.requests import requests
from investigator.demo.world import serve_world
from investigator.demo.world.credentials import made_up_credentials
from investigator.demo.world.pace import Pace
from investigator.demo.world.trouble import Faults, Trouble
from tests.tools.doors import live

TOLD = incident("leaked-key")


class Unhurried(Pace):
    """Lets every request through."""

    def allows(self, region: str) -> bool:
        return True


def client(url: str, service: str, region: str = HOME):
    config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
    keys = {"aws_access_key_id": "AKIAREADERREADER0001", "aws_secret_access_key": "made-up"}
    return boto3.client(service, region_name=region, endpoint_url=url, config=config, **keys)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serve_world(TOLD, pace=Unhurried()) as endpoint:
        yield endpoint


def over_the_wire(url: str, asked: Asked) -> object:
    """The parsed reply as JSON, or the code of the error."""
    made = client(url, asked.service, asked.region)
    method = made.meta.method_to_api_mapping
    [name] = [python for python, operation in method.items() if operation == asked.operation]
    try:
        parsed = getattr(made, name)(**asked.parameters)
    except ClientError as error:
        return error.response["Error"]["Code"]
    parsed.pop("ResponseMetadata")
    return to_json(parsed)


def told(asked: Asked) -> object:
    pages = answer(TOLD, asked)
    said = pages if isinstance(pages, Fault) else page_of(asked, pages)
    return said.code if isinstance(said, Fault) else said


def outcome(asked: Asked) -> str:
    pages = answer(TOLD, asked)
    return pages.code if isinstance(pages, Fault) else "one" if len(pages) == 1 else "many"


SAMPLE = {(asked.service, asked.operation, outcome(asked)): asked for asked in requests(TOLD)}


@pytest.mark.parametrize("asked", SAMPLE.values(), ids=["-".join(name) for name in SAMPLE])
def test_a_reply_over_the_wire_is_the_saved_answer(url: str, asked: Asked) -> None:
    assert over_the_wire(url, asked) == told(asked)


def test_the_event_history_comes_page_by_page_newest_first(url: str) -> None:
    since, size = "2026-10-26T00:00:00Z", {"PageSize": 50}
    pages = list(
        client(url, "cloudtrail").get_paginator("lookup_events").paginate(StartTime=since, PaginationConfig=size)
    )

    events = [json.loads(event["CloudTrailEvent"]) for page in pages for event in page["Events"]]
    here = [record for record in TOLD.events if record["awsRegion"] == HOME and record["managementEvent"]]
    everything = [record for record in here if str(record["eventTime"]) >= since]
    assert events == everything[::-1]
    assert {len(page["Events"]) for page in pages[:-1]} == {50}


def test_the_event_history_holds_what_the_stopped_trail_did_not(url: str) -> None:
    attribute = {"AttributeKey": "EventName", "AttributeValue": "RunInstances"}
    found = client(url, "cloudtrail", "us-west-2").lookup_events(LookupAttributes=[attribute])["Events"]

    assert [event["EventId"] in TOLD.truth.unlogged for event in found] == [True]


def test_a_token_of_another_search_is_refused(url: str) -> None:
    trail = client(url, "cloudtrail")
    token = trail.lookup_events(MaxResults=50)["NextToken"]
    attribute = {"AttributeKey": "AccessKeyId", "AttributeValue": LEAKED_KEY}

    with pytest.raises(ClientError, match="InvalidNextTokenException"):
        trail.lookup_events(LookupAttributes=[attribute], MaxResults=50, NextToken=token)


def test_a_third_search_within_a_second_is_throttled_in_its_region_alone() -> None:
    with serve_world(TOLD, pace=Pace(now=lambda: 0.0)) as endpoint:
        home, far = client(endpoint, "cloudtrail"), client(endpoint, "cloudtrail", "ap-south-1")
        home.lookup_events()
        home.lookup_events()
        with pytest.raises(ClientError, match="ThrottlingException"):
            home.lookup_events()
        assert far.lookup_events()["Events"]


def test_the_pace_lets_two_searches_through_in_every_second() -> None:
    moments = iter([0.0, 0.0, 0.0, 0.5, 0.5, 9.0, 9.0, 9.0])
    pace = Pace(now=lambda: next(moments))

    assert [pace.allows(HOME) for _ in range(8)] == [True, True, False, True, False, True, True, False]


@pytest.mark.parametrize("service", ["cloudtrail", "ec2", "iam", "s3"])
def test_what_is_denied_on_demand_is_denied_in_the_words_of_its_service(service: str) -> None:
    calls: dict[str, Callable[[str], object]] = {
        "cloudtrail": lambda url: client(url, "cloudtrail").describe_trails(),
        "ec2": lambda url: client(url, "ec2").describe_instances(),
        "iam": lambda url: client(url, "iam").get_user(UserName="nadia.osei"),
        "s3": lambda url: client(url, "s3").get_bucket_policy(Bucket="halyard-orders"),
    }
    with serve_world(TOLD, lambda asked, number: denied(asked)) as endpoint, pytest.raises(ClientError) as refusal:
        calls[service](endpoint)

    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert refusal.value.response["Error"]["Code"] == denied(Asked(service, "", ACCOUNT, HOME)).code


def spoilt(trouble: Trouble) -> Faults:
    """The first reply about trails is spoilt, all others are whole."""
    return lambda asked, number: trouble if asked.operation == "DescribeTrails" and number == 1 else None


@pytest.mark.parametrize("trouble", list(Trouble))
def test_a_spoilt_reply_never_reads_as_an_empty_answer(trouble: Trouble, tmp_path: Path) -> None:
    with serve_world(TOLD, spoilt(trouble)) as endpoint, made_up_credentials():
        accounts = live(endpoint, tmp_path, as_of=TOLD.as_of, limits=Limits(attempts=3))
        [page] = accounts.at(ACCOUNT, GLOBAL).pages("cloudtrail", "DescribeTrails")

    assert page.body == told(Asked("cloudtrail", "DescribeTrails", ACCOUNT, GLOBAL))


@pytest.mark.filterwarnings("ignore:Exception")
def test_an_operation_that_nobody_answers_is_denied(url: str) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        client(url, "iam").list_virtual_mfa_devices()
