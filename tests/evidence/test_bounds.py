"""Just within the bounds of the table of bad input, and just beyond them; and what the user named himself."""

import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from investigator.domain.event import Event
from investigator.domain.index_report import FileReport, IndexReport
from investigator.ports.store import Snapshot
from investigator.proof.records import OriginalRecords

from .limited import limited, read_path
from .trails import compact, record, texts, trail, write

Report = Callable[[Path], FileReport]
Index = Callable[[Path], IndexReport]
LARGEST_RECORD = 16 * 2**20
NUL = os.makedev(1, 3) if hasattr(os, "makedev") else 0


def deep(levels: int, key: str = "requestParameters", inside: str = "1") -> str:
    """A record that is nested as deep: itself is the first level, the value of a key the second."""
    value = '{"a":' * (levels - 1) + inside + "}" * (levels - 1)
    return compact(record(2, **{key: ...}))[:-1] + f',"{key}":{value}}}'


def of_size(size: int) -> str:
    """A record of so many bytes."""
    empty = len(compact(record(2, requestParameters={"blob": ""})))
    return compact(record(2, requestParameters={"blob": "x" * (size - empty)}))


@pytest.mark.parametrize(
    "one", [deep(64), deep(64, "rest"), of_size(LARGEST_RECORD)], ids=["64", "64 of a new key", "16 MiB"]
)
def test_what_is_just_within_the_bounds_is_a_record(one: str, tmp_path: Path, report_of: Report) -> None:
    row = report_of(write(tmp_path / "logs" / "log.json", texts([compact(record(1)), one, compact(record(3))])))

    assert (row.status, row.records, row.quarantined, row.flags) == ("ok", 3, 0, ())


@pytest.mark.parametrize("join", [texts, lambda raws: "\n".join(raws).encode()], ids=["list", "lines"])
@pytest.mark.parametrize(
    ("one", "why"),
    [
        (deep(65), "too_deep"),
        (deep(65, "rest"), "too_deep"),
        (deep(65, inside="NaN"), "too_deep"),
        (of_size(LARGEST_RECORD + 1), "oversize"),
    ],
    ids=["65 levels", "65 of a new key", "65 around an odd number", "over 16 MiB"],
)
def test_what_is_just_beyond_them_is_refused_where_it_stands(
    one: str, why: str, join: Callable[[list[str]], bytes], tmp_path: Path, report_of: Report
) -> None:
    content = join([compact(record(1)), one, compact(record(3))])

    row = report_of(write(tmp_path / "logs" / "log.json", content))

    assert (row.status, row.reason, row.records, row.quarantined) == ("partial", "quarantined", 2, 1)
    assert (row.flags, row.offset) == ((why,), content.index(one.encode()))


def as_lines(count: int) -> Iterator[str]:
    yield from (compact(record(n, requestParameters={"note": "x" * 2**18})) + "\n" for n in range(count))


def as_list(count: int) -> Iterator[str]:
    yield '{"Records":['
    yield from (("," if n else "") + line for n, line in enumerate(as_lines(count)))
    yield "]}"


@pytest.mark.parametrize("written", [as_lines, pytest.param(as_list, marks=pytest.mark.soak)])
def test_lines_and_lists_have_no_largest_size(written: Callable[[int], Iterator[str]], tmp_path: Path) -> None:
    """More than 256 MiB, the most that one document may hold, in a process with little memory."""
    path = tmp_path / "log.json"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(written(1_100))

    outcome = limited(read_path, path)

    assert path.stat().st_size > 256 * 2**20
    assert (outcome.status, outcome.records, outcome.quarantined) == ("ok", 1_100, 0)


def test_bytes_that_are_no_text_stay_in_the_original(tmp_path: Path, opened: Callable[..., Snapshot]) -> None:
    content = texts([compact(record(userAgent="AGENT"))]).replace(b"AGENT", b"a\xffb")
    store = opened(write(tmp_path / "log.json", content))

    [original] = OriginalRecords(store).read(["ct:event-1"]).values()

    assert b'"a\xffb"' in original.original


NAMED = {
    "text.txt": b"nothing to see here\n",
    "other.json": b'{"a": [1, 2, {"b": null}]}',
    "page.html": b"<html><body>{}</body></html>",
    "feed.xml": b'<?xml version="1.0"?><Records></Records>',
    "noise.bin": bytes(range(256)) * 8,
    "number.json": b"42",
    "null.json": b"null",
}


@pytest.mark.parametrize("name", NAMED)
def test_what_is_no_trail_is_refused_when_the_user_named_it(name: str, tmp_path: Path, index: Index) -> None:
    [row] = index(write(tmp_path / name, NAMED[name])).files

    assert (row.status, row.reason, row.records) == ("reject", "not_cloudtrail", 0)


def test_a_known_neighbour_is_named_also_when_the_user_named_it(tmp_path: Path, index: Index) -> None:
    digest = b'{"awsAccountId":"1","digestStartTime":"x","logFiles":[]}'

    [row] = index(write(tmp_path / "digest.json", digest)).files

    assert (row.status, row.reason) == ("skip", "digest")


@pytest.mark.skipif(not Path("/dev/zero").is_char_device(), reason="no devices among the files here")
def test_a_device_is_never_opened(index: Index) -> None:
    """This one would never end."""
    [row] = index(Path("/dev/zero")).files

    assert (row.status, row.reason, row.records) == ("skip", "not_a_regular_file", 0)


def test_a_device_in_a_folder_is_left_alone(tmp_path: Path, index: Index) -> None:
    write(tmp_path / "logs" / "log.json", trail(record()))
    try:
        os.mknod(tmp_path / "logs" / "device", stat.S_IFCHR | 0o600, NUL)
    except (OSError, AttributeError):
        pytest.skip("devices cannot be made here")

    rows = {row.path: (row.status, row.reason) for row in index(tmp_path / "logs").files}

    assert rows == {"device": ("skip", "not_a_regular_file"), "log.json": ("ok", None)}


def undated(read: Callable[..., list[Event]], path: Path) -> list[tuple[str, bool, tuple[str, ...]]]:
    return [(event.id, event.time is None, event.flags) for event in read(path)]


def test_an_undated_record_stands_last_and_takes_the_time_of_its_wrapper_when_that_has_one(
    tmp_path: Path, read: Callable[..., list[Event]]
) -> None:
    late = record(1, eventTime="soon")
    wrapped = {"EventTime": "2025-03-01T09:00:00Z", "CloudTrailEvent": json.dumps(record(2, eventTime="soon"))}
    path = write(tmp_path / "log.json", "\n".join(map(compact, (late, wrapped, record(3)))).encode())

    assert undated(read, path) == [
        ("ct:event-2", False, ("time_from_wrapper",)),
        ("ct:event-3", False, ()),
        ("ct:event-1", True, ("bad_time",)),
    ]
