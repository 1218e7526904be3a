"""Taint: which records of which credential are the intruder's, and why; the rest of the same is left alone."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from investigator.domain.credential import Credential
from investigator.domain.event import Event
from investigator.domain.gap import Gap
from investigator.domain.ids import EvidenceId
from investigator.stages.assessment.usual import Usual


class Reason(StrEnum):
    """Why a credential is tainted."""

    ISSUED = "issued by the intruder"
    NEW_NETWORK = "named, and used from a network that is not its own"
    NO_HISTORY = "named, and there is no history to tell its use apart"
    AFTER_LEAVING = "used after the access should have ended"
    LEFT_BEHIND = "made for another by the person who left, and used elsewhere after that"
    DISOWNED = "signed in with, and not by the person"
    OFF_MACHINE = "issued to a machine, and used elsewhere"
    NOVELTY = "a new network and weighty calls"
    BACK_DOOR = "of a role that the intruder made or opened, taken by another account"
    HIS_CODE = "of a machine or function that ran what the intruder gave it, and new for it"


@dataclass(frozen=True, slots=True)
class Tainted:
    """A credential in the intruder's hands, and the records that he made with it."""

    credential: Credential
    reason: Reason
    events: tuple[Event, ...]
    sure: bool = True
    """Whether the reason alone proves misuse; NO_HISTORY and NOVELTY lean on what else was done."""
    witness: tuple[EvidenceId, ...] = ()
    """Records of others that prove it: the issuing call, a person on the same address."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """A credential that was looked into and not found tainted."""

    credential: Credential
    events: tuple[Event, ...]
    usual: Usual
    at_home: bool
    """Whether it was used from its networks alone."""
    new: tuple[Event, ...]
    """Its weighty changes of kinds that are new for it."""
    named: bool
    """Whether the case is about it, and not only some hits."""

    @property
    def everyday(self) -> bool:
        """Whether it did what it always does: from its networks, and nothing weighty that is new for it."""
        return self.at_home and not self.new


@dataclass(frozen=True)
class Trace:
    """The outcome over all credentials of the forest."""

    tainted: tuple[Tainted, ...]
    cleared: tuple[Cleared, ...]
    gaps: tuple[Gap, ...] = ()
    """Records of the credentials that were not read."""
    sign_ins: tuple[Event, ...] = ()
    """Sign-ins, failed ones too, of the users whose sessions he had, from where he was: no credential signs them."""

    @cached_property
    def events(self) -> tuple[Event, ...]:
        return (*(event for taint in self.tainted for event in taint.events), *self.sign_ins)

    @cached_property
    def ids(self) -> frozenset[EvidenceId]:
        return frozenset(event.id for event in self.events)
