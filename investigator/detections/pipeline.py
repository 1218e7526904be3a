"""What holds for every rule: whose events count, and how the level follows from outcome and actor."""

from investigator.detections.rule import Rule
from investigator.domain.event import Event
from investigator.domain.words import Severity

_SERVICE_ITSELF = (
    "(coalesce(identity, '') = 'AWSService' OR lower(coalesce(event_type, '')) = 'awsserviceevent'"
    " OR contains(coalesce(issuer, ''), ':role/aws-service-role/'))"
)


def scoped(condition: str, *, services: bool) -> str:
    """The condition without AWS acting for itself, unless the rule is about that."""
    return f"({condition})" if services else f"({condition}) AND NOT {_SERVICE_ITSELF}"


def weight(rule: Rule, event: Event) -> Severity | None:
    """The level of one match, or None when a service only read on the caller's behalf.

    One lower for an attempt and for a write that a service forwarded; one higher for root and long-term keys, where
    a read stays low.
    """
    if _forwarded(event) and event.read_only:
        return None
    level = rule.level
    if not rule.fixed and (event.identity == "Root" or event.key.startswith("AKIA")):
        level = level.raised() if not event.read_only else max(level, Severity.LOW, key=lambda word: word.number)
    if _forwarded(event):
        level = level.lowered()
    return level if event.succeeded or rule.attempts_count else level.lowered()


def _forwarded(event: Event) -> bool:
    return bool(event.invoked_by) or event.ip.endswith(".amazonaws.com")
