"""CloudTrail's event history, which LookupEvents searches: on whether or not a trail is."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cache

from pydantic import JsonValue

from investigator.demo.answers.asked import Asked, Body, Fault
from investigator.demo.incident import Incident
from investigator.demo.journal import Record, text_at
from investigator.domain.times import parse_instant, to_text

RETENTION = timedelta(days=90)
MAX_RESULTS = 50
ATTRIBUTES = (
    "AccessKeyId", "EventId", "EventName", "EventSource", "ReadOnly", "ResourceName", "ResourceType", "Username",
)  # fmt: skip


def lookup(told: Incident, asked: Asked) -> tuple[Body, ...]:
    """Every page of LookupEvents, newest first: management events of the last 90 days, at most 50 a page."""
    start = max(_time(asked, "StartTime"), to_text(told.as_of - RETENTION))
    end = _time(asked, "EndTime") or to_text(told.as_of)
    found = [event for event in _matching(told, asked) if start <= str(event["EventTime"]) <= end]
    size = _page_size(asked)
    pages = [found[first : first + size] for first in range(0, len(found), size)] or [[]]
    return tuple({"Events": [*page]} for page in pages)


def _time(asked: Asked, name: str) -> str:
    """A time parameter in the form of records, which compares as text; "" when it was not given."""
    return to_text(parse_instant(given).replace(microsecond=0)) if (given := asked.text(name)) else ""


def _matching(told: Incident, asked: Asked) -> Sequence[Body]:
    attributes = _attributes(asked)
    history = _history(told)
    if not attributes:
        return history.get((asked.region, ""), ())
    [(key, value)] = attributes
    return history.get((asked.region, f"{key}={value}"), ())


def _attributes(asked: Asked) -> list[tuple[str, str]]:
    given = asked.parameters.get("LookupAttributes")
    wanted = given if isinstance(given, list) else []
    attributes = [(text_at(each, "AttributeKey"), text_at(each, "AttributeValue")) for each in wanted]
    if len(attributes) > 1 or any(key not in ATTRIBUTES for key, _ in attributes):
        raise Fault("InvalidLookupAttributesException", "You can specify one lookup attribute")
    return attributes


def _page_size(asked: Asked) -> int:
    size = asked.parameters.get("MaxResults", MAX_RESULTS)
    if not isinstance(size, int) or not 1 <= size <= MAX_RESULTS:
        raise Fault("InvalidMaxResultsException", "MaxResults is 1 to 50")
    return size


@cache
def _history(told: Incident) -> Mapping[tuple[str, str], Sequence[Body]]:
    """The management events by Region and `attribute=value`, and all of a Region by ""; newest first."""
    found: dict[tuple[str, str], list[Body]] = {}
    for record in reversed(told.events):
        if record["managementEvent"]:
            entry = _entry(record)
            for attribute in ("", *_values(entry)):
                found.setdefault((str(record["awsRegion"]), attribute), []).append(entry)
    return found


def _values(entry: Body) -> set[str]:
    """Everything that the event is found by."""
    resources = entry["Resources"]
    named = [each for each in resources if isinstance(each, dict)] if isinstance(resources, list) else []
    return {f"{key}={value}" for part in (entry, *named) for key, value in part.items() if key in ATTRIBUTES}


def _entry(record: Record) -> Body:
    return {
        **_head(record),
        "Resources": [{"ResourceType": kind, "ResourceName": name} for kind, name in _resources(record)],
        "CloudTrailEvent": json.dumps(record, separators=(",", ":")),
    }


def _head(record: Record) -> Body:
    key = text_at(record["userIdentity"], "accessKeyId")
    name = _user_name(record)
    return {
        "EventId": record["eventID"],
        "EventName": record["eventName"],
        "ReadOnly": "true" if record["readOnly"] else "false",
        **({"AccessKeyId": key} if key else {}),
        "EventTime": record["eventTime"],
        "EventSource": record["eventSource"],
        **({"Username": name} if name else {}),
    }


def _user_name(record: Record) -> str:
    """The IAM user, or the session name of a role."""
    identity = record["userIdentity"]
    if text_at(identity, "type") == "AssumedRole":
        return text_at(identity, "principalId").partition(":")[2]
    return text_at(identity, "userName")


_KINDS: Mapping[str, str] = {
    "userName": "AWS::IAM::User",
    "accessKeyId": "AWS::IAM::AccessKey",
    "roleName": "AWS::IAM::Role",
    "roleArn": "AWS::IAM::Role",
    "roleSessionName": "AWS::STS::AssumedRole",
    "policyArn": "AWS::IAM::Policy",
    "bucketName": "AWS::S3::Bucket",
    "instanceId": "AWS::EC2::Instance",
    "imageId": "AWS::EC2::Ami",
    "groupId": "AWS::EC2::SecurityGroup",
    "keyName": "AWS::EC2::KeyPair",
}
"""Which names in request and response the event history takes for resources."""


def _resources(record: Record) -> list[tuple[str, str]]:
    """Type and name of each resource, of the record and in its request and response."""
    listed = record.get("resources")
    named = {(text_at(each, "type"), text_at(each, "ARN")) for each in (listed if isinstance(listed, list) else [])}
    named.update(_mentioned(record["requestParameters"]))
    named.update(_mentioned(record["responseElements"]))
    trail = text_at(record["requestParameters"], "name")
    if trail and record["eventSource"] == "cloudtrail.amazonaws.com":
        named.add(("AWS::CloudTrail::Trail", trail))
    return sorted(named)


def _mentioned(value: JsonValue) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for each in value:
            yield from _mentioned(each)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, str) and name in _KINDS:
                yield _KINDS[name], inner
            yield from _mentioned(inner)
