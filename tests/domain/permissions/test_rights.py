"""What policies allow: written in every form that AWS takes, narrowed by a boundary, cut by denials."""

import json
from itertools import product
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from investigator.domain.permissions.documents import NotAPolicy, read_policy
from investigator.domain.permissions.globs import covers, overlap
from investigator.domain.permissions.rights import Answer, Rights, decide
from tests.support.policies import ALICE, BOB, allow, answer, asked, deny, policy, rights

MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


@pytest.mark.parametrize("form", [lambda d: d, json.dumps, lambda d: quote(json.dumps(d))])
def test_a_document_is_an_object_or_text_or_url_encoded_text(form) -> None:
    statements = read_policy(form(policy(allow("s3:GetObject"))), "inline")

    assert decide(Rights(statements), "s3:GetObject", "arn:aws:s3:::b/k").answer is Answer.ALLOWED


def test_a_single_statement_needs_no_list() -> None:
    statements = read_policy({"Version": "2012-10-17", "Statement": allow(["ec2:Describe*"])}, "inline")

    assert decide(Rights(statements), "ec2:DescribeInstances").answer is Answer.ALLOWED


def test_actions_have_no_case_and_resources_have() -> None:
    statements = [allow("IAM:createACCESSkey", ALICE)]

    assert answer(statements, "iam:CreateAccessKey", ALICE) is Answer.ALLOWED
    assert answer(statements, "iam:CreateAccessKey", ALICE.replace("alice", "Alice")) is Answer.NOT_ALLOWED


def test_a_question_mark_is_one_character() -> None:
    statements = [allow("s3:Get?bject")]

    assert answer(statements, "s3:GetObject") is Answer.ALLOWED
    assert answer(statements, "s3:Getbject") is Answer.NOT_ALLOWED


def test_a_denial_wins_over_any_allowance() -> None:
    statements = [allow("*"), deny("iam:*")]

    assert answer(statements, "iam:CreateUser") is Answer.DENIED
    assert answer(statements, "ec2:RunInstances") is Answer.ALLOWED


def test_a_denial_of_one_resource_leaves_the_others() -> None:
    statements = [allow("iam:CreateAccessKey"), deny("iam:CreateAccessKey", ALICE)]

    assert answer(statements, "iam:CreateAccessKey", ALICE) is Answer.DENIED
    assert answer(statements, "iam:CreateAccessKey", BOB) is Answer.ALLOWED
    assert answer(statements, "iam:CreateAccessKey") is Answer.ALLOWED


def test_a_denial_that_covers_what_is_allowed_leaves_nothing() -> None:
    statements = [allow("s3:GetObject", "arn:aws:s3:::logs/2026/*"), deny("s3:*", "arn:aws:s3:::logs/*")]

    assert answer(statements, "s3:GetObject") is Answer.DENIED


def test_all_but_these_actions() -> None:
    statements = [{"Effect": "Allow", "NotAction": ["iam:*", "organizations:*"], "Resource": "*"}]

    assert answer(statements, "lambda:UpdateFunctionCode") is Answer.ALLOWED
    assert answer(statements, "iam:CreateUser") is Answer.NOT_ALLOWED


def test_all_but_these_resources() -> None:
    statements = [{"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::secret*"}]

    assert answer(statements, "s3:GetObject", "arn:aws:s3:::public/k") is Answer.ALLOWED
    assert answer(statements, "s3:GetObject", "arn:aws:s3:::secrets/k") is Answer.NOT_ALLOWED


def test_a_denial_of_everything_but_these_resources_keeps_them() -> None:
    statements = [allow("s3:*"), {"Effect": "Deny", "Action": "s3:*", "NotResource": "arn:aws:s3:::mine/*"}]

    assert answer(statements, "s3:GetObject", "arn:aws:s3:::mine/k") is Answer.ALLOWED
    assert answer(statements, "s3:GetObject", "arn:aws:s3:::other/k") is Answer.DENIED


def test_a_condition_makes_an_allowance_depend() -> None:
    decision = asked([allow("iam:*", Condition=MFA)], "iam:CreateUser")

    assert decision.answer is Answer.CONDITIONAL
    assert decision.only_if == ("Bool aws:MultiFactorAuthPresent true",)


def test_a_conditional_denial_makes_an_allowance_depend() -> None:
    decision = asked([allow("*"), deny("*", Condition={"DateLessThan": {"aws:TokenIssueTime": "T"}})], "iam:CreateUser")

    assert decision.only_if == ("not (DateLessThan aws:TokenIssueTime T)",)


def test_an_unconditional_allowance_beside_a_conditional_one_is_enough() -> None:
    assert answer([allow("iam:*", Condition=MFA), allow("iam:CreateUser")], "iam:CreateUser") is Answer.ALLOWED


def test_a_variable_that_only_a_request_has_makes_it_depend() -> None:
    decision = asked([allow("s3:GetObject", "arn:aws:s3:::home/${aws:PrincipalTag/team}/*")], "s3:GetObject")

    assert decision.answer is Answer.CONDITIONAL
    assert "${aws:PrincipalTag/team}" in decision.only_if[0]


def test_a_variable_in_a_denial_never_denies_for_sure() -> None:
    statements = [allow("s3:*"), deny("s3:*", "arn:aws:s3:::${aws:PrincipalTag/team}")]

    assert answer(statements, "s3:GetObject", "arn:aws:s3:::red") is Answer.CONDITIONAL


def test_the_older_version_has_no_variables() -> None:
    document = policy(allow("s3:GetObject", "arn:aws:s3:::${aws:username}"), version="2008-10-17")
    statements = read_policy(document, "inline", "alice")

    assert decide(Rights(statements), "s3:GetObject", "arn:aws:s3:::alice").answer is Answer.NOT_ALLOWED


def test_a_boundary_narrows_and_gives_nothing() -> None:
    limited = rights(allow("*"), boundary=[allow("s3:*", "arn:aws:s3:::mine/*"), allow("ec2:*")])

    assert decide(limited, "s3:GetObject", "arn:aws:s3:::mine/k").answer is Answer.ALLOWED
    assert decide(limited, "s3:GetObject", "arn:aws:s3:::other/k").answer is Answer.NOT_ALLOWED
    assert decide(limited, "iam:CreateUser").answer is Answer.NOT_ALLOWED
    assert decide(rights(boundary=[allow("*")]), "s3:GetObject").answer is Answer.NOT_ALLOWED


def test_what_a_boundary_denies_is_denied() -> None:
    limited = rights(allow("*"), boundary=[allow("*"), deny("iam:*")])

    assert decide(limited, "iam:CreateUser").answer is Answer.DENIED


def test_two_patterns_that_meet_leave_what_fits_both() -> None:
    limited = rights(allow("s3:GetObject", "arn:aws:s3:::*-logs"), boundary=[allow("s3:*", "arn:aws:s3:::prod-*")])

    assert decide(limited, "s3:GetObject").answer is Answer.ALLOWED
    assert decide(limited, "s3:GetObject", "arn:aws:s3:::prod-logs").answer is Answer.ALLOWED
    assert decide(limited, "s3:GetObject", "arn:aws:s3:::test-logs").answer is Answer.NOT_ALLOWED


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (policy(allow("*"), version="2031-01-01"), "version is unknown"),
        ("{not json", "no JSON text"),
        ('{"Version": "2012-10-17", "Version": "2008-10-17"}', "no JSON text"),
        ("[" * 90_000, "no JSON text"),
        ("x" * 200_000, "too large"),
        (policy(allow([f"s3:Get{n}" for n in range(6_000)])), "too large"),
        (["*"], "no JSON object"),
        (None, "no JSON object"),
        ({"Version": "2012-10-17"}, "no object"),
        ({"Version": ["2012-10-17"], "Statement": []}, "version is unknown"),
        (policy(allow(7)), "Action is no text"),
        (policy(allow("*", {"a": "b"})), "Resource is no text"),
        (policy(allow("*", "x" * 3_000)), "too long"),
        (policy({"Effect": "Maybe", "Action": "*", "Resource": "*"}), "neither allows nor denies"),
        (policy({"Effect": ["Allow"], "Action": "*", "Resource": "*"}), "neither allows nor denies"),
        (policy({"Effect": "Allow", "Resource": "*"}), "exactly one of Action and NotAction"),
        (policy({"Effect": "Allow", "Action": "*", "NotAction": "*", "Resource": "*"}), "exactly one of Action"),
        (policy({"Effect": "Allow", "Action": "*"}), "exactly one of Resource"),
        (policy(allow("*", Condition="never")), "Condition is no object"),
        (policy(allow("*", Condition={"Bool": "x"})), "condition is no object"),
        (policy(allow("*", Condition={"Bool": {"k": {"v": 1}}})), "value of a condition"),
    ],
)
def test_what_is_no_policy_is_refused_by_name(document, reason: str) -> None:
    with pytest.raises(NotAPolicy, match=reason):
        read_policy(document, "inline")


PATTERNS = st.text("ab*?", max_size=7)
SHORT = st.text("ab*?", max_size=3)
TEXTS = st.text("ab", max_size=7)


def slow(pattern: str, text: str) -> bool:
    """The plain meaning of a pattern."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return slow(pattern[1:], text) or (bool(text) and slow(pattern, text[1:]))
    return bool(text) and pattern[0] in ("?", text[0]) and slow(pattern[1:], text[1:])


@given(PATTERNS, TEXTS)
def test_a_pattern_covers_the_texts_that_fit_it(pattern: str, text: str) -> None:
    assert covers(pattern, text) == slow(pattern, text)


@given(PATTERNS, PATTERNS, TEXTS)
def test_what_is_covered_fits_and_what_fits_both_overlaps(one: str, other: str, text: str) -> None:
    if covers(one, other) and slow(other, text):
        assert slow(one, text)
    if slow(one, text) and slow(other, text):
        assert overlap(one, other)


@settings(deadline=None)
@given(SHORT, SHORT)
def test_patterns_overlap_only_where_a_text_fits_both(one: str, other: str) -> None:
    longest = len(one.replace("*", "")) + len(other.replace("*", ""))
    texts = ("".join(letters) for size in range(longest + 1) for letters in product("ab", repeat=size))

    assert overlap(one, other) == any(slow(one, text) and slow(other, text) for text in texts)
