"""The time until a run starts by itself."""

from time import monotonic

from textual.message import Message

from investigator.tui.inert import NOTHING, inert
from investigator.tui.widgets.words import Words


class Countdown(Words):
    """Counts down in minutes and seconds; posts Expired once at the end."""

    class Expired(Message):
        """The time is over."""

    def __init__(self, seconds: float | None) -> None:
        super().__init__(classes="fact")
        self._seconds = seconds

    def on_mount(self) -> None:
        if self._seconds is not None:
            self._end = monotonic() + self._seconds
            self._ticking = self.set_interval(0.25, self._tick)
            self._tick()

    def _tick(self) -> None:
        left = self._end - monotonic()
        if left <= 0:
            self._ticking.stop()
            self.show(NOTHING)
            self.post_message(self.Expired())
            return
        self.show(inert(f"starts with defaults in {int(left) // 60}:{int(left) % 60:02d}", "$accent"))
