"""Ways in that the intruder made: roles that let others in, machines and functions that ran what he gave them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from investigator.domain.credential import Credential
from investigator.domain.event import Event
from investigator.domain.ids import EvidenceId
from investigator.domain.paths import texts
from investigator.domain.search import equals, search
from investigator.stages.assessment.usual import Usual
from investigator.stages.matter import Matter

OPENING = frozenset({"CreateRole", "UpdateAssumeRolePolicy"})
"""Calls that say who may take a role."""
RUNNING: Mapping[str, tuple[str, ...]] = {
    "UpdateFunctionCode": ("functionName",),
    "UpdateFunctionConfiguration": ("functionName",),
    "SendCommand": ("instanceIds",),
    "StartSession": ("target",),
    "SendSSHPublicKey": ("instanceId",),
    "SendSerialConsoleSSHPublicKey": ("instanceId",),
    "ModifyInstanceAttribute": ("instanceId",),
}
"""Calls that make a function or machine run something, and where they name it."""
TAKING = ("AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity")
OUTSIDERS = ("AWSAccount", "SAMLUser", "WebIdentityUser")
"""Identities of callers whom the account itself does not know."""


@dataclass(frozen=True, slots=True)
class Door:
    """Records that show how a session came through an opened role: the opening and the taking."""

    witness: tuple[EvidenceId, ...]
    sure: bool


@dataclass(frozen=True, slots=True)
class ByHim:
    """What a machine or function did that is new for it, and the call that had it run something."""

    events: tuple[Event, ...]
    witness: tuple[EvidenceId, ...]


@dataclass
class WaysIn:
    """What the intruder's calls opened, learnt as they are found."""

    matter: Matter
    doors: dict[tuple[str, str], tuple[Event, bool]] = field(default_factory=dict[tuple[str, str], tuple[Event, bool]])
    """By account and role: the first call that opened it, and whether it was surely his."""
    hosts: dict[str, Event] = field(default_factory=dict[str, Event])
    """By function name or instance id: the first call that had it run something."""

    def learn(self, events: Iterable[Event], *, sure: bool) -> None:
        """Take in calls of the intruder."""
        for event in events:
            if event.succeeded and event.name in OPENING and event.asked("roleName"):
                self.doors.setdefault((event.account, event.asked("roleName")), (event, sure))
            if event.succeeded:
                for host in ran_on(event):
                    self.hosts.setdefault(host, event)

    def is_from_outside(self, credential: Credential) -> bool:
        """Whether it is a session of a role that somebody of another account, or of an identity provider, took."""
        return credential.id in self._taken

    def door_of(self, credential: Credential) -> Door | None:
        """Through which opened role a session of it came from outside, when it did."""
        taken = self._taken.get(credential.id)
        if taken is None:
            return None
        opened = self.doors.get((taken.account, _role(taken)))
        if opened is None or not _is_before(opened[0], taken.time) or self._came_before(taken, opened[0]):
            return None
        return Door((opened[0].id, taken.id), sure=opened[1])

    def run_by_him(self, events: tuple[Event, ...], usual: Usual) -> ByHim | None:
        """The successful calls of a machine or function after he had it run something, of kinds that are new for it."""
        call = self.hosts.get(events[0].session) if events[0].session else None
        if call is None or not usual.known:
            return None
        new = tuple(e for e in events if e.succeeded and _is_before(call, e.time) and not usual.does(e))
        return ByHim(new, (call.id,)) if new else None

    @cached_property
    def _taken(self) -> Mapping[str, Event]:
        """By the key that it handed out: each call by which another account, or a user of a provider, took a role."""
        where = search(equals("name", *TAKING), equals("outcome", "success"))
        inside = where.within(self.matter.window.start, self.matter.window.end)
        outside = inside.also(equals("identity", *OUTSIDERS))
        return {event.issued_key: event for event in self.matter.store.first_each(outside, "issued_key")}

    def _came_before(self, taken: Event, opened: Event) -> bool:
        """Whether the same caller took the role before it was opened: the door is not his."""
        same = (equals("principal", taken.principal), equals("requestParameters.roleArn", taken.asked("roleArn")))
        earlier = search(equals("name", *TAKING), equals("outcome", "success"), *same).within(None, opened.time)
        return next(iter(self.matter.store.events(earlier, limit=1)), None) is not None


def ran_on(event: Event) -> tuple[str, ...]:
    """The functions and machines that a call makes run something, by name or id."""
    names_script = isinstance(event.request, dict) and "userData" in event.request
    if event.name == "ModifyInstanceAttribute" and not names_script and event.asked("attribute") != "userData":
        return ()
    named = (name for path in RUNNING.get(event.name, ()) for name in texts(event.request, path))
    return tuple(dict.fromkeys(name.rpartition(":")[2] for name in named if name))


def _role(taking: Event) -> str:
    return taking.asked("roleArn").rpartition("/")[2]


def _is_before(call: Event, time: datetime | None) -> bool:
    return bool(call.time and time and call.time <= time)
