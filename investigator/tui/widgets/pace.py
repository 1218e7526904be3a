"""How fast a run goes: a bar, a rate, the time left."""

from textual.content import Content

from investigator.domain.progress import Progress
from investigator.tui.inert import NOTHING, inert, joined, stacked
from investigator.tui.run_picture import RunPicture
from investigator.tui.widgets.words import Words
from investigator.tui.words import duration


class Pace(Words):
    """Two lines: the present stage in figures, and what was done in all."""

    def picture(self, picture: RunPicture) -> None:
        self.show(stacked([_now(picture.last), _so_far(picture)]))


def _now(last: Progress | None) -> Content:
    if last is None:
        return NOTHING
    of = f" of {last.total:,}" if last.total else ""
    rate = f"{last.rate:,.1f} a second" if last.rate else ""
    left = f"about {duration(last.seconds_left)} left" if last.seconds_left is not None else ""
    figures = joined(inert(f"{last.done:,}{of} {last.unit}"), inert(rate), inert(left), between=" · ")
    return joined(_bar(last), figures, between="  ")


def _bar(last: Progress) -> Content:
    if not last.total:
        return NOTHING
    full = min(20, 20 * last.done // last.total)
    return joined(inert("━" * full, "$primary"), inert("─" * (20 - full), "$text-muted"))


def _so_far(picture: RunPicture) -> Content:
    counts = " · ".join(f"{count:,} {unit}" for unit, count in sorted(picture.counts.items()))
    return joined(inert("In all", "$text-muted"), inert(counts), between="  ") if counts else NOTHING
