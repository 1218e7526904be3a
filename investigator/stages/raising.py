"""What the evidence raised that a person alone can know: the questions of a second round (specification 9.4)."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from investigator.domain.stage_results import Assessed
from investigator.domain.words import Confidence, Done, EntityKind, Outcome, Role, Verdict

_READ_OBJECTS = "T1530"


def raised(assessed: Assessed) -> Iterator[str]:
    """The slots whose answer would change this judgement or its actions, those that change most first."""
    yield from (slot for slot, matters in _MATTERS.items() if matters(assessed))


def _strangers_called(assessed: Assessed) -> bool:
    """An address counts as hostile until somebody calls its network his own."""
    return _is(assessed, Role.HOSTILE, EntityKind.IP) or _is(assessed, Role.HOSTILE, EntityKind.NETWORK)


def _somebody_signed_in(assessed: Assessed) -> bool:
    """Nothing but the word of the person tells a stolen session from one that was only unusual."""
    if assessed.verdict.value is Verdict.CONFIRMED:
        return False
    return any(
        entry.action.endswith("ConsoleLogin") and entry.outcome is Outcome.SUCCESS for entry in assessed.timeline
    )


def _may_be_planned(assessed: Assessed) -> bool:
    """What stands on calls with an effect alone, and what is everyday, changes with a change that was planned."""
    verdict = assessed.verdict
    if verdict.value is Verdict.CONFIRMED:
        return verdict.confidence is Confidence.MEDIUM
    done = any(finding.outcome is Done.DONE for finding in assessed.findings)
    return verdict.value is Verdict.LIKELY_BENIGN or (verdict.value is Verdict.LIKELY and done)


def _key_leaked(assessed: Assessed) -> bool:
    """Where and when a key was exposed opens the window, and when it was switched off closes it."""
    accused = (entity for entity in assessed.entities if entity.role is Role.COMPROMISED)
    return any(entity.kind is EntityKind.ACCESS_KEY and entity.value.startswith("AKIA") for entity in accused)


def _somebody_defended(assessed: Assessed) -> bool:
    """Where one defender is seen, others may be at work whose calls nothing tells apart."""
    return any(entity.role is Role.RESPONDER for entity in assessed.entities)


def _work_may_stop(assessed: Assessed) -> bool:
    """What was taken over does legitimate work, too, which isolation interrupts."""
    accused = (entity for entity in assessed.entities if entity.role is Role.COMPROMISED)
    return any(
        entity.kind is EntityKind.INSTANCE or (entity.kind is EntityKind.PRINCIPAL and ":user/" in entity.value)
        for entity in accused
    )


def _disks_matter(assessed: Assessed) -> bool:
    return any(entity.kind is EntityKind.INSTANCE and entity.role.accused for entity in assessed.entities)


def _objects_were_read(assessed: Assessed) -> bool:
    return any(_READ_OBJECTS in finding.techniques and finding.outcome is Done.DONE for finding in assessed.findings)


def _is(assessed: Assessed, role: Role, kind: EntityKind) -> bool:
    return any(entity.role is role and entity.kind is kind for entity in assessed.entities)


_MATTERS: Mapping[str, Callable[[Assessed], bool]] = MappingProxyType(
    {
        "known_ips": _strangers_called,
        "mfa": _somebody_signed_in,
        "change": _may_be_planned,
        "exposure": _key_leaked,
        "data_class": _objects_were_read,
        "disrupt": _work_may_stop,
        "done": _somebody_defended,
        "forensics": _disks_matter,
        "rotated": _key_leaked,
    }
)
"""What each question is about."""
