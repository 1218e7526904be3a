"""Entities are lifted from text, defanged or not, and each only once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from investigator.domain.entities_in_text import entities_in
from investigator.domain.words import EntityKind as Kind


def found(text: str) -> list[tuple[Kind, str]]:
    return [(entity.kind, entity.value) for entity in entities_in(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("account 012345678901.", [(Kind.ACCOUNT, "012345678901")]),
        ("key ASIAQHEXAMPLE0DEPLOY", [(Kind.ACCESS_KEY, "ASIAQHEXAMPLE0DEPLOY")]),
        ("198[.]51[.]100[.]7", [(Kind.IP, "198.51.100.7")]),
        ("hxxps://198(.)51(.)100(.)7/login", [(Kind.IP, "198.51.100.7")]),
        ("from 2001:db8::1 too", [(Kind.IP, "2001:db8::1")]),
        ("198.51.100.0/24", [(Kind.NETWORK, "198.51.100.0/24")]),
        ("i-0abcdef1 and i-0123456789abcdef0", [(Kind.INSTANCE, "i-0abcdef1"), (Kind.INSTANCE, "i-0123456789abcdef0")]),
        ("ami-0abcdef1 snap-0abcdef1 vol-0abcdef1", [(Kind.IMAGE, "ami-0abcdef1"), (Kind.SNAPSHOT, "snap-0abcdef1"), (Kind.VOLUME, "vol-0abcdef1")]),
        ("arn:aws:iam::111122223333:user/ops/alice.", [(Kind.PRINCIPAL, "arn:aws:iam::111122223333:user/ops/alice"), (Kind.ACCOUNT, "111122223333")]),
        ("arn:aws-us-gov:s3:::acme-data", [(Kind.BUCKET, "acme-data")]),
        ("arn:aws:ec2:eu-west-1:111122223333:instance/i-0abc", [(Kind.INSTANCE, "i-0abc"), (Kind.ACCOUNT, "111122223333")]),
        ("s3://acme-data/a/b.csv,", [(Kind.BUCKET, "acme-data"), (Kind.OBJECT, "acme-data/a/b.csv")]),
        ("/etc/passwd and C:\\Windows\\x.exe", [(Kind.FILE, "/etc/passwd"), (Kind.FILE, "C:\\Windows\\x.exe")]),
    ],
)  # fmt: skip
def test_it_is_found(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text", ["999.1.1.1", "version 1.2.3", "at 12:34:56", "+49 1234567890123", "i-xyz", "AKIA123", "and/or", "::"]
)
def test_it_is_nothing(text):
    assert found(text) == []


@given(st.text(max_size=400))
def test_any_text_is_read_the_same_twice(text):
    assert entities_in(text) == entities_in(text)
