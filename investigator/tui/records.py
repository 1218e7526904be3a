"""A raw record, ready to be read on a screen."""

from collections.abc import Sequence
from dataclasses import dataclass

from investigator.domain.ids import EvidenceId
from investigator.investigation import Investigation
from investigator.tui.cited import marks
from investigator.tui.json_text import Line, json_lines
from investigator.tui.lookup import Lookup


@dataclass(frozen=True, slots=True)
class RecordText:
    """One piece of evidence as lines."""

    evidence: EvidenceId
    lines: tuple[Line, ...]

    @property
    def cited(self) -> Sequence[int]:
        """The numbers of the lines that a claim speaks of."""
        return tuple(number for number, line in enumerate(self.lines) if line.cited)


def read(investigation: Investigation, handle: str, lookup: Lookup, evidence: EvidenceId) -> RecordText:
    """Read a record again from its source and mark what the report says about it; takes as long as a disk does."""
    try:
        raw = investigation.record(handle, evidence)
    except LookupError:
        return RecordText(evidence, (Line(0, "", f"The case holds no record {evidence}."),))
    return RecordText(evidence, json_lines(raw, marks(lookup.document.claims, evidence)))
