"""Whether AWS has the calls that a rule names: botocore's models, and our short list of events that are no call."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from scripts.aws_calls import DATE, Call, service

LIST = Path(__file__).with_name("other_events.yml")
SUFFIX = ".amazonaws.com"


class Others(Struct, forbid_unknown_fields=True):
    """What CloudTrail writes otherwise than botocore's models say; each map has the event source first."""

    events: dict[str, dict[str, str]]
    """Event names with the reason why no model has them."""
    operations: dict[str, dict[str, str]]
    """Event names with the `source.Operation` that they stand for."""
    members: dict[str, dict[str, str]]
    """Members as written, with their names in the model."""


@cache
def others() -> Others:
    return msgspec.yaml.decode(LIST.read_bytes(), type=Others)


def calls(source: str, pattern: str) -> tuple[Call, ...] | None:
    """The operations that an event name of a source may mean; None for a known event that is no operation.

    Empty when AWS has nothing of that name.
    """
    source = source.removesuffix(SUFFIX)
    name = DATE.sub("", pattern)
    if any(fnmatchcase(event, name) for event in others().events.get(source, {})):
        return None
    alias = others().operations.get(source, {}).get(name)
    if alias:
        source, _, name = alias.partition(".")
    found = service(source)
    return found.calls(name) if found else ()


def values(options: Iterable[Call], field: str) -> list[str] | None:
    """Values that a field below requestParameters or responseElements may have in one of the calls, [] for any.

    None when a call's model cannot say; raises KeyError for a member that no call has.
    """
    top, *path = field.split(".")
    found: list[str] = []
    missing = True
    for call in options:
        try:
            allowed = call.values(top, tuple(_in_model(call.source, key) for key in path))
        except KeyError:
            continue
        if not allowed:
            return allowed
        missing = False
        found += allowed
    if missing:
        raise KeyError(field)
    return found


def _in_model(source: str, key: str) -> str:
    return others().members.get(source, {}).get(key, key)
