"""Ids of the events of a snapshot: of some ranks, and the ranks of some ids."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from investigator.domain.search import Operator, Term
from investigator.evidence.engine import Engine
from investigator.evidence.loaded import Columns, Ranks
from investigator.evidence.part_columns import Texts
from investigator.evidence.search_sql import NULL

_MARK = re.compile("@[0-9a-f]{8}$")
"""Behind an eventID: what tells apart different records that share it."""


class Ids:
    """The column of ids, with those that folding gave in place of what parts hold."""

    def __init__(self, engine: Engine, columns: Columns, *, folded: bool) -> None:
        self._columns = columns
        self._texts = Texts(columns.parts, columns.starts, "id")
        self._renamed = dict(_renamed(engine, columns)) if folded else {}

    def at(self, ranks: Ranks) -> list[str]:
        """The ids of these events."""
        places = self._columns.places[ranks]
        ids = self._texts.at(places)
        if not self._renamed:
            return ids
        return [self._renamed.get(place, id_) for place, id_ in zip(places.tolist(), ids, strict=True)]

    def ranks(self, ids: Sequence[str]) -> Ranks:
        """The events with these ids, in order."""
        wanted = frozenset(ids)
        renamed = [place for place, id_ in self._renamed.items() if id_ in wanted]
        places = [place for place in self._texts.find(ids).tolist() if place not in self._renamed]
        return self._columns.ranks_at([*places, *renamed])

    def named_by(self, term: Term) -> Sequence[str] | None:
        """The ids that a term asks for; None when it asks for something else, or the ids alone cannot tell."""
        if term.op is not Operator.EQUALS or term.negated or NULL in term.values:
            return None
        if term.field == "id":
            return term.values
        if term.field != "eventID" or self._columns.beside("eventID"):
            return None
        plain = (f"ct:{value}" for value in term.values if not _MARK.search(value))
        return [*plain, *(id_ for id_ in self._marked if _MARK.sub("", id_).removeprefix("ct:") in term.values)]

    @cached_property
    def _marked(self) -> Sequence[str]:
        """The ids that tell apart records with one eventID."""
        ids = (*self._texts.containing("@"), *self._renamed.values())
        return [id_ for id_ in ids if id_.startswith("ct:") and _MARK.search(id_)]


def _renamed(engine: Engine, columns: Columns) -> Iterator[tuple[int, str]]:
    """The events of which several share one id, by place, with the id that tells them apart."""
    for part, row, id_ in engine.rows("SELECT part, part_row, id FROM events WHERE contains(id, '@')"):
        yield columns.place_of(str(part), int(str(row))), str(id_)
