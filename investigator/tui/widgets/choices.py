"""A list of texts of any length to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from investigator.tui.hanging import Hanging


@dataclass(frozen=True, slots=True)
class Choice:
    """A text and what it stands for; without a key it is a heading that cannot be chosen."""

    content: Content | Hanging
    key: str = ""


class _Entry(Option):
    def __init__(self, choice: Choice) -> None:
        super().__init__(choice.content, disabled=not choice.key)
        self.key = choice.key


class Choices(OptionList, inherit_bindings=False):
    """Wrapped texts with a cursor; posts the key of the one that is opened."""

    HELP = "Arrow keys move from one entry to the next; Enter opens it."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor_up", show=False),
        Binding("down", "cursor_down", show=False),
        Binding("pageup", "page_up", show=False),
        Binding("pagedown", "page_down", show=False),
        Binding("home", "first", show=False),
        Binding("end", "last", show=False),
        Binding("enter", "select", show=False),
    ]

    class About(Message):
        """Something happened to the entry with this key."""

        def __init__(self, choices: "Choices", key: str) -> None:
            super().__init__()
            self.choices = choices
            self.key = key

        @property
        def control(self) -> "Choices":
            return self.choices

    class Opened(About):
        """Enter was pressed on an entry, or it was clicked."""

    class Moved(About):
        """The cursor stands on another entry."""

    def __init__(self, choices: Sequence[Choice] = (), *, id: str) -> None:
        super().__init__(id=id, compact=True, markup=False)
        self._initial = tuple(choices)

    def on_mount(self) -> None:
        if self._initial:
            self.show(self._initial)

    @property
    def current(self) -> str:
        """The key under the cursor, or ""."""
        return "" if self.highlighted is None else _key(self.get_option_at_index(self.highlighted))

    def show(self, choices: Sequence[Choice]) -> None:
        """Show these entries instead."""
        self.clear_options()
        self.add_options([_Entry(choice) for choice in choices])
        self.highlighted = next((index for index, choice in enumerate(choices) if choice.key), None)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Opened(self, _key(event.option)))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self.post_message(self.Moved(self, _key(event.option)))


def _key(option: Option) -> str:
    return option.key if isinstance(option, _Entry) else ""
