"""Hostile text on its way out: secrets redacted, control characters visible, quoted for where it will stand."""

import re

from investigator.domain.safe_text import inert_cell, redact, visible

_MARKUP = re.compile(
    r"""
    [&<>`*_{}\[\]|~$\\@]                    # markup wherever it stands
    | ^[#+=-] | (?<=^\d)[.)] | (?<=^\d\d)[.)]  # headings and lists begin a text
    | (?<!\d):(?!\s) | (?<=www)\.             # links that need no markup
    """,
    re.VERBOSE | re.IGNORECASE,
)


def shown(text: str) -> str:
    """One line of inert text."""
    return visible(redact(text))


def shown_command(command: str) -> str:
    """A command as it can be copied: its lines and backslashes stay, every other control character is visible."""
    return "\n".join("\\".join(visible(part) for part in line.split("\\")) for line in redact(command).split("\n"))


def is_copyable(command: str) -> bool:
    """Whether a command holds nothing that a screen or a shell would not show as it is."""
    return shown_command(command) == command


def cell(text: str) -> str:
    """Text for a spreadsheet cell: what would be read as a formula gets an apostrophe in front."""
    return inert_cell(redact(text))


def entities(text: str) -> str:
    """Text for Markdown prose: every character that is markup there stands as a character reference."""
    return _MARKUP.sub(lambda match: f"&#{ord(match[0])};", shown(text))


def code(text: str) -> str:
    """A value as a code span, longer than any run of backticks inside."""
    inert = shown(text)
    if not inert:
        return ""
    ticks = "`" * (_longest_run(inert) + 1)
    pad = " " if inert[0] in "` " or inert[-1] in "` " else ""
    return f"{ticks}{pad}{inert}{pad}{ticks}"


def fence(text: str, language: str = "") -> str:
    """A block of text as a fence, longer than any run of backticks inside."""
    ticks = "`" * max(3, _longest_run(text) + 1)
    return f"{ticks}{language}\n{text}\n{ticks}"


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
