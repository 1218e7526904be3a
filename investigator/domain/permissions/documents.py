"""Policy documents read into statements; what is no policy that AWS would keep is refused by name."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

from pydantic import JsonValue

from investigator.domain.paths import text_of

LONGEST = 100_000
"""Characters of a document; the longest that IAM keeps has 10,240 (IAM and STS quotas), others' are longer."""
MOST_PATTERNS = 5_000
LONGEST_PATTERN = 2_048
WITH_VARIABLES = "2012-10-17"
VERSIONS = (WITH_VARIABLES, "2008-10-17")
"""Without a version a document is of the older one, in which `${…}` is plain text (IAM JSON policy reference)."""
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
USER_NAME = "aws:username"


class NotAPolicy(ValueError):
    """The document cannot be read as a policy; the message says why."""


@dataclass(frozen=True, slots=True)
class Glob:
    """A pattern of a policy; not `sure` when it holds a variable whose value only a request has."""

    text: str
    sure: bool = True
    written: str = ""
    """As the document has it, where that differs."""

    def __str__(self) -> str:
        return self.written or self.text


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement; what it names is in lower case for actions, as written for resources and principals."""

    policy: str
    effect: Literal["Allow", "Deny"]
    actions: tuple[Glob, ...] = ()
    not_actions: tuple[Glob, ...] = ()
    resources: tuple[Glob, ...] = ()
    not_resources: tuple[Glob, ...] = ()
    conditions: tuple[str, ...] = ()
    principals: tuple[tuple[str, str], ...] = ()
    """(kind, value), such as (`AWS`, an ARN); (`*`, `*`) for everyone. Trust policies only."""
    not_principals: tuple[tuple[str, str], ...] = ()

    @property
    def allows(self) -> bool:
        return self.effect == "Allow"


def read_policy(document: JsonValue, policy: str, user: str = "") -> tuple[Statement, ...]:
    """The statements of an identity policy called `policy`, for the IAM user of that name ("" for a role or anyone).

    The document is an object, its JSON text, or that text URL-encoded as the IAM API sends it. Raises NotAPolicy.
    """
    return _statements(document, policy, user, ("Resource", "NotResource"))


def read_trust(document: JsonValue, role: str) -> tuple[Statement, ...]:
    """The statements of a role's trust policy; raises NotAPolicy."""
    return _statements(document, role, "", ("Principal", "NotPrincipal"))


def _statements(document: JsonValue, policy: str, user: str, about: tuple[str, str]) -> tuple[Statement, ...]:
    body = _object(document)
    version = body.get("Version", VERSIONS[1])
    if version not in VERSIONS:
        raise NotAPolicy("its version is unknown")
    reading = _Reading(policy, user, version == WITH_VARIABLES, about)
    written = body.get("Statement")
    listed = written if isinstance(written, list) else [written]
    statements = tuple(reading.statement(statement) for statement in listed)
    if sum(map(_size, statements)) > MOST_PATTERNS:
        raise NotAPolicy("it is too large")
    return statements


def _size(statement: Statement) -> int:
    patterns = (statement.actions, statement.not_actions, statement.resources, statement.not_resources)
    return sum(map(len, patterns)) + len(statement.principals) + len(statement.not_principals) + 1


def _object(document: JsonValue) -> Mapping[str, JsonValue]:
    read = _parsed(document) if isinstance(document, str) else document
    if not isinstance(read, dict):
        raise NotAPolicy("it is no JSON object")
    if _length(read) > LONGEST:
        raise NotAPolicy("it is too large")
    return read


def _length(document: JsonValue) -> int:
    try:
        return len(text_of(document))
    except RecursionError as nested:
        raise NotAPolicy("it is nested too deep") from nested


def _parsed(text: str) -> JsonValue:
    if len(text) > LONGEST:
        raise NotAPolicy("it is too large")
    plain = unquote(text) if text.lstrip()[:1] == "%" else text
    try:
        return json.loads(plain, object_pairs_hook=_once)
    except (ValueError, RecursionError) as unreadable:
        raise NotAPolicy("it is no JSON text") from unreadable


def _once(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


@dataclass(frozen=True, slots=True)
class _Reading:
    """How the statements of one document are read."""

    policy: str
    user: str
    has_variables: bool
    about: tuple[str, str]

    def statement(self, written: JsonValue) -> Statement:
        if not isinstance(written, dict):
            raise NotAPolicy("a statement is no object")
        effect = written.get("Effect")
        if effect not in ("Allow", "Deny"):
            raise NotAPolicy("a statement neither allows nor denies")
        _one_of(written, "Action", "NotAction")
        _one_of(written, *self.about)
        return Statement(
            policy=self.policy,
            effect="Allow" if effect == "Allow" else "Deny",
            actions=tuple(Glob(text.lower()) for text in _texts(written, "Action")),
            not_actions=tuple(Glob(text.lower()) for text in _texts(written, "NotAction")),
            resources=tuple(self._glob(text) for text in _texts(written, "Resource")),
            not_resources=tuple(self._glob(text) for text in _texts(written, "NotResource")),
            conditions=tuple(_conditions(written.get("Condition"))),
            principals=tuple(_principals(written.get("Principal"))),
            not_principals=tuple(_principals(written.get("NotPrincipal"))),
        )

    def _glob(self, text: str) -> Glob:
        """The user's own name is known; any other variable stands for any text, and is not sure."""
        if not self.has_variables or "${" not in text:
            return Glob(text)
        told = _VARIABLE.sub(self._value, text)
        return Glob(told, all(self._is_known(name) for name in _VARIABLE.findall(text)), text)

    def _value(self, variable: re.Match[str]) -> str:
        if variable[1].lower() == USER_NAME and self.user:
            return self.user
        return "$" if variable[1] == "$" else "*"

    def _is_known(self, name: str) -> bool:
        return name == "$" or (name.lower() == USER_NAME and bool(self.user))


def _one_of(written: Mapping[str, JsonValue], one: str, other: str) -> None:
    if (one in written) == (other in written):
        raise NotAPolicy(f"a statement has not exactly one of {one} and {other}")


def _texts(written: Mapping[str, JsonValue], key: str) -> Iterator[str]:
    """One text or a list of texts."""
    value = written.get(key, [])
    for each in value if isinstance(value, list) else [value]:
        if not isinstance(each, str) or len(each) > LONGEST_PATTERN:
            raise NotAPolicy(f"{key} is no text, or too long")
        yield each


def _conditions(written: JsonValue) -> Iterator[str]:
    """Each condition as `Operator key value, value`."""
    if not isinstance(written, dict | None):
        raise NotAPolicy("Condition is no object")
    for operator, keys in (written or {}).items():
        if not isinstance(keys, dict):
            raise NotAPolicy("a condition is no object")
        for key, values in keys.items():
            listed = values if isinstance(values, list) else [values]
            yield f"{operator} {key} {', '.join(map(_scalar, listed))}"


def _scalar(value: JsonValue) -> str:
    if isinstance(value, list | dict):
        raise NotAPolicy("the value of a condition is no text")
    return value if isinstance(value, str) else json.dumps(value)


def _principals(written: JsonValue) -> Iterator[tuple[str, str]]:
    if written is None:
        return
    if written == "*":
        yield "*", "*"
    elif isinstance(written, dict):
        for kind in written:
            yield from ((kind, value) for value in _texts(written, kind))
    else:
        raise NotAPolicy("Principal is no object")
