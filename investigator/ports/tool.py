"""The one abstraction: a tool is a question with typed inputs and read-only permissions."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import get_type_hints

from investigator.domain.facts import fact_name
from investigator.domain.observation import Observation
from investigator.domain.value import Value
from investigator.ports.aws import Aws
from investigator.ports.store import Store


class Where(StrEnum):
    """In which Regions a question is put."""

    EVERY_REGION = "every region"
    HOME = "home"
    """Once, where the service is at home (us-east-1 of the partition for global services)."""
    LOGS = "logs"
    """In the evidence store, once."""


EVERY_REGION = Where.EVERY_REGION
HOME = Where.HOME


@dataclass(frozen=True, slots=True)
class Tool:
    """A question, where to put it, what it needs to know, and what it may call.

    `name` is shared by alternatives that different sources answer; `source` is the module that answers.
    """

    name: str
    source: str
    question: str
    inputs: type[Value]
    permissions: frozenset[str]
    where: Where
    gather: Callable[..., Iterator[Observation]]

    @property
    def facts(self) -> dict[str, str]:
        """Each input field with the fact it needs; raises TypeError for a field that is no fact."""
        return {field: _fact(self, field, hint) for field, hint in _hints(self.inputs).items()}

    @property
    def required(self) -> frozenset[str]:
        """The facts without which the question cannot be put."""
        fields = self.inputs.model_fields
        return frozenset(fact for field, fact in self.facts.items() if fields[field].is_required())


@cache
def _hints(model: type[Value]) -> Mapping[str, object]:
    hints = get_type_hints(model, include_extras=True)
    return {name: hints[name] for name in model.model_fields}


def _fact(tool: Tool, field: str, hint: object) -> str:
    name = fact_name(hint)
    if name is None:
        raise TypeError(f"{tool.source}.{tool.name}: the input {field} is not a type of domain/facts.py")
    return name


def tool(
    question: str, *, permissions: frozenset[str] | set[str] = frozenset(), where: Where = Where.LOGS
) -> Callable[[Callable[..., Iterator[Observation]]], Tool]:
    """Make a Tool of a function whose second parameter is annotated `Aws` or `Store`.

    Raises TypeError when the annotation is neither, or when permissions and annotation do not agree.
    """

    def make(gather: Callable[..., Iterator[Observation]]) -> Tool:
        inputs, place = _signature(gather)
        if (place is Store) != (not permissions) or (place is Store) != (where is Where.LOGS):
            raise TypeError(f"{gather.__name__}: a Store tool has no permissions and no `where`; an Aws tool has both")
        return Tool(
            name=gather.__name__,
            source=gather.__module__.rpartition(".")[2],
            question=question,
            inputs=inputs,
            permissions=frozenset(permissions),
            where=where,
            gather=gather,
        )

    return make


def _signature(gather: Callable[..., Iterator[Observation]]) -> tuple[type[Value], object]:
    hints = get_type_hints(gather)
    names = list(inspect.signature(gather).parameters)
    if len(names) != 2 or hints.get(names[1]) not in (Aws, Store):
        raise TypeError(f"{gather.__name__}: takes (inputs, aws: Aws) or (inputs, store: Store)")
    return hints[names[0]], hints[names[1]]
