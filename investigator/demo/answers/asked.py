"""A request to the demo's AWS, and the error that may come back in place of pages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

Body = dict[str, JsonValue]

_MISSING = re.compile(r"^NoSuch|NotFound(Exception|Error)?$|^404$")


@dataclass(frozen=True, slots=True)
class Asked:
    """One operation in one Region, with its parameters as boto3 spells them; times are ISO 8601 text."""

    service: str
    operation: str
    account: str
    region: str
    parameters: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])

    def text(self, name: str) -> str:
        """A text parameter; "" when it was not given."""
        return str(self.parameters.get(name) or "")

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; () when it was not given."""
        given = self.parameters.get(name)
        return tuple(map(str, given)) if isinstance(given, list) else ()


@dataclass(frozen=True, slots=True)
class Fault(Exception):
    """An error as AWS gives it: its code, message and HTTP status."""

    code: str
    message: str = ""
    status: int = 400

    @property
    def missing(self) -> bool:
        """Whether what was asked about does not exist: an answer rather than a refusal."""
        return bool(_MISSING.search(self.code))


def denied(asked: Asked) -> Fault:
    """The error that a missing permission gives."""
    action = f"{asked.service}:{asked.operation}"
    if asked.service == "ec2":
        return Fault("UnauthorizedOperation", "You are not authorized to perform this operation.", 403)
    code = "AccessDenied" if asked.service in ("iam", "s3", "sts") else "AccessDeniedException"
    return Fault(code, f"The caller is not authorized to perform: {action}", 403)
