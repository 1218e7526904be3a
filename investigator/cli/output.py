"""Where words go: results to standard output, progress and warnings to standard error, colour only on a terminal."""

import os
import sys
from collections.abc import Iterable, Sequence
from typing import TextIO

import typer

from investigator.domain.safe_text import visible


def say(text: str = "") -> None:
    """One line of the result; colours come from `paint`, everything else must have been made visible."""
    _write(sys.stdout, text + "\n")


def tell(text: str) -> None:
    """One line about the work: progress, warnings, how to go on."""
    _write(sys.stderr, text + "\n")


def pour(chunks: Iterable[bytes]) -> None:
    """Bytes to standard output as they are."""
    sys.stdout.flush()
    for chunk in chunks:
        sys.stdout.buffer.write(chunk)
    sys.stdout.buffer.flush()


def shown(text: str) -> str:
    """Text from evidence for a terminal; line breaks stay, everything that could act is visible."""
    return "\n".join(visible(line) for line in text.split("\n"))


def paint(text: str, colour: str | None = None, *, bold: bool = False, dim: bool = False) -> str:
    """Coloured on a terminal, plain elsewhere; the text itself is made inert."""
    inert = visible(text)
    return typer.style(inert, fg=colour, bold=bold or None, dim=dim or None) if colourful(sys.stdout) else inert


def colourful(stream: TextIO) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def table(rows: Sequence[Sequence[str]], heads: Sequence[str]) -> None:
    """Columns as wide as their widest cell; the last one takes the rest of the line."""
    cells = [[visible(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    say(paint(_line(heads, widths), bold=True))
    for row in cells:
        say(_line(row, widths))


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _write(stream: TextIO, text: str) -> None:
    """Replaces what the stream's encoding lacks; a closed pipe ends the program quietly."""
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        raise typer.Exit(0) from None
