"""The timeline as a picture: one lane for each tactic, time from left to right, long silences cut short."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from markupsafe import Markup

from investigator.domain.timeline import TimelineEntry
from investigator.domain.words import Outcome, Tactic
from investigator.exporters.text import shown
from investigator.exporters.wording import clock, counted, title

WIDTH, LEFT, RIGHT, TOP, LANE = 960, 168, 24, 22, 36
BREAK = 54
"""The width of a silence that is cut short."""
MOST_BREAKS = 4
SILENCE = 6
"""A silence longer than a sixth of the whole is cut short."""
BIN = 17
"""Entries closer than this share one dot."""
TICK = 66
"""The room that the label of a tick needs."""
STEPS = tuple(
    timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080, 43200)
)
"""Steps between round moments."""
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time and where it is drawn."""

    start: datetime
    end: datetime
    left: float
    right: float

    def x(self, moment: datetime) -> float:
        length = (self.end - self.start).total_seconds()
        share = (moment - self.start).total_seconds() / length if length else 0.5
        return self.left + share * (self.right - self.left)


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    entries: tuple[TimelineEntry, ...]


def picture(timeline: Sequence[TimelineEntry]) -> Markup:
    """An inline SVG whose dots lead to the rows of the timeline; empty when nothing has a time."""
    dated = [(entry.time, entry) for entry in timeline if entry.time is not None]
    if not dated:
        return Markup("")
    spans = _spans(sorted(time for time, _ in dated))
    lanes = _lanes([entry for _, entry in dated])
    height = TOP + LANE * len(lanes) + 40
    body = [*_axis(spans, height), *_breaks(spans, height)]
    for row, (name, entries) in enumerate(lanes.items()):
        body += _lane(row, name, _dots(entries, spans))
    label = f"Timeline of {counted(len(dated), 'line')} by tactic; the table below has them all"
    head = Markup('<svg class="picture" viewBox="0 0 {} {}" role="group" aria-label="{}">').format(WIDTH, height, label)
    return Markup("\n").join([head, *body, Markup("</svg>")])


def _lanes(entries: Sequence[TimelineEntry]) -> dict[str, list[TimelineEntry]]:
    order = [*(tactic.value for tactic in Tactic), OTHER]
    found: dict[str, list[TimelineEntry]] = {}
    for entry in entries:
        found.setdefault(entry.tactic.value if entry.tactic else OTHER, []).append(entry)
    return {name: found[name] for name in order if name in found}


def _spans(times: Sequence[datetime]) -> list[Span]:
    whole = times[-1] - times[0]
    gaps = sorted(((b - a, a, b) for a, b in pairwise(times)), reverse=True)
    cuts = sorted((a, b) for gap, a, b in gaps[:MOST_BREAKS] if gap > whole / SILENCE and gap > timedelta(minutes=1))
    starts = [times[0], *(b for _, b in cuts)]
    ends = [*(a for a, _ in cuts), times[-1]]
    room = WIDTH - LEFT - RIGHT - BREAK * len(cuts)
    return _placed(list(zip(starts, ends, strict=True)), room)


def _placed(stretches: Sequence[tuple[datetime, datetime]], room: float) -> list[Span]:
    """Half of the room is shared equally, so that a short stretch is seen; half by length."""
    total = sum((end - start).total_seconds() for start, end in stretches)
    spans: list[Span] = []
    left = float(LEFT)
    for start, end in stretches:
        by_length = (end - start).total_seconds() / total if total else 1 / len(stretches)
        width = room * (0.4 / len(stretches) + 0.6 * by_length)
        spans.append(Span(start, end, left + 14, left + width - 14))
        left += width + BREAK
    return spans


def _x(moment: datetime, spans: Sequence[Span]) -> float:
    return next((span.x(moment) for span in spans if span.start <= moment <= span.end), spans[-1].right)


def _dots(entries: Sequence[TimelineEntry], spans: Sequence[Span]) -> list[Dot]:
    dots: list[Dot] = []
    for entry in sorted(entries, key=lambda entry: (str(entry.time), entry.id)):
        x = _x(entry.time, spans) if entry.time else LEFT
        if dots and x - dots[-1].x < BIN:
            dots[-1] = Dot(dots[-1].x, (*dots[-1].entries, entry))
        else:
            dots.append(Dot(x, (entry,)))
    return dots


def _lane(row: int, name: str, dots: Sequence[Dot]) -> Iterator[Markup]:
    y = TOP + LANE * row + LANE / 2
    yield Markup('<line class="lane" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(LEFT, WIDTH - RIGHT, y, y)
    yield Markup('<text class="tactic" x="{}" y="{}">{}</text>').format(LEFT - 16, y + 4, title(name))
    for dot in dots:
        yield _dot(dot, y, name)


def _dot(dot: Dot, y: float, lane: str) -> Markup:
    first = dot.entries[0]
    times = sum(entry.count for entry in dot.entries)
    done = any(entry.outcome is Outcome.SUCCESS for entry in dot.entries)
    actions = list(dict.fromkeys(shown(entry.action) for entry in dot.entries))
    told = f"{clock(first.time)} {', '.join(actions[:4])}{' …' if len(actions) > 4 else ''}"
    kind = "response" if lane == Tactic.RESPONSE.value else "done" if done else "tried"
    number = (
        Markup('<text class="times" x="{}" y="{}">{}</text>').format(_n(dot.x), y + 3.5, times) if times > 1 else ""
    )
    return Markup('<a href="#{}"><title>{}</title><circle class="{}" cx="{}" cy="{}" r="{}"/>{}</a>').format(
        first.id, f"{told}, {counted(times, 'call')}", kind, _n(dot.x), y, _radius(times), number
    )


def _radius(times: int) -> float:
    return 6 if times == 1 else 8 if times < 10 else 10 if times < 100 else 13


def _axis(spans: Sequence[Span], height: int) -> Iterator[Markup]:
    foot = height - 34
    for span in spans:
        yield Markup('<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(
            _n(span.left - 14), _n(span.right + 14), foot, foot
        )
        for moment in _ticks(span):
            yield _tick(span.x(moment), moment, foot)


def _ticks(span: Span) -> Iterator[datetime]:
    """The start, round moments in between, and the end, as far as their labels have room."""
    yield span.start
    length = span.end - span.start
    room = (span.right - span.left) / TICK
    step = next((step for step in STEPS if length / step < room), None)
    taken = span.left
    if step is not None:
        midnight = span.start.replace(hour=0, minute=0, second=0, microsecond=0)
        first = midnight + ((span.start - midnight) // step + 1) * step
        for moment in (first + n * step for n in range(int(length / step) + 1)):
            if span.x(moment) - taken >= TICK and span.right - span.x(moment) >= TICK:
                taken = span.x(moment)
                yield moment
    if span.right - taken >= TICK:
        yield span.end


def _tick(x: float, moment: datetime, foot: float) -> Markup:
    day, _, time = clock(moment).partition(" ")
    return Markup(
        '<line class="axis" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>'
        '<text class="clock" x="{0}" y="{3}">{4}</text><text class="day" x="{0}" y="{5}">{6}</text>'
    ).format(_n(x), foot, foot + 5, foot + 18, time[:8], foot + 31, day)


def _breaks(spans: Sequence[Span], height: int) -> Iterator[Markup]:
    for one, other in pairwise(spans):
        middle = (one.right + other.left) / 2
        told = _duration(other.start - one.end)
        yield Markup('<line class="break" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>').format(_n(middle), TOP, height - 40)
        yield Markup('<text class="silence" x="{}" y="{}">{}</text>').format(_n(middle), TOP - 8, told)


def _duration(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 2880 else f"{minutes // 1440} days"


def _n(number: float) -> str:
    return f"{number:.1f}"
