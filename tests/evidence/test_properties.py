"""Properties of the store: what an event set gives does not depend on how it is cut, ordered, repeated or written.

A store costs far more than the few records of one event set. So every example draws several sets, each of an account of
its own, and checks them all in the same stores.
"""

import gzip
import json
import os
import tempfile
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from investigator.domain.event import Event
from investigator.domain.search import Search
from investigator.evidence.library import EvidenceLibrary
from tests.support.record_forms import athena_row, csv_text, ocsf

from .trails import Json, compact, record, session, trail

SETS, TOGETHER = (2_000, 40) if os.environ.get("INVESTIGATOR_SOAK") else (12, 4)
"""Event sets that are drawn for each property, and how many of them share an example."""
REPEATED = settings(
    max_examples=SETS // TOGETHER,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    database=None,
)
MEMORY = Path("/dev/shm")
"""A disk in memory, where there is one."""
ISSUER = {"type": "Role", "principalId": "AROADEPLOY", "arn": "arn:aws:iam::111122223333:role/deploy",
          "accountId": "111122223333", "userName": "deploy"}  # fmt: skip


def made(number: int, second: int, who: int, region: str) -> Json:
    identity = session(name=f"run-{who}", sessionIssuer=ISSUER) if who else record()["userIdentity"]
    time = f"2025-03-01T10:00:{second:02d}Z"
    return record(number, eventTime=time, awsRegion=region, userIdentity=identity, requestParameters={"n": number})


EVENTS = st.lists(
    st.builds(
        made, st.integers(1, 60), st.integers(0, 3), st.integers(0, 2), st.sampled_from(["us-east-1", "eu-west-1"])
    ),
    min_size=1, max_size=9, unique_by=lambda one: one["eventID"],
)  # fmt: skip
MANY = st.lists(EVENTS, min_size=TOGETHER, max_size=TOGETHER)
WRITERS = (
    lambda records: trail(*records),
    lambda records: gzip.compress(trail(*records), mtime=0),
    lambda records: json.dumps(records, indent=1).encode(),
    lambda records: "\n".join(map(compact, records)).encode(),
    lambda records: compact({"hits": {"hits": [{"_source": one} for one in records]}}).encode(),
    lambda records: b"".join(gzip.compress(trail(one), mtime=0) for one in records),
    lambda records: csv_text(list(map(athena_row, records))),
    lambda records: "\n".join(compact(ocsf(one)) for one in records).encode(),
)


def apart(sets: Sequence[Sequence[Json]], first: int = 1) -> list[list[Json]]:
    """The sets with an account and ids of their own each, so that none has to do with another."""
    return [
        [{**one, "eventID": f"{n}-{one['eventID']}", "recipientAccountId": f"{n:012}"} for one in records]
        for n, records in enumerate(sets, first)
    ]


@contextmanager
def stored() -> Generator[tuple[EvidenceLibrary, Path]]:
    """An empty store, and a folder for log files."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        logs = Path(folder) / "logs"
        logs.mkdir()
        yield EvidenceLibrary(Path(folder) / "stores"), logs


def known(files: Sequence[bytes]) -> list[Event]:
    """Every event of some files, without the words for their forms."""
    with stored() as (library, logs):
        for number, content in enumerate(files):
            (logs / str(number)).write_bytes(content)
        return [replace(event, flags=()) for event in library.open(library.pin([logs])).events(Search())]


def trails(sets: Sequence[Sequence[Json]]) -> list[bytes]:
    return [trail(*records) for records in sets]


def cut(records: Sequence[Json], data: st.DataObject) -> Iterator[bytes]:
    """The records in any order, some of them twice, in files of any size and form."""
    again = data.draw(st.lists(st.sampled_from(records), max_size=4))
    shuffled = data.draw(st.permutations([*records, *again]))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(shuffled)), max_size=3)))
    parts = [shuffled[start:end] for start, end in zip([0, *cuts], [*cuts, len(shuffled)], strict=True)]
    return (data.draw(st.sampled_from(WRITERS))(part) for part in parts if part)


@given(MANY, st.data())
@REPEATED
def test_cutting_shuffling_repeating_and_rewriting_changes_nothing(sets: list[list[Json]], data: st.DataObject) -> None:
    unrelated = apart(sets)

    files = [file for records in unrelated for file in cut(records, data)]

    assert known(data.draw(st.permutations(files))) == known(trails(unrelated))


@given(MANY, st.data())
@REPEATED
def test_all_of_it_twice_is_the_same_as_once(sets: list[list[Json]], data: st.DataObject) -> None:
    once = trails(apart(sets))
    again = [data.draw(st.sampled_from(WRITERS))(records) for records in apart(sets)]

    assert known([*once, *again]) == known(once)


@given(MANY, MANY)
@REPEATED
def test_an_unrelated_account_changes_nothing(ours: list[list[Json]], theirs: list[list[Json]]) -> None:
    own, other = trails(apart(ours)), trails(apart(theirs, first=1 + TOGETHER))

    together = known([*own, *other])

    assert [event for event in together if int(event.account) <= TOGETHER] == known(own)
    assert [event for event in together if int(event.account) > TOGETHER] == known(other)


@given(MANY, st.data())
@REPEATED
def test_sets_give_the_same_in_whatever_order_and_groups_they_are_added(
    sets: list[list[Json]], data: st.DataObject
) -> None:
    """The sets may hold other records of the same ids; one group is added once more at the end."""
    files = trails(sets)
    order = data.draw(st.permutations(range(len(files))))
    ends = sorted({*data.draw(st.lists(st.integers(1, len(files) - 1), max_size=2)), len(files)})
    groups = [order[start:end] for start, end in zip([0, *ends], ends, strict=False)]

    with stored() as (library, logs):
        for number, content in enumerate(files):
            (logs / str(number)).write_bytes(content)
        whole = list(library.open(library.pin([logs])).events(Search()))
    with stored() as (library, logs):
        for group in [*groups, groups[0]]:
            for number in group:
                (logs / str(number)).write_bytes(files[number])
            library.pin([logs / str(number) for number in group])
        merged = list(library.open(library.everything()).events(Search()))

    assert merged == whole


@given(MANY, st.lists(st.integers(-720, 720), min_size=TOGETHER, max_size=TOGETHER))
@REPEATED
def test_the_form_of_a_time_changes_nothing(sets: list[list[Json]], minutes: list[int]) -> None:
    unrelated = apart(sets)
    moved = [[in_zone(one, east) for one in records] for records, east in zip(unrelated, minutes, strict=True)]

    assert known(trails(moved)) == known(trails(unrelated))


def in_zone(one: Json, minutes: int) -> Json:
    zone = timezone(timedelta(minutes=minutes))
    return {**one, "eventTime": datetime.fromisoformat(one["eventTime"]).astimezone(zone).isoformat()}


@given(MANY)
@REPEATED
def test_events_stand_by_time_account_region_and_id(sets: list[list[Json]]) -> None:
    unrelated = apart(sets)

    found = known(trails(unrelated))

    assert found == sorted(found, key=lambda event: (event.time, event.account, event.region, event.id))
    assert {event.id for event in found} == {f"ct:{one['eventID']}" for records in unrelated for one in records}
