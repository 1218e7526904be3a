"""Traces looked for in many events at once: what cannot have one is not looked at."""

from pathlib import Path

from investigator.domain.expression import Expression, Sought, Trace
from investigator.evidence.library import EvidenceLibrary
from investigator.evidence.sieve import COMMON
from investigator.ports.store import Snapshot

from .trails import record, trail, write

OPEN = Expression("NULL::BOOLEAN", ())
"""Only the whole record can tell."""
KEY = Trace("request", ('"key"', "sesame"))


def store(folder: Path, *requests: object, **more: object) -> Snapshot:
    """Events 0, 1, 2 … with these requests."""
    records = [record(number, requestParameters=request, **more) for number, request in enumerate(requests)]
    library = EvidenceLibrary(folder / "stores")
    return library.open(library.pin([write(folder / "log.json", trail(*records))]))


def looked_at(snapshot: Snapshot, *traces: Trace, names: tuple[str, ...] | None = None) -> set[int]:
    """The events that are left to a predicate that holds for all."""
    [tallies] = snapshot.matches([Sought(names, (), OPEN, "true", traces)], ())
    return {int(id_.removeprefix("ct:event-")) for tally in tallies for id_ in tally.ids}


def test_only_events_with_all_texts_of_a_trace_are_left(tmp_path: Path) -> None:
    snapshot = store(tmp_path, {"key": "Open SESAME"}, {"key": "other"}, {"other": "sesame"}, None, {"key": "sesame"})

    assert looked_at(snapshot, KEY) == {0, 4}


def test_one_of_several_traces_is_enough(tmp_path: Path) -> None:
    snapshot = store(tmp_path, {"key": "sesame"}, {"other": 1}, {"third": 1}, responseElements={"third": 1})

    assert looked_at(snapshot, KEY, Trace("request", ('"other"',))) == {0, 1}
    assert looked_at(snapshot, Trace("response", ('"third"',))) == {0, 1, 2}


def test_what_an_escape_or_another_alphabet_may_hide_is_left(tmp_path: Path) -> None:
    snapshot = store(tmp_path, {"a": 'say "hi"'}, {"a": "plain"}, {"a": "\u212aey"})

    assert looked_at(snapshot, KEY) == {0, 2}


def test_a_text_in_two_requests_is_in_neither(tmp_path: Path) -> None:
    snapshot = store(tmp_path, {"a": 1}, {"b": 1})

    assert looked_at(snapshot, Trace("request", ('1}{"b',))) == set()


def test_a_text_that_most_events_have_tells_nothing_and_another_still_does(tmp_path: Path) -> None:
    requests = [{"key": "sesame" if number == 7 else "other"} for number in range(2 * COMMON)]
    snapshot = store(tmp_path, *requests)

    assert looked_at(snapshot, Trace("request", ('"key"',))) == {*range(2 * COMMON)}
    assert looked_at(snapshot, KEY) == {7}


def test_events_of_other_names_are_left_out(tmp_path: Path) -> None:
    snapshot = store(tmp_path, {"key": "sesame"})

    assert looked_at(snapshot, KEY, names=("ListUsers",)) == {0}
    assert looked_at(snapshot, KEY, names=("ListRoles",)) == set()
