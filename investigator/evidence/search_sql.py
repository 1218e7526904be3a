"""Search expressions as DuckDB SQL: a condition over `events` and its parameters."""

import re
from dataclasses import dataclass, field

from investigator.domain.columns import JSON_COLUMNS
from investigator.domain.search import COLUMNS, Operator, Search, Term
from investigator.domain.times import parse_instant
from investigator.evidence.engine import Parameter
from investigator.evidence.record_path import Texts, texts_at
from investigator.evidence.rows import naive

NULL = "null"
FEW = 200
"""Values of one term up to which each is compared on its own."""
_WORD_COLUMNS = tuple(name for name in (*COLUMNS, *JSON_COLUMNS) if name not in {"time", "read_only"})
_NUMBER = "'-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?'"
_ORDERED = (
    "CASE WHEN regexp_full_match({value}, {number}) AND regexp_full_match(?, {number})"
    " THEN {value}::DOUBLE {op} ?::DOUBLE ELSE {value} {op} ? END"
)
"""Two numbers compare as numbers, anything else as text."""


@dataclass(slots=True)
class Condition:
    """SQL with `?` for each parameter, in order."""

    sql: str = "true"
    parameters: list[Parameter] = field(default_factory=list[Parameter])


def condition(search: Search) -> Condition:
    """What an event must fulfil; raises NotASearch for a path that cannot be read."""
    made = Condition()
    parts = [_signed(term, made) for term in search.terms]
    for op, bound in ((">=", search.start), ("<", search.end)):
        if bound:
            parts.append(f"time {op} ?::TIMESTAMP")
            made.parameters.append(naive(bound))
    made.sql = " AND ".join(parts) or "true"
    return made


def term_condition(term: Term) -> Condition:
    """What a value of the term's column must fulfil; null never does here."""
    made = Condition()
    made.sql = _term(term, made)
    return made


def both(first: Condition, second: Condition) -> Condition:
    """What fulfils both."""
    return Condition(f"{first.sql} AND {second.sql}", [*first.parameters, *second.parameters])


def text_of(search: Search) -> str:
    """The search as text; several values of one term stand as a regular expression that finds the same."""
    return str(search.model_copy(update={"terms": tuple(map(_single, search.terms))}))


def _single(term: Term) -> Term:
    if len(term.values) == 1:
        return term
    pattern = f"^(?:{'|'.join(map(re.escape, term.values))})$"
    return term.model_copy(update={"op": Operator.MATCHES, "values": (pattern,)})


def _signed(term: Term, made: Condition) -> str:
    sql = _term(term, made)
    return f"NOT coalesce({sql}, false)" if term.negated else sql


def _term(term: Term, made: Condition) -> str:
    if term.op is Operator.WORD:
        made.parameters.extend([term.values[0].lower()] * len(_WORD_COLUMNS))
        return "(" + " OR ".join(f"contains(lower({name}), ?)" for name in _WORD_COLUMNS) + ")"
    if term.field == "time":
        return _time(term, made)
    return _among(column_or_path(term.field), term, made)


def column_or_path(field: str) -> Texts:
    """SQL of the text of a column, or of the texts at a record path; raises NotASearch."""
    if field == "flags":
        return Texts("string_split(coalesce(flags, ''), ' ')", many=True)
    if field in COLUMNS:
        return Texts("read_only::VARCHAR" if field == "read_only" else field)
    return texts_at(field)


def _time(term: Term, made: Condition) -> str:
    if NULL in term.values:
        return "time IS NULL"
    if term.op is Operator.MATCHES:
        return _among(Texts("strftime(time, '%Y-%m-%dT%H:%M:%SZ')"), term, made)
    made.parameters.extend(naive(parse_instant(value)) for value in term.values)
    return "(" + " OR ".join(f"time {term.op.value} ?::TIMESTAMP" for _ in term.values) + ")"


def _among(texts: Texts, term: Term, made: Condition) -> str:
    """Whether any of the texts fulfils the term; no text at all is null."""
    if term.op is Operator.EQUALS:
        return _equal(texts, term, made)
    value = "v" if texts.many else texts.sql
    if term.op is Operator.MATCHES:
        test = f"regexp_matches({value}, ?)"
        made.parameters.append(term.values[0])
    else:
        test = _ORDERED.format(value=value, op=term.op.value, number=_NUMBER)
        made.parameters.extend([term.values[0]] * 3)
    return f"len(list_filter({texts.sql}, lambda v: {test})) > 0" if texts.many else test


def _equal(texts: Texts, term: Term, made: Condition) -> str:
    wanted = [value for value in term.values if value != NULL]
    tests: list[str] = []
    if len(wanted) < len(term.values):
        tests.append(f"len({texts.sql}) = 0" if texts.many else f"{texts.sql} IS NULL")
    if wanted:
        tests.append(_is_any(texts, wanted, made))
    return "(" + " OR ".join(tests) + ")"


def _is_any(texts: Texts, wanted: list[str], made: Condition) -> str:
    """Plain comparisons where there are few values: with them the engine skips what cannot match."""
    if texts.many or len(wanted) > FEW:
        made.parameters.append(wanted)
        return (
            f"list_has_any({texts.sql}, ?::VARCHAR[])"
            if texts.many
            else f"{texts.sql} IN (SELECT unnest(?::VARCHAR[]))"
        )
    made.parameters.extend(wanted)
    return f"{texts.sql} = ?" if len(wanted) == 1 else f"{texts.sql} IN ({', '.join('?' * len(wanted))})"
