"""Matches of a rule as the store hands them out, events that weigh the same together, and how much they weigh."""

from dataclasses import dataclass

from investigator.detections.pipeline import FORWARDED
from investigator.detections.rule import Rule
from investigator.domain.event import Tally
from investigator.domain.expression import Expression
from investigator.domain.words import Severity

MATCH_COLUMNS = "id, time, account, region, principal, outcome, identity, key, read_only, invoked_by, ip"
"""What a query for matches has to give."""
BY = (
    Expression("principal", ("principal",)),
    Expression("account", ("account",)),
    Expression("outcome = 'success'", ("outcome",)),
    Expression("coalesce(identity, '') = 'Root' OR starts_with(coalesce(\"key\", ''), 'AKIA')", ("identity", "key")),
    Expression("coalesce(read_only, false)", ("read_only",)),
    Expression(FORWARDED, ("invoked_by", "ip")),
)
"""What events of one group have in common."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Matching events of one principal in one account, alike in all that weighs a match."""

    principal: str
    account: str
    succeeded: bool
    long_term: bool
    """Signed by root or with a long-term key."""
    read_only: bool
    forwarded: bool
    """A service made the call for the caller."""
    tally: Tally


def matches_of(tally: Tally) -> Matches:
    """A tally by BY."""
    principal, account, *truths = tally.values
    return Matches(principal, account, *(truth == "true" for truth in truths), tally=tally)


def weight(rule: Rule, match: Matches) -> Severity | None:
    """The level of a match, or None when a service only read on the caller's behalf.

    One lower for an attempt and for a write that a service forwarded; one higher for root and long-term keys, where
    a read stays low. A rule that is run as written keeps its level.
    """
    if rule.as_written:
        return rule.level
    if match.forwarded and match.read_only:
        return None
    level = rule.level
    if not rule.fixed and match.long_term:
        level = level.raised() if not match.read_only else max(level, Severity.LOW, key=lambda word: word.number)
    if match.forwarded:
        level = level.lowered()
    return level if match.succeeded or rule.attempts_count else level.lowered()
