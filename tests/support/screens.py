"""What an app shows, as text, and waiting for it."""

from collections.abc import Callable

from textual import events
from textual.app import App
from textual.pilot import Pilot

from investigator.tui.app import InvestigatorApp
from tests.doubles.fake_investigation import FakeInvestigation

SMALL = (80, 24)


def app_over(investigation: FakeInvestigation, handle: str | None = None, patience: float = 600) -> InvestigatorApp:
    """The app over a double."""
    return InvestigatorApp(investigation, handle, patience)  # type: ignore[arg-type]  (the double has the same methods)


def lines(app: App[None]) -> list[str]:
    """The screen line by line."""
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in strips]


def text(app: App[None]) -> str:
    return "\n".join(lines(app))


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Let the app work until the condition holds; fails with the screen when it never does."""
    for _ in range(200):
        if holds():
            return
        await pilot.pause(0.05)
    raise AssertionError("never shown; the screen is\n" + text(pilot.app))


async def until_shown(pilot: Pilot[None], words: str) -> None:
    await until(pilot, lambda: words in text(pilot.app))


async def enter(pilot: Pilot[None], words: str) -> None:
    """Paste words into the field that has the focus."""
    pilot.app.post_message(events.Paste(words))
    await pilot.pause()
