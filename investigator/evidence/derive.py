"""Columns that follow from a few values of a record: name, outcome, issued key, time, oddities of its version."""

import json
import re
from datetime import datetime

from pydantic import JsonValue

from investigator.domain.paths import first_text
from investigator.domain.times import parse_instant
from investigator.domain.words import Outcome

_DATED = re.compile(r"^(.*?[A-Za-z])(?:19|20)\d{6}(?:v\d+)?$|^(.*?[A-Za-z])(?:19|20)\d{2}_\d{2}_\d{2}$")
_DENIED = re.compile(r"(?:.*\.)?(AccessDenied|AccessDeniedException|UnauthorizedOperation)|403")
SIGN_INS = ("ConsoleLogin", "SwitchRole", "ExitRole", "CheckMfa", "GetSigninToken")
ISSUING: dict[str, tuple[str, ...]] = {
    "CreateAccessKey": ("accessKey.accessKeyId",),
    "AssumeRole": ("credentials.accessKeyId",),
    "AssumeRoleWithSAML": ("credentials.accessKeyId",),
    "AssumeRoleWithWebIdentity": ("credentials.accessKeyId",),
    "AssumeRoot": ("credentials.accessKeyId",),
    "GetSessionToken": ("credentials.accessKeyId",),
    "GetFederationToken": ("credentials.accessKeyId",),
    "GetSigninToken": ("credentials.accessKeyId",),
    "GetCredentialsForIdentity": ("credentials.accessKeyId",),
    "GetRoleCredentials": ("roleCredentials.accessKeyId",),
    "CreateSession": ("credentials.accessKeyId",),
    "GetClusterSessionCredentials": ("credentials.accessKeyId",),
}
"""Calls whose response hands out an access key id, and where it stands (specification 9.6)."""


def plain_name(name: str) -> str:
    """The name without its date suffix: CreateFunction20150331 is CreateFunction."""
    dated = _DATED.match(name)
    return (dated[1] or dated[2]) if dated else name


def outcome_of(error: str | None) -> Outcome:
    """What an errorCode says; no code is success."""
    if not error:
        return Outcome.SUCCESS
    return Outcome.DENIED if _DENIED.fullmatch(error) else Outcome.FAILED


def sign_in_outcome(name: str, error: str | None, response: bytes) -> Outcome:
    """A sign-in also says in its response that it failed: `{"ConsoleLogin": "Failure"}`."""
    said = first_text(_parsed(response), name)
    return Outcome.FAILED if said == "Failure" and not error else outcome_of(error)


def issued_key(name: str, response: bytes) -> str | None:
    """The access key id in the response of a successful issuing call."""
    answer = _parsed(response)
    return next((found for path in ISSUING[name] if (found := first_text(answer, path))), None)


def _parsed(raw: bytes) -> JsonValue:
    return json.loads(raw) if raw else None


def is_known_version(version: str | None) -> bool:
    """Major version 1 is the only one there is."""
    return version is None or version.partition(".")[0] == "1"


def moment(text: str | None) -> datetime | None:
    """The naive UTC time of a text in ISO 8601; None for anything else, and outside the years 1990 to 2199."""
    try:
        time = parse_instant(text or "").replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    return time if 1990 <= time.year < 2200 and "T" in (text or "").upper() else None


def kind_of(category: str | None, event_type: str | None, management: str | None, source: str | None) -> str:
    """The kind of events a record is one of, as coverage cells name it; old records have no eventCategory."""
    if category == "Insight" or (event_type or "").lower() == "awscloudtrailinsight":
        return "insight"
    if category == "NetworkActivity":
        return "network"
    if category == "Data" or (category is None and management == "false"):
        return f"data:{(source or '').removesuffix('.amazonaws.com')}"
    return "management"
