"""Clarifying: at most five optional questions, never about what text, alert or evidence already says (9.4)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from investigator.domain.facts import SLOTS
from investigator.domain.playbook import Playbook
from investigator.domain.question import Answer, Question
from investigator.domain.safe_text import redact
from investigator.domain.slots import UNKNOWN, Slot, values_of
from investigator.domain.stage_results import Clarified, Intake
from investigator.domain.times import to_text
from investigator.stages.case_facts import default_start

MOST_ASKED = 5
MOST_ASKED_AGAIN = 3
"""In the second round."""
NOT_YET = frozenset({"host_path", "recovery", "eu"})
"""Slots that no step, judgement or action depends on yet: an answer is kept and shown, but nobody is asked.

No tool reads files of a host; no action is proposed that needs versions or backups, and whether a bucket has them is
looked up; and the document asserts no reporting duty.
"""
_DEFAULTS = {"disrupt": "no", "forensics": "yes"}
"""Defaults that are values; the others say what the investigation does instead."""
_DO_NOT_KNOW = frozenset({UNKNOWN, "", "don't know", "dont know", "do not know", "not known", "?", "n/a"})


@dataclass(frozen=True, slots=True)
class Known:
    """What the evidence at hand says before anything is gathered."""

    as_of: datetime
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    """Slot to value, such as the accounts of the log files, or the only principal behind the key."""


def clarify(intake: Intake, playbook: Playbook, known: Known, given: Mapping[str, str]) -> Clarified:
    """The questions still worth asking, and one answer for every slot; `given` is what the user said, before what
    the playbook presets.
    """
    told = dict(_told(intake, known, {**playbook.answers, **given}))
    slots = tuple(dict.fromkeys((*playbook.slots, "start", *(slot for slot in SLOTS if slot in told))))
    answers = {slot: told.get(slot) or _default(slot, intake, known, tuple(told.values())) for slot in slots}
    open_slots = [slot for slot in playbook.slots if slot not in told and slot not in NOT_YET]
    asked = frozenset(open_slots[:MOST_ASKED])
    return Clarified(
        questions=tuple(_question(SLOTS[slot], asked=slot in asked) for slot in playbook.slots),
        answers=tuple(answers.values()),
        assumptions=tuple(_assumption(SLOTS[slot], answers[slot]) for slot in slots if _assumed(answers[slot])),
    )


def clarify_again(clarified: Clarified, raised: Iterable[str]) -> Clarified:
    """With a second round about what the evidence `raised` (slots, the weightiest first), at most three of them.

    What the first round asked is not asked again, nor what text, alert or evidence says; what the user answered of the
    three stands among them, so that there is no third round.
    """
    before = {question.slot for question in clarified.questions if question.asked and question.round == 1}
    known = {answer.slot: answer for answer in clarified.answers}
    wanted = [slot for slot in raised if slot not in before and _from_user_or_nobody(known.get(slot))]
    again = dict.fromkeys(wanted[:MOST_ASKED_AGAIN])
    questions = {question.slot: question for question in clarified.questions}
    questions |= {slot: _question(SLOTS[slot], asked=not _told_by_user(known.get(slot)), turn=2) for slot in again}
    added = [_assumed_answer(slot) for slot in again if slot not in known]
    return clarified.model_copy(
        update={
            "questions": tuple(questions.values()),
            "answers": (*clarified.answers, *added),
            "assumptions": (*clarified.assumptions, *(_assumption(SLOTS[answer.slot], answer) for answer in added)),
        }
    )


def _told_by_user(answer: Answer | None) -> bool:
    return answer is not None and answer.source == "user"


def _from_user_or_nobody(answer: Answer | None) -> bool:
    return answer is None or answer.source in ("user", "default")


def _told(intake: Intake, known: Known, given: Mapping[str, str]) -> Iterator[tuple[str, Answer]]:
    """What is known of each slot, the weightiest source last: evidence, alert or text, then the user."""
    found = {slot: Answer(slot=slot, value=value, source="looked_up") for slot, value in known.values.items()}
    found |= {answer.slot: answer for answer in intake.answers}
    for slot, text in given.items():
        answer = checked(slot, text)
        if answer.value == UNKNOWN and slot in found:
            continue
        if slot == "ip" and slot in found:
            answer = answer.model_copy(update={"value": f"{found[slot].value}, {answer.value}"})
        found[slot] = answer
    return iter(found.items())


def checked(slot: str, text: str) -> Answer:
    """The user's answer, validated at once: an invalid one is kept as text with a note; raises KeyError for no slot."""
    if text.strip().lower() in _DO_NOT_KNOW:
        return Answer(slot=slot, value=UNKNOWN, source="user")
    check = SLOTS[slot].check
    parts = values_of(text) if SLOTS[slot].many else (text,)
    values: list[str] = []
    notes: list[str] = []
    for part in parts:
        try:
            values.append(check(part))
        except ValueError as refusal:
            values.append(part)
            notes.append(f"{redact(part)!r} is kept as text: this {refusal}")
    return Answer(slot=slot, value=redact(", ".join(values)), source="user", note="; ".join(notes) or None)


def _default(slot: str, intake: Intake, known: Known, told: tuple[Answer, ...]) -> Answer:
    answer = _assumed_answer(slot)
    if slot != "start":
        return answer
    return answer.model_copy(update={"value": to_text(default_start(told, intake.alerts, known.as_of))})


def _assumed_answer(slot: str) -> Answer:
    return Answer(slot=slot, value=_DEFAULTS.get(slot, UNKNOWN), source="default", note=SLOTS[slot].default)


def _question(slot: Slot, *, asked: bool, turn: int = 1) -> Question:
    return Question(slot=slot.name, text=slot.question, why=slot.why, default=slot.default, asked=asked, round=turn)


def _assumed(answer: Answer) -> bool:
    return answer.source == "default" or answer.value == UNKNOWN


def _assumption(slot: Slot, answer: Answer) -> str:
    value = f" ({answer.value})" if answer.source == "default" and answer.value != UNKNOWN else ""
    return f"{slot.question} Not known; assumed: {slot.default}{value}."
