"""From the text of a file to the JSON values that should be records, in the order they stand.

`{"Records": […]}`, bare arrays, one value, JSON lines. Text that no JSON reader takes is cut into values by `broken`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, islice

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from investigator.evidence.readers.broken import Values
from investigator.evidence.readers.finding import Finding
from investigator.evidence.readers.recovery import Recovery
from investigator.evidence.readers.tolerant import NOT_JSON

_COMPACT = b'{"Records":['
_GAP = re.compile(rb"[\s,]*")
Placed = tuple[bytes, int]
"""The bytes of a value and its offset."""
Run = tuple[list[bytes], list[int]]
"""Consecutive values and their offsets."""
RUN = 250
"""Values of a run: few enough to stay in the cache of a core while they become columns."""


class _Trail(Struct, gc=False):
    """The usual wrapping; any other key of it is left alone."""

    Records: list[Raw] | UnsetType = UNSET


_TRAIL = msgspec.json.Decoder(_Trail)
_LIST = msgspec.json.Decoder(list[Raw])
_VALUE = msgspec.json.Decoder(Raw)


def decoded(text: bytes, finding: Finding) -> bytes:
    """The text in UTF-8; undecodable bytes stay here, and are replaced record by record."""
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):
        finding.flags.add("utf16")
        return text.decode("utf-16", "replace").encode("utf-8", "replace")
    return text


def values(text: bytes, finding: Finding) -> Iterator[Run]:
    """Every value of a document with its offset, in runs; what was odd is noted in `finding`."""
    start = 3 if text.startswith(b"\xef\xbb\xbf") else 0
    whole = memoryview(text)[start:]
    if records := _written_compactly(text):
        finding.container = True
        return runs_of(text, records, len(_COMPACT))
    begin = _after_gap(text, start)
    if text[begin : begin + 1] == b"[" and (elements := _elements(whole)) is not None:
        finding.container = not elements
        return runs_of(text, elements, begin + 1)
    if text.count(b'"Records"') == 1 and (records := _records(whole)) is not None:
        finding.container = True
        return _records_and_beside(text, records)
    if is_one_value(whole) and not _may_repeat_a_list(text):
        return iter([([text[begin:].rstrip()], [begin])])
    return runs(lines(text, start, finding))


def _written_compactly(text: bytes) -> list[Raw] | None:
    """The records of a trail as AWS writes it: nothing stands beside them, not even white space."""
    records = _records(memoryview(text)) if text.startswith(_COMPACT) else None
    if not records or len(_COMPACT) + sum(map(len, records)) + len(records) + len("}") != len(text):
        return None
    return records


def _records_and_beside(text: bytes, records: Sequence[Raw]) -> Iterator[Run]:
    """The records of a trail, and those that stand beside its list under another key."""
    key = text.index(b'"Records"')
    start = text.index(b"[", key) + 1
    yield from runs(Recovery(text[:key]).inside(text[:key], 0))
    for raws, offsets in runs_of(text, records, start):
        yield raws, offsets
        start = offsets[-1] + len(raws[-1])
    yield from runs(Recovery(text[start:]).inside(text[start:], start))


def runs_of(text: bytes, elements: Sequence[Raw], position: int) -> Iterator[Run]:
    """The elements of a list in runs; in a list written compactly the offsets follow from the lengths."""
    for start in range(0, len(elements), RUN):
        raws = list(map(bytes, elements[start : start + RUN]))
        first = _after_gap(text, position)
        offsets = list(accumulate(map(len, raws[:-1]), lambda offset, length: offset + length + 1, initial=first))
        end = offsets[-1] + len(raws[-1])
        if not text.startswith(raws[-1], offsets[-1]) or text[end : end + 1] not in (b",", b"]"):
            pairs = list(placed(text, elements[start : start + RUN], first))
            offsets = [offset for _, offset in pairs]
            end = offsets[-1] + len(raws[-1])
        position = end
        yield raws, offsets


def runs(pairs: Iterator[Placed]) -> Iterator[Run]:
    """Values in runs."""
    while run := list(islice(pairs, RUN)):
        yield [raw for raw, _ in run], [offset for _, offset in run]


def placed(text: bytes, elements: Iterable[Raw], position: int) -> Iterator[Placed]:
    """Elements of a list with their offsets: between two of them stand only a comma and white space."""
    for element in elements:
        raw = bytes(element)
        position = _after_gap(text, position)
        yield raw, position
        position += len(raw)


def _after_gap(text: bytes, position: int) -> int:
    gap = _GAP.match(text, position)
    return gap.end() if gap else position


def _elements(text: memoryview) -> list[Raw] | None:
    try:
        return _LIST.decode(text)
    except NOT_JSON:
        return None


def _records(text: memoryview) -> list[Raw] | None:
    try:
        records = _TRAIL.decode(text).Records
    except NOT_JSON:
        return None
    return None if records is UNSET else records


def is_one_value(text: memoryview | bytes) -> bool:
    """Whether a text is strict JSON."""
    try:
        _VALUE.decode(text)
    except NOT_JSON:
        return False
    return True


def _may_repeat_a_list(text: bytes) -> bool:
    """Whether a key that holds records may stand twice: a JSON reader would drop the first."""
    return text.count(b'"Records"') > 1 or text.count(b'"Events"') > 1


def lines(text: bytes, position: int, finding: Finding) -> Iterator[Placed]:
    """JSON lines, as long as each line is one value; from the first that is not, the text is cut into values."""
    while position < len(text):
        end = text.find(b"\n", position) + 1 or len(text)
        line = text[position:end].strip()
        if line and (_may_repeat_a_list(line) or not is_one_value(line)):
            yield from Values(text, finding, start=position)
            return
        if line:
            yield line, text.index(line[:1], position)
        position = end
