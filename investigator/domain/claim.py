"""Claim: a sentence of the report with predicates that code evaluates against the raw records."""

from typing import Annotated, Literal

from pydantic import Field

from investigator.domain.ids import EvidenceId
from investigator.domain.permissions.levels import Level
from investigator.domain.permissions.rights import Answer
from investigator.domain.times import Instant, Window
from investigator.domain.value import Value


class Exists(Value):
    """Holds when a cited record matches `where`."""

    kind: Literal["exists"] = "exists"
    where: str


class Count(Value):
    """Holds when the records of the cells give exactly `n`: events, or distinct values of a path."""

    kind: Literal["count"] = "count"
    where: str
    over: str = "events"
    n: int
    cells: tuple[str, ...]


class First(Value):
    """Holds when the earliest match of the cells has that time."""

    kind: Literal["first"] = "first"
    where: str
    time: Instant
    cells: tuple[str, ...]


class Last(Value):
    """Holds when the latest match of the cells has that time."""

    kind: Literal["last"] = "last"
    where: str
    time: Instant
    cells: tuple[str, ...]


class Before(Value):
    """Holds when record a is earlier than record b; equal seconds do not hold."""

    kind: Literal["before"] = "before"
    a: EvidenceId
    b: EvidenceId


class SameCredential(Value):
    """Holds when each record was signed with that access key."""

    kind: Literal["same_credential"] = "same_credential"
    records: tuple[EvidenceId, ...]
    key: str


class Issued(Value):
    """Holds when the record succeeded and its response handed out that key id."""

    kind: Literal["issued"] = "issued"
    by: EvidenceId
    key: str


class Linked(Value):
    """Holds when linking rule `rule`, recomputed on the records, leads from one credential to the other."""

    kind: Literal["linked"] = "linked"
    parent: str = Field(validation_alias="from", serialization_alias="from")
    child: str = Field(validation_alias="to", serialization_alias="to")
    rule: str
    through: tuple[EvidenceId, ...]


class StateIs(Value):
    """Holds when the saved answer has that value at that path."""

    kind: Literal["state"] = "state"
    answer: EvidenceId
    path: str
    value: str


class MeasureIs(Value):
    """Holds when the aggregate of a series in a saved answer compares so with `value`.

    `path` leads to the amounts; each belongs to the nearest enclosing `TimePeriod`; `window` chooses which count.
    `excess` is the sum over the window of amount − median of the 14 days before it (specification 9.7).
    """

    kind: Literal["measure"] = "measure"
    answer: EvidenceId
    path: str
    agg: Literal["value", "sum", "max", "count", "excess"]
    window: Window
    op: Literal["=", ">=", "<="]
    value: str


class Permits(Value):
    """Holds when the policies in saved authorization details, evaluated again, say so of one action of a principal.

    The principal is the ARN of a user or role, or a service (`ec2.amazonaws.com`) that may assume a role. Of a
    `resource` with wildcards, some resource that fits is meant. `sts:AssumeRole` on a role of the details asks its
    trust policy too.
    """

    kind: Literal["permits"] = "permits"
    answer: EvidenceId
    principal: str
    action: str
    resource: str = "*"
    says: Answer


class Reaches(Value):
    """Holds when they give the principal just these access levels in a service; `*` is every service."""

    kind: Literal["reaches"] = "reaches"
    answer: EvidenceId
    principal: str
    service: str
    levels: tuple[Level, ...]
    """Each on some resource."""
    but: tuple[str, ...] = ()
    """Patterns of actions that are left out."""
    whole: bool = False
    """Every action on every resource, on no condition."""
    conditional: bool = False
    """Nothing without a condition."""


class Absent(Value):
    """Holds when no record matches: among those given, or in a window whose every cell was seen whole."""

    kind: Literal["absent"] = "absent"
    where: str
    cells: tuple[str, ...]
    scope: Literal["given", "window"]


Predicate = Annotated[
    Exists
    | Count
    | First
    | Last
    | Before
    | SameCredential
    | Issued
    | Linked
    | StateIs
    | MeasureIs
    | Permits
    | Reaches
    | Absent,
    Field(discriminator="kind"),
]

COMPLETENESS = (Count, First, Last, Absent)
"""The kinds that speak of everything in their cells, not only of cited records."""


class Claim(Value):
    """One sentence; `observed` rests on predicates that must all hold, `inferred` on other claims."""

    id: str
    text: str
    basis: Literal["observed", "inferred"]
    predicates: tuple[Predicate, ...] = ()
    rests_on: tuple[str, ...] = ()
    evidence: tuple[EvidenceId, ...] = ()
    holds: bool = False
