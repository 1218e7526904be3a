"""The work of each stage, with what it needs from those before."""

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from types import MappingProxyType

from pydantic import BaseModel

from investigator.detections.detect import detect
from investigator.domain.plan import Plan
from investigator.domain.report import CaseDocument, Measures, ProducedBy
from investigator.domain.stage_results import Assessed, Clarified, Gathered, Intake, Linked, Proposed
from investigator.domain.words import Stage
from investigator.ports.progress import ProgressSink
from investigator.proof.records import OriginalRecords
from investigator.stages.assessing import assess
from investigator.stages.assessment.proving import RawProof
from investigator.stages.case_facts import CaseFacts
from investigator.stages.clarifying import Known, clarify
from investigator.stages.evidence_facts import evidence_facts
from investigator.stages.gathering import Means, gather
from investigator.stages.intake import intake
from investigator.stages.linking import link
from investigator.stages.matter import Matter
from investigator.stages.model_facts import MODEL_SLOTS, with_model
from investigator.stages.planning import make_plan
from investigator.stages.proposing import Judged, Limits, propose
from investigator.stages.reporting import Draft, document
from investigator.stages.running.cited import CaseAnswers
from investigator.stages.running.desk import Desk
from investigator.stages.suspects import suspects


class StageWork:
    """The stages of one run, over one desk."""

    def __init__(self, desk: Desk, sink: ProgressSink) -> None:
        self._desk = desk
        self._sink = sink
        self._started = time.monotonic()

    def result(self, stage: Stage) -> BaseModel:
        """Run a stage, and give what it hands to the next."""
        return self._STAGES[stage](self)

    def _intake(self) -> Intake:
        desk = self._desk
        taken = intake(desk.case.request, desk.as_of)
        if desk.model is not None and desk.case.request.worry:
            taken = with_model(taken, desk.model.understand(taken.description, MODEL_SLOTS))
        desk.change(header=desk.case.header.model_copy(update={"title": taken.title, "scenario": taken.scenarios}))
        return taken

    def _clarifying(self) -> Clarified:
        desk = self._desk
        taken, given = desk.loaded(Stage.INTAKE, Intake), desk.case.request.answers
        configured = {"known_ips": ", ".join(desk.equipment.known_networks)} if desk.equipment.known_networks else {}
        seen = evidence_facts(desk.snapshot, desk.snapshot.cells(), taken)
        clarified = clarify(taken, desk.playbook, Known(desk.as_of, seen), {**configured, **given})
        window = CaseFacts(clarified.answers, taken.alerts).window(desk.as_of)
        header = desk.case.header.model_copy(update={"window": window})
        desk.change(header=header, questions=clarified.questions, answers=clarified.answers)
        return clarified.model_copy(update={"given": given})

    def _planning(self) -> Plan:
        return make_plan(self._desk.facts, self._desk.world)

    def _gathering(self) -> Gathered:
        desk = self._desk
        means = Means(
            store=desk.snapshot,
            refresh=desk.refresh,
            accounts=desk.accounts,
            sink=self._sink,
            kept=desk.kept(),
            keep=desk.keep,
            again_after=desk.again_after,
        )
        return gather(desk.loaded(Stage.PLANNING, Plan), desk.facts, desk.world, means)

    @cached_property
    def _matter(self) -> Matter:
        desk, site = self._desk, self._desk.equipment.site
        found = detect(desk.snapshot, desk.rules)
        return Matter(
            store=desk.snapshot,
            window=desk.facts.window(desk.as_of),
            as_of=desk.as_of,
            answers={answer.slot: answer for answer in desk.facts.answers},
            intake=desk.loaded(Stage.INTAKE, Intake),
            gathered=desk.loaded(Stage.GATHERING, Gathered),
            hits=tuple(site.judged(found)),
            resting=tuple(site.resting(found)),
            own_requests=desk.audit.request_ids(),
            responders=desk.equipment.responders,
        )

    def _linking(self) -> Linked:
        self.__dict__.pop("_matter", None)  # answers may have come since it was last told
        found = suspects(self._matter)
        return link(found.refs, self._matter.store, found.gaps)

    def _assessing(self) -> Assessed:
        desk = self._desk
        answers = CaseAnswers(desk.equipment.answers_folder(desk.case), desk.case.request.alert)
        proof = RawProof(OriginalRecords(desk.snapshot), answers, desk.snapshot)
        return assess(replace(self._matter, linked=desk.loaded(Stage.LINKING, Linked)), desk.files, proof)

    def _proposing(self) -> Proposed:
        desk = self._desk
        case = Judged(
            desk.loaded(Stage.ASSESSING, Assessed),
            desk.loaded(Stage.LINKING, Linked),
            desk.loaded(Stage.GATHERING, Gathered),
            desk.snapshot,
        )
        return propose(
            case,
            desk.case.header.name,
            Limits(disrupt=desk.facts.told("disrupt") == ("yes",), forensics=desk.facts.told("forensics") != ("no",)),
        )

    def _reporting(self) -> CaseDocument:
        desk = self._desk
        draft = Draft(
            header=desk.case.header,
            clarified=desk.loaded(Stage.CLARIFYING, Clarified),
            linked=desk.loaded(Stage.LINKING, Linked),
            assessed=desk.loaded(Stage.ASSESSING, Assessed),
            proposed=desk.loaded(Stage.PROPOSING, Proposed),
            notes=desk.loaded(Stage.INTAKE, Intake).notes,
        )
        return document(draft, desk.model, (self._measures, self._produced_by()))

    def _measures(self) -> Measures:
        desk = self._desk
        return Measures(
            case=self._desk.handle,
            opened=desk.case.opened,
            records_read=sum(cell.records for cell in desk.snapshot.cells()),
            seconds=round(time.monotonic() - self._started, 1),
            aws_calls=desk.accounts.calls() if desk.accounts else 0,
            model_calls=desk.audit.count("model"),
        )

    def _produced_by(self) -> ProducedBy:
        desk = self._desk
        playbook = hashlib.sha256(desk.playbook.model_dump_json().encode()).hexdigest()
        return ProducedBy(version=desk.equipment.version, rules_sha256=desk.rules.sha256, playbook_sha256=playbook)

    _STAGES: Mapping[Stage, Callable[["StageWork"], BaseModel]] = MappingProxyType(
        {
            Stage.INTAKE: _intake,
            Stage.CLARIFYING: _clarifying,
            Stage.PLANNING: _planning,
            Stage.GATHERING: _gathering,
            Stage.LINKING: _linking,
            Stage.ASSESSING: _assessing,
            Stage.PROPOSING: _proposing,
            Stage.REPORTING: _reporting,
        }
    )
