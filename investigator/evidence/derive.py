"""Columns that follow from a few values of a record: name, outcome, issued key, time, oddities of its version."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from investigator.domain.times import parse_instant
from investigator.domain.words import Outcome

_DATED = re.compile(r"(.+?)(?:\d{8}(?:v\d+)?|\d{4}_\d{2}_\d{2})")
_DENIED = re.compile(r"(?:.*\.)?(AccessDenied|AccessDeniedException|UnauthorizedOperation)|403")
SIGN_INS = ("ConsoleLogin", "SwitchRole", "ExitRole", "CheckMfa", "GetSigninToken")
"""Calls whose response says, under the call's own name, whether they succeeded."""
ISSUING = frozenset({
    "CreateAccessKey", "AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "AssumeRoot",
    "GetSessionToken", "GetFederationToken", "GetSigninToken", "GetCredentialsForIdentity", "GetRoleCredentials",
    "CreateSession", "GetClusterSessionCredentials",
})  # fmt: skip
"""Calls whose response hands out an access key id (specification 9.6)."""


class _Keyed(Struct, gc=False):
    accessKeyId: str | None = None  # noqa: N815  (the wire's name)


class _Response(Struct, gc=False):
    """Where a response holds the access key id that it hands out."""

    credentials: _Keyed | None = None
    accessKey: _Keyed | None = None  # noqa: N815
    roleCredentials: _Keyed | None = None  # noqa: N815


_RESPONSE = msgspec.json.Decoder(_Response)
_SIGN_IN = msgspec.json.Decoder(dict[str, object])


def plain_name(name: str) -> str:
    """The name without its date suffix: CreateFunction20150331 is CreateFunction."""
    dated = _DATED.fullmatch(name)
    return dated[1] if dated else name


def outcome_of(error: str | None) -> Outcome:
    """What an errorCode says; no code is success."""
    if not error:
        return Outcome.SUCCESS
    return Outcome.DENIED if _DENIED.fullmatch(error) else Outcome.FAILED


def sign_in_outcome(name: str, error: str | None, response: bytes) -> Outcome:
    """A sign-in also says in its response that it failed: `{"ConsoleLogin": "Failure"}`."""
    said = _members(response).get(name) if name in SIGN_INS else None
    return Outcome.FAILED if said == "Failure" and not error else outcome_of(error)


def _members(response: bytes) -> Mapping[str, object]:
    try:
        return _SIGN_IN.decode(response) if response else {}
    except (msgspec.MsgspecError, RecursionError):
        return {}


def issued_key(name: str, error: str | None, response: bytes) -> str | None:
    """The access key id in the response of a successful issuing call."""
    if error or name not in ISSUING or not response:
        return None
    try:
        answer = _RESPONSE.decode(response)
    except (msgspec.MsgspecError, RecursionError):
        return None
    holders = (answer.credentials, answer.accessKey, answer.roleCredentials)
    return next((holder.accessKeyId for holder in holders if holder and holder.accessKeyId), None)


EARLIEST, LATEST = 1990, 2200
"""Years outside which a time is no time of an event."""


def is_known_version(version: str | None) -> bool:
    """Major version 1 is the only one there is."""
    return version is None or version.partition(".")[0] == "1"


def moment(text: str | None) -> datetime | None:
    """The naive UTC time of a text in ISO 8601; None for anything else, and outside EARLIEST to LATEST."""
    try:
        time = parse_instant(text or "").replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    return time if EARLIEST <= time.year < LATEST and "T" in (text or "").upper() else None


def moments(texts: Sequence[str | None]) -> NDArray[np.datetime64]:
    """The UTC times of texts, microseconds; not-a-time where a text is none."""
    times = _all_usual(texts)
    if times is None:
        known = {text: moment(text) for text in set(texts)}
        times = np.array([known[text] for text in texts], "datetime64[us]")
    return times


def _all_usual(texts: Sequence[str | None]) -> NDArray[np.datetime64] | None:
    """The times when all are written as AWS writes them, to the second and in UTC; else None."""
    present = [text for text in texts if text]
    if len(present) < len(texts) or set(map(len, present)) - {20}:
        return None
    try:
        written = np.frombuffer("".join(present).encode("ascii"), "S1").reshape(-1, 20)
        times = np.ascontiguousarray(written[:, :19]).view("S19").ravel().astype("datetime64[us]")
    except ValueError:
        return None
    if not (written[:, 19] == b"Z").all():
        return None
    years = times.astype("datetime64[Y]").astype(np.int64) + 1970
    return times if not len(years) or (years.min() >= EARLIEST and years.max() < LATEST) else None


def kind_of(category: str | None, event_type: str | None, management: str | None, source: str | None) -> str:
    """The kind of events a record is one of, as coverage cells name it; old records have no eventCategory."""
    if category == "Insight" or (event_type or "").lower() == "awscloudtrailinsight":
        return "insight"
    if category == "NetworkActivity":
        return "network"
    if category == "Data" or (category is None and management == "false"):
        return f"data:{(source or '').removesuffix('.amazonaws.com')}"
    return "management"
