"""Times in text, absolute and relative to the moment of the case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from investigator.domain.times import parse_instant, to_text
from investigator.stages.words.times_in_text import times_in

THURSDAY = parse_instant("2024-11-14T12:00:00Z")


def found(text: str) -> list[str]:
    return [to_text(time.moment) for time in times_in(text, THURSDAY)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yesterday 14:00", "2024-11-13T14:00:00Z"),
        ("since Monday", "2024-11-11T00:00:00Z"),
        ("last Friday at 3pm", "2024-11-08T15:00:00Z"),
        ("last Thursday", "2024-11-07T00:00:00Z"),
        ("on Thursday", "2024-11-14T00:00:00Z"),
        ("2 hours ago", "2024-11-14T10:00:00Z"),
        ("three weeks ago", "2024-10-24T00:00:00Z"),
        ("this morning at 9:30", "2024-11-14T09:30:00Z"),
        ("At 08:40 UTC on 2024-11-14", "2024-11-14T08:40:00Z"),
        ("2024-11-12T03:04:05+02:00", "2024-11-12T01:04:05Z"),
        ("2024-11-12 10:00 -05:00", "2024-11-12T15:00:00Z"),
        ("10 July 2023 around noon", "2023-07-10T12:00:00Z"),
        ("March 3rd, 2024", "2024-03-03T00:00:00Z"),
        ("from February 2020", "2020-02-01T00:00:00Z"),
        ("on 24 December", "2023-12-24T00:00:00Z"),
    ],
)
def test_a_time_is_read(text, expected):
    assert found(text) == [expected]


@pytest.mark.parametrize(
    "text", ["31 February 2023", "a few days ago", "version 12:99", "May I ask", "99999 years ago"]
)
def test_what_is_no_time_is_left_out(text):
    assert found(text) == []


@given(st.text(alphabet="0123456789:-TZ+ agoyesterdyJanuary", max_size=80))
def test_any_text_is_read_without_harm(text):
    assert all(time.moment.tzinfo is not None for time in times_in(text, THURSDAY))
