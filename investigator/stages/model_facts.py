"""What a model may add to the intake: things to look at, never a reason to look at less."""

from collections.abc import Iterator, Sequence

from investigator.domain.question import Answer
from investigator.domain.safe_text import visible
from investigator.domain.stage_results import Intake
from investigator.ports.model import Understood
from investigator.stages.case_facts import valid_values

MODEL_SLOTS = ("principal", "person", "bucket", "secret", "host_path")
"""Slots whose values only widen the search. Times, own networks, planned changes and the like could excuse or hide
something, and keys, addresses and instances are found by their form."""


def with_model(taken: Intake, understood: Understood) -> Intake:
    """The intake with what a model read beside it: rules decided first, and what they found stays."""
    more = tuple(_usable(taken, understood.answers))
    notes = tuple(_notes(understood, more))
    return taken.model_copy(update={"answers": (*taken.answers, *more), "notes": (*taken.notes, *notes)})


def _usable(taken: Intake, answers: Sequence[Answer]) -> Iterator[Answer]:
    known = {answer.slot for answer in taken.answers}
    if "key" in known:
        known.add("principal")  # the records say whose key it is
    for answer in answers:
        if answer.slot in MODEL_SLOTS and answer.slot not in known and any(valid_values(answer.slot, answer.value)):
            known.add(answer.slot)
            yield answer


def _notes(understood: Understood, used: Sequence[Answer]) -> Iterator[str]:
    if used:
        listed = ", ".join(f"{answer.slot} {visible(answer.value)}" for answer in used)
        yield f"A model read this in the description: {listed}; check it."
    if understood.trouble:
        yield f"{understood.trouble[0].upper()}{understood.trouble[1:]}."
    dropped = understood.dropped + len(understood.answers) - len(used)
    if dropped:
        yield f"{dropped} fact(s) of the model were not used: not in the description, known before, or not its to say."
