"""Values of a text that is not JSON as a whole: cut, joined, damaged, or with a key that stands twice.

Brackets are matched outside strings, so that a damaged record costs only itself.
"""

import re
from collections.abc import Iterator

from investigator.evidence.readers.finding import Finding

CONTAINER = re.compile(
    rb'\{\s*(?:"[^"\\]{0,64}"\s*:\s*(?:"(?:[^"\\]|\\.)*"|[\w.+-]+)\s*,\s*){0,20}"(?:Records|Events)"\s*:\s*\[',
    re.DOTALL,
)
_SECOND_LIST = re.compile(rb'\s*,\s*"(?:Records|Events)"\s*:\s*\[')
_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*+"|["{}\[\]]', re.DOTALL)
_SCALAR = re.compile(rb'"(?:[^"\\]|\\.)*+"|[^\s,{}\[\]"]+', re.DOTALL)
_GAP = re.compile(rb"[\s,:\x00]*")
_RECORD = re.compile(rb'[\[,\n}]\s*(?=\{\s*"(?:eventVersion|eventTime|eventID|userIdentity|awsRegion|Records)"\s*:)')
_CLOSES = {b"}": b"{", b"]": b"["}


def values_of(text: bytes, position: int, finding: Finding, lists: int = 0) -> Iterator[tuple[bytes, int]]:
    """Every whole value from `position` on, with its offset; damage is counted in `finding`.

    `lists` says how many lists are open there.
    """
    while (position := _after_gap(text, position)) < len(text):
        if container := CONTAINER.match(text, position):
            finding.container, lists, position = True, lists + 1, container.end()
        elif text[position] in b"]}":
            position, opened = _closed(text, position, finding)
            lists = max(0, lists + opened)
        else:
            end = _end(text, position)
            if end is None:
                finding.quarantined += 1
                finding.note(position)
                end = _next_record(text, position)
                if end is None:
                    finding.partial = finding.partial or "truncated"
                    return
                finding.flags.add("damaged")
            else:
                yield text[position:end], position
            position = end
    if lists:
        finding.partial = finding.partial or "truncated"


def _closed(text: bytes, position: int, finding: Finding) -> tuple[int, int]:
    """After a closing bracket between values: the next position, and by how much the open lists change."""
    if text[position] == 0x5D and (again := _SECOND_LIST.match(text, position + 1)):
        finding.flags.add("duplicate_key")
        return again.end(), 0
    return position + 1, -1 if text[position] == 0x5D else 0


def _after_gap(text: bytes, position: int) -> int:
    gap = _GAP.match(text, position)
    return gap.end() if gap else position


def _end(text: bytes, position: int) -> int | None:
    """Where the value that begins here ends; None when it does not, or its brackets do not match."""
    if text[position] not in b"{[":
        scalar = _SCALAR.match(text, position)
        return scalar.end() if scalar else None
    opened: list[bytes] = []
    for token in _BRACKET.finditer(text, position):
        mark = token[0]
        if mark in (b"{", b"["):
            opened.append(mark)
        elif mark in _CLOSES:
            if opened.pop() != _CLOSES[mark]:
                return None
            if not opened:
                return token.end()
        elif mark == b'"':
            return None
    return None


def _next_record(text: bytes, position: int) -> int | None:
    found = _RECORD.search(text, position + 1)
    return found.end() if found else None
