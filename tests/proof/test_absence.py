"""Absence is claimed only where every hour of every place was read whole: held against a slow, obvious reckoning."""

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from investigator.domain.claim import Absent, Claim
from investigator.domain.coverage import LOG_FILES, Cell
from investigator.domain.search import equals, search
from investigator.domain.times import Window
from investigator.domain.words import CellState
from investigator.proof.answers import NoAnswers
from investigator.proof.evaluate import evaluate
from tests.support.documents import ToldCoverage

KEY, OTHER = "AKIAALICE00000000000", "AKIAOTHER00000000000"
KINDS = {"CreateUser": "management", "GetObject": "data:s3"}
START = datetime(2026, 1, 1, tzinfo=UTC)
HOURS = 12


class NoRecords:
    def read(self, ids):
        return {}


def hour(number):
    return START + timedelta(hours=number)


def situation(seed):
    """Cells, the hours and the call that a claim of absence is about, and whether all of it was read whole."""
    chance = random.Random(seed)
    name = chance.choice(list(KINDS))
    first = chance.randrange(HOURS - 1)
    last = chance.randrange(first + 1, HOURS)
    sound = chance.random() < 0.5
    cells = []
    for region in chance.sample(["us-east-1", "eu-west-1", "ap-south-1"], chance.choice([1, 1, 2, 3])):
        cuts = sorted({0, HOURS, *(chance.randrange(1, HOURS) for _ in range(chance.randrange(4)))})
        for start, end in pairwise(cuts):
            if sound or chance.random() < 0.9:
                cell = a_cell(f"v{len(cells)}", region, Window(start=hour(start), end=hour(end)), KINDS[name])
                cells.append(cell if sound else oddly(cell, chance))
    chance.shuffle(cells)
    return cells, name, first, last


def a_cell(id_, region, window, kind):
    return Cell(
        id=id_,
        source=LOG_FILES,
        account="111122223333",
        region=region,
        events=kind,
        window=window,
        records=3,
        state=CellState.SEEN,
    )


def oddly(cell, chance):
    """Now and then not read whole, of another kind of events, or seen through a filter."""
    change = {}
    if chance.random() < 0.15:
        change["state"] = chance.choice(list(CellState))
    if chance.random() < 0.1:
        change["events"] = chance.choice([*KINDS.values(), "insight"])
    if chance.random() < 0.3:
        change["filter"] = {"AccessKeyId": chance.choice([KEY, KEY, OTHER])}
    return cell.model_copy(update=change)


def was_read_whole(cells, name, first, last):
    """Hour by hour: every cell of the claim was seen, lets the call through, and none of its places has an open hour."""
    for cell in cells:
        if cell.state is not CellState.SEEN or cell.events != KINDS[name]:
            return False
        if cell.filter and cell.filter["AccessKeyId"] != KEY:
            return False
    for region in {cell.region for cell in cells}:
        for number in range(first, last):
            if not any(cell.region == region and hour(number) in cell.window for cell in cells):
                return False
    return bool(cells)


def holds(cells, name, first, last):
    where = search(equals("userIdentity.accessKeyId", KEY), equals("eventName", name))
    absent = Absent(
        where=str(where.within(hour(first), hour(last))), cells=tuple(cell.id for cell in cells), scope="window"
    )
    claim = Claim(id="c1", text="…", basis="observed", predicates=(absent,), evidence=())
    [judged] = evaluate([claim], tuple(cells), NoRecords(), NoAnswers(), ToldCoverage(n=0, first=None, last=None))
    return judged.holds


@pytest.mark.parametrize("portion", range(4))
def test_absence_in_a_window_holds_where_all_of_it_was_read_whole(portion):
    outcomes = []
    for seed in range(portion * 100, portion * 100 + 100):
        cells, name, first, last = situation(seed)
        if not cells:
            continue
        outcomes.append(holds(cells, name, first, last))

        assert outcomes[-1] == was_read_whole(cells, name, first, last), seed

    assert 20 < sum(outcomes) < 80


def test_nothing_is_absent_without_a_cell():
    assert not holds([], "CreateUser", 0, 3)
