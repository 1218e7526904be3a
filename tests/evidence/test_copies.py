"""One event that stands in several places is one event; different events that share an id are told apart."""

import itertools
import os
from collections.abc import Callable
from pathlib import Path

from investigator.domain.canonical import digest, loads
from investigator.domain.event import Event
from investigator.domain.search import Search, parse_search
from investigator.evidence.folding import fold
from investigator.evidence.library import EvidenceLibrary
from investigator.evidence.manifest import Manifest
from investigator.ports.progress import quiet
from investigator.ports.store import Snapshot
from tests.support.record_forms import ocsf

from .trails import Json, compact, record, trail, write

Read = Callable[..., list[Event]]
ORDERS = list(itertools.permutations(range(4)))[:: 1 if os.environ.get("INVESTIGATOR_SOAK") else 3]
"""All orders of four, or eight of them in which each of the four comes first."""
Open = Callable[..., Snapshot]


def named(one: Json) -> str:
    """The id of one of several events that share an eventID."""
    return f"ct:{one['eventID']}@{digest(loads(compact(one)))[:8]}"


def test_the_same_record_in_two_files_is_one_event_with_two_places(tmp_path: Path, opened: Open) -> None:
    first = write(tmp_path / "logs/a.json", trail(record(1), record(2)))
    second = write(tmp_path / "logs/b.json", trail(record(2), record(3)))

    store = opened(tmp_path / "logs")

    assert [event.id for event in store.events(Search())] == ["ct:event-1", "ct:event-2", "ct:event-3"]
    assert {place.path for place in store.places(["ct:event-2"])["ct:event-2"]} == {first, second}


def test_the_same_record_twice_in_one_file_is_one_event(tmp_path: Path, opened: Open) -> None:
    store = opened(write(tmp_path / "a.json", trail(record(1), record(1))))

    assert (store.group(Search()).count, len(store.places(["ct:event-1"])["ct:event-1"])) == (1, 2)


def test_key_order_and_layout_make_no_other_event(tmp_path: Path, read: Read) -> None:
    turned = dict(reversed(record(1, requestParameters={"a": 1, "b": 2}).items()))
    write(tmp_path / "logs/a.json", trail(record(1, requestParameters={"b": 2, "a": 1})))
    write(tmp_path / "logs/b.json", trail(turned))

    assert [event.id for event in read(tmp_path / "logs")] == ["ct:event-1"]


def test_a_copy_that_only_lacks_fields_is_folded_into_the_fullest(tmp_path: Path, opened: Open) -> None:
    full = record(1, requestParameters={"userName": "bob"})
    write(tmp_path / "logs/a.json", trail(record(1, requestParameters=..., eventCategory=...)))
    write(tmp_path / "logs/b.json", trail(full))
    write(tmp_path / "logs/c.json", trail(record(1, requestParameters=None, userAgent=...)))

    store = opened(tmp_path / "logs")

    [event] = store.events(Search())
    assert (event.id, event.request, event.flags) == ("ct:event-1", {"userName": "bob"}, ())
    assert len(store.places(["ct:event-1"])["ct:event-1"]) == 3


def test_events_that_share_an_id_and_differ_are_both_kept(tmp_path: Path, opened: Open) -> None:
    one, other = record(1, eventName="CreateUser"), record(1, eventName="DeleteUser")
    write(tmp_path / "logs/a.json", trail(one))
    write(tmp_path / "logs/b.json", trail(other, one))

    store = opened(tmp_path / "logs")

    events = {event.id: (event.name, event.flags) for event in store.events(Search())}
    assert events == {
        named(one): ("CreateUser", ("id_conflict",)),
        named(other): ("DeleteUser", ("id_conflict",)),
    }
    places = store.places([named(one), named(other), "ct:event-1"])
    assert {id_: len(found) for id_, found in places.items()} == {named(one): 2, named(other): 1}


def test_a_copy_without_fields_stays_with_the_event_it_agrees_with(tmp_path: Path, opened: Open) -> None:
    one = record(1, sourceIPAddress="10.0.0.1", userAgent="first")
    other = record(1, sourceIPAddress="10.0.0.2", userAgent="second")
    part = record(1, sourceIPAddress=..., userAgent="second")
    for name, content in (("a", one), ("b", other), ("c", part)):
        write(tmp_path / f"logs/{name}.json", trail(content))

    store = opened(tmp_path / "logs")

    assert [event.id for event in store.events(Search())] == sorted([named(one), named(other)])
    assert len(store.places([named(other)])[named(other)]) == 2


def test_a_looked_up_record_and_the_files_record_are_one_event(tmp_path: Path, opened: Open) -> None:
    inner = compact(record(1)).replace('"', '\\"')
    write(tmp_path / "logs/a.json", trail(record(1)))
    write(tmp_path / "logs/b.jsonl", f'{{"EventId":"event-1","CloudTrailEvent":"{inner}"}}'.encode())

    assert opened(tmp_path / "logs").group(Search()).count == 1


def test_folding_does_not_depend_on_names_order_or_splitting(tmp_path: Path) -> None:
    copies = [
        record(1, eventName="CreateUser"),
        record(1, eventName="DeleteUser", userAgent=...),
        record(1, eventName="DeleteUser"),
        record(2),
    ]
    found = set()
    for number, order in enumerate(ORDERS):
        library = EvidenceLibrary(tmp_path / f"stores-{number}")
        logs = tmp_path / f"logs-{number}"
        for place, position in enumerate(order):
            write(logs / f"{place}.json{'.gz' if place % 2 else ''}", trail(copies[position]))
        store = library.open(library.pin([logs]))
        found.add(repr(list(store.events(Search()))))

    [events] = found
    assert events.count("Event(") == 3


def test_a_snapshot_folds_only_what_it_holds(tmp_path: Path, library: EvidenceLibrary) -> None:
    first = write(tmp_path / "logs/a.json", trail(record(1, eventName="CreateUser")))
    write(tmp_path / "logs/b.json", trail(record(1, eventName="DeleteUser")))
    library.index([tmp_path / "logs"], quiet)

    alone = library.open(library.pin([first]))

    assert [event.id for event in alone.events(Search())] == ["ct:event-1"]


def test_distinct_events_are_counted(tmp_path: Path, library: EvidenceLibrary) -> None:
    write(tmp_path / "logs/a.json", trail(record(1), record(2)))
    write(tmp_path / "logs/b.json", trail(record(2), record(3)))

    report = library.index([tmp_path / "logs"], quiet)

    assert (report.records, report.distinct) == (4, 3)


def test_conflicts_can_be_searched(tmp_path: Path, opened: Open) -> None:
    write(tmp_path / "a.json", trail(record(1, eventName="CreateUser"), record(1, eventName="DeleteUser"), record(2)))

    group = opened(tmp_path / "a.json").group(parse_search("flags=id_conflict eventID=event-1"))

    assert group.count == 2


def test_nulls_and_absent_keys_make_the_same_ids_wherever_they_stand(tmp_path: Path) -> None:
    """Two copies with equal columns but other bytes, and one event that really differs."""
    copies = [record(1, errorCode=None), record(1), record(1, eventName="DeleteUser")]
    found = set()
    for number, order in enumerate(itertools.permutations(copies)):
        library = EvidenceLibrary(tmp_path / f"stores-{number}")
        for place, one in enumerate(order):
            write(tmp_path / f"logs-{number}/{place}.json.gz", trail(one))
        store = library.open(library.pin([tmp_path / f"logs-{number}"]))
        found.add(tuple(event.id for event in store.events(Search())))

    assert len(found) == 1


def test_conflicts_are_told_even_when_the_files_are_gone(tmp_path: Path, library: EvidenceLibrary) -> None:
    first = write(tmp_path / "logs/a.json", trail(record(1, eventName="CreateUser")))
    second = write(tmp_path / "logs/b.json", trail(record(1, eventName="DeleteUser", requestParameters={"a": [1]})))
    one, other = library.pin([first]), library.pin([second])
    contents = [library.open(pinned).places(["ct:event-1"]) for pinned in (one, other)]
    manifest = Manifest(tmp_path / "stores/manifest.sqlite")
    held = [row.contents[0] for row in (manifest.snapshot(one), manifest.snapshot(other)) if row]
    first.unlink()
    second.unlink()

    row = fold(tmp_path / "stores", manifest, "both", sorted(held))

    assert (len(contents), row.events, row.folded) == (2, 2, 2)


def test_an_id_of_very_many_forms_is_settled_without_comparing_all_pairs(tmp_path: Path, opened: Open) -> None:
    rows = [record(1, userAgent=f"agent {number}") for number in range(3_000)]

    assert opened(write(tmp_path / "a.json", trail(*rows, *rows[:10]))).group(Search()).count == 3_000


def test_a_poorer_copy_in_another_form_is_folded_into_the_fullest(tmp_path: Path, opened: Open) -> None:
    poorer = ocsf(record(1, requestParameters={"a": 1}, userAgent=""))
    write(tmp_path / "a.json", trail(record(1, requestParameters={"a": 1})))
    write(tmp_path / "b.json", compact(poorer).encode())

    [event] = opened(tmp_path).events(Search())

    assert (event.id, event.agent, event.flags) == ("ct:event-1", "aws-cli/2.15", ())
