"""One byte form for one record: the same whoever wrote it, different when a value differs."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from investigator.domain.canonical import canonical, decode, digest, loads
from investigator.domain.paths import texts

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def test_keys_stand_in_the_order_of_their_utf16_units():
    text = '{"\\u20ac": 1, "\\r": 2, "\\ufb33": 3, "1": 4, "\\ud83d\\ude00": 5, "\\u0080": 6, "\\u00f6": 7}'

    assert canonical(loads(text)).decode() == '{"\\r":2,"1":4,"\x80":6,"ö":7,"€":1,"😀":5,"\ufb33":3}'


def test_control_characters_have_their_short_escapes_and_nothing_else_is_escaped():
    assert canonical('\b\t\n\f\r"\\/\x0f<ü>') == '"\\b\\t\\n\\f\\r\\"\\\\/\\u000f<ü>"'.encode()


@pytest.mark.parametrize("number", ["1.0", "1e400", "18446744073709551616", "-0", "NaN", "7" * 5_000])
def test_a_number_keeps_its_source_text(number):
    assert canonical(loads(f'{{"n": {number} }}')) == f'{{"n":{number}}}'.encode()


def test_a_number_and_the_same_digits_as_text_are_different():
    assert digest(loads("[1]")) != digest(loads('["1"]'))


def test_a_repeated_key_keeps_every_value():
    record = loads('{"ip": "192.0.2.1", "ip": "198.51.100.7"}')

    assert texts(record, "ip") == ("192.0.2.1", "198.51.100.7")
    assert canonical(record) == b'{"ip":"192.0.2.1","ip":"198.51.100.7"}'


def test_a_lone_surrogate_stands_as_its_escape():
    assert canonical(loads('"\\ud800"')) == b'"\\ud800"'


def test_raw_control_characters_are_accepted():
    assert loads('{"agent": "a\nb"}') == {"agent": "a\nb"}


@pytest.mark.parametrize("text", ["", "{", "[1,]", "{} x", "[" * 200_000])
def test_what_is_not_one_json_value_is_refused(text):
    with pytest.raises(ValueError):
        loads(text)


def test_a_value_is_decoded_where_it_stands():
    assert decode('xx{"a":1},', 2) == ({"a": "1"}, 9)


@given(JSON)
def test_layout_and_key_order_change_nothing(value):
    spread = json.dumps(value, indent=3)

    assert canonical(loads(spread)) == canonical(value)
    assert canonical(loads(canonical(value).decode("utf-8", "surrogatepass"))) == canonical(value)
