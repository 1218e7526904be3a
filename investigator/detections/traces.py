"""What has to stand in the JSON of a record for a condition to hold: told without reading the JSON."""

from collections.abc import Iterable, Sequence

from sigma.conditions import ConditionAND, ConditionFieldEqualsValueExpression, ConditionNOT, ConditionOR
from sigma.types import SigmaExists, SigmaExpansion, SigmaFieldReference, SigmaNull, SigmaType

from investigator.detections.fields import DERIVED, few_valued, field_sql
from investigator.detections.leaves import piece
from investigator.detections.values import held
from investigator.domain.columns import EXTRA, JSON_COLUMNS
from investigator.domain.expression import Trace

MOST = 100
"""Traces of a condition; each is looked for."""
Traces = tuple[Trace, ...]


def traces(node: object) -> Traces | None:
    """Traces of which one is in every record that a condition holds for; None where none is known."""
    match node:
        case ConditionAND():
            return all_of(map(traces, node.args))
        case ConditionOR():
            return one_of(map(traces, node.args))
        case ConditionNOT():
            return _of_filled(node.args[0])
        case ConditionFieldEqualsValueExpression():
            return _of_value(node.field, node.value)
        case _:
            return None


def all_of(parts: Iterable[Traces | None]) -> Traces | None:
    """The traces of the part that tells most."""
    return max((part for part in parts if part is not None), key=_telling, default=None)


def one_of(parts: Iterable[Traces | None]) -> Traces | None:
    """The traces of all parts, when each has some."""
    found = list(parts)
    known = [part for part in found if part is not None]
    together = tuple(dict.fromkeys(trace for part in known for trace in part))
    return together if len(known) == len(found) and len(together) <= MOST else None


def _telling(found: Traces) -> int:
    """The longer a text, the fewer records have it by chance."""
    return min((max(map(len, trace.texts)) for trace in found), default=0)


def _of_filled(node: object) -> Traces | None:
    """Those of a field that is not null; what else is negated leaves no trace."""
    if isinstance(node, ConditionFieldEqualsValueExpression):
        value = node.value
        if isinstance(value, SigmaNull) or (isinstance(value, SigmaExists) and not value.exists):
            return _of_field(node.field)
    return None


def _of_value(field: str, value: SigmaType) -> Traces | None:
    match value:
        case SigmaExpansion():
            return one_of(_of_value(field, one) for one in value.values)
        case SigmaNull():
            return None
        case SigmaExists():
            return _of_field(field) if value.exists else None
        case SigmaFieldReference():
            return _of_field(field)
        case _:
            return _of_field(field, piece(held(value)))


def _of_field(field: str, text: str = "") -> Traces | None:
    """The longest key on the way to a field, and a text in it."""
    column = "" if field in DERIVED or few_valued(field) else field_sql(field).document
    if column not in JSON_COLUMNS:
        return None
    texts = [one.lower() for one in (_longest_key(field, column), text) if one and one.isascii()]
    return (Trace(column, tuple(texts)),) if texts else None


def _longest_key(field: str, column: str) -> str:
    keys: Sequence[str] = field.split(".")[0 if column == EXTRA else 1 :]
    return f'"{max(keys, key=len)}"' if keys else ""
