"""Values of a text that is not JSON as a whole: cut, joined, damaged, or with a key that stands twice.

Brackets are matched outside strings, so that a damaged record costs only itself. A record's beginning, an object
whose first key is one of a few, cannot stand inside a string, where its quotes would be escaped.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import msgspec
from msgspec import Raw

from investigator.domain.canonical import loads
from investigator.evidence.readers.finding import Finding
from investigator.evidence.readers.recovery import Recovery
from investigator.evidence.readers.tolerant import DEEPEST, NOT_JSON

DEEPEST_DAMAGED = 20_000
"""Levels of a value whose end is sought."""
MOST_DAMAGES = 10_000
"""Damages in one text after which only whole objects are looked for."""
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
CONTAINER = re.compile(
    rb'\{\s*(?:"[^"\\]{0,64}"\s*:\s*(?:' + _STRING + rb"|[\w.+-]{1,64})\s*,\s*){0,20}"
    rb'"(?:Records|Events)"\s*:\s*\[',
    re.DOTALL,
)
RECORD = re.compile(rb'(?<=[\[,\n} ])\{\s*"(?:eventVersion|eventTime|eventID|userIdentity|awsRegion|Records)"\s*:')
_SECOND_LIST = re.compile(rb'\s*,\s*"(?:Records|Events)"\s*:\s*\[')
_BRACKET = re.compile(_STRING + rb'|["{}\[\]]', re.DOTALL)
_SCALAR = re.compile(_STRING + rb'|[^\s,{}\[\]"]+', re.DOTALL)
_GAP = re.compile(rb"[\s,:\x00]*")
_CLOSES = {b"}": b"{", b"]": b"["}
_VALUE = msgspec.json.Decoder(Raw)


class Open(NamedTuple):
    """Lists of records that are open, and all brackets that have to be closed."""

    lists: int = 0
    closers: int = 0


NOTHING_OPEN = Open()


class Values:
    """The whole values of a text, one after the other, each with its offset; damage is counted in `finding`.

    `opened` says what is open at the start, and then at the end. When more text follows (`is_last` is False), the
    values end before the one that the text does not finish, and `rest` says where that is.
    After the first damage no value is taken to reach beyond the next record's beginning, so that the time stays in
    proportion to the text.
    """

    def __init__(
        self, text: bytes, finding: Finding, *, start: int = 0, opened: Open = NOTHING_OPEN, is_last: bool = True
    ) -> None:
        self._text, self._finding, self._is_last = text, finding, is_last
        self._lists, self._closers = opened
        self._damaged = False
        self._next = start
        self.rest = start
        self._sound = start
        self._damages = 0
        self._recovery = Recovery(text)

    def __iter__(self) -> Iterator[tuple[bytes, int]]:
        text = self._text
        while (position := self._after_gap(self.rest)) < len(text):
            if self._damages > MOST_DAMAGES:
                yield from self._recovered(position, len(text))
                break
            if self._lists < DEEPEST and (container := CONTAINER.match(text, position)):
                self._finding.container = True
                self._open(container.end(), 2)
            elif self.rest == 0 and text[position] == 0x5B:
                self._open(position + 1, 1)
            elif text[position] in b"]}":
                self._close(position)
            elif (end := self._end(position)) is not None:
                self.rest = end
                yield from self._value(position, end)
                self._sound = end if text[position] in b"{[" else self._sound
            elif (following := self._following(position)) == len(text) and not self._is_last:
                self.rest = position
                return
            else:
                self._damaged, self.rest = True, following
                recovered = list(self._recovered(position, following))
                yield from recovered
                if following == len(text) and not recovered:
                    self._finding.partial = self._finding.partial or "truncated"
        self.rest = len(text)
        if self._lists and self._is_last:
            self._finding.partial = self._finding.partial or "truncated"

    @property
    def opened(self) -> Open:
        return Open(self._lists, self._closers)

    def _open(self, rest: int, closers: int) -> None:
        self._lists, self._closers, self.rest = self._lists + 1, self._closers + closers, rest
        self._sound = rest

    def _close(self, position: int) -> None:
        """A closing bracket between values; another list of the same kind may follow it."""
        is_list = self._text[position] == 0x5D
        if is_list and (again := _SECOND_LIST.match(self._text, position + 1)):
            self._finding.flags.add("duplicate_key")
            self.rest = self._sound = again.end()
            return
        self._lists = max(0, self._lists - is_list)
        self._closers -= 1
        self.rest = self._sound = position + 1
        if self._closers < 0:
            self._finding.note(position)
            self._finding.partial = self._finding.partial or "damaged"

    def _end(self, position: int) -> int | None:
        """Where the value here ends, be it damaged itself; None when nothing tells its end."""
        stop = self._following(position) if self._damaged else len(self._text)
        end = _end_of(self._text, position, stop)
        if end is None or _is_json(self._text[position:end]):
            return end
        if self._text[position] not in b"{[":
            return None
        return end if self._goes_on_at(end) else None

    def _value(self, position: int, end: int) -> Iterator[tuple[bytes, int]]:
        raw = self._text[position:end]
        if _is_json(raw):
            held = list(self._recovery.inside(raw, position)) if raw[:1] == b"[" else []
            yield from held or [(raw, position)]
        else:
            yield from self._recovered(position, end)

    def _recovered(self, position: int, end: int) -> Iterator[tuple[bytes, int]]:
        """What is whole inside a damaged value, which is counted once.

        The value may begin earlier than it seemed: a stray quote turns what follows inside out.
        """
        self._finding.refuse("damaged", position)
        self._damages += 1
        yield from self._recovery.inside(self._text[self._sound : end], self._sound)
        self._sound = end

    def _goes_on_at(self, end: int) -> bool:
        """Whether the text after a value that is no JSON is sound: then its end was its own, and only it is damaged."""
        position = self._after_gap(end)
        if position == len(self._text) or self._text[position] in b"]}":
            return True
        after = _end_of(self._text, position, self._following(position))
        return after is not None and after > position + 2 and _is_json(self._text[position:after])

    def _following(self, position: int) -> int:
        """Where the next record after this position begins; the end of the text when there is none."""
        if self._next <= position:
            found = RECORD.search(self._text, position + 1)
            self._next = found.start() if found else len(self._text)
        return self._next

    def _after_gap(self, position: int) -> int:
        gap = _GAP.match(self._text, position)
        return gap.end() if gap else position


def whole_object_in(text: bytes, start: int) -> bool:
    """Whether the object or list that begins a text also ends in it."""
    gap = _GAP.match(text, start)
    position = gap.end() if gap else start
    return text[position : position + 1] in (b"{", b"[") and _end_of(text, position, len(text)) is not None


def _end_of(text: bytes, position: int, stop: int) -> int | None:
    """Where the value that begins here ends; None when it does not before `stop`, or its brackets do not match."""
    if text[position] not in b"{[":
        scalar = _SCALAR.match(text, position, stop)
        return scalar.end() if scalar else None
    opened: list[bytes] = []
    for token in _BRACKET.finditer(text, position, stop):
        mark = token[0]
        if mark in (b"{", b"["):
            opened.append(mark)
            if len(opened) > DEEPEST_DAMAGED:
                return None
        elif mark in _CLOSES:
            if opened.pop() != _CLOSES[mark]:
                return None
            if not opened:
                return token.end()
        elif mark == b'"':
            return None
    return None


def _is_json(raw: bytes) -> bool:
    """Whether a reader, strict or tolerant, takes these bytes."""
    try:
        _VALUE.decode(raw)
    except NOT_JSON:
        return _is_tolerable(raw)
    return True


def _is_tolerable(raw: bytes) -> bool:
    try:
        loads(raw.decode(errors="replace"))
    except ValueError as error:
        return "deep" in str(error)
    return True
