"""From a Sigma correlation and the rules it names to its SQL."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sigma.correlations import (
    CorrelationConditionAND,
    CorrelationConditionItem,
    CorrelationConditionNOT,
    SigmaCorrelationCondition,
    SigmaCorrelationConditionOperator,
    SigmaCorrelationRule,
    SigmaCorrelationType,
    SigmaExtendedCorrelationCondition,
    SigmaRuleReference,
)

from investigator.detections.correlation import Correlation, Member, ordered, windowed
from investigator.detections.documents import Plain
from investigator.detections.fields import Unsupported, field_sql, texts_sql
from investigator.detections.parsing import heading_of, sigma_correlation
from investigator.detections.rule import Rule

LONGEST = 3_660 * 86_400
"""Seconds of a timespan."""
MOST_RULES = 20
MOST_GROUPS = 10
_OPERATOR = {
    SigmaCorrelationConditionOperator.LT: "<",
    SigmaCorrelationConditionOperator.LTE: "<=",
    SigmaCorrelationConditionOperator.GT: ">",
    SigmaCorrelationConditionOperator.GTE: ">=",
    SigmaCorrelationConditionOperator.EQ: "=",
    SigmaCorrelationConditionOperator.NEQ: "<>",
}
Find = Callable[[str], Rule]
"""The rule of a name or id; raises Unsupported when there is none that runs."""


def correlation_of(document: Plain, path: Path, find: Find) -> tuple[Correlation, Mapping[str, Rule], bool]:
    """The compiled correlation, the rules it names, and whether these are to run on their own as well.

    Raises Unsupported with the reason.
    """
    sigma = sigma_correlation(document)
    names = _names(sigma)
    rules = {name: find(name) for name in names}
    if sigma.timespan.seconds > LONGEST:
        raise Unsupported(f"the timespan {sigma.timespan.spec}, which is longer than ten years")
    heading = heading_of(sigma, path)
    compiled = Correlation(
        id=heading.id,
        name=heading.name,
        title=heading.title,
        level=heading.level,
        tactic=heading.tactic,
        techniques=heading.techniques,
        rows=_rows(sigma, names, [_member(sigma, name, rules[name]) for name in names]),
    )
    return compiled, rules, sigma.generate


def _names(sigma: SigmaCorrelationRule) -> Sequence[str]:
    """The names or ids of the rules, in order."""
    if sigma.rules is None:
        condition = sigma.condition
        names = condition.get_referenced_rules() if isinstance(condition, SigmaExtendedCorrelationCondition) else []
    else:
        names = [str(rule.reference) for rule in sigma.rules]
    if not 0 < len(names) <= MOST_RULES or len(sigma.group_by or ()) > MOST_GROUPS:
        raise Unsupported(f"a correlation without rules, or with more than {MOST_RULES}, or {MOST_GROUPS} groups")
    return names


def _member(sigma: SigmaCorrelationRule, name: str, rule: Rule) -> Member:
    counted = None
    if sigma.type is SigmaCorrelationType.VALUE_COUNT and isinstance(sigma.condition, SigmaCorrelationCondition):
        if not isinstance(sigma.condition.fieldref, str):
            raise Unsupported("value_count over several fields")
        counted = _texts(sigma, name, sigma.condition.fieldref)
    return Member(rule.predicate, tuple(_texts(sigma, name, field) for field in sigma.group_by or ()), counted)


def _texts(sigma: SigmaCorrelationRule, rule: str, field: str) -> str:
    """SQL of the texts of a field, or of the field that an alias stands for with this rule."""
    alias = sigma.aliases.aliases.get(field)
    if alias is None:
        return texts_sql(field_sql(field))
    known = {str(reference.reference): str(name) for reference, name in alias.mapping.items()}
    if rule not in known:
        raise Unsupported(f"the alias {field}, which says nothing of the rule {rule}")
    return texts_sql(field_sql(known[rule]))


def _rows(sigma: SigmaCorrelationRule, names: Sequence[str], members: Sequence[Member]) -> str:
    match sigma.type:
        case SigmaCorrelationType.EVENT_COUNT:
            reached = _counted("count(DISTINCT id) OVER before", sigma.condition)
        case SigmaCorrelationType.VALUE_COUNT:
            reached = _counted("count(DISTINCT counted) OVER before", sigma.condition)
        case SigmaCorrelationType.TEMPORAL:
            reached = _together(sigma.condition, names)
        case SigmaCorrelationType.TEMPORAL_ORDERED:
            _check_all(sigma.condition, names)
            return ordered(members, sigma.timespan.seconds)
        case _:
            raise Unsupported(f"a correlation of the type {str(sigma.type.name).lower()}")
    return windowed(members, sigma.timespan.seconds, reached)


def _counted(count: str, condition: SigmaCorrelationCondition | SigmaExtendedCorrelationCondition) -> str:
    if not isinstance(condition, SigmaCorrelationCondition):
        raise Unsupported("a count with a condition over rules")
    return f"({count} {_OPERATOR[condition.op]} {float(condition.count)!r}::DOUBLE)"


def _together(condition: SigmaCorrelationCondition | SigmaExtendedCorrelationCondition, names: Sequence[str]) -> str:
    if isinstance(condition, SigmaExtendedCorrelationCondition):
        return _matched(condition.parsed, names)
    return _counted("count(DISTINCT rule) OVER before", condition)


def _matched(node: CorrelationConditionItem | SigmaRuleReference, names: Sequence[str]) -> str:
    """Whether the rules match in a window as a condition over their names says."""
    if isinstance(node, SigmaRuleReference):
        return f"bool_or(rule = {names.index(node.reference)}) OVER before"
    parts = [_matched(part, names) for part in node.args]
    if isinstance(node, CorrelationConditionNOT):
        return f"(NOT {parts[0]})"
    return f"({(' AND ' if isinstance(node, CorrelationConditionAND) else ' OR ').join(parts)})"


def _check_all(condition: SigmaCorrelationCondition | SigmaExtendedCorrelationCondition, names: Sequence[str]) -> None:
    """Raises Unsupported for an ordered correlation that asks for other than all of its rules."""
    if isinstance(condition, SigmaExtendedCorrelationCondition):
        node = condition.parsed
        parts = node.args if isinstance(node, CorrelationConditionAND) else [node]
        all_of_them = [part.reference for part in parts if isinstance(part, SigmaRuleReference)] == list(names)
    else:
        least = {"GTE": 0, "EQ": 0, "GT": 1}.get(condition.op.name)
        all_of_them = least is not None and condition.count + least == len(names)
    if not all_of_them:
        raise Unsupported("temporal_ordered with a condition that asks for other than all its rules in their order")
