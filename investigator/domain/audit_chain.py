"""The chain of an audit log: each line holds the SHA-256 of the line before, so none can be changed, dropped or moved.

Lines cut off at the end cannot be seen from the log alone: the head that a report prints shows them.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping

from pydantic import JsonValue

START = "0" * 64
"""What the first line holds instead of a hash, and the head of an empty log."""


class BrokenChain(ValueError):
    """A line of an audit log was changed, dropped, added or moved; the message names the first that does not fit."""


def head_of(line: bytes) -> str:
    """The SHA-256 of a line, without its line end."""
    return hashlib.sha256(line).hexdigest()


def chained(previous: str, kind: str, details: Mapping[str, JsonValue]) -> bytes:
    """A line, without line end, that follows the one whose SHA-256 is `previous`."""
    return json.dumps({"previous": previous, "kind": kind, **details}, separators=(",", ":")).encode("ascii")


def check_chain(lines: Iterable[bytes]) -> str:
    """The head of the log; raises BrokenChain."""
    head = START
    for number, line in enumerate(lines, 1):
        if _previous(line) != head:
            raise BrokenChain(f"line {number} does not follow the line before it")
        head = head_of(line)
    return head


def _previous(line: bytes) -> str | None:
    try:
        entry: JsonValue = json.loads(line)
    except (ValueError, RecursionError):
        return None
    previous = entry.get("previous") if isinstance(entry, dict) else None
    return previous if isinstance(previous, str) else None
