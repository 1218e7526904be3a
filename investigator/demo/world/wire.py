"""The one door to moto's core: from an HTTP request to an operation with its parameters, and back to bytes.

moto.core is private to moto, so the extra pins its minor version, and nothing else of ours names it. Its backends are
not used.
"""

import json
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from moto.core.exceptions import ServiceException
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.serialize import SerializationContext, get_serializer_class
from moto.core.utils import get_service_model
from pydantic import JsonValue
from werkzeug.exceptions import NotFound

from investigator.demo.answers import SERVICES, Asked, Body, Fault
from investigator.domain.times import to_text

_SCOPE = re.compile(r"Credential=[^/]+/\d{8}/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request")
_DOCUMENTS = frozenset({"PolicyDocument", "AssumeRolePolicyDocument", "Document"})


@dataclass(frozen=True, slots=True)
class Sent:
    """An HTTP request as it came."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP reply."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _Said(ServiceException):
    """An error to be written; moto looks for the model of an exception in the package that defines its class."""


class NotAsked(Exception):
    """The request is none that this world understands."""


def warm() -> None:
    """Load the service models, so that the first request is as quick as the others.

    Not every error that AWS gives stands in its models; moto warns of those.
    """
    warnings.filterwarnings("ignore", message=rf"Exception\({_Said.__name__}\)")
    for service in SERVICES:
        get_service_router(service)


def understand(sent: Sent, account: str) -> Asked:
    """The operation, its Region and parameters; raises NotAsked."""
    scope = _SCOPE.search(sent.headers.get("Authorization", ""))
    if scope is None or scope[2] not in SERVICES:
        raise NotAsked("no signature of a service that is here")
    region, service = scope[1], scope[2]
    request = Request.from_primitives(sent.method, sent.url, dict(sent.headers), sent.body)
    try:
        operation, labels = get_service_router(service).match(request)
    except NotFound:
        raise NotAsked(f"no operation of {service} at {sent.method} {sent.url}") from None
    parser = PROTOCOL_PARSERS[_protocol(service, sent)](operation)
    parsed = parser.parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": request.data,
            "url_path": request.path,
            "url_params": labels,
        }
    )
    name = str(operation.name)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
    return Asked(service, name, account, region, _parameters(parsed))


def reply(asked: Asked, said: Body | Fault, sent: Sent, request_id: str) -> Reply:
    """The answer or the error in the protocol of the request."""
    model = get_service_model(asked.service)
    serializer = get_serializer_class(asked.service, _protocol(asked.service, sent))(
        model.operation_model(asked.operation), SerializationContext(request_id)
    )
    result = _Said(said.code, said.message) if isinstance(said, Fault) else _on_the_wire(said)
    written = serializer.serialize(result)
    body = written["body"]
    headers = {str(name): str(value) for name, value in written["headers"].items()}
    return Reply(
        status=said.status if isinstance(said, Fault) else int(written["status_code"]),
        headers={**headers, "x-amzn-RequestId": request_id},
        body=body.encode() if isinstance(body, str) else bytes(body),
    )


def _protocol(service: str, sent: Sent) -> str:
    return determine_request_protocol(get_service_model(service), sent.headers.get("Content-Type"))


def _parameters(parsed: object) -> dict[str, JsonValue]:
    parameters = _plain(parsed)
    return parameters if isinstance(parameters, dict) else {}


def _plain(value: object) -> JsonValue:
    """A parsed parameter as JSON; moto gives times as naive UTC. Members that were not given are left out."""
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items() if inner is not None}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, datetime):
        return to_text(value.replace(tzinfo=value.tzinfo or UTC))
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)


def _on_the_wire(value: JsonValue) -> JsonValue:
    """Policy documents travel as URL-encoded JSON; botocore turns them back."""
    if isinstance(value, dict):
        return {
            name: quote(json.dumps(inner)) if name in _DOCUMENTS else _on_the_wire(inner)
            for name, inner in value.items()
        }
    return [_on_the_wire(inner) for inner in value] if isinstance(value, list) else value
