"""Rows of a file: every value parsed as a record, counted as something else, or quarantined."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter

from investigator.evidence.derive import moment
from investigator.evidence.readers.compact import pieces
from investigator.evidence.readers.document import RUN, Run, decoded, values
from investigator.evidence.readers.finding import Finding
from investigator.evidence.readers.other_forms import converted, of_table
from investigator.evidence.readers.record import (
    LARGEST_RECORD,
    Parsed,
    Record,
    Wrapped,
    all_strictly,
    strictly,
    tolerantly,
)
from investigator.evidence.readers.tables import table_of
from investigator.evidence.readers.tolerant import BadRecord
from investigator.evidence.readers.wrapping import unwrapped, wrapper_time

_TIME, _CALL = attrgetter("eventTime"), attrgetter("eventSource", "eventName")
SMALLEST = 30
"""Bytes of the smallest object that can say what happened, and when or who."""


@dataclass(slots=True)
class Rows:
    """Records side by side with the bytes they were parsed from, and with where those (or their wrappers) stand."""

    records: list[Record] = field(default_factory=list[Record])
    raws: list[bytes | memoryview] = field(default_factory=list[bytes | memoryview])
    numbers: list[int] = field(default_factory=list[int])
    offsets: list[int] = field(default_factory=list[int])
    lengths: list[int] = field(default_factory=list[int])
    flags: dict[int, tuple[str, ...]] = field(default_factory=dict[int, tuple[str, ...]])
    """Words for the oddities of some records, by position."""
    checked: set[int] = field(default_factory=set[int])
    """Positions of records that were read tolerantly."""
    is_compact: bool = False
    """Whether the members of every record are known to be all that its bytes hold."""

    def __len__(self) -> int:
        return len(self.records)

    def add(self, parsed: Parsed, wrapped: Wrapped, number: int) -> None:
        """One more unusual record."""
        position = len(self.records)
        if parsed.flags or wrapped.flags:
            self.flags[position] = (*parsed.flags, *wrapped.flags)
        if parsed.checked:
            self.checked.add(position)
        self.records.append(parsed.record)
        self.raws.append(wrapped.raw)
        self.numbers.append(number)
        self.offsets.append(wrapped.offset)
        self.lengths.append(wrapped.length)

    def extend(self, others: "Rows") -> None:
        """The rows of another run after these."""
        start = len(self.records)
        self.is_compact = others.is_compact and (self.is_compact or not start)
        self.flags.update((start + position, words) for position, words in others.flags.items())
        self.checked.update(start + position for position in others.checked)
        self.records += others.records
        self.raws += others.raws
        self.numbers += others.numbers
        self.offsets += others.offsets
        self.lengths += others.lengths

    def replace(self, position: int, parsed: Parsed) -> None:
        """The record, read again more closely."""
        self.records[position] = parsed.record
        self.flags[position] = (*self.flags.get(position, ()), *parsed.flags)
        self.checked.add(position)

    def without(self, gone: set[int]) -> "Rows":
        """The rows at the other positions."""
        kept = [position for position in range(len(self)) if position not in gone]
        return Rows(
            [self.records[position] for position in kept],
            [self.raws[position] for position in kept],
            [self.numbers[position] for position in kept],
            [self.offsets[position] for position in kept],
            [self.lengths[position] for position in kept],
            {place: self.flags[position] for place, position in enumerate(kept) if position in self.flags},
            {place for place, position in enumerate(kept) if position in self.checked},
            self.is_compact,
        )


def chunks(text: bytes | bytearray, finding: Finding) -> Iterator[Rows]:
    """The records of a document: as long as they are as usual by the short way, from there on by the long one."""
    number = 0
    for piece in pieces(text):
        if piece is None or not _are_usual(piece[0]):
            yield from _by_the_long_way(bytes(text), finding, number)
            return
        records, raws, offsets, lengths = piece
        yield Rows(records, [*raws], list(range(number, number + len(records))), offsets, lengths, is_compact=True)
        number += len(records)
    finding.container = True


def _by_the_long_way(text: bytes, finding: Finding, given: int) -> Iterator[Rows]:
    """The records of any document behind the first ones, a run of its values at a time."""
    text = decoded(text, finding)
    table = table_of(text)
    if table is None:
        found = rows_of(_behind(values(text, finding), given), finding, given)
    else:
        found = rows_of_others(of_table(iter([text]), table, finding), finding)
    return map(_without_offsets, found) if "utf16" in finding.flags else found


def _without_offsets(rows: Rows) -> Rows:
    """Rows whose bytes do not stand in the file as they were read."""
    rows.offsets = [-1] * len(rows)
    return rows


def _behind(found: Iterator[Run], given: int) -> Iterator[Run]:
    """The values behind the first ones."""
    for raws, offsets in found:
        if given < len(raws):
            yield raws[given:], offsets[given:]
        given = max(0, given - len(raws))


def rows_of(found: Iterator[Run], finding: Finding, number: int = 0) -> Iterator[Rows]:
    """The records among values that stand one after the other, of which the first has a number."""
    for raws, offsets in found:
        if max(map(len, raws), default=0) < SMALLEST:
            finding.refuse("not_a_record", offsets[0], len(raws))
            number += len(raws)
            continue
        records = all_strictly(raws)
        if records is not None and _are_usual(records):
            numbers = list(range(number, number + len(raws)))
            yield Rows(records, [*raws], numbers, offsets, list(map(len, raws)))
            number += len(raws)
        else:
            rows = Rows()
            for raw, offset in zip(raws, offsets, strict=True):
                number += closely(Wrapped(raw, offset, len(raw)), number, rows, finding)
            yield rows


def rows_of_others(found: Iterable[Wrapped], finding: Finding) -> Iterator[Rows]:
    """The records that were taken out of another form, a run at a time."""
    number = size = 0
    rows = Rows()
    for one in found:
        number += closely(one, number, rows, finding)
        size += len(one.raw)
        if len(rows) >= RUN or size > LARGEST_RECORD:
            yield rows
            rows, size = Rows(), 0
    yield rows


def _are_usual(records: Sequence[Record]) -> bool:
    """Nothing about them asks for a closer look: neither a wrapper nor a strange time."""
    times, calls = list(map(_TIME, records)), set(map(_CALL, records))
    if not all(source and name and not source.startswith("aws:") for source, name in calls):
        return False
    return (
        set(map(type, times)) == {str} and set(map(len, times)) == {20} and "".join(times)[19::20] == "Z" * len(times)
    )


def closely(one: Wrapped, number: int, rows: Rows, finding: Finding) -> int:
    """An unusual value: taken out of its wrapper, read tolerantly, given the wrapper's time; gives its rows."""
    if one.raw[:1] != b"{" or len(one.raw) < SMALLEST:
        finding.refuse("not_a_record", one.offset)
        return 1
    if len(one.raw) > LARGEST_RECORD and (inside := _inside(one)):
        return _all_closely(inside, number, rows, finding)
    try:
        parsed = _parsed(one.raw)
        is_record = _is_record(parsed.record, finding.container)
        inside = None if is_record else _inside(one)
    except BadRecord as reason:
        finding.refuse(str(reason), one.offset)
        return 1
    if is_record:
        rows.add(_timed(parsed, one), one, number)
        return 1
    if not inside:
        finding.strangers += 1
        return 1
    return _all_closely(inside, number, rows, finding)


def _all_closely(inside: Iterable[Wrapped], number: int, rows: Rows, finding: Finding) -> int:
    """What a wrapper holds; gives its rows."""
    finding.container = True
    count = 0
    for inner in inside:
        count += closely(inner, number + count, rows, finding)
    return count


def _inside(one: Wrapped) -> list[Wrapped] | None:
    """What an object that is no record stands for: a record in another form, or those that it is wrapped around."""
    found = converted(one.raw)
    if found is not None:
        text, form = found
        return [replace(one, raw=text, flags=(*one.flags, form))]
    inside = unwrapped(one.raw, one.offset) if one.depth == 0 else None
    if inside is None or not one.flags:
        return inside
    return [replace(inner, offset=one.offset, length=one.length, flags=one.flags) for inner in inside]


def _parsed(raw: bytes) -> Parsed:
    record = strictly(raw) if len(raw) <= LARGEST_RECORD else None
    return tolerantly(raw) if record is None else Parsed(record)


def _is_record(record: Record, in_container: bool) -> bool:
    """What happened and, unless the file is made to hold records, when or who or which.

    An S3 notification has the same keys; its source is `aws:s3`.
    """
    if str(record.eventSource).startswith("aws:"):
        return False
    what = record.eventName or record.eventSource
    which = record.eventID or record.eventTime or record.eventVersion or len(bytes(record.userIdentity)) > 0
    return bool((what and which) or (in_container and (what or which)))


def _timed(parsed: Parsed, one: Wrapped) -> Parsed:
    """The record with the wrapper's time when its own cannot be used."""
    if moment(parsed.record.eventTime or None) is None:
        when = one.when or wrapper_time(one.raw)
        if when and moment(when):
            parsed.record.eventTime = when
            parsed.flags = (*parsed.flags, "time_from_wrapper")
    return parsed
