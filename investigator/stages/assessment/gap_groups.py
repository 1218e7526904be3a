"""One Gap for what was refused in many Regions alike, so that a reader finds the others."""

from collections.abc import Sequence

from investigator.domain.coverage import Cell
from investigator.domain.gap import Gap
from investigator.stages.assessment.wording import listed

LEAST = 3
"""Gaps alike that are told as one."""


def grouped(gaps: Sequence[Gap], cells: Sequence[Cell]) -> tuple[tuple[Gap, ...], tuple[Cell, ...]]:
    """The gaps with those alike joined, and the cells that point to them."""
    alike: dict[tuple[str, ...], dict[str, str]] = {}
    known = {gap.id: gap for gap in gaps}
    for cell in cells:
        gap = known.get(cell.gap or "")
        if gap is not None:
            key = (cell.source, cell.account, gap.why, gap.effect, gap.close)
            alike.setdefault(key, {})[gap.id] = cell.region
    joined: dict[str, Gap] = {}
    for key, regions in alike.items():
        if len(regions) >= LEAST:
            joined |= dict.fromkeys(regions, _joined(key, sorted(regions.values())))
    kept = {joined.get(gap.id, gap).id: joined.get(gap.id, gap) for gap in gaps}
    moved = {old: gap.id for old, gap in joined.items()}
    return tuple(kept.values()), tuple(
        cell.model_copy(update={"gap": moved.get(cell.gap or "", cell.gap)}) for cell in cells
    )


def _joined(key: tuple[str, ...], regions: list[str]) -> Gap:
    source, account, why, effect, close = key
    names = listed(regions, len(regions))
    what = f"{source} in {account}, in {len(regions)} Regions: {names}"
    return Gap.of(what=what, why=why, effect=effect, close=close)
