"""When a list that never ends is stopped: a token seen before, fifty empty pages, or the page budget."""

from pydantic import JsonValue

from investigator.domain.answers import SavedError
from investigator.domain.paths import first_text

from ._refusals import PAGINATION, Request

MAX_PAGES = 200
"""Pages of one answer (specification 9.6)."""
MAX_EMPTY = 50
"""Empty pages in a row."""


class PageLoop:
    """Watches the pages of one call."""

    def __init__(self, request: Request, member: str) -> None:
        self._request = request
        self._member = member
        self._tokens: set[str] = set()
        self._pages = 0
        self._empty = 0

    def trouble(self, token: str, body: JsonValue) -> SavedError | None:
        """Why the page that this token leads to must not be asked for; `body` is the page just read."""
        self._pages += 1
        rows = body.get(self._member) if isinstance(body, dict) else None
        self._empty = self._empty + 1 if rows == [] else 0
        seen, _ = token in self._tokens, self._tokens.add(token)
        if seen:
            return _error("the paging token came back")
        if self._empty >= MAX_EMPTY:
            return _error(f"{MAX_EMPTY} empty pages in a row")
        if self._pages >= MAX_PAGES:
            return _error(f"the budget of {MAX_PAGES} pages is used up{_reached(self._request, body)}")
        return None


def _error(message: str) -> SavedError:
    return SavedError(code=PAGINATION, message=message)


def _reached(request: Request, body: JsonValue) -> str:
    """How far back the newest-first event history was read."""
    if request.operation != "LookupEvents" or not isinstance(body, dict):
        return ""
    events = body.get("Events")
    last = events[-1] if isinstance(events, list) and events else None
    return f"; read back to {first_text(last, 'EventTime')}"
