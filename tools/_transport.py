"""How bytes travel: each reply is read under a deadline and a size limit, and checked before botocore parses it."""

import io
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol, TypedDict
from urllib.parse import urlsplit

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from botocore.httpsession import URLLib3Session
from botocore.utils import get_environ_proxies  # pyright: ignore[reportUnknownVariableType]
from urllib3.exceptions import HTTPError

from ._integrity import MAX_BYTES, BadReply, Operation, check_reply
from ._reply import ATTEMPT, Overdue

READ_SECONDS = 60.0
"""The longest that one reply may take to read, however steadily it drips."""


class Session(Protocol):
    """The part of a botocore session that takes hooks."""

    def register(self, event_name: str, handler: Callable[..., object], unique_id: str) -> None: ...


class Raw(Protocol):
    """A urllib3 response: `read1` gives what one receive brought."""

    def read1(self, amt: int) -> bytes: ...


class Sent(Protocol):
    """A prepared botocore request."""

    url: str
    stream_output: bool


class Received(Protocol):
    """A botocore response that was not read yet."""

    status_code: int
    headers: Mapping[str, str]
    raw: Raw


class ReplyParts(TypedDict):
    """A reply as the parsers of botocore get it."""

    headers: Mapping[str, str]
    status_code: int
    body: bytes


class _Body(io.BytesIO):
    """A body that was read already, in the form that botocore reads once more."""

    def stream(self) -> Iterator[bytes]:
        yield self.read()


class Transport:
    """Sends for the sessions that it watches, and counts."""

    def __init__(self, ca_bundle: str | None) -> None:
        self._verify: str | bool = ca_bundle or os.environ.get("REQUESTS_CA_BUNDLE") or True
        self._pools: dict[str, Callable[[Sent], Received]] = {}
        self._lock = threading.Lock()
        self.sent = 0

    def watch(self, session: Session) -> None:
        """Register after the guard: what it refuses never gets here."""
        session.register("before-send", self.on_sending, unique_id="investigator-transport")
        session.register("before-parse", self.on_reply, unique_id="investigator-integrity")

    def on_sending(self, request: Sent, **_: object) -> object:
        """Send and read; raises Overdue once the deadline of the call has passed."""
        attempt = ATTEMPT.get()
        if time.monotonic() > attempt.deadline:
            raise Overdue
        send = self._pool(request.url)
        request.stream_output = True
        reply = send(request)
        body = _read(reply.raw, request.url)
        return AWSResponse(request.url, reply.status_code, reply.headers, _Body(body))

    def on_reply(self, operation_model: Operation, response_dict: ReplyParts, **_: object) -> None:
        """The integrity check of specification reliability, appendix 1; raises BadReply."""
        headers = {key.lower(): value for key, value in response_dict["headers"].items()}
        if request_id := headers.get("x-amzn-requestid") or headers.get("x-amz-request-id"):
            ATTEMPT.get().request_ids.append(request_id)
        if response_dict["status_code"] < 300 and operation_model.http.get("method") != "HEAD":
            check_reply(operation_model, headers, response_dict["body"])

    def _pool(self, url: str) -> Callable[[Sent], Received]:
        origin = "://".join(urlsplit(url)[:2])
        with self._lock:
            self.sent += 1
            if origin not in self._pools:
                self._pools[origin] = self._new_pool(url)
            return self._pools[origin]

    def _new_pool(self, url: str) -> Callable[[Sent], Received]:
        pool: object = URLLib3Session(
            verify=self._verify,  # pyright: ignore[reportArgumentType]
            proxies=get_environ_proxies(url),
            timeout=(10, 30),
            max_pool_connections=32,
            socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],  # else each request waits 40 ms for an ACK
        )
        send: Callable[[Sent], Received] = getattr(pool, "send")  # noqa: B009
        return send


def _read(raw: Raw, url: str) -> bytes:
    until = min(time.monotonic() + READ_SECONDS, ATTEMPT.get().deadline + 1)
    body = bytearray()
    try:
        while chunk := raw.read1(1 << 16):
            body += chunk
            if len(body) > MAX_BYTES:
                raise BadReply("oversize")
            if time.monotonic() > until:
                raise ReadTimeoutError(endpoint_url=url)
    except (HTTPError, OSError) as error:
        raise ConnectionClosedError(endpoint_url=url) from error
    return bytes(body)
