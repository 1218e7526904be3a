"""What holds for every rule: whose events count."""

from investigator.domain.expression import Clause, Expression

_SERVICE_ITSELF = (
    "(coalesce(identity, '') = 'AWSService' OR lower(coalesce(event_type, '')) = 'awsserviceevent'"
    " OR contains(coalesce(issuer, ''), ':role/aws-service-role/'))"
)
FORWARDED = "(coalesce(invoked_by, '') <> '' OR ends_with(coalesce(ip, ''), '.amazonaws.com'))"
"""SQL: a service made the call for the caller."""


def scoped(condition: str, *, services: bool) -> str:
    """The condition without AWS acting for itself, unless the rule is about that."""
    return f"({condition})" if services else f"({condition}) AND NOT {_SERVICE_ITSELF}"


_WRITE = Expression("NOT read_only", ("read_only",))
NO_FORWARDED_READ: tuple[Clause, ...] = (
    (_WRITE, Expression("coalesce(invoked_by, '') = ''", ("invoked_by",))),
    (_WRITE, Expression("NOT ends_with(coalesce(ip, ''), '.amazonaws.com')", ("ip",))),
)
"""Not `FORWARDED` and a read."""
SCOPE: tuple[Clause, ...] = (
    (Expression("coalesce(identity, '') <> 'AWSService'", ("identity",)),),
    (Expression("lower(coalesce(event_type, '')) <> 'awsserviceevent'", ("event_type",)),),
    (Expression("NOT contains(coalesce(issuer, ''), ':role/aws-service-role/')", ("issuer",)),),
)
"""What `scoped` asks beside the condition."""
