"""Amounts in saved answers, added up exactly."""

from decimal import Decimal

import pytest

from investigator.domain.claim import MeasureIs
from investigator.domain.times import Window, parse_instant
from investigator.proof.answers import whole_answer
from investigator.proof.measures import compares, measured

PATH = "ResultsByTime.Groups[Keys=Amazon EC2,USE1-Box].Metrics.UnblendedCost.Amount"


def day(number, *amounts, keys=("Amazon EC2", "USE1-Box")):
    groups = [{"Keys": list(keys), "Metrics": {"UnblendedCost": {"Amount": amount}}} for amount in amounts]
    return {"TimePeriod": {"Start": f"2026-01-{number:02d}", "End": f"2026-01-{number + 1:02d}"}, "Groups": groups}


def ask(agg, answer, first=20, last=21, path=PATH):
    window = Window(start=parse_instant(f"2026-01-{first:02d}"), end=parse_instant(f"2026-01-{last + 1:02d}"))
    claim = MeasureIs(answer="aws:1", path=path, agg=agg, window=window, op="=", value="0")
    return measured(claim, answer)


def answer(*days):
    return {"ResultsByTime": list(days)}


TOLD = answer(*(day(n, "1.10") for n in range(6, 20)), day(20, "0.1", "0.2"), day(21, "101.10"))


def test_amounts_are_added_as_decimals():
    assert ask("sum", TOLD) == Decimal("101.40")
    assert ask("max", TOLD) == Decimal("101.10")
    assert ask("count", TOLD) == 3
    assert ask("value", TOLD, first=21) == Decimal("101.10")


def test_a_single_value_must_be_single():
    assert ask("value", TOLD) is None


def test_excess_is_what_stands_above_the_median_of_the_fourteen_days_before():
    assert ask("excess", TOLD) == Decimal("0.3") + Decimal("101.10") - 2 * Decimal("1.10")


def test_a_quiet_day_without_the_group_counts_as_nothing():
    sparse = answer(*(day(n) for n in range(6, 20)), day(20, "5"))

    assert ask("excess", sparse, last=20) == 5


def test_days_before_the_fourteen_do_not_count():
    early = answer(*(day(n, "1000") for n in range(1, 6)), *(day(n, "1") for n in range(6, 20)), day(20, "5"))

    assert ask("excess", early, last=20) == 4


def test_without_days_before_there_is_no_excess():
    assert ask("excess", answer(day(20, "5")), last=20) is None


def test_other_groups_other_days_and_odd_amounts_do_not_count():
    mixed = answer(day(20, "5", "NaN", "x", None), day(20, "7", keys=("Other",)), day(25, "9"))

    assert ask("sum", mixed) == 5
    assert ask("sum", mixed, path="ResultsByTime.Nothing") is None


def test_an_amount_outside_any_period_does_not_count():
    assert ask("sum", {"Total": {"Amount": "5"}}, path="Total.Amount") is None


@pytest.mark.parametrize(
    ("op", "value", "holds"),
    [("=", "5.0", True), (">=", "5", True), ("<=", "5", True), (">=", "5.01", False), ("=", "five", False)],
)
def test_amounts_compare_as_numbers(op, value, holds):
    assert compares(Decimal(5), op, value) is holds


def test_pages_of_the_last_whole_call_are_read_as_one():
    pages = (
        '{"parameters": {}, "call": 1, "page": 1, "body": {"Users": ["old"]}}\n'
        '{"parameters": {}, "call": 2, "page": 1, "body": {"Users": ["a"], "IsTruncated": true}}\n'
        "not a page\n"
        '{"parameters": {}, "call": 2, "page": 2, "body": {"Users": ["b"], "IsTruncated": false}}\n'
    )

    assert whole_answer(pages.encode()) == {"Users": ["a", "b"], "IsTruncated": True}
    assert whole_answer(b"") is None
