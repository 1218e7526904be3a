"""AWS as told: which (account, Region) can be asked, and what each operation answers there."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import JsonValue

from investigator.domain.gap import Gap
from investigator.domain.ids import digest16
from investigator.domain.times import parse_instant
from investigator.domain.words import CellState
from investigator.ports.aws import Page, Refused

Reply = JsonValue | Exception
"""A body, or what is raised instead."""


def refusal(what: str = "denied", state: CellState = CellState.DENIED) -> Refused:
    return Refused(Gap.of(what=what, why="not permitted", effect="not seen", close=f"allow {what}"), state)


@dataclass
class FakeAccounts:
    """Implements `ports.aws.Accounts`; `replies` maps `service.Operation`, or the same with `@region`, to pages."""

    where: tuple[tuple[str, str], ...] = (("111122223333", "us-east-1"),)
    replies: Mapping[str, tuple[Reply, ...]] = field(default_factory=dict)
    asked: list[tuple[str, str, str, Mapping[str, JsonValue]]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def cells(self) -> tuple[tuple[str, str], ...]:
        return self.where

    def at(self, account: str, region: str) -> "FakeAws":
        return FakeAws(self, account, region)

    def calls(self) -> int:
        return len(self.asked)


@dataclass
class FakeAws:
    """Implements `ports.aws.Aws`."""

    world: FakeAccounts
    account: str
    region: str

    @property
    def as_of(self) -> datetime:
        return parse_instant("2026-01-28T12:00:00Z")

    def pages(self, service: str, operation: str, **parameters: JsonValue) -> Iterator[Page]:
        name = f"{service}.{operation}"
        replies = self.world.replies.get(f"{name}@{self.region}", self.world.replies.get(name, ({},)))
        for number, reply in enumerate(replies, 1):
            with self.world.lock:
                self.world.asked.append((name, self.account, self.region, parameters))
            if isinstance(reply, Exception):
                raise reply
            answer = "aws:" + digest16(name, self.account, self.region, str(sorted(parameters.items())))
            yield Page(answer=answer, number=number, body=reply, fetched="2026-01-28T00:00:00Z")
