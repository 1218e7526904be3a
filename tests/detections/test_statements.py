"""Whom a policy lets in: everyone, unless its statement denies or a condition limits it."""

import json

import pytest

from investigator.detections.detect import detect
from investigator.detections.loader import Rules, load_rules
from tests.detections.records import Records, call

RULES = Rules(tuple(rule for rule in load_rules() if rule.name == "resource-opened"), (), "")
LIMITED = [
    {"StringEquals": {"aws:SourceAccount": "111122223333"}},
    {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::orders"}},
    {"IpAddress": {"aws:SourceIp": ["192.0.2.0/24"]}},
]
UNLIMITED = [
    {},
    {"Bool": {"aws:SecureTransport": "true"}},
    {"StringLike": {"aws:PrincipalArn": "*"}},
    {"StringLike": {"aws:PrincipalArn": ["arn:aws:iam::111122223333:role/x", "*"]}},
    {"StringNotEquals": {"aws:PrincipalOrgID": "o-abc"}},
    {"StringEqualsIfExists": {"aws:SourceAccount": "111122223333"}},
    {"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}},
]


def allows(condition, resource="*"):
    limit = {"Condition": condition} if condition else {}
    return {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sqs:*", "Resource": resource, **limit}


def denies(resource="*"):
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    return {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": resource, "Condition": plain}


def opened(*statements, indent=None):
    """Whether a queue's policy of these statements, a text in its request, is a hit."""
    policy = json.dumps({"Statement": list(statements)}, indent=indent)
    record = call("sqs:SetQueueAttributes", requestParameters={"attributes": {"Policy": policy}})
    return bool(detect(Records(record), RULES))


@pytest.mark.parametrize("condition", LIMITED)
def test_everyone_within_a_limit_is_not_everyone(condition):
    assert not opened(allows(condition))
    assert not opened(denies(), allows(condition), indent=2)


@pytest.mark.parametrize("condition", UNLIMITED)
def test_a_condition_that_limits_nobody_opens(condition):
    assert opened(allows(condition))
    assert opened(denies(), allows(condition), allows(LIMITED[0]), indent=2)


def test_a_denial_for_everyone_opens_nothing():
    assert not opened(denies())


@pytest.mark.parametrize("brace", ["}", "{", "{}", "}{", "{{{{"])
def test_another_statement_or_a_brace_does_not_hide_the_open_one(brace):
    open_one = allows({}, [f"b{brace}", "c"])

    assert opened(denies(f"a{brace}"), open_one)
    assert opened(open_one, denies(f"a{brace}"))
    assert opened(open_one, allows(LIMITED[0], f"a{brace}"))
