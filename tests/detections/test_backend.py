"""What a rule's condition matches, told on single records."""

from pathlib import Path

import duckdb
import pytest

from investigator.detections.fields import Unsupported
from investigator.detections.parsing import parse_rule
from tests.detections.records import Records, call

RULE = """
title: A rule
logsource: {{product: aws, service: cloudtrail}}
detection:
  {detection}
level: high
tags: [attack.persistence, attack.t1098]
"""


def matches(detection: str, record: dict) -> bool:
    rule = parse_rule(RULE.format(detection=detection.replace("\n", "\n  ")), Path("rule.yml"))
    return bool(list(Records(record).matching(rule.predicate)))


def selected(field_and_value: str, record: dict) -> bool:
    return matches(f"s: {{{field_and_value}}}\ncondition: s", record)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("eventName: CreateUser", True),
        ("eventName: createuser", True),
        ("eventName: CreateUser2", False),
        ("eventName: [DeleteUser, CreateUser]", True),
        ("eventName|startswith: create", True),
        ("eventName|startswith: user", False),
        ("eventName|endswith: USER", True),
        ("eventName|contains: ateU", True),
        ("eventName|contains: [x, ate]", True),
        ("eventName|contains|all: [Create, User]", True),
        ("eventName|contains|all: [Create, Role]", False),
        ("eventName: 'Create?ser'", True),
        ("eventName: 'C*r'", True),
        ("eventName: CreateUser20150331v2", True),
        ("readOnly: false", True),
        ("readOnly: true", False),
        ("errorCode: null", True),
        ("eventName: null", False),
        ("userIdentity.type: iamuser", True),
        ("tlsDetails.tlsVersion: TLSv1.3", True),
        ("requestParameters.maxItems: 10", True),
        ("requestParameters.maxItems: 1", False),
        ("requestParameters.absent: 10", False),
        ("requestParameters.absent: null", True),
        ("requestParameters.empty: null", True),
        ("requestParameters.empty: ''", False),
        ("requestParameters|contains: maxItems", True),
        ("requestParameters.sets.items.cidr: 0.0.0.0/0", True),
        ("requestParameters.sets.items.cidr: 10.0.0.0/8", True),
        ("requestParameters.sets.items.cidr: 10.0.0.0", False),
        ("requestParameters.tags: two", True),
    ],
)
def test_a_value_is_compared_as_sigma_says(condition, expected):
    record = call(
        "iam:CreateUser",
        tlsDetails={"tlsVersion": "TLSv1.3"},
        requestParameters={
            "maxItems": 10,
            "empty": None,
            "tags": ["one", "two"],
            "sets": [{"items": {"cidr": "10.0.0.0/8"}}, {"items": [{"cidr": "0.0.0.0/0"}]}],
        },
    )

    assert selected(condition, record) is expected


def test_a_missing_field_is_null_and_its_negation_holds():
    without_error = call("iam:CreateUser")

    assert matches("s: {eventName: CreateUser}\nf: {errorCode: AccessDenied}\ncondition: s and not f", without_error)
    assert matches("f: {requestParameters.userName|startswith: a}\ncondition: not f", without_error)
    assert not matches("f: {errorCode|contains: '*'}\ncondition: f", without_error)


@pytest.mark.parametrize(
    ("name", "pattern", "expected"),
    [
        ("100%", "requestParameters.userName: '100%'", True),
        ("1000", "requestParameters.userName|startswith: '100%'", False),
        ("a_b", "requestParameters.userName|contains: '_'", True),
        ("axb", "requestParameters.userName|contains: 'a_b'", False),
        ("a*b", r"requestParameters.userName: 'a\*b'", True),
        ("axb", r"requestParameters.userName: 'a\*b'", False),
        ("a?b", r"requestParameters.userName: 'a\?b'", True),
        ("axb", r"requestParameters.userName: 'a\?b'", False),
        ("a\\b", r"requestParameters.userName|contains: 'a\b'", True),
        ("o'hara", 'requestParameters.userName: "o\'hara"', True),
        ("o'hara", 'requestParameters.userName|contains: "\'"', True),
        ('say "hi"', "requestParameters.userName|contains: '\"hi'", True),
        ("ÄRGER", "requestParameters.userName: ärger", True),
    ],
)
def test_special_characters_stand_for_themselves(name, pattern, expected):
    assert selected(pattern, call("iam:CreateUser", requestParameters={"userName": name})) is expected


def test_a_value_cannot_leave_its_literal():
    hostile = "x') OR true; DROP TABLE events; --"

    assert not selected(
        f'requestParameters.userName: "{hostile}"', call("iam:CreateUser", requestParameters={"userName": "y"})
    )
    assert selected(
        f'requestParameters.userName: "{hostile}"', call("iam:CreateUser", requestParameters={"userName": hostile})
    )


@pytest.mark.parametrize(
    ("condition", "named"),
    [
        ("eventName|re: 'Create(?=User)'", "invalid perl operator"),
        (r"eventName|re: '(a)\1'", "invalid escape sequence"),
        ("eventName|re: null", "no text"),
        ("sourceIPAddress|cidr: 10.0.0.1/8", "has host bits set"),
        ("requestParameters.n|gt: five", "incompatible"),
        ("requestParameters.n: 9007199254740993", "too large"),
        ("requestParameters.n|utf16le: x", "utf16le"),
        ("requestParameters.n|contains|fieldref: userAgent", "wildcards"),
        ("eventName|contains|re: x", "unmodified"),
        ("investigator.unheard: x", "the field investigator.unheard"),
        ('"requestParameters.a\'b": x', "the field part"),
        ("requestParameters.a|expand: '%list%'", "placeholder"),
    ],
)
def test_what_is_not_compiled_is_refused_by_its_name(condition, named):
    with pytest.raises(Unsupported, match=named):
        selected(condition, call("iam:CreateUser"))


@pytest.mark.parametrize("keywords", ["[null]", "{'|cidr': 10.0.0.0/8}", "{'|gt': 5}", "{'|fieldref': eventName}"])
def test_keywords_that_are_no_text_are_refused(keywords):
    with pytest.raises(Unsupported, match="without a field"):
        matches(f"s: {keywords}\ncondition: s", call("iam:CreateUser"))


def test_a_correlation_is_refused():
    with pytest.raises(Unsupported, match="correlation"):
        parse_rule("title: t\ncorrelation: {type: event_count}", Path("rule.yml"))


def test_logs_of_another_product_are_refused():
    text = RULE.format(detection="s: {EventID: 1}\n  condition: s").replace("product: aws", "product: windows")

    with pytest.raises(Unsupported, match="logs of windows"):
        parse_rule(text, Path("rule.yml"))


def test_either_of_several_conditions_suffices():
    assert matches("a: {eventName: X}\nb: {eventName: CreateUser}\ncondition: 1 of them", call("iam:CreateUser"))
    assert not matches("a: {eventName: X}\nb: {eventName: CreateUser}\ncondition: all of them", call("iam:CreateUser"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RANSOM-note.txt", True),
        ("how to/restore", True),
        ("\u212aeys", True),  # the Kelvin sign, which folds to k
        ("ran" + "s", False),
        ('say "ransom"', True),
    ],
)
def test_what_cannot_hold_a_text_is_left_out_early_and_nothing_else(text, expected):
    condition = "s: {requestParameters.key|contains: [ransom, 'to/restore', keys]}\ncondition: s"

    assert matches(condition, call("s3:PutObject", requestParameters={"key": text})) is expected


def test_an_escaped_letter_hides_nothing():
    rule = parse_rule(RULE.format(detection="s: {requestParameters.key: ransom}\n  condition: s"), Path("rule.yml"))
    written = '{"key": "' + "".join(f"\\u{ord(letter):04x}" for letter in "ransom") + '"}'

    [[holds]] = duckdb.sql(
        f"SELECT {rule.predicate} FROM (SELECT '{written}' AS request, '' AS identity, '' AS event_type, '' AS issuer)"
    ).fetchall()

    assert holds
