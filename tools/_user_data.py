"""User data as it is kept: decoded, with secret values redacted, because instances often carry secrets there."""

import base64
import binascii
import zlib
from collections.abc import Mapping

from pydantic import JsonValue

from investigator.domain.safe_text import redact

MAX_UNPACKED = 1_000_000
"""EC2 takes 16 KB of user data; packed text beyond this is not unpacked further."""


def readable(body: JsonValue) -> JsonValue:
    """The answer of DescribeInstanceAttribute with readable user data; one that is readable already stays as it is."""
    if not isinstance(body, dict) or not isinstance(held := body.get("UserData"), dict) or "Decoded" in held:
        return body
    return {**body, "UserData": {**held, **_decoded(held)}}


def _decoded(held: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    value = held.get("Value")
    return {"Value": redact(_text(value)), "Decoded": True} if isinstance(value, str) else {}


def _text(coded: str) -> str:
    try:
        plain = _unpacked(base64.b64decode(coded, validate=True))
        return plain.decode()
    except binascii.Error:
        return coded
    except (UnicodeDecodeError, zlib.error):
        return f"[binary, {len(coded)} characters of base64]"


def _unpacked(content: bytes) -> bytes:
    if content[:2] != b"\x1f\x8b":
        return content
    return zlib.decompressobj(wbits=31).decompress(content, MAX_UNPACKED)
