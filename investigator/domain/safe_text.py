"""Hostile text made inert: control characters made visible, secret values redacted (ground rules G7 and G8)."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the command line makes text visible before it needs any model
    from pydantic import JsonValue

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff\\\\]"
)
_VISIBLE = re.compile(r"\\(\\|x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})")


def visible(text: str) -> str:
    """The text with every control, bidi, zero-width and lone surrogate character as an escape; reversible."""
    return _UNSAFE.sub(_escape, text) if _UNSAFE.search(text) else text


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    if char == "\\":
        return "\\\\"
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def original(text: str) -> str:
    """The inverse of `visible`."""
    return _VISIBLE.sub(lambda match: "\\" if match[1] == "\\" else chr(int(match[1][1:], 16)), text)


SECRET_NAMES = re.compile(
    r"(?i)^(secret_?access_?key|session_?token|security_?token|(master_?)?(user_?)?(new_?|old_?|db_?)?password(_?data)?"
    r"|passwd|pwd|secret_?(string|binary|value)|private_?key(_?material)?|key_?material|auth_?(orization)?_?token"
    r"|access_?token|refresh_?token|id_?token|client_?secret|api_?key_?value|signature|service_?password"
    r"|plaintext(data_?key)?|passphrase|bearer_?token|webidentitytoken|samlassertion|authorization|connection_?string)$"
)
_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("private key", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)", re.DOTALL)),
    ("secret access key", re.compile(
        r"(?i)(?<=secret)([\s_-]*(?:access)?[\s_-]*key[\"']?(?:\s+is)?\s*[:=]?\s*[\"']?)(?P<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])")),
    ("session token", re.compile(r"(?:FwoG|FQoG|FQoD|IQoJ)[A-Za-z0-9/+=]{60,}")),
    ("token", re.compile(r"\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}|\bglpat-[\w-]{20,}|\bxox[abprs]-[\w-]{10,}")),
    ("token", re.compile(r"\b(?:sk|rk)_live_[A-Za-z0-9]{16,}|\bsk-[A-Za-z0-9_-]{20,}|\bAIza[\w-]{35}|\bnpm_[A-Za-z0-9]{36}")),
    ("JWT", re.compile(r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}")),
    ("password", re.compile(r"(?i)\b(?:pass(?:word|wd)?|pwd|secret|token)[\"']?\s*(?:=|:)\s*[\"']?(?P<secret>[^\s\"',;&]{4,})")),
    ("password", re.compile(r"\b[A-Z0-9_]*(?:PASSWORD|PASSWD|PWD|SECRET|TOKEN|API_KEY)[\"']?\s*[=:]\s*[\"']?(?P<secret>[^\s\"',;&]{4,})")),
    ("password", re.compile(r"(?<=://)[^\s/:@]{1,64}:(?P<secret>[^\s/@]{1,128})(?=@)")),
    ("bearer token", re.compile(r"(?i)\b(?:bearer|basic)\s+(?P<secret>[A-Za-z0-9._~+/=-]{16,})")),
    ("signature", re.compile(r"(?i)X-Amz-(?:Signature|Security-Token|Credential)=(?P<secret>[^&\s\"']+)")),
    ("secret access key", re.compile(r"(?<![A-Za-z0-9/+=_.:-])(?=[A-Za-z0-9/+]*[a-z])(?=[A-Za-z0-9/+]*[A-Z])(?=[A-Za-z0-9/+]*[0-9])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=_.-])")),
)  # fmt: skip
_REDACTED = re.compile(r"^\[redacted: [a-z A-Z]+, \d+\]$")


def redacted(kind: str, secret: str) -> str:
    """What stands in place of a secret value."""
    return f"[redacted: {kind}, {len(secret)}]"


def redact(text: str) -> str:
    """The text with every secret value that has a known shape replaced."""
    for kind, pattern in _SHAPES:
        text = pattern.sub(_replacer(kind), text)
    return text


def _replacer(kind: str) -> Callable[[re.Match[str]], str]:
    def replace(match: re.Match[str]) -> str:
        secret = match.groupdict().get("secret")
        if secret is None:
            return redacted(kind, match[0])
        if secret.startswith("[redacted"):
            return match[0]
        return match[0].replace(secret, redacted(kind, secret))

    return replace


_FORMULA = re.compile(r"^\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20]")


def inert_cell(text: str) -> str:
    """Visible text for a spreadsheet cell: what would be read as a formula gets an apostrophe in front."""
    return "'" + visible(text) if _FORMULA.match(visible(text)) else visible(text)


def redact_json(value: "JsonValue", name: str = "") -> "JsonValue":
    """A JSON value with secret values replaced, by the name of their key or by their shape."""
    if isinstance(value, dict):
        return {key: redact_json(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [redact_json(inner, name) for inner in value]
    if isinstance(value, str):
        if _REDACTED.match(value):
            return value
        if value and SECRET_NAMES.match(name) and value != "HIDDEN_DUE_TO_SECURITY_REASONS":
            return redacted(name, value)
        return redact(value)
    return value
