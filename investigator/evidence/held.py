"""Whole events in memory, fetched once by their rank: a case asks many small questions about the same few."""

from collections.abc import Sequence
from threading import RLock

import numpy as np

from investigator.domain.event import Event
from investigator.evidence.engine import Engine, Parameter, Values
from investigator.evidence.loaded import Columns, Ranks
from investigator.evidence.rows import EVENT_COLUMNS, event, place_in_order
from investigator.evidence.schema import PART_COLUMNS
from investigator.evidence.whole_rows import WholeRows

WHOLE = 100_000
"""Events of a snapshot up to which all are held at the first question."""
MOST = 20_000
"""Events that are held of a larger one."""
KNOWN = 10_000
"""Events that are kept as such."""
AMONG = "rank IN (SELECT unnest(?::BIGINT[]))"
"""SQL: one of some events of the table."""
_SELECT = f"SELECT rank, {', '.join(EVENT_COLUMNS)} FROM held WHERE {AMONG}"


class Held:
    """The table `held`: events with their rank, the position in the order of the snapshot."""

    def __init__(self, engine: Engine, columns: Columns) -> None:
        self._engine, self._columns = engine, columns
        self._lock = RLock()
        self._rows = WholeRows(columns.parts, columns.starts)
        self._there = np.zeros(len(columns), np.bool_)
        self._known: dict[int, Event] = {}
        self.most = WHOLE if len(columns) <= WHOLE else MOST
        """How many events can be asked for at once."""
        engine.run("CREATE TABLE held AS SELECT NULL::BIGINT AS rank, * FROM events WHERE false")

    def events(self, ranks: Ranks) -> Sequence[Event]:
        """These events in their order."""
        return sorted(self.at(ranks), key=place_in_order)

    def at(self, ranks: Ranks) -> Sequence[Event]:
        """The event of each rank."""
        with self._lock:
            wanted: list[int] = ranks.tolist()
            new = [rank for rank in wanted if rank not in self._known]
            if new:
                if len(self._known) + len(new) > KNOWN:
                    self._known.clear()
                    new = wanted
                rows = self.asked(_SELECT, (), np.array(new, np.int64))
                self._known.update((int(str(rank)), event(tuple(values))) for rank, *values in rows)
            return [self._known[rank] for rank in wanted]

    def asked(self, sql: str, parameters: Sequence[Parameter], ranks: Ranks) -> Sequence[Values]:
        """The rows of a query over `held` whose first parameter is that of AMONG."""
        with self._lock:
            self._hold(ranks)
            return tuple(self._engine.rows(sql, [ranks.tolist(), *parameters]))

    def hold(self, ranks: Ranks) -> None:
        """Take these in, as many as there is room for, so that they are fetched together."""
        with self._lock:
            self._hold(ranks[: self.most])

    def _hold(self, ranks: Ranks) -> None:
        missing = ranks[~self._there[ranks]]
        if not len(missing):
            return
        if self.most == WHOLE:
            missing = np.flatnonzero(~self._there)
        elif int(self._there.sum()) + len(missing) > MOST:
            self._engine.run("DELETE FROM held")
            self._there[:] = False
            missing = ranks
        missing = missing[np.argsort(self._columns.places[missing])]
        known = self._columns.known(missing)
        rest = [name for name in PART_COLUMNS if name not in known]
        rows = self._rows.at(self._columns.places[missing], rest, {**known, "rank": missing.tolist()})
        self._engine.insert("held", rows)
        self._there[missing] = True
