"""A path to type, completed with Tab."""

import asyncio
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.suggester import Suggester
from textual.widgets import Input

from investigator.tui.path_completion import completion


class _Paths(Suggester):
    async def get_suggestion(self, value: str) -> str | None:
        return await asyncio.to_thread(completion, value)


class PathInput(Input):
    """Suggests what is in the folder; Tab takes the suggestion, or goes on to the next field."""

    HELP = "Type a path; the grey text is a suggestion and Tab takes it. After a slash Tab goes on to the next field."
    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "complete", "Complete")]

    def __init__(self, *, placeholder: str, id: str) -> None:
        suggester = _Paths(use_cache=False, case_sensitive=True)
        super().__init__(placeholder=placeholder, id=id, suggester=suggester, compact=True)

    def action_complete(self) -> None:
        if self._suggestion and self.cursor_at_end and not self.value.endswith("/"):
            self.action_cursor_right()
        else:
            self.screen.focus_next()
