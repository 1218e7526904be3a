"""Told stories: lines of text become events, so that a test reads like what happened.

    03:06 alice iam:CreateAccessKey(bob) -> AKIABOB from 198.51.100.7
    03:07 AKIABOB iam:CreateUser(svc) denied
    03:09 alice sts:AssumeRole(deploy) -> ASIADEPLOY
    03:10 ASIADEPLOY s3:GetObject(acme-data) in eu-west-1
    03:11 admin iam:UpdateAccessKey(alice)

A line is `TIME ACTOR ACTION(TARGET)`, then in any order `-> KEY` (what the response handed out, or the instance it
launched), `from ADDRESS`, `in REGION`, `via AGENT`, `denied`, `failed`. TIME is a clock time of one day, or has a date
before it. ACTOR is a user, whose key is AKIA and its name, or a key that an earlier line handed out. Ids are `ct:1` ….
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from investigator.domain.event import Event
from investigator.domain.words import Actor, Outcome

ACCOUNT = "111122223333"
DAY = "2026-01-27"
OFFICE = "203.0.113.40"
_LINE = re.compile(
    r"(?:(?P<day>\d{4}-\d\d-\d\d)[T ])?(?P<clock>\d\d:\d\d(?::\d\d)?)\s+(?P<actor>\S+)\s+"
    r"(?P<service>[\w-]+):(?P<name>\w+)(?:\((?P<target>[^)]*)\))?(?P<rest>.*)"
)
_TARGET_FIELD = {
    "iam:CreateRole": "roleName", "iam:UpdateAssumeRolePolicy": "roleName", "iam:AttachRolePolicy": "roleName",
    "sts:AssumeRole": "roleArn", "secretsmanager:GetSecretValue": "secretId",
}  # fmt: skip
_BY_SERVICE = {"iam": "userName", "s3": "bucketName", "ec2": "instanceId"}
_ERRORS = {"denied": "AccessDenied", "failed": "ValidationException"}


def key_of(user: str) -> str:
    """The long-term key that a story gives a user."""
    return "AKIA" + (re.sub(r"\W", "", user).upper() + "0" * 16)[:16]


def user_arn(user: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:user/{user}"


def role_arn(role: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{role}"


def session_arn(role: str, session: str) -> str:
    return f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}"


@dataclass
class _Cast:
    """Who signs with which key, as the story has told so far: key to (user or role, session)."""

    sessions: dict[str, tuple[str, str]] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)


def told(text: str) -> tuple[Event, ...]:
    """The events of a story, in the order it tells them; lines without a time are commentary."""
    cast = _Cast()
    lines = (_LINE.fullmatch(line.strip()) for line in text.splitlines())
    return tuple(_event(number, line, cast) for number, line in enumerate(filter(None, lines), 1))


def without(events: Iterable[Event], *ids: str) -> tuple[Event, ...]:
    """The same story with records missing."""
    return tuple(event for event in events if event.id not in ids)


def _event(number: int, line: re.Match[str], cast: _Cast) -> Event:
    rest, action, target = line["rest"], f"{line['service']}:{line['name']}", line["target"] or ""
    made = _after("->", rest)
    outcome = next((word for word in _ERRORS if re.search(rf"\b{word}\b", rest)), "")
    event = Event(
        id=f"ct:{number}",
        time=_time(line["day"] or DAY, line["clock"]),
        source=f"{line['service']}.amazonaws.com",
        name=line["name"],
        account=ACCOUNT,
        region=_after("in", rest) or "us-east-1",
        ip=_after("from", rest) or OFFICE,
        agent=_after("via", rest) or "aws-cli/2.15",
        error=_ERRORS.get(outcome, ""),
        outcome=Outcome(outcome or "success"),
        request_id=f"r{number}",
        read_only=line["name"].startswith(("Get", "List", "Describe", "Head")),
        category="Data" if action in ("s3:GetObject", "s3:PutObject", "s3:DeleteObject") else "Management",
        issued_key=made if made.startswith(("AKIA", "ASIA")) and not outcome else "",
        request=_request(action, target),
        response=None if outcome else _response(action, target, made),
        **_identity(line["actor"], cast),
    )
    if event.issued_key:
        _cast(event, target, cast)
    return event


def _time(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=UTC)


def _after(word: str, rest: str) -> str:
    found = re.search(rf"(?:^|\s){re.escape(word)}\s+(\S+)", rest)
    return found[1] if found else ""


def _identity(actor: str, cast: _Cast) -> dict:
    if actor == "anonymous":
        return {"identity": "AWSAccount", "principal": "anonymous", "actor": Actor.ANONYMOUS}
    if actor in cast.sessions:
        role, session = cast.sessions[actor]
        return {
            "identity": "AssumedRole", "arn": session_arn(role, session), "principal": role_arn(role),
            "issuer": role_arn(role), "session": session, "key": actor, "actor": Actor.ROLE,
        }  # fmt: skip
    user = cast.users.get(actor, actor)
    key = actor if actor in cast.users else key_of(user)
    arn = user_arn(user)
    return {"identity": "IAMUser", "arn": arn, "principal": arn, "user": user, "key": key, "actor": Actor.PERSON}


def _cast(event: Event, target: str, cast: _Cast) -> None:
    if event.name == "AssumeRole":
        role, _, session = target.partition("/")
        cast.sessions[event.issued_key] = (role, session or "session")
    elif event.name in ("GetSessionToken", "GetFederationToken"):
        cast.users[event.issued_key] = event.user
    else:
        cast.users[event.issued_key] = target or event.user


def _request(action: str, target: str) -> dict | None:
    if not target:
        return None
    field_name = _TARGET_FIELD.get(action) or _BY_SERVICE.get(action.partition(":")[0], "name")
    role, _, session = target.partition("/")
    if field_name == "roleArn":
        return {"roleArn": role_arn(role), "roleSessionName": session or "session"}
    return {field_name: target}


def _response(action: str, target: str, made: str) -> dict | None:
    role, _, session = target.partition("/")
    match action:
        case "sts:AssumeRole":
            arn = session_arn(role, session or "session")
            return {"credentials": {"accessKeyId": made}, "assumedRoleUser": {"arn": arn}}
        case "iam:CreateAccessKey":
            return {"accessKey": {"accessKeyId": made, "userName": target}}
        case "iam:CreateUser":
            return {"user": {"userName": target, "arn": user_arn(target)}}
        case "iam:CreateRole":
            return {"role": {"roleName": target, "arn": role_arn(target)}}
        case "ec2:RunInstances":
            return {"instancesSet": {"items": [{"instanceId": made}]}}
        case _:
            return {"credentials": {"accessKeyId": made}} if made else None
