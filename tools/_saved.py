"""AWS out of a folder of saved answers: no network, no credentials, the same pages and refusals as live."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import JsonValue

from investigator.domain.answers import SavedError, SavedPage, without_tokens
from investigator.domain.words import CellState
from investigator.ports.audit import Audit
from investigator.ports.aws import Page, Refused

from ._allowed import allowed
from ._book import AnswerBook, served
from ._places import home_region, partition_of
from ._refusals import PAGINATION, Request, not_listed, not_saved, refused


class SavedAccounts:
    """The accounts and Regions of a folder of saved answers; raises NoSavedAnswers for a folder that is none."""

    def __init__(self, folder: Path, audit: Audit) -> None:
        self._book = AnswerBook(folder)
        self._session = self._book.session()
        self._audit = audit
        self._served: dict[Path, int] = {}
        self._lock = threading.Lock()

    @property
    def as_of(self) -> datetime:
        """The moment from which the saved session looks back."""
        return self._session.as_of

    def cells(self) -> tuple[tuple[str, str], ...]:
        """Every (account, Region) of the session, the home Region of global services among them."""
        session = self._session
        home = home_region(partition_of(session.caller.Arn))
        accounts = sorted({*session.cells, *self._book.accounts(), session.caller.Account} - {""})
        return tuple(
            (account, region)
            for account in accounts
            for region in sorted({home, *(session.cells.get(account) or self._regions(account))})
        )

    def _regions(self, account: str) -> tuple[str, ...]:
        return self._session.regions or self._book.regions(account)

    def at(self, account: str, region: str) -> "SavedAws":
        return SavedAws(self, account, region)

    def calls(self) -> int:
        """None: nothing is asked."""
        return 0

    def take(self, request: Request) -> tuple[SavedPage, ...]:
        """The pages of the next saved call of a request; after the last call, of the last one again."""
        if not allowed(request.service, request.operation):
            self._audit.record("denied", {"operation": request.name, "by": "read list"})
            raise not_listed(request)
        calls = self._book.calls(request) if (request.account, request.region) in self.cells() else ()
        if not calls:
            raise not_saved(request)
        with self._lock:
            turn = self._served.setdefault(self._book.path(request), 0)
            self._served[self._book.path(request)] = min(turn + 1, len(calls) - 1)
        return calls[turn]

    def serve(self, request: Request, saved: SavedPage) -> Page:
        """One saved page, with an audit line."""
        self._audit.record("read", _audited(request, saved))
        return served(request, saved, self.as_of)


def _audited(request: Request, saved: SavedPage) -> dict[str, JsonValue]:
    return {
        "operation": request.name,
        "account": request.account,
        "region": request.region,
        "parameters": dict(request.parameters),
        "page": saved.page,
        "request_id": saved.request_id,
        "outcome": saved.error.code if saved.error else "saved",
    }


@dataclass(frozen=True, slots=True)
class SavedAws:
    """One account and Region of a folder of saved answers."""

    _accounts: SavedAccounts
    account: str
    region: str

    @property
    def as_of(self) -> datetime:
        return self._accounts.as_of

    def pages(self, service: str, operation: str, **parameters: JsonValue) -> Iterator[Page]:
        """See ports.aws.Aws; a request that was not saved is refused as not_saved."""
        request = Request(service, operation, self.account, self.region, without_tokens(parameters))
        saved_pages = self._accounts.take(request)
        for saved in saved_pages:
            yield self._accounts.serve(request, saved)
        if saved_pages[-1].more:
            raise cut(request)


def cut(request: Request) -> Refused:
    """The saved call ends before the answer did."""
    return refused(
        request, SavedError(code=PAGINATION, message="the saved answer ends early", state=CellState.INCOMPLETE)
    )
