"""Records shown to other programs: every JSON writer takes them, and no number is another one."""

import json

import pytest

from investigator.domain.plain_json import plain_json


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ('{"a": 1, "b": [1.5, -3], "c": null, "d": true}', {"a": 1, "b": [1.5, -3], "c": None, "d": True}),
        ('{"n": 9223372036854775807}', {"n": 9223372036854775807}),
        ('{"n": 9223372036854775808}', {"n": "9223372036854775808"}),
        ('{"n": 0.1, "m": 1.50, "e": 1e3}', {"n": 0.1, "m": 1.5, "e": 1000.0}),
        ('{"n": 0.12345678901234567890123}', {"n": "0.12345678901234567890123"}),
        ('{"n": 1e999, "m": NaN, "o": -Infinity}', {"n": "1e999", "m": "NaN", "o": "-Infinity"}),
        ('{"s": "\\ud800 and \\u0000"}', {"s": "\\ud800 and \x00"}),
        ('{"k": 1, "k": 2}', {"k": [1, 2]}),
    ],
)
def test_what_any_program_may_read(raw: str, shown: object) -> None:
    assert plain_json(raw.encode()) == shown


def test_a_number_of_five_thousand_digits_is_its_text() -> None:
    assert plain_json(b'{"n": ' + b"7" * 5000 + b"}") == {"n": "7" * 5000}


@pytest.mark.parametrize("raw", [b'{"a": "\xff"}', '{"a": "é"}'.encode("utf-16")])
def test_other_encodings_are_read(raw: bytes) -> None:
    assert json.dumps(plain_json(raw)).isascii()


@pytest.mark.parametrize("raw", [b"", b"{", b"[" * 100_000])
def test_what_is_no_json_is_said(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        plain_json(raw)
