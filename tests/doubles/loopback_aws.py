"""A small AWS on the loopback: scripted answers of the services that the tools ask, in the protocol that each speaks."""

import json
import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

import botocore.session

_MODELS = botocore.session.get_session()
_SCOPE = re.compile(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/aws4_request")
_S3 = {
    "policy": "GetBucketPolicy", "policyStatus": "GetBucketPolicyStatus", "acl": "GetBucketAcl",
    "publicAccessBlock": "GetPublicAccessBlock", "versioning": "GetBucketVersioning", "logging": "GetBucketLogging",
    "encryption": "GetBucketEncryption", "lifecycle": "GetBucketLifecycleConfiguration",
    "replication": "GetBucketReplication", "object-lock": "GetObjectLockConfiguration",
    "location": "GetBucketLocation",
}  # fmt: skip
_REST = (
    ("guardduty", r"/detector", "ListDetectors"),
    ("guardduty", r"/detector/[^/]+/findings", "ListFindings"),
    ("guardduty", r"/detector/[^/]+/findings/get", "GetFindings"),
    ("securityhub", r"/findings", "GetFindings"),
)


@dataclass(frozen=True)
class Raw:
    """A reply as bytes, whatever it does to the client; `claims` is the Content-Length that it gives."""

    body: bytes
    status: int = 200
    claims: int | None = None
    content_type: str = "application/x-amz-json-1.1"


@dataclass(frozen=True)
class Error:
    """An AWS error in the form of the service's protocol."""

    code: str
    status: int = 400
    message: str = "refused"


Scripted = Mapping[str, Any] | Raw | Error
Script = Sequence[Scripted] | Callable[["Asked"], Scripted]


@dataclass(frozen=True)
class Asked:
    """One request that reached the server."""

    operation: str
    region: str
    body: str
    agent: str
    key: str


@dataclass
class LoopbackAws:
    """Answers by `service:Operation`: each request takes the next one, the last again and again."""

    answers: dict[str, Script] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    bytes_read: int = 0
    url: str = ""
    _turns: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def operations(self) -> list[str]:
        return [each.operation for each in self.asked]

    def next(self, asked: Asked) -> Scripted:
        with self._lock:
            self.asked.append(asked)
            script = self.answers.get(asked.operation, [Error("NotScripted", 501)])
            if callable(script):
                return script(asked)
            turn = self._turns[asked.operation]
            self._turns[asked.operation] += 1
            return script[min(turn, len(script) - 1)]


@contextmanager
def loopback(answers: Mapping[str, Script]) -> Iterator[LoopbackAws]:
    """The server, while the block runs; the caller's identity is scripted unless it is given."""
    caller = {"Account": "111122223333", "Arn": "arn:aws:iam::111122223333:user/ir", "UserId": "AIDAIR"}
    world = LoopbackAws({"sts:GetCallerIdentity": [caller], **answers})
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(world))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    world.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield world
    finally:
        server.shutdown()
        server.server_close()


def _handler(world: LoopbackAws) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            world.bytes_read += len(self.requestline) + len(body)
            scope = _SCOPE.search(self.headers.get("Authorization", ""))
            region, service = (scope[1], scope[2]) if scope else ("", "")
            operation = _operation(service, self, body.decode())
            key = re.search(r"Credential=([^/]+)", self.headers.get("Authorization", ""))
            asked = Asked(
                f"{service}:{operation}",
                region,
                body.decode(),
                self.headers.get("User-Agent", ""),
                key[1] if key else "",
            )
            self.send(_bytes(service, operation, world.next(asked)))

        do_GET = do_PUT = do_DELETE = do_HEAD = do_POST  # noqa: N815

        def send(self, reply: Raw) -> None:
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("x-amzn-RequestId", f"request-{len(world.asked)}")
            self.send_header("Content-Length", str(len(reply.body) if reply.claims is None else reply.claims))
            if reply.claims is not None:
                self.close_connection = True
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    return Handler


def _operation(service: str, request: BaseHTTPRequestHandler, body: str) -> str:
    if target := request.headers.get("X-Amz-Target"):
        return target.rpartition(".")[2]
    path = urlsplit(request.path)
    if service == "s3":
        return next(
            (name for key, name in _S3.items() if key in parse_qs(path.query, keep_blank_values=True)), request.command
        )
    for of, pattern, name in _REST:
        if of == service and re.fullmatch(pattern, path.path):
            return name
    return parse_qs(body).get("Action", [f"{request.command} {path.path}"])[0]


def _bytes(service: str, operation: str, reply: Scripted) -> Raw:
    if isinstance(reply, Raw):
        return reply
    model = _MODELS.get_service_model(service)
    if isinstance(reply, Error):
        return _error(model.resolved_protocol, reply)
    if "json" in model.resolved_protocol:
        shape = model.operation_model(operation).output_shape
        return Raw(json.dumps(_wire(shape, reply)).encode())
    return Raw(_xml(model, operation, reply).encode(), content_type="text/xml")


def _wire(shape: Any, value: Any) -> Any:
    """Members under the names that travel."""
    if shape.type_name == "structure" and isinstance(value, Mapping):
        return {
            shape.members[key].serialization.get("name", key): _wire(shape.members[key], inner)
            for key, inner in value.items()
        }
    if shape.type_name == "list" and isinstance(value, list):
        return [_wire(shape.member, inner) for inner in value]
    return value


def _error(protocol: str, error: Error) -> Raw:
    code, message = escape(error.code), escape(error.message)
    inner = f"<Code>{code}</Code><Message>{message}</Message>"
    match protocol:
        case "query":
            text = f"<ErrorResponse><Error>{inner}</Error><RequestId>r</RequestId></ErrorResponse>"
        case "ec2":
            text = f"<Response><Errors><Error>{inner}</Error></Errors><RequestID>r</RequestID></Response>"
        case "rest-xml":
            text = f"<Error>{inner}</Error>"
        case _:
            return Raw(json.dumps({"__type": error.code, "message": error.message}).encode(), error.status)
    return Raw(text.encode(), error.status, content_type="text/xml")


def _xml(model: Any, operation: str, reply: Mapping[str, Any]) -> str:
    shape = model.operation_model(operation).output_shape
    payload = shape.serialization.get("payload")
    if payload and shape.members[payload].type_name == "string":
        return str(reply[payload])
    if payload:
        return _element(shape.members[payload], payload, reply[payload])
    inner = "".join(_element(shape.members[key], key, value) for key, value in reply.items())
    if model.resolved_protocol == "rest-xml":
        return f"<{shape.name}>{inner}</{shape.name}>"
    wrapper = shape.serialization.get("resultWrapper")
    inner = f"<{wrapper}>{inner}</{wrapper}>" if wrapper else inner
    return f"<{operation}Response>{inner}</{operation}Response>"


def _element(shape: Any, name: str, value: Any) -> str:
    name = shape.serialization.get("name", name)
    if shape.type_name == "list":
        member = shape.member.serialization.get("name", "member")
        if shape.serialization.get("flattened"):
            return "".join(_element(shape.member, name, each) for each in value)
        return f"<{name}>" + "".join(_element(shape.member, member, each) for each in value) + f"</{name}>"
    if shape.type_name == "structure":
        return (
            f"<{name}>"
            + "".join(_element(shape.members[key], key, inner) for key, inner in value.items())
            + f"</{name}>"
        )
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"<{name}>{escape(text)}</{name}>"
