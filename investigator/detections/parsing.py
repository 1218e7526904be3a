"""Sigma YAML to a compiled rule; the only file that reads rules through pySigma beside the backend."""

from collections.abc import Sequence
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from sigma.exceptions import SigmaError
from sigma.rule import SigmaRule

from investigator.detections.backend import clauses, columns, names, predicate
from investigator.detections.fields import Unsupported
from investigator.detections.pipeline import SCOPE, scoped
from investigator.detections.rule import Rule
from investigator.domain.expression import Clause, Expression
from investigator.domain.words import Severity, Tactic

_OTHER_NAMES = {
    "stealth": Tactic.DEFENSE_EVASION,
    "defense-impairment": Tactic.DEFENSE_EVASION,
    "reconnaissance": Tactic.DISCOVERY,
}
"""ATT&CK v19 split Defense Evasion; the rest is the nearest tactic that a cloud log can show."""


CannotRead = (Unsupported, SigmaError, ValidationError, yaml.YAMLError, UnicodeDecodeError)
"""Everything that a rule file of others may do to us; the text of each says what is wrong."""


_LOADER: type[yaml.SafeLoader | yaml.CSafeLoader] = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_DOCUMENT = TypeAdapter(dict[str, object])


class _Ours(BaseModel):
    """The `investigator` part of a rule file."""

    model_config = ConfigDict(extra="forbid")

    row: str = ""
    harmful: bool = False
    attempts_count: bool = False
    fixed: bool = False
    services: bool = False
    """Services acting for themselves are what the rule is about."""


def parse_rule(text: str, path: Path) -> Rule:
    """The rule of one file; raises Unsupported with the reason when it cannot be run as written."""
    sigma = _sigma_rule(text)
    conditions = _conditions(sigma)
    named = [found for condition in conditions if (found := names(condition)) is not None]
    ours = _Ours.model_validate(sigma.custom_attributes.get("investigator", {}))
    found, sketch = _told(conditions, services=ours.services)
    return Rule(
        id=ours.row or sigma.name or str(sigma.id or path.stem),
        name=path.stem,
        title=sigma.title,
        level=Severity(str(sigma.level).lower()) if sigma.level else Severity.MEDIUM,
        tactic=_tactic(sigma, path),
        techniques=tuple(tag.name.upper() for tag in sigma.tags if _is_technique(tag.namespace, tag.name)),
        predicate=scoped(" OR ".join(map(predicate, conditions)), services=ours.services),
        clauses=found,
        sketch=sketch,
        names=frozenset[str]().union(*named) if len(named) == len(conditions) else frozenset(),
        harmful=ours.harmful,
        attempts_count=ours.attempts_count,
        fixed=ours.fixed,
    )


def _told(conditions: list[object], *, services: bool) -> tuple[tuple[Clause, ...], Expression | None]:
    """The clauses of the conditions, of which one has to hold, and a sketch of the rest."""
    scope = () if services else SCOPE
    if len(conditions) > 1:
        return scope, _sketch(conditions, " OR ")
    found, rest = clauses(conditions[0])
    return (*found, *scope), _sketch(rest, " AND ") if rest else None


def _sketch(conditions: Sequence[object], word: str) -> Expression:
    sketched = (predicate(condition, sketched=True) for condition in conditions)
    return Expression(word.join(sketched), tuple(sorted(frozenset[str]().union(*map(columns, conditions)))))


def _sigma_rule(text: str) -> SigmaRule:
    documents = list(yaml.load_all(text, Loader=_LOADER))
    if len(documents) != 1:
        raise Unsupported("a file that does not hold exactly one rule")
    document = _DOCUMENT.validate_python(documents[0])
    if "correlation" in document:
        raise Unsupported("correlation")
    rule = SigmaRule.from_dict(document)
    if rule.logsource.product not in (None, "aws"):
        raise Unsupported(f"logs of {rule.logsource.product}")
    return rule


def _conditions(rule: SigmaRule) -> list[object]:
    try:
        return [condition.parsed for condition in rule.detection.parsed_condition]
    except SigmaError as error:
        raise Unsupported(f"its condition: {error}") from error


def _tactic(rule: SigmaRule, path: Path) -> Tactic:
    words = [tag.name.replace("_", "-") for tag in rule.tags if tag.namespace == "attack"]
    for word in (path.parent.name, *words):
        if word in list(Tactic) or word in _OTHER_NAMES:
            return _OTHER_NAMES.get(word) or Tactic(word)
    return Tactic.EXECUTION


def _is_technique(namespace: str, name: str) -> bool:
    return namespace == "attack" and name[:1].lower() == "t" and name[1:5].isdigit()
