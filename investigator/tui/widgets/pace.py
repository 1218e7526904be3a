"""How fast a run goes: a bar, a rate, the time left."""

from textual.content import Content

from investigator.domain.progress import Progress
from investigator.tui.inert import NOTHING, inert, joined, stacked
from investigator.tui.run_picture import RunPicture
from investigator.tui.widgets.words import Words
from investigator.tui.words import duration

BAR = 40
"""Cells of a full bar."""


class Pace(Words):
    """Three lines: a bar, the present stage in figures, and what was done in all."""

    def picture(self, picture: RunPicture) -> None:
        """Show how fast this run goes."""
        last = picture.last
        lines = (
            [_so_far(picture)]
            if last is None
            else [_bar(last), _figures(last, picture.note if picture.step else ""), _so_far(picture)]
        )
        self.show(stacked(lines))


def _bar(last: Progress) -> Content:
    if not last.total:
        return NOTHING
    full = min(BAR, BAR * last.done // last.total)
    share = inert(f"{min(100, 100 * last.done // last.total)} %")
    return joined(inert("━" * full, "$primary"), inert("─" * (BAR - full) + " ", "$secondary"), share)


def _figures(last: Progress, note: str) -> Content:
    of = f" of {last.total:,}" if last.total else ""
    rate = f"{last.rate:,.{0 if last.rate >= 10 else 1}f} a second" if last.rate else ""
    left = f"about {duration(last.seconds_left)} left" if last.seconds_left and last.seconds_left >= 1 else ""
    return joined(inert(f"{last.done:,}{of} {last.unit}"), inert(note), inert(rate), inert(left), between=" · ")


def _so_far(picture: RunPicture) -> Content:
    counts = " · ".join(f"{count:,} {unit}" for unit, count in sorted(picture.counts.items()) if count)
    return joined(inert("In all", "$secondary"), inert(counts), between="  ") if counts else NOTHING
