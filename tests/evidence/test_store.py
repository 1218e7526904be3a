"""The store: read once, never read again, pinned for ever, safe from the outside."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from investigator.domain.progress import Progress
from investigator.domain.search import Search, parse_search
from investigator.domain.trouble import Stopped
from investigator.evidence.jobs import Seen, jobs_of
from investigator.evidence.library import EvidenceLibrary
from investigator.ports.progress import quiet
from investigator.ports.store import Snapshot

from .trails import record, trail, write

Open = Callable[..., Snapshot]


def parts(library_folder: Path) -> set[str]:
    return {path.name for path in (library_folder / "parts").iterdir()}


def test_the_same_file_is_read_once(tmp_path: Path, library: EvidenceLibrary) -> None:
    path = write(tmp_path / "log.json", trail(record(1)))
    first = library.index([path], quiet)
    before = parts(tmp_path / "stores")

    again = library.index([path], quiet)

    assert (again.files, parts(tmp_path / "stores")) == (first.files, before)


def test_a_moved_file_is_known_by_its_content(tmp_path: Path, library: EvidenceLibrary) -> None:
    path = write(tmp_path / "log.json", trail(record(1)))
    snapshot = library.pin([path])
    before = parts(tmp_path / "stores")
    moved = path.rename(tmp_path / "moved.json")

    assert library.pin([moved]) == snapshot
    assert parts(tmp_path / "stores") == before
    [place] = library.open(snapshot).places(["ct:event-1"])["ct:event-1"]
    assert place.path == moved


def test_a_changed_file_is_another_content(tmp_path: Path, library: EvidenceLibrary) -> None:
    path = write(tmp_path / "log.json", trail(record(1)))
    old = library.pin([path])

    write(path, trail(record(1), record(2)))
    new = library.pin([path])

    assert (library.open(old).group(Search()).count, library.open(new).group(Search()).count) == (1, 2)


def test_a_snapshot_never_changes(tmp_path: Path, library: EvidenceLibrary) -> None:
    write(tmp_path / "logs/a.json", trail(record(1)))
    old = library.pin([tmp_path / "logs"])
    write(tmp_path / "logs/b.json", trail(record(2)))
    new = library.pin([tmp_path / "logs"])

    assert old != new
    assert [event.id for event in library.open(old).events(Search())] == ["ct:event-1"]


def test_a_snapshot_is_named_by_its_content_alone(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    write(here / "a.json", trail(record(1)))
    write(here / "b.json", trail(record(2)))
    write(there / "deep/y.json", trail(record(1)))
    write(there / "x.json", trail(record(2)))

    assert EvidenceLibrary(tmp_path / "one").pin([here]) == EvidenceLibrary(tmp_path / "two").pin([there])


def test_a_file_of_a_folder_can_be_pinned_alone(tmp_path: Path, library: EvidenceLibrary) -> None:
    for number in range(1, 6):
        write(tmp_path / f"logs/{number}.json", trail(record(number)))
    library.index([tmp_path / "logs"], quiet)

    store = library.open(library.pin([tmp_path / "logs/2.json", tmp_path / "logs/4.json"]))

    assert [event.id for event in store.events(Search())] == ["ct:event-2", "ct:event-4"]


def test_an_unknown_snapshot_is_a_mistake_of_the_caller(library: EvidenceLibrary) -> None:
    with pytest.raises(LookupError, match="no snapshot cafe"):
        library.open("cafe")


def test_nothing_is_a_snapshot_too(tmp_path: Path, library: EvidenceLibrary) -> None:
    (tmp_path / "logs").mkdir()

    store = library.open(library.pin([tmp_path / "logs"]))

    assert (list(store.events(Search())), store.group(Search()).count, store.cells()) == ([], 0, ())


def test_a_stopped_run_keeps_what_is_finished_and_goes_on(tmp_path: Path, library: EvidenceLibrary) -> None:
    logs = tmp_path / "logs"
    for number in range(1, 4):
        write(logs / f"{number}.json", trail(record(number)))

    def stop_at_once(progress: Progress) -> None:
        raise Stopped(progress.text)

    def stop_after_the_first(progress: Progress) -> None:
        if progress.done:
            raise Stopped(progress.text)

    with pytest.raises(Stopped):
        library.index([logs], stop_at_once)
    with pytest.raises(Stopped):
        library.index([logs], stop_after_the_first)
    report = library.index([logs], quiet)

    assert (report.records, report.distinct) == (3, 3)


def test_what_a_killed_run_left_behind_is_swept(tmp_path: Path, library: EvidenceLibrary) -> None:
    path = write(tmp_path / "log.json", trail(record(1)))
    library.index([path], quiet)
    kept = parts(tmp_path / "stores")
    for name in (".half.parquet.1", "orphan.parquet"):
        left = write(tmp_path / "stores/parts" / name, b"x")
        os.utime(left, (1, 1))
    young = write(tmp_path / "stores/parts/.young.parquet.2", b"x")

    library.index([write(tmp_path / "other.json", trail(record(2)))], quiet)

    assert parts(tmp_path / "stores") > kept | {young.name}
    assert not {".half.parquet.1", "orphan.parquet"} & parts(tmp_path / "stores")


def test_progress_says_how_far_it_is(tmp_path: Path, library: EvidenceLibrary) -> None:
    lines: list[Progress] = []
    write(tmp_path / "logs/a.json", trail(record(1), record(2)))

    library.index([tmp_path / "logs"], lines.append)

    assert [(line.unit, line.done, line.total) for line in lines] == [("files", 0, 1), ("events", 2, None)]
    assert lines[-1].text == "1 of 1 files"


def test_worker_processes_give_what_one_process_gives(tmp_path: Path) -> None:
    """Enough bytes that workers are started, in jobs of their own."""
    logs = tmp_path / "logs"
    for number in range(1, 5):
        padding = {"note": "x" * 3_000_000}
        write(logs / f"{number}.json", trail(record(number, requestParameters=padding), record(number + 10)))
    library = EvidenceLibrary(tmp_path / "stores")

    report = library.index([logs], quiet)

    assert [(file.path, file.records) for file in report.files] == [(f"{number}.json", 2) for number in range(1, 5)]
    assert library.open(library.pin([logs])).group(Search()).count == 8


def test_many_small_files_are_one_job_and_a_large_one_is_its_own() -> None:
    small = [Seen(f"{number}.json", 1_000, 0) for number in range(10)]
    large = Seen("large.json.gz", 40 * 2**20, 0)

    assert [len(job) for job in jobs_of([*small, large, *small])] == [10, 1, 10]


def test_a_store_can_be_copied_elsewhere(tmp_path: Path, library: EvidenceLibrary) -> None:
    snapshot = library.pin([write(tmp_path / "log.json", trail(record(1), record(1)))])
    shutil.copytree(tmp_path / "stores", tmp_path / "copy")

    assert EvidenceLibrary(tmp_path / "copy").open(snapshot).group(Search()).count == 1


def test_undated_events_come_last_and_equal_times_go_by_account_region_and_id(tmp_path: Path, opened: Open) -> None:
    same = {"eventTime": "2025-03-01T10:00:00Z"}
    rows = [
        record(1, eventTime="never"),
        record(2, **same, awsRegion="eu-west-1", recipientAccountId="222233334444"),
        record(4, **same, awsRegion="us-east-1"),
        record(3, **same, awsRegion="us-east-1"),
        record(5, **same, awsRegion="eu-west-1"),
        record(6, eventTime="2025-03-01T09:59:59Z"),
    ]

    events = list(opened(write(tmp_path / "log.json", trail(*rows))).events(Search()))

    assert [event.id.removeprefix("ct:event-") for event in events] == ["6", "5", "3", "4", "2", "1"]


def test_a_limit_gives_the_first_ones(tmp_path: Path, opened: Open) -> None:
    store = opened(write(tmp_path / "log.json", trail(*(record(number) for number in range(9, 0, -1)))))

    assert [event.id for event in store.events(Search(), limit=2)] == ["ct:event-1", "ct:event-2"]


def test_many_events_come_in_order_without_being_sorted_at_once(tmp_path: Path, opened: Open) -> None:
    rows = [record(number * 37 % 25_000) for number in range(25_000)]

    times = [event.time for event in opened(write(tmp_path / "log.json.gz", trail(*rows))).events(Search())]

    assert len(times) == 25_000
    assert times == sorted(times)


def test_a_group_lists_a_thousand_ids_and_counts_the_rest(tmp_path: Path, opened: Open) -> None:
    store = opened(write(tmp_path / "log.json", trail(*(record(number) for number in range(1, 1_201)))))

    group = store.group(parse_search("name=ListUsers"))

    assert (group.count, len(group.ids), group.more) == (1_200, 1_000, 200)
    assert group.ids[:2] == ("ct:event-1", "ct:event-2")
    assert group.values["name"] == {"ListUsers": 1_200}
    assert group.values["error"] == {}


def test_a_rule_gives_the_events_for_which_it_holds(tmp_path: Path, opened: Open) -> None:
    store = opened(write(tmp_path / "log.json", trail(record(1), record(2, eventName="CreateUser"))))

    found = list(store.matching("name = 'CreateUser' AND json_extract_string(extra, '$.managementEvent') = 'true'"))

    assert [event.id for event in found] == ["ct:event-2"]


@pytest.mark.parametrize(
    "predicate",
    [
        "length((SELECT content FROM read_text('/etc/hosts'))) > 0",
        "EXISTS (SELECT * FROM glob('/*'))",
        "EXISTS (SELECT * FROM read_csv('/etc/passwd'))",
        "EXISTS (SELECT * FROM '/etc/passwd')",
    ],
)
def test_a_query_reads_nothing_but_the_store(predicate: str, tmp_path: Path, opened: Open) -> None:
    store = opened(write(tmp_path / "log.json", trail(record(1))))

    with pytest.raises(duckdb.Error):
        list(store.matching(predicate))


def test_hours_are_counted(tmp_path: Path, opened: Open) -> None:
    rows = [record(1), record(2), record(3600), record(4, eventTime="never")]
    store = opened(write(tmp_path / "log.json", trail(*rows)))

    assert [(count.hour.isoformat(), count.records) for count in store.hours(Search())] == [
        ("2025-03-01T10:00:00+00:00", 2),
        ("2025-03-01T11:00:00+00:00", 1),
    ]


def test_a_store_of_an_earlier_version_is_brought_up_to_date(tmp_path: Path, library: EvidenceLibrary) -> None:
    path = write(tmp_path / "log.json", trail(record(1)))
    snapshot = library.pin([path])
    with sqlite3.connect(tmp_path / "stores" / "manifest.sqlite") as manifest:
        manifest.executescript("ALTER TABLE contents DROP COLUMN damage; PRAGMA user_version=1")

    again = EvidenceLibrary(tmp_path / "stores")

    assert (again.pin([path]), again.index([path], quiet).records) == (snapshot, 1)
    cut = write(tmp_path / "cut.json", trail(record(2), record(3))[:-200])
    rows = [again.index([cut], quiet).files[0] for _ in range(2)]
    assert rows[0] == rows[1]
    assert (rows[0].status, rows[0].records) == ("partial", 1)


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path, library: EvidenceLibrary) -> None:
    library.pin([write(tmp_path / "log.json", trail(record(1)))])
    with sqlite3.connect(tmp_path / "stores" / "manifest.sqlite") as manifest:
        manifest.execute("PRAGMA user_version=99")

    with pytest.raises(OSError, match="newer version"):
        EvidenceLibrary(tmp_path / "stores").everything()


def test_the_manifest_of_an_older_version_is_brought_up_to_date(tmp_path: Path, library: EvidenceLibrary) -> None:
    """The second layout kept parts by their names, with an index beside."""
    logs = [write(tmp_path / f"{number}.json", trail(record(number))) for number in (1, 2)]
    before = [library.pin(logs), library.pin(logs[:1])]
    with closing(sqlite3.connect(tmp_path / "stores/manifest.sqlite")) as manifest:
        manifest.executescript(
            "CREATE TABLE old (name TEXT NOT NULL, sha256 TEXT NOT NULL, rows INTEGER NOT NULL,"
            " PRIMARY KEY (name, sha256)) WITHOUT ROWID; INSERT INTO old SELECT * FROM parts; DROP TABLE parts;"
            " ALTER TABLE old RENAME TO parts; CREATE INDEX parts_by_content ON parts (sha256); PRAGMA user_version = 2"
        )

    later = EvidenceLibrary(tmp_path / "stores")

    assert [later.pin(logs), later.pin(logs[:1])] == before
    assert [later.open(pinned).group(Search()).count for pinned in before] == [2, 1]
