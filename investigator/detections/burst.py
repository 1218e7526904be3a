"""Bursts: many different things by one caller within minutes, found by the engine of the evidence store."""

from dataclasses import dataclass

from investigator.detections.matches import MATCH_COLUMNS
from investigator.detections.pipeline import FORWARDED, scoped
from investigator.domain.words import Severity, Tactic


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted in a burst, once for each value: SQL of one value or of a list of them."""

    sql: str
    least: int
    many: bool = False


@dataclass(frozen=True, slots=True)
class Burst:
    """A rule over many events: within `minutes`, one caller reaches the measure and, where there is one, the other."""

    id: str
    name: str
    title: str
    level: Severity
    tactic: Tactic
    techniques: tuple[str, ...]
    where: str
    minutes: int
    measure: Measure
    other: Measure | None = None
    by: str = "coalesce(nullif(\"key\", ''), principal)"
    """SQL of the caller: the credential, else the principal."""

    @property
    def rows(self) -> str:
        """A query for the events that stand in a window in which their caller reaches every measure.

        A burst spans two tumbling windows at most, so one of them holds half of what its measure counts: callers
        that never come near are dropped first. A service that reads on the caller's behalf makes no burst of it.
        """
        scope = f"({scoped(self.where, services=False)}) AND time IS NOT NULL AND NOT ({FORWARDED} AND read_only)"
        value = f"unnest({self.measure.sql})" if self.measure.many else self.measure.sql
        other = f", {self.other.sql} AS other" if self.other else ""
        reached = f"count(DISTINCT value) OVER before >= {self.measure.least}"
        if self.other:
            reached += f" AND count(DISTINCT other) OVER before >= {self.other.least}"
        span = f"INTERVAL {self.minutes} MINUTE"
        return f"""
        WITH scope AS MATERIALIZED (
          SELECT {MATCH_COLUMNS}, {self.by} AS caller, {value} AS value{other} FROM events WHERE {scope}),
        near AS (
          SELECT caller FROM scope GROUP BY caller, time_bucket({span}, time)
          HAVING count(DISTINCT value) * 2 >= {self.measure.least}),
        counted AS (
          SELECT *, {reached} AS reached FROM scope WHERE caller IN (SELECT caller FROM near)
          WINDOW before AS (PARTITION BY caller ORDER BY time RANGE BETWEEN {span} PRECEDING AND CURRENT ROW)),
        marked AS (
          SELECT *, bool_or(reached) OVER (
            PARTITION BY caller ORDER BY time RANGE BETWEEN CURRENT ROW AND {span} FOLLOWING) AS told FROM counted)
        SELECT DISTINCT {MATCH_COLUMNS} FROM marked WHERE told"""
