"""Crowds as one SQL statement over `events`: slow and obvious."""

from investigator.detections.fields import literal
from investigator.domain.expression import Clause, Crowd, Measure, Sought


def sought_sql(sought: Sought) -> str:
    """The WHERE clause of what is sought."""
    names = "true" if sought.names is None else f"name IN ({', '.join(map(literal, sought.names))})"
    clauses = [names, *map(_clause, sought.clauses)]
    return " AND ".join([*clauses, f"({sought.predicate})"])


def _clause(clause: Clause) -> str:
    return "(" + " OR ".join(f"coalesce(({one.sql}), false)" for one in clause) + ")"


def crowd_sql(crowd: Crowd) -> str:
    """A query for all columns of the events of a crowd."""
    values = ", ".join(f"{_value(measure)} AS value_{place}" for place, measure in enumerate(crowd.measures))
    callers = [
        f"coalesce({', '.join(f'nullif({_name(name)}, {chr(39) * 2})' for name in group)})" for group in crowd.callers
    ]
    reached = " AND ".join(
        f"count(DISTINCT value_{place}) OVER before >= {measure.least}" for place, measure in enumerate(crowd.measures)
    )
    span = f"INTERVAL {round(crowd.span.total_seconds())} SECOND"
    return f"""
    WITH scope AS (
      SELECT *, [{", ".join(callers)}] AS caller, {values} FROM events
      WHERE time IS NOT NULL AND {" AND ".join(f"{one} IS NOT NULL" for one in callers)} AND {sought_sql(crowd.scope)}),
    counted AS (SELECT *, {reached} AS reached FROM scope
      WINDOW before AS (PARTITION BY caller ORDER BY time RANGE BETWEEN {span} PRECEDING AND CURRENT ROW)),
    marked AS (SELECT *, bool_or(reached) OVER (
      PARTITION BY caller ORDER BY time RANGE BETWEEN CURRENT ROW AND {span} FOLLOWING) AS told FROM counted)
    SELECT * FROM events WHERE id IN (SELECT id FROM marked WHERE told)"""


def _value(measure: Measure) -> str:
    if measure.value is None:
        return "id"
    return f"unnest({measure.value.sql})" if measure.many else f"({measure.value.sql})"


def _name(name: str) -> str:
    return f'"{name}"'
