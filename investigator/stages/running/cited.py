"""What a case cites, as bytes: original records, saved answers, the alert that opened it, the audit log."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import JsonValue

from investigator.domain.answers import SavedPage
from investigator.domain.case import Case
from investigator.domain.ids import EvidenceId
from investigator.domain.plain_json import plain_json
from investigator.domain.safe_text import redact_json
from investigator.ports.exports import CitedRecord
from investigator.proof.answers import SavedAnswers, whole_answer
from investigator.proof.records import OriginalRecords
from investigator.stages.running.equipment import Equipment

AUDIT_FILE = "audit.jsonl"


class CaseAnswers:
    """Saved answers of a case; the alert that opened it reads like one more answer."""

    def __init__(self, folder: Path, alert: JsonValue) -> None:
        self._saved = SavedAnswers(folder)
        self._alert = alert

    def saved(self, answer: EvidenceId) -> bytes:
        if answer.startswith("alert:") and self._alert is not None:
            return str(SavedPage(parameters={}, body=self._alert)).encode() + b"\n"
        return self._saved.saved(answer)


class Cited:
    """The evidence of one case behind the ids of its document (`ports.exports.CitedEvidence`)."""

    def __init__(self, equipment: Equipment, case: Case) -> None:
        self._equipment = equipment
        self._case = case
        self._answers = CaseAnswers(equipment.answers_folder(case), case.request.alert)

    def record(self, evidence: EvidenceId) -> CitedRecord:
        return self.records([evidence]).get(evidence, CitedRecord())

    def records(self, ids: Sequence[EvidenceId]) -> Mapping[EvidenceId, CitedRecord]:
        """Many records, each file read once (`ports.exports.ReadsMany`)."""
        found = OriginalRecords(self._equipment.opened(self._case)).read(ids)
        return {id_: CitedRecord(record.original, record.wrapper_time) for id_, record in found.items()}

    def answer(self, evidence: EvidenceId) -> bytes:
        return self._answers.saved(evidence)

    def audit(self) -> bytes:
        path = self._equipment.folder(self._case) / AUDIT_FILE
        return path.read_bytes() if path.is_file() else b""

    def shown(self, evidence: EvidenceId) -> JsonValue:
        """A record or an answer for a screen: secrets redacted; raises LookupError."""
        if evidence.startswith("answer:"):
            return self._answered(evidence.partition(":")[2])
        if evidence.startswith(("aws:", "alert:")):
            return redact_json(whole_answer(_found(self.answer(evidence), evidence)))
        return redact_json(plain_json(_found(self.record(evidence).original, evidence)))

    def _answered(self, slot: str) -> str:
        given = next((answer.value for answer in self._case.answers if answer.slot == slot), None)
        if given is None:
            raise LookupError(f"the case has no answer about {slot}")
        return given


def _found(held: bytes, evidence: EvidenceId) -> bytes:
    if not held:
        raise LookupError(f"{evidence} is not in the evidence of this case, or its file has moved")
    return held
