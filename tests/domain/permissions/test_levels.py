"""Access levels by service, from names alone."""

import pytest

from investigator.domain.permissions.levels import Level, levels_of, services
from tests.support.policies import allow, deny, rights

EVERY = tuple(Level)


@pytest.mark.parametrize(
    ("action", "level"),
    [
        ("s3:getobject", Level.READ),
        ("ec2:describeinstances", Level.READ),
        ("iam:listusers", Level.LIST),
        ("iam:createuser", Level.WRITE),
        ("iam:passrole", Level.WRITE),
        ("iam:attachuserpolicy", Level.PERMISSIONS),
        ("iam:createpolicyversion", Level.PERMISSIONS),
        ("iam:getpolicy", Level.READ),
        ("s3:putbucketpolicy", Level.PERMISSIONS),
        ("s3:putobjectacl", Level.PERMISSIONS),
        ("kms:creategrant", Level.PERMISSIONS),
        ("lambda:addpermission", Level.PERMISSIONS),
        ("ec2:createtags", Level.TAGGING),
        ("s3:putobjecttagging", Level.TAGGING),
        ("iam:untaguser", Level.TAGGING),
        ("strange:frobnicate", Level.WRITE),
    ],
)
def test_an_action_has_one_level(action: str, level: Level) -> None:
    assert levels_of(action) == (level,)


@pytest.mark.parametrize(
    ("pattern", "levels"),
    [
        ("*", EVERY),
        ("s3:*", EVERY),
        ("s3:get*", (Level.READ,)),
        ("iam:l*", (Level.LIST, Level.READ)),
        ("s3:put*", (Level.WRITE, Level.PERMISSIONS, Level.TAGGING)),
        ("strange:frob*", (Level.WRITE,)),
    ],
)
def test_a_pattern_has_every_level_of_what_fits(pattern: str, levels: tuple[Level, ...]) -> None:
    assert levels_of(pattern) == levels


def of(*statements: dict, **more: object) -> dict[str, tuple[str, ...]]:
    return {each.service: tuple(each.levels) for each in services(rights(*statements, **more))}


def test_services_are_told_with_their_levels() -> None:
    assert of(allow(["s3:GetObject", "s3:ListBucket", "ec2:Describe*"])) == {
        "ec2": (Level.READ,),
        "s3": (Level.LIST, Level.READ),
    }


@pytest.mark.parametrize(
    ("statements", "boundary", "is_open"),
    [
        ([allow("s3:*")], None, True),
        ([allow("s3:*", "arn:aws:s3:::mine*")], None, False),
        ([allow("s3:*", Condition={"Bool": {"a": "b"}})], None, False),
        ([allow("s3:*"), deny("s3:DeleteBucket")], None, False),
        ([allow("s3:*"), deny("s3:*", "arn:aws:s3:::logs*")], None, False),
        ([allow("s3:*"), deny("ec2:*")], None, True),
        ([allow("s3:*")], [allow("*")], True),
        ([allow("s3:*")], [allow("s3:Get*")], False),
    ],
)
def test_a_service_is_open_when_nothing_holds_it_back(statements, boundary, is_open: bool) -> None:
    [s3] = services(rights(*statements, boundary=boundary))

    assert s3.is_open is is_open


def test_all_but_some_services() -> None:
    [every] = services(rights({"Effect": "Allow", "NotAction": ["iam:*", "organizations:*"], "Resource": "*"}))

    assert (every.service, every.but, every.is_open) == ("*", ("iam:*", "organizations:*"), False)


def test_a_boundary_and_a_denial_take_levels_away() -> None:
    assert of(allow("*"), boundary=[allow(["s3:Get*", "iam:List*"])]) == {"iam": (Level.LIST,), "s3": (Level.READ,)}
    assert of(allow(["s3:Get*", "iam:Put*"]), deny("iam:*")) == {"s3": (Level.READ,)}


def test_what_stands_under_conditions_alone_says_so() -> None:
    [s3] = services(rights(allow("s3:*", Condition={"Bool": {"a": "b"}})))

    assert s3.only_if
