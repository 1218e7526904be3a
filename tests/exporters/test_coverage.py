"""Coverage in reports: a matrix of sources and places, and lines that say the same together; records read once."""

from investigator.exporters.coverage import lines, matrix, places
from investigator.exporters.read_once import ReadOnce
from tests.support.bundles import ToldEvidence
from tests.support.documents import KEYS, cells, ct


def test_each_cell_stands_in_its_row_and_place():
    rows = list(matrix(cells()))

    assert places(cells()) == (("111122223333", "eu-west-1"), ("111122223333", "us-east-1"))
    assert [cell.id for row in rows for place in row.cells for cell in place] == [
        "v1",
        "v2",
        "v3",
        "v4",
        "v5",
        "v6",
        "v7",
    ]
    assert [cell.id for cell in rows[0].cells[1]] == ["v1"]


def test_cells_that_say_the_same_of_several_regions_are_one_line():
    other = cells()[0].model_copy(update={"id": "v8", "region": "eu-west-1", "records": 5})
    [first, *_] = lines((*cells(), other))

    assert (first.records, first.places) == (14, ("111122223333 eu-west-1", "111122223333 us-east-1"))
    assert [cell.id for cell in first.cells] == ["v1", "v8"]


class Counting(ToldEvidence):
    def __init__(self):
        super().__init__()
        self.asked = []

    def records(self, ids):
        self.asked.append(tuple(ids))
        return {name: found for name in ids if (found := self.record(name)).original}


def test_evidence_that_reads_many_records_is_asked_once_and_only_for_records():
    evidence = Counting()
    read = ReadOnce(evidence, (ct(1), KEYS, ct(2), "ct:gone"))

    assert read.record(ct(1)).original
    assert not read.record("ct:gone").original
    assert evidence.asked == [(ct(1), ct(2), "ct:gone")]
