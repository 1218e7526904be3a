"""Who may call: a bearer token, and a Host that is ours (no token is needed on loopback when none is configured)."""

import hashlib
import hmac
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path

from fastapi import Request

from investigator.http.problems import Problem

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Access:
    """The check of every request."""

    def __init__(self, tokens: Iterable[str], hosts: Iterable[str]) -> None:
        self._tokens = tuple(hashlib.sha256(token.encode()).digest() for token in tokens)
        self._hosts = frozenset(hosts) | LOOPBACK

    async def __call__(self, request: Request) -> None:
        """Raises Problem for a foreign Host or a wrong token."""
        if _name(request.headers.get("host", "")) not in self._hosts:
            raise Problem(HTTPStatus.MISDIRECTED_REQUEST, "this Host is not served here")
        if not self._tokens:
            return
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        digest = hashlib.sha256(token.strip().encode("utf-8", "surrogatepass")).digest()
        known = [hmac.compare_digest(digest, one) for one in self._tokens]
        if scheme.lower() != "bearer" or not any(known):
            raise Problem(HTTPStatus.UNAUTHORIZED, "send Authorization: Bearer TOKEN")


def _name(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()


def read_tokens(path: Path) -> tuple[str, ...]:
    """The tokens of a file, one a line; raises ValueError for a file without any or with a short one."""
    tokens = tuple(line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    if not tokens or any(len(token) < 16 for token in tokens):
        raise ValueError(f"{path}: takes tokens of at least 16 characters, one a line")
    return tokens
