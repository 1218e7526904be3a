"""Secrets and parameters by their names: a call names one by name or ARN, a person by either."""

import re
from collections.abc import Iterable, Sequence

from investigator.domain.event import Event
from investigator.domain.paths import texts

READS = frozenset({"GetSecretValue", "BatchGetSecretValue", "GetParameter", "GetParameters", "GetParametersByPath"})
"""Calls that hand out what a secret or parameter holds."""
PATHS = ("secretId", "secretIdList", "name", "names", "path")
"""Where a request names it."""
_SECRET = re.compile(r"arn:[\w-]+:secretsmanager:[^:]*:\d*:secret:(.+?)(?:-\w{6})?")
_PARAMETER = re.compile(r"arn:[\w-]+:ssm:[^:]*:\d*:parameter(/?.+)")


def names_of(event: Event) -> tuple[str, ...]:
    """The secrets and parameters that a call names, as it names them."""
    return tuple(dict.fromkeys(name for path in PATHS for name in texts(event.request, path) if name))


def is_named_secret(event: Event, named: Sequence[str]) -> bool:
    """Whether a call read a secret that a person named, or all parameters below a path that holds it."""
    return bool(named) and event.name in READS and any(holds(asked, named) for asked in names_of(event))


def holds(asked: str, named: Iterable[str]) -> bool:
    """Whether a name in a call is one of these, or a path above it."""
    plain = plain_name(asked)
    return any(one == plain or one.startswith(f"{plain.rstrip('/')}/") for one in map(plain_name, named))


def plain_name(text: str) -> str:
    """The name of a secret or parameter without the rest of its ARN."""
    found = _SECRET.fullmatch(text) or _PARAMETER.fullmatch(text)
    return (found[1] if found else text).lstrip("/")
