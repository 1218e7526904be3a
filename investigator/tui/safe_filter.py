"""Screen safety, second layer: the last wall before the terminal."""

import re

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


class SafeFilter(LineFilter):
    """Drops control characters and links from rendered lines (specification reliability, appendix 3)."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments without anything that a terminal would act on; widths are fixed, so nothing is added."""
        return [_safe(segment) for segment in segments]


def _safe(segment: Segment) -> Segment:
    text, style, control = segment
    if style is not None and style.link:
        style = style.update_link(None)
    return Segment(_CONTROL.sub("", text), style, control)
