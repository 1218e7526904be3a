"""Who may call: a bearer token, and a Host that is ours (no token is needed on loopback when none is configured)."""

import hashlib
import hmac
from collections.abc import Iterable, MutableMapping
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from investigator.http.problems import problem

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
HEALTH = "/healthz"
"""The one path that anybody may ask."""
EVERYWHERE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}


class Access:
    """The rules for every request."""

    def __init__(self, tokens: Iterable[str], hosts: Iterable[str]) -> None:
        self._tokens = tuple(_digest(token) for token in tokens)
        self._hosts = frozenset(host.lower() for host in hosts) | LOOPBACK

    def refusal(self, headers: Headers) -> tuple[HTTPStatus, str] | None:
        """Why a request is not taken, or None."""
        host = headers.get("host", "")
        origin = headers.get("origin")
        if _name(host) not in self._hosts:
            return HTTPStatus.MISDIRECTED_REQUEST, "this Host is not served here"
        if origin is not None and _authority(origin) != host.lower():
            return HTTPStatus.FORBIDDEN, "pages of other sites may not call"
        if self._tokens and not self._known(headers.get("authorization", "")):
            return HTTPStatus.UNAUTHORIZED, "send Authorization: Bearer TOKEN"
        return None

    def _known(self, authorization: str) -> bool:
        scheme, _, token = authorization.partition(" ")
        same = [hmac.compare_digest(_digest(token.strip()), one) for one in self._tokens]
        return scheme.lower() == "bearer" and any(same)


class Guard:
    """ASGI middleware: it asks the rules before any route is looked for, so that no route can be forgotten."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = None if scope["path"] == HEALTH else self._access.refusal(Headers(scope=scope))
        if refused is None:
            await self._app(scope, receive, _careful(send))
        else:
            status, detail = refused
            asks = {"WWW-Authenticate": "Bearer"} if status is HTTPStatus.UNAUTHORIZED else None
            await problem(status, detail, asks)(scope, receive, _careful(send))


def _careful(send: Send) -> Send:
    """Every answer holds case data: nobody keeps it, guesses its type, or runs it."""

    async def with_headers(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(EVERYWHERE)
        await send(message)

    return with_headers


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _authority(origin: str) -> str:
    """Host and port of an origin; nothing for `null` and for what is none."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _name(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()


def read_tokens(path: Path) -> tuple[str, ...]:
    """The tokens of a file, one a line; raises ValueError for a file without any or with a short one."""
    tokens = tuple(line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    if not tokens or any(len(token) < 16 for token in tokens):
        raise ValueError(f"{path}: takes tokens of at least 16 characters, one a line")
    return tokens
