"""Merging: one happening is told once, by the finding that says most, with the rules of all that saw it."""

from collections.abc import Sequence
from dataclasses import replace

from investigator.domain.ids import EvidenceId
from investigator.domain.words import Severity
from investigator.stages.assessment.conclusion import Conclusion


def merged(conclusions: Sequence[Conclusion]) -> list[Conclusion]:
    """The conclusions without those that a fuller one tells already."""
    kept: list[Conclusion] = []
    by_record: dict[EvidenceId, list[int]] = {}
    for conclusion in sorted(conclusions, key=_fullness):
        place = _teller(conclusion, kept, by_record)
        if place is None:
            for id_ in conclusion.core:
                by_record.setdefault(id_, []).append(len(kept))
            kept.append(conclusion)
        else:
            kept[place] = _absorbed(kept[place], conclusion)
    return kept


def _fullness(conclusion: Conclusion) -> tuple[bool, int, int, str]:
    """Findings that look beyond single records first, then hits by weight, the wider first."""
    return (
        not conclusion.looks_further,
        -conclusion.severity.number,
        -len(conclusion.core),
        conclusion.sentences[0].text,
    )


def _teller(conclusion: Conclusion, kept: Sequence[Conclusion], by_record: dict[EvidenceId, list[int]]) -> int | None:
    """The finding kept so far that is about every record of this one, with the same outcome."""
    if not conclusion.core or conclusion.looks_further:
        return None
    places = by_record.get(conclusion.core[0], [])
    tells_all = (n for n in places if all(n in by_record.get(id_, ()) for id_ in conclusion.core))
    return next((n for n in tells_all if _same_kind(kept[n], conclusion)), None)


def _same_kind(kept: Conclusion, other: Conclusion) -> bool:
    """A finding of rules takes in what serves the same tactic; one that looks further takes in every rule's."""
    alike = kept.outcome is other.outcome and kept.hostile is other.hostile
    return alike and (kept.looks_further or kept.tactic is other.tactic)


def _absorbed(kept: Conclusion, other: Conclusion) -> Conclusion:
    heavier = max(kept.severity, other.severity, key=lambda word: Severity(word).number)
    return replace(
        kept,
        severity=heavier,
        rules=tuple(dict.fromkeys((*kept.rules, *other.rules))),
        techniques=tuple(dict.fromkeys((*kept.techniques, *other.techniques))),
        entities=tuple(dict.fromkeys((*kept.entities, *other.entities)))[:20],
        headline=min(filter(None, (kept.headline, other.headline)), default=0),
        effect=kept.effect or other.effect,
    )
