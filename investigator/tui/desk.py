"""Screens that work with the investigation: errands run in threads and come back as messages."""

from collections.abc import Callable
from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import ModalScreen, Screen
from textual.worker import get_current_worker  # pyright: ignore[reportUnknownVariableType]

from investigator.domain.trouble import CaseBusy, NoCredentials, NoSuchCase, NotFinished, Stopped
from investigator.investigation import Investigation

Answer = TypeVar("Answer")
Above = TypeVar("Above")

EXPECTED = (NoSuchCase, CaseBusy, NotFinished, NoCredentials, Stopped, ValueError, OSError)
"""Trouble that a face shows as text; anything else is a bug."""


class Told(Message):
    """Something that the user should know, in passing."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Trouble(Message):
    """An errand could not be done; the text says why and what to do."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Errands(Screen[Answer]):
    """Sends work to a thread; the message that the work returns comes back to this screen."""

    def errand(self, work: Callable[[], Message], group: str) -> None:
        """Run `work` in a thread; a newer errand of the same group makes the older one's message void."""
        self.run_worker(lambda: self._carry_out(work), thread=True, exclusive=True, group=group)

    def _carry_out(self, work: Callable[[], Message]) -> None:
        worker = get_current_worker()  # pyright: ignore[reportUnknownVariableType]  (generic without its argument)
        try:
            message = work()
        except EXPECTED as trouble:
            message = Trouble(str(trouble) or type(trouble).__name__)
        if not worker.is_cancelled:
            self.post_message(message)

    def put_over(self, screen: Screen[Above], then: Callable[[Above | None], None] | None = None) -> None:
        """Show a screen over this one; `then` hears what it was left with."""
        self.app.push_screen(screen, then)  # pyright: ignore[reportUnknownMemberType]  (`app` without its argument)


class Desk(Errands[None]):
    """A whole screen over the investigation."""

    HELP = ""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Back")]

    def __init__(self, investigation: Investigation) -> None:
        super().__init__()
        self.investigation = investigation

    def action_leave(self) -> None:
        self.dismiss()


class Dialog(Errands[Answer], ModalScreen[Answer]):
    """A small screen over another one."""

    HELP = ""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Cancel")]

    def action_leave(self) -> None:
        self.dismiss(None)
