"""Event: one CloudTrail record as the evidence store knows it, and groups of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import JsonValue

from investigator.domain.ids import EvidenceId
from investigator.domain.paths import first_text
from investigator.domain.times import Instant
from investigator.domain.value import Value
from investigator.domain.words import Actor, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One record: the search columns of the evidence store and its JSON parts; "" where the record says nothing.

    `time` is None for a record without a usable time. `name` has no date suffix. `action` is `iam:CreateUser`.
    A dataclass, not a pydantic model: hundreds of thousands are made in one run.
    """

    id: EvidenceId
    time: datetime | None
    source: str
    name: str
    account: str = ""
    region: str = ""
    ip: str = ""
    agent: str = ""
    error: str = ""
    error_message: str = ""
    outcome: Outcome = Outcome.SUCCESS
    identity: str = ""
    arn: str = ""
    user: str = ""
    key: str = ""
    principal: str = "unknown"
    issuer: str = ""
    session: str = ""
    session_start: str = ""
    mfa: str = ""
    source_identity: str = ""
    invoked_by: str = ""
    actor: Actor = Actor.UNKNOWN
    read_only: bool | None = None
    category: str = ""
    event_type: str = ""
    request_id: str = ""
    shared_id: str = ""
    vpce: str = ""
    issued_key: str = ""
    flags: tuple[str, ...] = ()
    user_identity: JsonValue = None
    request: JsonValue = None
    response: JsonValue = None
    additional: JsonValue = None
    resources: JsonValue = field(default=None)

    @property
    def action(self) -> str:
        """`service:Name`, as IAM and ATT&CK write it."""
        return action_of(self.source, self.name)

    @property
    def succeeded(self) -> bool:
        return self.outcome is Outcome.SUCCESS

    def asked(self, path: str) -> str:
        """The first text at a dotted path of requestParameters, or ""."""
        return first_text(self.request, path)

    def answered(self, path: str) -> str:
        """The first text at a dotted path of responseElements, or ""."""
        return first_text(self.response, path)


def action_of(source: str, name: str) -> str:
    """`iam:CreateUser` of an event source and a name."""
    return f"{source.removesuffix('.amazonaws.com')}:{name}"


@dataclass(frozen=True, slots=True)
class Tally:
    """Events that share some values; ids in time order. Not a pydantic model: it may hold a million ids."""

    values: tuple[str, ...]
    """"" where there is none; truths as `true` and `false`."""
    first: datetime | None
    last: datetime | None
    ids: tuple[EvidenceId, ...]


class EventGroup(Value):
    """All records that match one search expression: how many, when, which, and the values of the hot columns."""

    where: str
    count: int
    first: Instant | None = None
    last: Instant | None = None
    ids: tuple[EvidenceId, ...] = ()
    """At most 1,000, in time order."""
    more: int = 0
    values: Mapping[str, Mapping[str, int]] = {}
    """For key, principal, ip, agent, region, name, source and error: each value (at most 50) with its count."""
