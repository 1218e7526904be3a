"""Sigma YAML to compiled rules; the only file that reads rules through pySigma beside the backend."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from sigma.correlations import SigmaCorrelationRule
from sigma.exceptions import SigmaError, SigmaRegularExpressionError
from sigma.rule import SigmaRule, SigmaRuleBase

from investigator.detections.backend import clauses, columns, names, predicate
from investigator.detections.documents import Plain, check_conditions, documents, is_map
from investigator.detections.fields import Unsupported
from investigator.detections.pipeline import SCOPE, scoped
from investigator.detections.rule import Rule
from investigator.detections.traces import Traces, all_of, one_of, traces
from investigator.domain.expression import Clause, Expression
from investigator.domain.words import Severity, Tactic

_OTHER_NAMES = {
    "stealth": Tactic.DEFENSE_EVASION,
    "defense-impairment": Tactic.DEFENSE_EVASION,
    "reconnaissance": Tactic.DISCOVERY,
}
"""ATT&CK v19 split Defense Evasion; the rest is the nearest tactic that a cloud log can show."""
LARGEST_PREDICATE = 2_000_000
"""Characters of SQL."""
Read = TypeVar("Read")


class _Ours(BaseModel):
    """The `investigator` part of a rule file."""

    model_config = ConfigDict(extra="forbid")

    row: str = ""
    harmful: bool = False
    attempts_count: bool = False
    fixed: bool = False
    services: bool = False
    """Services acting for themselves are what the rule is about."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a rule or correlation says of itself."""

    id: str
    """The row of our rule catalogue, the Sigma name or id, or the file's name."""
    name: str
    title: str
    level: Severity
    tactic: Tactic
    techniques: tuple[str, ...]


def parse_rule(content: str | bytes, path: Path) -> Rule:
    """The rule of one file of our own; raises Unsupported with the reason when it cannot be run as written."""
    found = documents(content if isinstance(content, bytes) else content.encode())
    if len(found) != 1:
        raise Unsupported("a file that does not hold exactly one rule")
    if "correlation" in found[0]:
        raise Unsupported("a correlation among single rules")
    return rule_of(found[0], path)


def rule_of(document: Plain, path: Path, *, foreign: bool = False) -> Rule:
    """The rule of a document; one of others, without an `investigator` part, is run just as it is written."""
    check_conditions(document)
    sigma = sigma_rule(document)
    conditions = _conditions(sigma)
    named = [found for condition in conditions if (found := names(condition)) is not None]
    ours = _ours(sigma)
    as_written = foreign and "investigator" not in document
    heading = heading_of(sigma, path, ours.row)
    whole, (found, sketch, left) = _whole(conditions), _told(conditions, everyone=ours.services or as_written)
    return Rule(
        id=heading.id,
        name=heading.name,
        title=heading.title,
        level=heading.level,
        tactic=heading.tactic,
        techniques=heading.techniques,
        predicate=scoped(whole, services=ours.services or as_written),
        clauses=found,
        sketch=sketch,
        traces=left,
        names=frozenset[str]().union(*named) if len(named) == len(conditions) else frozenset(),
        harmful=ours.harmful,
        attempts_count=ours.attempts_count,
        fixed=ours.fixed,
        as_written=as_written,
    )


def sigma_rule(document: Plain) -> SigmaRule:
    """Raises Unsupported for logs of others, before anything else is read."""
    logsource = document.get("logsource")
    product = logsource.get("product") if is_map(logsource) else None
    if product not in (None, "aws"):
        raise Unsupported(f"logs of {str(product)[:100]}")
    return read_by_sigma(lambda: SigmaRule.from_dict(document))


def sigma_correlation(document: Plain) -> SigmaCorrelationRule:
    """Raises Unsupported for what pySigma does not read."""
    return read_by_sigma(lambda: SigmaCorrelationRule.from_dict(document))


def read_by_sigma(read: Callable[[], Read]) -> Read:
    """What pySigma reads; whatever it raises over values of a wrong kind is the file's trouble, told as Unsupported."""
    try:
        return read()
    except SigmaRegularExpressionError as error:
        raise Unsupported(f"a regular expression that RE2 does not know, such as look-around: {error}") from None
    except (SigmaError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError) as error:
        raise Unsupported(f"not valid Sigma: {' '.join(str(error).split())[:300]}") from None


def heading_of(sigma: SigmaRuleBase, path: Path, row: str = "") -> Heading:
    """What the rule says of itself; the folder's name may give the tactic."""
    tags = [tag for tag in sigma.tags if tag.namespace == "attack"]
    return Heading(
        id=row or sigma.name or str(sigma.id or path.stem),
        name=path.stem,
        title=sigma.title,
        level=Severity(str(sigma.level).lower()) if sigma.level else Severity.MEDIUM,
        tactic=_tactic([tag.name.replace("_", "-") for tag in tags], path),
        techniques=tuple(tag.name.upper() for tag in tags if tag.name[:1].lower() == "t" and tag.name[1:5].isdigit()),
    )


def _ours(sigma: SigmaRule) -> _Ours:
    try:
        return _Ours.model_validate(sigma.custom_attributes.get("investigator", {}))
    except ValidationError as error:
        raise Unsupported(f"its part `investigator`: {' '.join(str(error).split())}") from None


def _whole(conditions: list[object]) -> str:
    sql = " OR ".join(map(predicate, conditions))
    if len(sql) > LARGEST_PREDICATE:
        raise Unsupported("a condition that is too large")
    return sql


def _told(conditions: list[object], *, everyone: bool) -> tuple[tuple[Clause, ...], Expression | None, Traces | None]:
    """The clauses of the conditions, of which one has to hold, and a sketch and traces of the rest."""
    scope = () if everyone else SCOPE
    if len(conditions) > 1:
        return scope, _sketch(conditions, " OR "), one_of(map(traces, conditions))
    found, rest = clauses(conditions[0])
    return (*found, *scope), _sketch(rest, " AND ") if rest else None, all_of(map(traces, rest))


def _sketch(conditions: Sequence[object], word: str) -> Expression:
    sketched = (predicate(condition, sketched=True) for condition in conditions)
    return Expression(word.join(sketched), tuple(sorted(frozenset[str]().union(*map(columns, conditions)))))


def _conditions(rule: SigmaRule) -> list[object]:
    def parsed() -> list[object]:
        return [condition.parsed for condition in rule.detection.parsed_condition]

    try:
        return read_by_sigma(parsed)
    except Unsupported as error:
        raise Unsupported(f"its condition: {error}") from None


def _tactic(words: Sequence[str], path: Path) -> Tactic:
    for word in (path.parent.name, *words):
        if word in list(Tactic) or word in _OTHER_NAMES:
            return _OTHER_NAMES.get(word) or Tactic(word)
    return Tactic.EXECUTION
