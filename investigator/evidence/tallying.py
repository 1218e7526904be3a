"""Events in groups that share the values of some expressions, worked out once for many sets of events."""

from collections.abc import Sequence

import numpy as np

from investigator.domain.event import Tally
from investigator.domain.expression import Expression
from investigator.evidence.distinct import dense
from investigator.evidence.hot import Hot
from investigator.evidence.id_column import Ids
from investigator.evidence.loaded import Ranks
from investigator.evidence.outcomes import Outcomes


class Tallies:
    """What the tallies of some events, or of any of them, are made of."""

    def __init__(self, hot: Hot, outcomes: Outcomes, ids: Ids, ranks: Ranks, by: Sequence[Expression]) -> None:
        self._hot, self._ranks = hot, ranks
        self._ids = np.array(ids.at(ranks), np.object_)
        self._groups, self._values = _grouped(hot, outcomes, ranks, by)

    def of(self, ranks: Ranks) -> list[Tally]:
        """The groups of these events, in the order of their values."""
        if not len(ranks):
            return []
        places = np.searchsorted(self._ranks, ranks)
        groups = self._groups[places]
        order = np.argsort(groups, kind="stable")
        edges = np.flatnonzero(np.diff(groups[order])) + 1
        return [self._tally(some) for some in np.split(places[order], edges)]

    def _tally(self, places: Ranks) -> Tally:
        ranks = self._ranks[places]
        first, last = self._hot.extent(ranks)
        ids: list[str] = self._ids[places].tolist()
        return Tally(self._values[int(self._groups[places[0]])], first, last, tuple(self._hot.by_id(ranks, ids)))


def _grouped(
    hot: Hot, outcomes: Outcomes, ranks: Ranks, by: Sequence[Expression]
) -> tuple[Ranks, Sequence[tuple[str, ...]]]:
    """A number for the group of each event, which rises with the values of the group, and these values."""
    numbers = np.zeros(len(ranks), np.int64)
    told: list[tuple[Sequence[str], Ranks]] = []
    for one in by:
        rows, own = hot.kinds(one.columns, ranks)
        values = outcomes.values(one, rows)
        places = {value: place for place, value in enumerate(sorted(set(values)))}
        numbers = numbers * len(places) + np.array([places[value] for value in values], np.int64)[own]
        told.append((values, own))
    numbers = dense(numbers)
    first = np.zeros(int(numbers.max(initial=-1)) + 1, np.int64)
    first[numbers] = np.arange(len(ranks))
    return numbers, [tuple(values[int(own[place])] for values, own in told) for place in first.tolist()]
