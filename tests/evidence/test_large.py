"""Large files are read in windows: the same records, the same places, no limit for lists and lines."""

import gzip
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from investigator.domain.event import Event
from investigator.domain.index_report import FileReport
from investigator.evidence.readers import stream
from investigator.evidence.readers.finding import Finding
from investigator.evidence.readers.rows import rows_of
from investigator.evidence.readers.stream import Refused, pieces_of, streamed
from tests.support.record_forms import athena_row, csv_text

from .limited import read_open
from .trails import compact, record, trail, write

PAD = {"note": "},{" * 20_000, "list": [{"a": 1}, {"b": 2}]}
MANY = [record(number, requestParameters=PAD) for number in range(1, 1_200)]
"""About 70 MB, full of text that looks like the end of a record."""


def windows(content: bytes) -> tuple[list[str], Finding]:
    """The ids that come out of the windows of a text, each checked against its place."""
    finding = Finding()
    found: list[str] = []
    for rows in rows_of(streamed(pieces_of(io.BytesIO(content), finding), finding), finding):
        for one, raw, offset in zip(rows.records, rows.raws, rows.offsets, strict=True):
            assert content.startswith(raw, offset)
            found.append(str(one.eventID))
    return found, finding


IDS = [f"event-{number}" for number in range(1, 1_200)]


@pytest.mark.parametrize(
    "content",
    [trail(*MANY), compact(MANY).encode(), "".join(map(compact, MANY)).encode(), "\n".join(map(compact, MANY)).encode(), b'{"a":"b", "Records" : [\n' + b" ,\n".join(compact(one).encode() for one in MANY) + b"]}"],
    ids=["a trail", "an array", "one after the other", "lines", "a spaced trail"],
)  # fmt: skip
def test_windows_give_every_record_in_its_place(content: bytes) -> None:
    found, finding = windows(content)

    assert (found, finding.quarantined, finding.partial) == (IDS, 0, None)


def test_a_damaged_record_costs_only_itself(tmp_path: Path) -> None:
    raws = [compact(one) for one in MANY]
    raws[600] = raws[600].replace('"ListUsers"', '"ListUsers')

    found, finding = windows(('{"Records":[' + ",".join(raws) + "]}").encode())

    assert found == IDS[:600] + IDS[601:]
    assert finding.quarantined == 1


@pytest.mark.parametrize(
    "around", [b'{"hits":{"total":{"n":9},"hits":[%s]}}', b'{"x":"[{","list":[\n%s\n]}'], ids=["hits", "a list"]
)
def test_a_large_wrapper_is_read_in_windows(around: bytes) -> None:
    content = around.replace(b"%s", b",".join(compact({"_source": one}).encode() for one in MANY))
    finding = Finding()

    found = [
        str(one.eventID)
        for rows in rows_of(streamed(pieces_of(io.BytesIO(content), finding), finding), finding)
        for one in rows.records
    ]

    assert (found, finding.quarantined, finding.strangers, finding.partial) == (IDS, 0, 0, None)


@pytest.mark.parametrize("between", [",", "\n"], ids=["a list", "lines"])
def test_what_is_larger_than_a_record_may_be_costs_only_itself(between: str) -> None:
    large = compact(record(600, requestParameters={"blob": "x" * 70 * 2**20}))
    inside = between.join([compact(MANY[0]), large, compact(MANY[2])]).encode()

    found, finding = windows(b'{"Records":[' + inside + b"]}" if between == "," else inside)

    assert (found, finding.quarantined, finding.flags) == (["event-1", "event-3"], 1, {"oversize"})


def test_a_large_table_is_read_in_pieces() -> None:
    rows = [athena_row(record(number, requestParameters={"note": "x" * 40_000})) for number in range(1, 1_800)]

    outcome = read_open(io.BytesIO(csv_text(rows)))

    assert (outcome.status, outcome.records, outcome.quarantined) == ("ok", 1_799, 0)


def test_a_large_trail_that_is_cut_says_so() -> None:
    found, finding = windows(trail(*MANY)[:-100])

    assert (found, finding.quarantined, finding.partial) == (IDS[:-1], 1, "truncated")


def test_packed_text_is_unpacked_as_it_is_read() -> None:
    content = trail(*MANY[:20])
    packed = gzip.compress(content[:1000]) + gzip.compress(content[1000:])
    finding = Finding()

    assert b"".join(pieces_of(io.BytesIO(gzip.compress(packed)), finding)) == content
    assert finding.flags == {"gzip_members", "nested_gzip"}


@pytest.mark.parametrize(("tail", "word"), [(b"junk", "gzip_trailing_data"), (b"\0\0", None)])
def test_bytes_after_a_large_packed_text_are_told(tail: bytes, word: str | None) -> None:
    finding = Finding()

    assert b"".join(pieces_of(io.BytesIO(gzip.compress(b"text") + tail), finding)) == b"text"
    assert finding.partial == word


def test_one_large_document_that_is_no_list_is_refused() -> None:
    content = b'{"other":"' + b"x" * (stream.WINDOW + 10) + b'"}'

    with pytest.raises(Refused, match="oversize"):
        windows(content)


def test_a_large_file_is_indexed(
    tmp_path: Path, index: Callable[[Path], object], read: Callable[..., list[Event]]
) -> None:
    path = write(tmp_path / "large.json.gz", trail(*MANY))

    [row] = index(path).files

    assert isinstance(row, FileReport)
    assert (row.status, row.records, row.quarantined) == ("ok", 1_199, 0)
    assert len(read(path)) == 1_199
