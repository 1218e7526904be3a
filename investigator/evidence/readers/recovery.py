"""What can still be read inside a damaged value: objects that are whole, and hold or wrap a record.

Every place where an object may begin is tried, as the slowest reader would; the work is bounded, so that a hostile
text cannot ask for time beyond its size.
"""

import json
import re
from collections.abc import Iterator

from investigator.evidence.readers.record import LARGEST_RECORD

EFFORT = 32
"""Bytes looked at for each byte of a text."""
LONGEST_WORD = 16
"""Characters of a word or an escape that the end of a piece may cut."""
_SIZES = (2**14, 2**18, LARGEST_RECORD)
_OPEN_STRING = ("Unterminated", "Invalid \\")
_BEGINNING = re.compile(r'\{\s*"')
_MARK = re.compile(r'"(?:eventName|CloudTrailEvent|class_uid)\\*"', re.IGNORECASE)
_DECODER = json.JSONDecoder(parse_int=len, parse_float=len, parse_constant=len, strict=False)


class Recovery:
    """Recovers from regions of one text; regions are asked for in their order."""

    def __init__(self, text: bytes) -> None:
        self._effort = EFFORT * len(text) + LARGEST_RECORD

    def inside(self, region: bytes, offset: int) -> Iterator[tuple[bytes, int]]:
        """The recovered values of a region that stands at an offset, each with its own offset."""
        text = region.decode("latin-1")
        at = 0
        while self._effort > 0 and (mark := _MARK.search(text, at)) and (begin := _BEGINNING.search(text, at)):
            end = self._end(text, begin.start())
            if end is None:
                at = begin.end()
            elif mark.start() > end:
                at = end
            else:
                yield region[begin.start() : end], offset + begin.start()
                at = end

    def _end(self, text: str, start: int) -> int | None:
        """Where the object that begins here ends; None when it is damaged itself, or larger than a record may be."""
        for size in _SIZES:
            piece = text[start : start + size]
            try:
                end = _DECODER.raw_decode(piece)[1]
            except json.JSONDecodeError as damage:
                self._effort -= len(piece) if damage.msg.startswith(_OPEN_STRING) else damage.pos + 1
                if start + size >= len(text) or not _is_cut(damage, piece):
                    return None
            except RecursionError:
                self._effort -= len(piece)
                return None
            else:
                self._effort -= end
                return start + end
        return None


def _is_cut(damage: json.JSONDecodeError, piece: str) -> bool:
    """Whether a piece may only end too early."""
    return damage.msg.startswith(_OPEN_STRING) or damage.pos > len(piece) - LONGEST_WORD
