"""Text that wraps under its own beginning, beside a label or a bullet."""

from collections.abc import Iterable
from dataclasses import dataclass

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

from investigator.tui.inert import NOTHING, inert, joined, stacked

NARROWEST = 12
"""Cells that a text gets at least, however long its label is."""


@dataclass(frozen=True, slots=True)
class Part:
    """A label, and the text that wraps beside it."""

    label: Content
    text: Content


class Hanging(Visual):
    """Parts under each other."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self._parts = tuple(parts)

    def _stacked(self, width: int) -> Content:
        return stacked(line for part in self._parts for line in _wrapped(part, width))

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        return self._stacked(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return max((part.label.cell_length + part.text.cell_length for part in self._parts), default=0)

    def get_height(self, rules: RulesMap, width: int) -> int:
        return sum(len(_wrapped(part, width)) for part in self._parts)


def _wrapped(part: Part, width: int) -> list[Content]:
    lead = part.label.cell_length
    first, *rest = part.text.wrap(max(NARROWEST, width - lead)) or [NOTHING]
    return [joined(part.label, first), *(joined(inert(" " * lead), line) for line in rest)]


def fact(name: str, text: Content, room: int) -> Part:
    """A muted name in a column of `room` cells, and its value."""
    return Part(inert(f"{name:<{room}}", "$secondary"), text)


def bullet(sign: Content, text: Content) -> Part:
    """A sign, a space, and the text."""
    return Part(joined(sign, inert(" ")), text)


def line(text: Content) -> Part:
    """Text without a label."""
    return Part(NOTHING, text)
