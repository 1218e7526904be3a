"""Trails are read by a short way as long as they are written as AWS writes them; it gives what the long way gives."""

import random
from collections.abc import Callable, Iterable, Iterator

import msgspec
import pytest

from investigator.evidence.readers import compact as short
from investigator.evidence.readers.document import values
from investigator.evidence.readers.finding import Finding
from investigator.evidence.readers.rows import Rows, chunks, rows_of

from .trails import compact, record

Change = Callable[[random.Random, bytes], bytes]
Row = tuple[bytes, int, int, int, bytes]
NESTED = {"list": [{"eventVersion": "1.0", "a": 1}, {"eventVersion": "1.0", "b": 'é\\"},{'}], "n": 1.5}


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(short, "PIECE", 2_000)


def text(*nested: int) -> bytes:
    """Forty records; some hold what looks like the beginning of another."""
    records = (compact(record(number, requestParameters=NESTED if number in nested else None)) for number in range(40))
    return ('{"Records":[' + ",".join(records) + "]}").encode()


def flat(rows: Iterable[Rows]) -> list[Row]:
    return list(_flat(rows))


def _flat(rows: Iterable[Rows]) -> Iterator[Row]:
    for run in rows:
        for one, raw, *place in zip(run.records, run.raws, run.numbers, run.offsets, run.lengths, strict=True):
            number, offset, length = place
            yield bytes(raw), number, offset, length, msgspec.json.encode(one)


def both(written: bytes) -> tuple[list[Row], list[Row]]:
    """The rows by the way that is taken and by the long way alone; what they say of the file is the same."""
    taken, alone = Finding(), Finding()
    rows = flat(chunks(written, taken)), flat(rows_of(values(written, alone), alone))
    assert taken == alone
    return rows


def inserted(what: bytes) -> Change:
    def change(chance: random.Random, written: bytes) -> bytes:
        at = chance.randrange(len(written))
        return written[:at] + what + written[at:]

    return change


def replaced(old: bytes, new: bytes) -> Change:
    """One of several places."""

    def change(chance: random.Random, written: bytes) -> bytes:
        parts = written.split(old)
        at = chance.randrange(1, len(parts))
        return old.join(parts[:at]) + new + old.join(parts[at:])

    return change


CHANGES: dict[str, Change] = {
    "nothing": lambda _, written: written,
    "cut": lambda chance, written: written[: chance.randrange(len(written))],
    "more behind it": lambda _, written: written + b"\n",
    "another list behind it": lambda _, written: written[:-1] + b',"Records":[' + compact(record(99)).encode() + b"]}",
    "a key behind the list": lambda _, written: written[:-1] + b',"next":"x"}',
    "a byte": lambda chance, written: inserted(bytes([chance.randrange(256)]))(chance, written),
    "a space between two members": replaced(b',"eventName"', b', "eventName"'),
    "a space between two records": replaced(b'},{"eventVersion"', b'}, {"eventVersion"'),
    "a key that no record has": replaced(b',"eventName"', b',"somethingNew":1,"eventName"'),
    "a key twice": replaced(b',"eventName"', b',"awsRegion":"eu-west-1","eventName"'),
    "a NUL": replaced(b'"ListUsers"', b'"List\\u0000Users"'),
    "an escape": replaced(b'"ListUsers"', b'"List\\u0055sers"'),
    "a number for a text": replaced(b'"ListUsers"', b"7"),
    "another key first": replaced(b'},{"eventVersion":"1.08"', b'},{"eventTime":"2025-03-01T10:00:00Z"'),
    "no record": replaced(b'},{"eventVersion":"1.08"', b'},7,{"eventVersion":"1.08"'),
    "a time of day elsewhere": replaced(b'Z","eventSource"', b'+01:00","eventSource"'),
    "a record in an envelope": replaced(b'},{"eventVersion":', b'},{"detail":{"eventVersion":"1.0"},"eventVersion":'),
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_stands_in_a_trail_both_ways_read_it_alike(name: str) -> None:
    chance = random.Random(name)
    for _ in range(20):
        taken, alone = both(CHANGES[name](chance, text(*chance.sample(range(40), 3))))
        assert taken == alone


def test_the_short_way_is_the_one_taken() -> None:
    rows = list(chunks(text(), Finding()))

    assert len(rows) > 5
    assert all(run.is_compact for run in rows)


def test_one_odd_record_costs_the_short_way_only_what_follows_it() -> None:
    written = text()
    last = written.rindex(b',"eventName"')
    rows = list(chunks(written[:last] + b" " + written[last:], Finding()))

    assert sum(len(run) for run in rows if run.is_compact) > 30
    assert sum(map(len, rows)) == 40


def test_a_list_inside_a_record_is_not_taken_for_records() -> None:
    inner = ",".join(compact(record(number)) for number in range(50))
    outer = compact(record(1, requestParameters={"events": []})).replace('"events":[]', f'"events":[{inner}]')

    rows = flat(chunks(('{"Records":[' + outer + "," + compact(record(2)) + "]}").encode(), Finding()))

    assert [number for _, number, *_ in rows] == [0, 1]
    assert rows[0][0] == outer.encode()
