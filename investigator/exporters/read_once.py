"""The cited evidence of one export, each record and answer read once."""

from collections.abc import Mapping, Sequence

from investigator.domain.citations import RECORD_KINDS
from investigator.domain.ids import EvidenceId
from investigator.ports.exports import CitedEvidence, CitedRecord, ReadsMany


class ReadOnce:
    """Evidence whose records were all read at the start (`ports.exports.CitedEvidence`)."""

    def __init__(self, evidence: CitedEvidence, ids: Sequence[EvidenceId]) -> None:
        self._evidence = evidence
        self._records = _read(evidence, [name for name in ids if name.startswith(RECORD_KINDS)])
        self._answers: dict[EvidenceId, bytes] = {}

    def record(self, evidence: EvidenceId) -> CitedRecord:
        return self._records.get(evidence, CitedRecord())

    def answer(self, evidence: EvidenceId) -> bytes:
        if evidence not in self._answers:
            self._answers[evidence] = self._evidence.answer(evidence)
        return self._answers[evidence]

    def audit(self) -> bytes:
        return self._evidence.audit()


def _read(evidence: CitedEvidence, ids: Sequence[EvidenceId]) -> Mapping[EvidenceId, CitedRecord]:
    if isinstance(evidence, ReadsMany):
        return evidence.records(ids)
    return {name: evidence.record(name) for name in ids}
