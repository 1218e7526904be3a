"""What holds for every rule: whose events count."""

_SERVICE_ITSELF = (
    "(coalesce(identity, '') = 'AWSService' OR lower(coalesce(event_type, '')) = 'awsserviceevent'"
    " OR contains(coalesce(issuer, ''), ':role/aws-service-role/'))"
)
FORWARDED = "(coalesce(invoked_by, '') <> '' OR ends_with(coalesce(ip, ''), '.amazonaws.com'))"
"""SQL: a service made the call for the caller."""


def scoped(condition: str, *, services: bool) -> str:
    """The condition without AWS acting for itself, unless the rule is about that."""
    return f"({condition})" if services else f"({condition}) AND NOT {_SERVICE_ITSELF}"


SCOPE_COLUMNS = ("identity", "event_type", "issuer")
"""What `scoped` asks beside the condition."""
