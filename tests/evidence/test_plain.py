"""Values proven plain together, and one by one: what one reader of JSON takes differently is never taken for plain."""

import json
import random

import pytest

from investigator.evidence.readers.strict import is_all_plain, odd_ones

DEEP = "[" * 64 + "]" * 64
"""One level more than a value of a record may have."""
ODD = (
    '{"a":1,"a":2}', '{"a":{"b":[{"c":1,"c":1}]}}', '"\\u0000"', '"\\u0041"', '"\\/"', '"\\ud800"', '{"a": 1}',
    "18446744073709551616", "-9223372036854775809", '{"n":12345678901234567890}', "1.10", "1E5", DEEP,
    '{"k":' + DEEP + "}", '"\udcff"',
)  # fmt: skip
PLAIN = (
    "{}", "[]", '{"a":1,"b":{"a":1}}', '"a\\nb"', '"\\u0001"', '"é"', "1.5", "123456789012345678", "null",
    '"12345678901234567890"', '{"principalId":"AIDA00000000000000000000000"}', "[" * 63 + "]" * 63,
    json.dumps([{"id": f"i-{number:017x}", "tags": {}} for number in range(90)], separators=(",", ":")),
)  # fmt: skip


def listed(texts: tuple[str, ...]) -> list[bytes]:
    return [text.encode("utf-8", "surrogateescape") for text in texts]


def together(values: list[bytes]) -> bool:
    return is_all_plain(b"[" + b",".join(values) + b"]", max(map(len, values)))


def test_plain_values_are_plain() -> None:
    assert odd_ones(listed(PLAIN)) == []


@pytest.mark.parametrize("text", PLAIN[:11])
def test_common_values_need_no_second_look(text: str) -> None:
    assert together(listed((text,)) * 3)


@pytest.mark.parametrize("text", ODD)
def test_an_odd_value_is_found_among_plain_ones(text: str) -> None:
    values = listed((*PLAIN[:11], text, *PLAIN[:11]))

    assert not together(values)
    assert odd_ones(values) in ([11], [] if text == '{"a": 1}' else [11])


def test_values_that_are_plain_together_are_plain_one_by_one() -> None:
    chance = random.Random(11)
    for _ in range(3_000):
        value = bytearray(chance.choice(listed(PLAIN[:11] + ODD)))
        at = chance.randrange(len(value))
        value[at : at + chance.choice((0, 1))] = chance.choice((b"", b"0", b'"', b"\\", b"1234567890123456789", b" "))
        values = [*listed(PLAIN[:3]), bytes(value)]

        assert not together(values) or odd_ones(values) == [], bytes(value)
