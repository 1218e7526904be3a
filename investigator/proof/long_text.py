"""The records of a text that is too long to be held: one value after another, a window of text at a time.

Read so are JSON lines, documents one behind the other, and the elements of the first list of objects in a document.
"""

import re
from collections.abc import Iterator

from investigator.domain.canonical import decode
from investigator.proof.wrappings import BLANK, MOST_DAMAGES, Piece, past, walked

WINDOW = 32 * 2**20
"""Characters that are looked at together."""
LARGEST_RECORD = WINDOW // 2
"""Characters of a value; one that is longer is passed over."""
FIRST_LINES = 10
NEAR_END = 1024
"""Characters before the end of a window that are looked at with the next one, so that no key is torn."""
_LIST = re.compile(r'\s*(?:\{\s*"Records"\s*:\s*)?\[')
_INNER_LIST = re.compile(r'\s*\{(?:[^"\[]++|"[^"\\]*+(?:\\.[^"\\]*+)*+"){0,10000}+\[\s*(?=\{)', re.DOTALL)
"""An object up to its first list of objects."""
_BETWEEN = re.compile(r'(?:[\s,\x1e\0\]}]++|"[^"\\]{0,256}+"\s*:\s*\[?)*+')
"""Between two elements: also the ends of what holds them, and the key of a list that follows."""
_ELEMENT = re.compile(r',\s*(?=\{\s*")')


class NotInPieces(ValueError):
    """The text is one value that can only be read whole."""


def filled(window: str, more: Iterator[str], by: int = WINDOW) -> str:
    """The text, longer by about as many characters unless it ends."""
    parts, size = [window], 0
    for text in more:
        parts.append(text)
        size += len(text)
        if size >= by:
            break
    return "".join(parts)


def long_records(window: str, more: Iterator[str], size: int = WINDOW) -> Iterator[Piece]:
    """Every record of a text that begins with this window and goes on in others of this size. Raises NotInPieces."""
    return _values(window, _first(window), more, size)


def _first(window: str) -> int:
    """Where the first value stands."""
    if opened := _LIST.match(window):
        return opened.end()
    start = past(BLANK, window, 0)
    if _is_value(window, start) or any(_is_whole(line) for line in window[: 2**20].split("\n", FIRST_LINES)):
        return start
    if opened := _INNER_LIST.match(window):
        return opened.end()
    if window.startswith(("{", "["), start):
        raise NotInPieces
    return start


def _is_value(window: str, start: int) -> bool:
    try:
        decode(window, start)
    except ValueError:
        return False
    return True


def _is_whole(line: str) -> bool:
    line = line.strip()
    try:
        return line.startswith("{") and decode(line, 0)[1] == len(line)
    except ValueError:
        return False


def _values(window: str, at: int, more: Iterator[str], size: int) -> Iterator[Piece]:
    damages = 0
    while damages < MOST_DAMAGES:
        if len(window) - at < NEAR_END:
            window, at = filled(window[at:], more, size), 0
        at = past(_BETWEEN, window, at)
        if at == len(window):
            window, at = filled("", more, size), 0
            if not window:
                return
            continue
        try:
            found, at = walked(window, at)
        except ValueError:
            left = len(window) - at
            if left <= size // 2 and len(longer := filled(window[at:], more, size)) > left:
                window, at = longer, 0
                continue
            damages += 1
            at = _next(window, at)
        else:
            yield from found


def _next(window: str, at: int) -> int:
    """Where to read on behind a damage: at the next line, or at what looks like an element when there is no line."""
    line = window.find("\n", at)
    if line >= 0:
        return line
    element = _ELEMENT.search(window, at + 1)
    return element.end() if element else len(window)
