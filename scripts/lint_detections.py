"""What the detection of a rule asks for, against what AWS and CloudTrail have."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from investigator.detections.fields import DERIVED
from investigator.evidence.readers.record import NESTED, TEXTS, TRUTHS
from scripts.aws_calls import Call
from scripts.known_events import SUFFIX, calls, values
from scripts.rule_files import Fields, RuleFile, Value

IDENTITY = frozenset(
    "type principalId arn accountId accessKeyId userName invokedBy onBehalfOf identityProvider credentialId"
    " sessionContext inScopeOf".split()
)
"""What stands below userIdentity."""
SESSION = frozenset("sessionIssuer attributes sourceIdentity ec2RoleDelivery webIdFederationData assumedRoot".split())
"""What stands below userIdentity.sessionContext."""
BELOW_CALLS = ("requestParameters", "responseElements")
Meant = Mapping[tuple[str, str], tuple[Call, ...] | None]
"""By event source and name: the operations, None for an event that is none."""


def unknown(file: RuleFile, sources: Iterable[str]) -> Iterator[str]:
    """Events, fields, members and values of one rule that do not exist.

    An event name without a source has to be one of these sources; a field without an event, one of the rule's events.
    """
    selections = [(name, fields) for name, alternatives in file.selections() for fields in alternatives]
    meant = [_meant(fields, sources) for _, fields in selections]
    together = {pair: found for one in meant for pair, found in one.items()}
    for (name, fields), own in zip(selections, meant, strict=True):
        told = (*_events(fields, own), *_fields(fields, own if _names(fields) else together))
        yield from (f"{name}: {problem}" for problem in told)


def event_sources(files: Iterable[RuleFile]) -> tuple[str, ...]:
    """Every event source that the rules name."""
    selections = (fields for file in files for _, alternatives in file.selections() for fields in alternatives)
    return tuple(sorted({source for fields in selections for source in _texts(fields, "eventSource")}))


def _meant(fields: Fields, sources: Iterable[str]) -> Meant:
    pairs = product(_texts(fields, "eventSource") or sources, _names(fields))
    found = {(source, name): calls(source, name) for source, name in pairs}
    return {pair: operations for pair, operations in found.items() if operations != ()}


def _events(fields: Fields, meant: Meant) -> Iterator[str]:
    """Event names that none of the sources has, and sources that have none of the names."""
    wanted, names = _texts(fields, "eventSource"), _names(fields)
    for event in names:
        if event not in {name for _, name in meant}:
            yield f"no service of {', '.join(wanted) or 'the pack'} has the event {event}"
    for source in wanted:
        if not source.endswith(SUFFIX):
            yield f"{source} is no event source"
        elif names and source not in {other for other, _ in meant}:
            yield f"{source} has none of the events"


def _names(fields: Fields) -> list[str]:
    """Event names as patterns in which `*` stands for any text."""
    return [
        *_texts(fields, "eventName"),
        *(f"{text}*" for text in _texts(fields, "eventName|startswith")),
        *(f"*{text}" for text in _texts(fields, "eventName|endswith")),
        *(f"*{text}*" for text in _texts(fields, "eventName|contains")),
    ]


def _texts(fields: Fields, key: str) -> list[str]:
    return [value for value in _listed(fields.get(key, [])) if isinstance(value, str)]


def _listed(value: Value | list[Value]) -> list[Value]:
    return value if isinstance(value, list) else [value]


def _fields(fields: Fields, meant: Meant) -> Iterator[str]:
    for key, value in fields.items():
        field, _, modifier = key.partition("|")
        head, _, rest = field.partition(".")
        if not (field in DERIVED if head == "investigator" else _in_record(head, rest)):
            yield f"CloudTrail has no field {field}"
        elif head in BELOW_CALLS and rest:
            yield from _member(field, [] if modifier else _listed(value), meant)


def _in_record(head: str, rest: str) -> bool:
    if head == "userIdentity" and rest:
        first, _, below = rest.partition(".")
        return first in IDENTITY and (first != "sessionContext" or not below or below.partition(".")[0] in SESSION)
    return head in (*TEXTS, *TRUTHS, *NESTED)


def _member(field: str, wanted: list[Value], meant: Meant) -> Iterator[str]:
    """A member that no call has, or a value that none takes; nothing where one of the events is no operation."""
    if None in meant.values():
        return
    try:
        allowed = values((call for found in meant.values() for call in found or ()), field)
    except KeyError:
        yield f"no call of the rule has {field}"
        return
    for value in wanted:
        if allowed and isinstance(value, str) and "*" not in value and value not in allowed:
            yield f"no call of the rule takes {value} as {field}"
