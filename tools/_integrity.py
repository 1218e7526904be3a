"""Whether a reply is whole: botocore takes a cut or foreign 200 for an empty success, so the door checks first."""

import json
from collections.abc import Mapping
from typing import NoReturn, Protocol
from xml.etree import ElementTree

from pydantic import JsonValue

MAX_BYTES = 16_000_000
"""A longer reply is refused; AWS pages are below 1 MB in practice."""
MAX_DEPTH = 64
_CONTAINERS: Mapping[str, type] = {"structure": dict, "map": dict, "list": list}


class BadReply(Exception):
    """AWS, or something between us and AWS, sent a reply that is cut, foreign or of wrong types."""


class Shape(Protocol):
    """What the check reads of a botocore shape."""

    type_name: str
    serialization: Mapping[str, object]


class Operation(Protocol):
    """What the check reads of a botocore operation model."""

    name: str
    output_shape: Shape | None
    http: Mapping[str, str]
    service_model: "Service"


class Service(Protocol):
    resolved_protocol: str


def check_reply(operation: Operation, headers: Mapping[str, str], body: bytes) -> None:
    """Raises BadReply for a successful reply that is short, oversized, or no whole document of its protocol.

    `headers` have lower-case names.
    """
    protocol = operation.service_model.resolved_protocol
    length = headers.get("content-length", "")
    if length.isdigit() and int(length) != len(body):
        raise BadReply(f"short body: {len(body)} of {length} bytes")
    if len(body) > MAX_BYTES:
        raise BadReply("oversize")
    if (shape := operation.output_shape) is None:
        return
    payload = _payload(shape)
    if payload.type_name not in ("structure", "list", "map"):
        _check_text(body)
    elif "json" in protocol:
        _fit(payload, _json_object(body), 0)
    else:
        _check_xml(operation, protocol, body)


def _payload(shape: Shape) -> Shape:
    """The shape of the body: the one member that is the payload, else the whole output."""
    name = shape.serialization.get("payload")
    members: Mapping[str, Shape] = getattr(shape, "members", {})
    return members[name] if isinstance(name, str) else shape


def _check_text(body: bytes) -> None:
    """A body that is one text, such as a bucket policy, is not empty and no web page."""
    if body.lstrip()[:1] in (b"", b"<"):
        raise BadReply("no text of a document")


def _json_object(body: bytes) -> JsonValue:
    try:
        document: JsonValue = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise BadReply("not JSON") from None
    if not isinstance(document, dict):
        raise BadReply("not a JSON object")
    return document


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _fit(shape: Shape, value: JsonValue, depth: int) -> None:
    """Objects, lists and plain values stand where the service model says; null and unknown members pass.

    Text and numbers are not told apart: AWS itself sends one for the other.
    """
    if value is None:
        return
    if depth > MAX_DEPTH:
        raise BadReply("too deep")
    if not isinstance(value, _CONTAINERS.get(shape.type_name, (str, int, float))):
        raise BadReply(f"a {type(value).__name__} where a {shape.type_name} belongs")
    for inner, element in _inside(shape, value):
        _fit(inner, element, depth + 1)


def _inside(shape: Shape, value: JsonValue) -> list[tuple[Shape, JsonValue]]:
    if isinstance(value, list):
        member: Shape = getattr(shape, "member")  # noqa: B009
        return [(member, element) for element in value]
    if not isinstance(value, dict):
        return []
    if shape.type_name == "map":
        inner: Shape = getattr(shape, "value")  # noqa: B009
        return [(inner, element) for element in value.values()]
    members: Mapping[str, Shape] = getattr(shape, "members", {})
    return [(each, value.get(str(each.serialization.get("name", name)))) for name, each in members.items()]


def _check_xml(operation: Operation, protocol: str, body: bytes) -> None:
    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, ValueError):
        raise BadReply("not XML") from None
    name = _local(root)
    if name.lower() == "html" or (protocol in ("query", "ec2") and name != f"{operation.name}Response"):
        raise BadReply(f"<{name}> where {operation.name} belongs")
    wrapper = operation.output_shape.serialization.get("resultWrapper") if operation.output_shape else None
    if isinstance(wrapper, str) and wrapper not in {_local(child) for child in root}:
        raise BadReply(f"no {wrapper}")


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
