"""Rows of a file: every value parsed as a record, counted as something else, or quarantined."""

from collections.abc import Iterator
from itertools import count

from investigator.evidence.batch import Row
from investigator.evidence.derive import moment
from investigator.evidence.readers.document import decoded, values
from investigator.evidence.readers.finding import Finding
from investigator.evidence.readers.record import LARGEST_RECORD, Parsed, Record, Wrapped, strictly, tolerantly
from investigator.evidence.readers.tolerant import BadRecord
from investigator.evidence.readers.wrapping import unwrapped, wrapper_time

CHUNK = 1_000
"""Rows that become columns together."""


def chunks(text: bytes, finding: Finding) -> Iterator[list[Row]]:
    """The records of a file, in lists of about a thousand."""
    chunk: list[Row] = []
    numbers = count()
    for raw, offset in values(decoded(text, finding), finding):
        record = strictly(raw) if len(raw) <= LARGEST_RECORD else None
        if record is not None and record.eventName and record.eventSource and _is_usual(record.eventTime):
            chunk.append(Row(raw, Parsed(record), next(numbers), offset, len(raw)))
        else:
            chunk.extend(_closely(Wrapped(raw, offset, len(raw)), finding, numbers))
        if len(chunk) >= CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _is_usual(time: object) -> bool:
    return isinstance(time, str) and len(time) == 20 and time[-1] == "Z"


def _closely(one: Wrapped, finding: Finding, numbers: "count[int]") -> Iterator[Row]:
    """The records of an unusual value: taken out of its wrapper, read tolerantly, given the wrapper's time."""
    try:
        parsed = _parsed(one.raw)
    except BadRecord as reason:
        next(numbers)
        finding.quarantined += 1
        finding.flags.add(str(reason))
        return
    if _is_record(parsed.record):
        yield Row(one.raw, _timed(parsed, one), next(numbers), one.offset, one.length)
        return
    inside = unwrapped(one.raw, one.offset) if one.depth == 0 else None
    if inside is None:
        next(numbers)
        finding.strangers += 1
        return
    finding.container = True
    for inner in inside:
        yield from _closely(inner, finding, numbers)


def _parsed(raw: bytes) -> Parsed:
    record = strictly(raw) if len(raw) <= LARGEST_RECORD else None
    return tolerantly(raw) if record is None else Parsed(record)


def _is_record(record: Record) -> bool:
    """Two of the keys that every record has; an S3 notification, whose source is `aws:s3`, has them too."""
    texts = (record.eventName, record.eventSource, record.eventID, record.eventTime, record.eventVersion)
    held = sum(bool(text) for text in texts) + (len(bytes(record.userIdentity)) > 0)
    return held >= 2 and not str(record.eventSource).startswith("aws:")


def _timed(parsed: Parsed, one: Wrapped) -> Parsed:
    if moment(parsed.record.eventTime or None) is None:
        when = one.when or wrapper_time(one.raw)
        if when and moment(when):
            parsed.record.eventTime = when
            parsed.flags = (*parsed.flags, "time_from_wrapper")
    return parsed
