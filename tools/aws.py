"""The read-only door to AWS: live through botocore, or a folder of saved answers; a tool cannot tell them apart.

A live answer is written to the folder first and served from there, so the same folder replays to the same pages.
"""

import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pydantic import JsonValue

from investigator.domain.answers import without_tokens
from investigator.domain.paths import texts
from investigator.ports.audit import Audit
from investigator.ports.aws import Page, Refused
from investigator.ports.cases import Rate

from ._allowed import allowed
from ._asking import Asker, Limits
from ._book import AnswerBook, Session
from ._call import Call
from ._places import home_region, partition_of
from ._refusals import Request, not_listed, out_of_scope
from ._saved import SavedAccounts, SavedAws

__all__ = ["Limits", "LiveAccounts", "LiveAws", "SavedAccounts", "SavedAws"]


@dataclass(kw_only=True, eq=False)
class LiveAccounts:
    """The accounts that the profile and the role map lead to, asked one listed read at a time.

    `regions` empty means every Region that is on. `folder` gets the saved answers. `as_of` is the moment of the case.
    """

    profile: str | None
    regions: tuple[str, ...]
    roles: Mapping[str, str]
    endpoint: str | None
    folder: Path
    rate: Rate
    audit: Audit
    session_name: str
    as_of: datetime
    limits: Limits = field(default_factory=Limits)
    _lock: threading.RLock = field(default_factory=threading.RLock, init=False)
    _cells: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]], init=False)

    def __post_init__(self) -> None:
        from ._wire import Wire  # noqa: PLC0415 (botocore costs a third of a second, and saved answers need none)

        self._book = AnswerBook(self.folder)
        self._wire = Wire(
            profile=self.profile,
            roles=self.roles,
            endpoint=self.endpoint,
            session_name=self.session_name,
            audit=self.audit,
            attempts=self.limits.attempts,
        )
        self._asker = Asker(wire=self._wire, audit=self.audit, rate=self.rate, limits=self.limits)

    def cells(self) -> tuple[tuple[str, str], ...]:
        """Every (account, Region) in scope, the home Region of global services among them; raises NoCredentials."""
        with self._lock:
            if not self._cells:
                self._cells = self._find_cells()
        return tuple((account, region) for account, regions in sorted(self._cells.items()) for region in regions)

    def at(self, account: str, region: str) -> "LiveAws":
        """The door for one step, whose time starts now."""
        return LiveAws(self, account, region, time.monotonic() + self.limits.step_seconds)

    def calls(self) -> int:
        """How many requests left this machine so far, repeated ones too."""
        return self._wire.requests()

    def answer(self, request: Request, until: float) -> Iterator[Page]:
        """The pages of a request that is on the read list and in scope; `until` in monotonic seconds."""
        if not allowed(request.service, request.operation):
            self.audit.record("denied", {"operation": request.name, "by": "read list"})
            raise not_listed(request)
        if (request.account, request.region) not in self.cells():
            raise out_of_scope(request)
        yield from self._call(request, until).pages()

    def _call(self, request: Request, until: float) -> Call:
        return Call(request=request, asker=self._asker, book=self._book, as_of=self.as_of, until=until)

    def _find_cells(self) -> dict[str, tuple[str, ...]]:
        caller = self._asker.caller()
        partition = partition_of(caller.Arn)
        home = home_region(partition)
        cells = {
            account: tuple(sorted({home, *(self.regions or self._regions_on(account, partition))}))
            for account in {caller.Account, *self.roles}
        }
        union = tuple(sorted({region for regions in cells.values() for region in regions}))
        self._book.open_session(Session(as_of=self.as_of, caller=caller, regions=union, cells=cells))
        return cells

    def _regions_on(self, account: str, partition: str) -> tuple[str, ...]:
        """The Regions that are on; all that botocore knows when AWS does not tell."""
        request = Request("ec2", "DescribeRegions", account, home_region(partition), {})
        call = self._call(request, time.monotonic() + self.limits.step_seconds)
        try:
            return tuple(name for page in call.pages() for name in texts(page.body, "Regions.RegionName"))
        except Refused:
            return self._wire.known_regions(partition)


@dataclass(frozen=True, slots=True)
class LiveAws:
    """One account and Region of the live door, for one step."""

    _accounts: LiveAccounts
    account: str
    region: str
    _until: float

    @property
    def as_of(self) -> datetime:
        return self._accounts.as_of

    def pages(self, service: str, operation: str, **parameters: JsonValue) -> Iterator[Page]:
        """See ports.aws.Aws."""
        request = Request(service, operation, self.account, self.region, without_tokens(parameters))
        return self._accounts.answer(request, self._until)
