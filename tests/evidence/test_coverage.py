"""What log files cover: by account, Region and kind of events, hour by hour, no better than they were read."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from investigator.domain.coverage import Cell
from investigator.domain.search import Search, parse_search
from investigator.domain.times import Window
from investigator.domain.words import CellState
from investigator.ports.store import Snapshot

from .trails import record, session, trail, write

Open = Callable[..., Snapshot]


def shown(cells: tuple[Cell, ...]) -> list[tuple[str, str, str, int, int, int, str]]:
    return [
        (
            cell.account[-4:],
            cell.region,
            cell.events,
            cell.window.start.hour,
            cell.window.end.hour,
            cell.records,
            cell.state,
        )
        for cell in cells
    ]


def test_a_cell_spans_the_hours_from_first_to_last_record(tmp_path: Path, opened: Open) -> None:
    store = opened(write(tmp_path / "log.json", trail(record(1), record(2), record(3 * 3600))))

    assert shown(store.cells()) == [("3333", "us-east-1", "management", 10, 14, 3, "unverified")]


def test_accounts_regions_and_kinds_have_cells_of_their_own(tmp_path: Path, opened: Open) -> None:
    rows = [
        record(1),
        record(2, awsRegion="eu-west-1"),
        record(3, recipientAccountId="444455556666"),
        record(4, eventSource="s3.amazonaws.com", eventCategory="Data", managementEvent=False),
        record(5, eventSource="lambda.amazonaws.com", eventCategory=..., managementEvent=False),
        record(6, eventCategory="Insight", eventType="AwsCloudTrailInsight"),
        record(7, eventCategory="NetworkActivity"),
        record(8, eventTime="never"),
    ]

    cells = shown(opened(write(tmp_path / "log.json", trail(*rows))).cells())

    assert [(account, region, kind) for account, region, kind, *_ in cells] == [
        ("3333", "eu-west-1", "management"),
        ("3333", "us-east-1", "data:lambda"),
        ("3333", "us-east-1", "data:s3"),
        ("3333", "us-east-1", "insight"),
        ("3333", "us-east-1", "management"),
        ("3333", "us-east-1", "network"),
        ("6666", "us-east-1", "management"),
    ]


def test_hours_of_a_cut_file_are_partial(tmp_path: Path, opened: Open) -> None:
    write(tmp_path / "logs/a.json", trail(record(1), record(2 * 3600), record(4 * 3600)))
    write(tmp_path / "logs/b.json", trail(record(2 * 3600 + 5), record(2 * 3600 + 6))[:-40])

    assert shown(opened(tmp_path / "logs").cells()) == [
        ("3333", "us-east-1", "management", 10, 12, 1, "unverified"),
        ("3333", "us-east-1", "management", 12, 14, 2, "partial"),
        ("3333", "us-east-1", "management", 14, 15, 1, "unverified"),
    ]


def test_counting_stays_within_the_cells(tmp_path: Path, opened: Open) -> None:
    rows = [record(1), record(2, awsRegion="eu-west-1"), record(3, eventName="CreateUser"), record(3600)]
    store = opened(write(tmp_path / "log.json", trail(*rows)))
    hour = Window(start=datetime(2025, 3, 1, 10, tzinfo=UTC), end=datetime(2025, 3, 1, 11, tzinfo=UTC))
    cell = Cell(
        source="logs", account="111122223333", region="us-east-1", events="management", window=hour, records=2,
        state=CellState.UNVERIFIED,
    )  # fmt: skip

    assert store.count(Search(), "events", [cell]) == 2
    assert store.count(Search(), "eventName", [cell]) == 2
    assert store.count(parse_search("name=CreateUser"), "events", [cell]) == 1
    assert store.count(Search(), "events", []) == 4
    extent = store.extent(Search(), [cell])
    assert (extent.ids, extent.last and extent.last.second) == (("ct:event-1", "ct:event-3"), 3)


def test_a_cell_of_one_key_holds_that_keys_calls(tmp_path: Path, opened: Open) -> None:
    store = opened(write(tmp_path / "log.json", trail(record(1), record(2, userIdentity=session()))))
    day = Window(start=datetime(2025, 3, 1, tzinfo=UTC), end=datetime(2025, 3, 2, tzinfo=UTC))
    cell = Cell(
        source="lookup_events", account="111122223333", region="us-east-1", events="management",
        filter={"AccessKeyId": "ASIASESSION000000000"}, window=day, records=1, state=CellState.SEEN,
    )  # fmt: skip

    assert store.extent(Search(), [cell]).ids == ("ct:event-2",)


def test_distinct_values_are_counted_through_lists(tmp_path: Path, opened: Open) -> None:
    rows = [
        record(1, resources=[{"ARN": "a"}, {"ARN": "b"}]),
        record(2, resources=[{"ARN": "b"}]),
        record(3, resources=None),
    ]
    store = opened(write(tmp_path / "log.json", trail(*rows)))

    assert store.count(Search(), "resources.ARN", []) == 2
