"""Many small files become columns together; what was odd stays with the file that it was found in."""

from collections.abc import Callable
from pathlib import Path

from investigator.domain.index_report import IndexReport
from investigator.domain.search import Search
from investigator.ports.store import Snapshot

from .trails import compact, record, trail, write

DEEP = compact(record(50)).replace(
    '"requestParameters":', '"requestParameters":' + '{"a":' * 80 + "1" + "}" * 80 + ',"x":'
)
REPEATED = compact(record(60)).replace('"awsRegion":', '"awsRegion":"eu-west-1","awsRegion":')


def trail_of(*texts: str) -> bytes:
    return ('{"Records":[' + ",".join(texts) + "]}").encode()


def test_a_record_that_is_refused_counts_against_its_own_file(
    tmp_path: Path, index: Callable[[Path], IndexReport]
) -> None:
    logs = tmp_path / "logs"
    for number in range(40):
        write(logs / f"{number:02}.json", trail(record(number)))
    write(logs / "17-bad.json", trail_of(compact(record(51)), DEEP, compact(record(52))))

    report = index(logs)

    rows = {file.path: (file.status, file.records, file.quarantined, file.flags) for file in report.files}
    assert rows.pop("17-bad.json") == ("partial", 2, 1, ("too_deep",))
    assert set(rows.values()) == {("ok", 1, 0, ())}
    assert (report.records, report.distinct) == (42, 42)


def test_an_odd_record_among_files_keeps_its_place_and_its_flags(
    tmp_path: Path, opened: Callable[..., Snapshot]
) -> None:
    logs = tmp_path / "logs"
    paths = [write(logs / f"{number:02}.json", trail(record(number))) for number in range(20)]
    paths.append(write(logs / "10-odd.json", trail_of(REPEATED)))

    events = list(opened(*paths).events(Search()))

    assert len(events) == 21
    assert [event.id for event in events if "duplicate_key" in event.flags] == [f"ct:{record(60)['eventID']}"]
