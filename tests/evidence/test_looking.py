"""Predicates asked of events whose values alone do not tell."""

from pathlib import Path

import numpy as np

from investigator.domain.expression import Expression, Sought
from investigator.evidence.library import EvidenceLibrary
from investigator.evidence.looking import MOST, batches
from investigator.ports.store import Snapshot

from .trails import record, trail, write

OPEN = Expression("NULL::BOOLEAN", ())
"""Only the whole record can tell."""


def store(folder: Path, *files: list[dict[str, object]]) -> Snapshot:
    for number, records in enumerate(files):
        write(folder / "logs" / f"{number}.json", trail(*records))
    library = EvidenceLibrary(folder / "stores")
    return library.open(library.pin([folder / "logs"]))


def found(snapshot: Snapshot, *predicates: str) -> list[list[str]]:
    sought = [Sought(None, (), OPEN, predicate) for predicate in predicates]
    return [[id_ for tally in tallies for id_ in tally.ids] for tallies in snapshot.matches(sought, ())]


def test_each_predicate_is_asked_of_its_own_events(tmp_path: Path) -> None:
    snapshot = store(tmp_path, [record(1, requestParameters={"a": 1}), record(2, readOnly=False), record(3)])

    assert found(snapshot, "request IS NOT NULL", "NOT read_only", "source = 'iam.amazonaws.com'", "true") == [
        ["ct:event-1"],
        ["ct:event-2"],
        ["ct:event-1", "ct:event-2", "ct:event-3"],
        ["ct:event-1", "ct:event-2", "ct:event-3"],
    ]


def test_records_that_share_an_id_are_asked_by_the_ids_that_tell_them_apart(tmp_path: Path) -> None:
    one, other = record(1, sourceIPAddress="198.51.100.7"), record(1, sourceIPAddress="203.0.113.9")
    snapshot = store(tmp_path, [one, record(2)], [other, record(2)])

    conflicting, flagged, twice = found(
        snapshot, "contains(id, '@') AND request IS NULL", "contains(flags, 'id_conflict')", "id = 'ct:event-2'"
    )

    assert len(conflicting) == len(flagged) == 2
    assert twice == ["ct:event-2"]


def test_so_many_events_are_asked_about_in_several_goes() -> None:
    asked = [np.arange(3), np.arange(2 * MOST), np.arange(0), np.arange(5)]

    goes = [[(number, len(ranks)) for number, ranks in go] for go in batches(asked)]

    assert goes == [[(0, 3), (1, MOST - 3)], [(1, MOST)], [(1, 3), (3, 5)]]
