"""How far linking goes, and the Gaps that say where it ended."""

from collections.abc import Iterator, Sequence

from investigator.domain.gap import Gap
from investigator.stages.chains.forest import MOST_CREDENTIALS, Forest

HOPS = 12
"""No chain of AWS role sessions is longer in practice; a longer one is a Gap."""
MOST_CALLS = MOST_CREDENTIALS + 1
"""Calls of one kind and hop that are read: one more than there is room for."""
MOST_ALIKE = 20
"""Gaps of one kind that are told one by one."""
MOST_NAMED = 10


def too_far(way: str, ends: Sequence[str]) -> Gap:
    """A Gap for the credentials that lie beyond the last hop, `above` or `below` the last ones that were followed."""
    return Gap.of(
        what=f"the credentials {way} {some(ends)}, beyond the last hop that was followed",
        why=f"the chain has more than {HOPS} hops",
        effect="records of credentials further on are not attributed",
        close="open a case on the last credentials of the chain",
    )


def some(names: Sequence[str], most: int = MOST_NAMED) -> str:
    """The first of the names, and how many more there are."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def no_room(forest: Forest) -> Iterator[Gap]:
    """A Gap for credentials that the forest had no room for."""
    left = list(forest.left_out)
    if left:
        yield Gap.of(
            what=f"the records of at least {len(left):,} more credentials of the same chains, such as {left[0]}",
            why=f"the suspects' credentials tie in more than {MOST_CREDENTIALS:,}; those with the fewest hops to a "
            "suspect are kept, of one hop those that were issued first",
            effect="what was done with the others is not judged",
            close="open a case on a credential further down, or for a shorter time",
        )


def too_many(kind: str, last: str) -> Gap:
    """A Gap for calls of one kind after the last one that was read in a hop."""
    return Gap.of(
        what=f"{kind} of the linked credentials after {last}",
        why=f"one hop holds more than {MOST_CALLS - 1:,} of them; the earliest are followed",
        effect="credentials that came of the later ones are not linked",
        close="open a case for a shorter time, or on single credentials",
    )


def cut_short(gaps: Sequence[Gap]) -> Iterator[Gap]:
    """Gaps of one kind: the first of them, and one that counts the rest."""
    yield from gaps[:MOST_ALIKE]
    if len(gaps) > MOST_ALIKE:
        first, others = gaps[MOST_ALIKE], len(gaps) - MOST_ALIKE - 1
        what = f"{first.what}; and the same of {others:,} more" if others else first.what
        yield Gap.of(what=what, why=first.why, effect=first.effect, close=first.close)
