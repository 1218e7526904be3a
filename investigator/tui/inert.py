"""Screen safety, first layer: the only maker of what widgets show.

Rich and Textual pass escape sequences of data on to the terminal and read square brackets as markup (specification
reliability, finding 6). Every text becomes Content here, control characters made visible and markup never read.
"""

from collections.abc import Iterable

from textual.content import Content

from investigator.domain.safe_text import visible

NOTHING = Content("")


def inert(text: str, style: str = "") -> Content:
    """One line of text in a style such as `bold $error`; line breaks are made visible like any control character."""
    return Content.styled(visible(text), style)


def inert_lines(text: str, style: str = "") -> Content:
    """Text whose line breaks stay line breaks."""
    return stacked(inert(line, style) for line in text.splitlines())


def joined(*parts: Content, between: str = "") -> Content:
    """The parts that are not empty, side by side."""
    return inert(between).join(part for part in parts if part)


def stacked(lines: Iterable[Content]) -> Content:
    """The lines under each other."""
    return Content("\n").join(lines)


def fitted(content: Content, width: int) -> Content:
    """The content in exactly `width` cells: cut with an ellipsis, or padded."""
    return content.truncate(width, ellipsis=True, pad=True)


def copyable(text: str) -> bool:
    """Whether pasting the text into a shell can do nothing but what it shows: no control or hidden characters."""
    plain = text.replace("\n", "").replace("\\", "")
    return visible(plain) == plain


def shown(text: str, style: str = "") -> Content:
    """Text that is visible already (a wrapped line, a copyable command): its backslashes stand as they are."""
    return Content.styled(text, style) if copyable(text) else inert_lines(text, style)
