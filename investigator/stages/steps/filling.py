"""Inputs of a question: filled from facts by name, from templates and literals of the playbook, one value each."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from pydantic import ValidationError

from investigator.domain.playbook import PlaybookStep
from investigator.domain.slots import values_of
from investigator.domain.value import Value
from investigator.ports.tool import Tool
from investigator.stages.case_facts import Values, parse_window

WINDOW = "window"
_TEMPLATE = re.compile(r"\{(\w+)\}")
_NAMED_IN = {"principal": frozenset({"user", "role", "session"}), "person": frozenset({"user", "session"})}
"""A slot that holds ARNs or names, and the inputs that take the name inside."""


@dataclass(frozen=True, slots=True)
class Filled:
    """Every way to put a question with what is known; `missing` names the facts that nobody knows yet."""

    inputs: tuple[Mapping[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    """Values that the question cannot take, as it says."""


def filled(step: PlaybookStep, tool: Tool, known: Values) -> Filled:
    """The inputs of a tool for every combination of the known values."""
    choices = {name: tuple(_choices(name, step, tool, known)) for name in tool.facts}
    needed = frozenset(step.inputs) | {name for name, field in tool.inputs.model_fields.items() if field.is_required()}
    missing = [_fact_of(name, step, tool) for name in choices if name in needed and not choices[name]]
    if step.for_each and not known.get(step.for_each):
        missing.append(step.for_each)
    if missing:
        return Filled(missing=tuple(dict.fromkeys(missing)))
    named = {name: values for name, values in choices.items() if values}
    combined = [dict(zip(named, values, strict=True)) for values in product(*named.values())]
    refusals = {number: refusal for number, inputs in enumerate(combined) if (refusal := _refusal(tool, inputs))}
    return Filled(
        inputs=tuple(inputs for number, inputs in enumerate(combined) if number not in refusals),
        refused=tuple(refusals.values()),
    )


def asks_about(step: PlaybookStep, tool: Tool, facts: Values) -> bool:
    """Whether a question needs one of these facts: it is then worth putting for them."""
    needed = {_fact_of(name, step, tool) for name in tool.facts if _needed(name, step, tool)}
    return bool(facts.keys() & {*needed, step.for_each})


def _needed(name: str, step: PlaybookStep, tool: Tool) -> bool:
    return name in step.inputs or tool.inputs.model_fields[name].is_required()


def _fact_of(name: str, step: PlaybookStep, tool: Tool) -> str:
    """The fact that an input is filled from; "" for literals. `user: "{principal}"` takes the user of the principal."""
    if name not in step.inputs:
        return tool.facts[name]
    template = _TEMPLATE.search(step.inputs[name])
    if template is None:
        return ""
    return tool.facts[name] if tool.facts[name] in _NAMED_IN.get(template[1], ()) else template[1]


def _choices(name: str, step: PlaybookStep, tool: Tool, known: Values) -> Iterator[str]:
    """The values of one input: the literals, or those of the fact that it is filled from."""
    fact, written = _fact_of(name, step, tool), step.inputs.get(name, "")
    if not fact:
        yield from values_of(written)
        return
    for value in known.get(fact, ()):
        yield value.join(_TEMPLATE.split(written)[::2]) if written else value


def _refusal(tool: Tool, inputs: Mapping[str, str]) -> str:
    try:
        model_of(tool, inputs)
    except ValueError as error:
        return (
            f"{tool.name} cannot take {', '.join(f'{name}={value}' for name, value in inputs.items())}: {_why(error)}"
        )
    return ""


def _why(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(detail["msg"] for detail in error.errors())
    return str(error)


def model_of(tool: Tool, inputs: Mapping[str, str]) -> Value:
    """The input model of a step's texts; raises ValueError for texts that do not fit."""
    values = {name: parse_window(text) if tool.facts.get(name) == WINDOW else text for name, text in inputs.items()}
    return tool.inputs.model_validate(values)
