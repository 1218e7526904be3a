"""Gaps that are alike in many Regions are told once, and coverage still points to them."""

from datetime import UTC, datetime

from investigator.domain.coverage import Cell
from investigator.domain.gap import Gap
from investigator.domain.times import Window
from investigator.domain.words import CellState
from investigator.stages.assessment.gap_groups import grouped

DAY = Window(start=datetime(2026, 1, 27, tzinfo=UTC), end=datetime(2026, 1, 28, tzinfo=UTC))


def refused(region, why="no detector"):
    gap = Gap.of(what=f"guardduty in {region}", why=why, effect="unseen", close="turn it on")
    cell = Cell(
        source="guardduty", account="1" * 12, region=region, events="answer", window=DAY, records=0,
        state=CellState.DISABLED, gap=gap.id,
    )  # fmt: skip
    return gap, cell


def group(*pairs):
    return grouped([gap for gap, _ in pairs], [cell for _, cell in pairs])


def test_three_alike_are_one_and_name_their_regions():
    [gap], _ = group(refused("eu-west-1"), refused("us-east-1"), refused("ap-south-1"))

    assert "3 Regions: ap-south-1, eu-west-1 and us-east-1" in gap.what


def test_every_cell_points_to_the_joined_gap():
    [gap], cells = group(refused("eu-west-1"), refused("us-east-1"), refused("ap-south-1"))

    assert {cell.gap for cell in cells} == {gap.id}


def test_gaps_for_other_reasons_stay_apart():
    gaps, _ = group(refused("eu-west-1"), refused("us-east-1", why="denied"), refused("ap-south-1", why="cut"))

    assert len(gaps) == 3
