"""Originals that are larger than the memory of the process that reads them again: in pieces, or refused with a word."""

import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from investigator.domain.places import Place
from investigator.proof.long_text import NotInPieces, long_records
from investigator.proof.reader import file_records, find
from investigator.proof.verify import verify
from tests.evidence.limited import limited
from tests.support.bundles import write_bundle
from tests.support.documents import document, records, write_logs
from tests.support.record_forms import athena_row

MIB = 2**20
FILLING = "x" * 2**18
"""What makes a record large and quick to read."""
MANY = 1_300
"""Records of this size, 325 MiB: more than half of the memory that the reader is given beyond its imports."""


def large(number, filling=FILLING):
    return {**records()[0], "eventID": f"large-{number}", "requestParameters": {"filling": filling}}


def as_lines():
    yield from (json.dumps(large(n)) + "\n" for n in range(MANY))


def as_trail():
    yield '{"Records":['
    yield from (("," if n else "") + json.dumps(large(n)) for n in range(MANY))
    yield "]}"


def as_hits():
    yield '{"took": 3, "hits": {"total": 2, "hits": [\n'
    yield from ((",\n" if n else "") + json.dumps({"_source": large(n)}, indent=1) for n in range(MANY))
    yield "]}}"


def as_table():
    columns = athena_row(large(0))
    yield ",".join(columns) + "\n"
    yield from (",".join(map(cell, athena_row(large(n)).values())) + "\n" for n in range(MANY))


def cell(text):
    return '"' + (text or "").replace('"', '""') + '"'


def found_in(path):
    """How many different records a file holds."""
    return len({record.text("eventID") for record in file_records(path)})


@pytest.mark.parametrize(
    "written",
    [
        as_lines,
        as_table,
        pytest.param(as_trail, marks=pytest.mark.soak),
        pytest.param(as_hits, marks=pytest.mark.soak),
    ],
)
def test_what_can_be_read_in_pieces_is_read_whatever_its_size(tmp_path, written):
    path = tmp_path / "log"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(written())

    assert limited(found_in, path) == MANY


def test_row_groups_of_parquet_are_read_one_after_the_other(tmp_path):
    path = tmp_path / "log.parquet"
    rows = [athena_row(large(n, f"{n}" + FILLING * 8)) for n in range(8)]
    table = pa.table({name: [row[name] for row in rows] for name in rows[0]})
    with pq.ParquetWriter(path, table.schema, use_dictionary=False, compression="none") as writer:
        for n in range(40):
            ids = pa.array([f"large-{n * 8 + row}" for row in range(8)])
            writer.write_table(table.set_column(table.schema.get_field_index("eventid"), "eventid", ids))

    assert path.stat().st_size > 600 * MIB
    assert limited(found_in, path) == 320


def place_found(path, place):
    return [record.text("eventID") for _, record in find(path, {"ct:large-1200": (place,)})]


@pytest.mark.soak
def test_a_place_in_a_large_packed_file_is_reached_without_holding_what_stands_before(tmp_path):
    path, offset = tmp_path / "log.json.gz", 0
    with gzip.open(path, "wb", compresslevel=1) as file:
        for n, line in enumerate(as_lines()):
            offset += file.write(line.encode()) if n < 1_200 else 0 * file.write(line.encode())
    place = Place(path=path, row=1_201, offset=offset, length=len(json.dumps(large(1_200))))

    assert limited(place_found, path, place) == ["large-1200"]
    assert limited(place_found, path, place.model_copy(update={"offset": 7})) == ["large-1200"]


def faults(bundle, folder):
    return [(fault.what, fault.reason) for fault in verify(bundle, folder).faults]


def test_one_document_beyond_the_budget_is_named_with_the_reason(tmp_path):
    bundle, logs = write_bundle(tmp_path / "case.zip", document()), tmp_path / "logs"
    (logs / "deep").mkdir(parents=True)
    write_logs(logs)
    with (logs / "deep" / "one.json").open("wb") as file:
        file.write(b'{"other":"')
        file.writelines(b"x" * MIB for _ in range(300))
        file.write(b'"}')
    (logs / "bomb.json.gz").write_bytes(gzip.compress(b"[" + b" " * (300 * MIB)))

    assert limited(faults, bundle, logs) == [
        ("bomb.json.gz", "it is too large to be checked: it unpacks to more than 600 times its size"),
        ("deep/one.json", "it is too large to be checked: it is one document of more than 256 MiB"),
    ]


FEW = [large(n, "y" * 50) for n in range(40)]
LENGTH = len(json.dumps(FEW[0]))
TEXTS = {
    "lines": "\n".join(map(json.dumps, FEW)),
    "documents": "".join(json.dumps({"Records": FEW[n : n + 2]}) for n in range(0, 40, 2)),
    "array": json.dumps(FEW, indent=1),
    "trail": json.dumps({"Records": FEW}),
    "two lists": json.dumps({"Records": FEW[:30]})[:-1] + ', "Records": ' + json.dumps(FEW[30:]) + "}",
    "hits": json.dumps({"took": 1, "hits": {"total": 40, "hits": [{"_source": one} for one in FEW]}}),
    "lookup": json.dumps({"Events": [{"CloudTrailEvent": json.dumps(one)} for one in FEW]}),
}


def ids_in(text, size):
    """The records of a text of which a window is looked at at a time."""
    rest = (text[start : start + 100] for start in range(size, len(text), 100))
    return [json.loads(piece.text)["eventID"] for piece in long_records(text[:size], rest, size)]


@pytest.mark.parametrize("size", [2 * LENGTH + 100, 4_000, 4_001, 9_000])
@pytest.mark.parametrize("text", TEXTS)
def test_wherever_a_window_ends_all_records_are_found_once(text, size):
    assert ids_in(TEXTS[text], 2 * size if text == "documents" else size) == [one["eventID"] for one in FEW]


@pytest.mark.parametrize("text", ["lines", "array", "trail", "hits"])
@pytest.mark.parametrize("number", [0, 3, 17, 39])
def test_a_damaged_value_in_a_long_text_costs_only_itself(text, number):
    name = f'"large-{number}"'
    damaged = TEXTS[text].replace(name, name[:-1], 1)

    assert ids_in(damaged, 4_000) == [one["eventID"] for one in FEW if one["eventID"] != f"large-{number}"]


def test_a_value_that_is_longer_than_a_record_may_be_is_passed_over():
    text = json.dumps({"Records": [*FEW[:20], large(99, "z" * 50_000), *FEW[20:]]})

    assert ids_in(text, 4_000) == [one["eventID"] for one in FEW]


def test_a_long_text_that_is_one_value_is_left_to_be_read_whole():
    with pytest.raises(NotInPieces):
        long_records(json.dumps({"one": {"two": "y" * 9_000}})[:4_000], iter(()))
