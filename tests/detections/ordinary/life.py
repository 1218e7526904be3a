"""The ordinary life of a rule: calls that come close and must not hit, and uses by others that may, at a low level.

A template is a function from a `Ground` (seeded) to the records of one occasion; `ask` makes the usual one.
"""

import json
import random
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import JsonValue

from investigator.domain.words import Severity
from tests.detections.ordinary.callers import Caller, Identity, identity, key_of

Record = dict[str, JsonValue]
Template = Callable[["Ground"], tuple[Record, ...]]

CONSTANT, HOURLY, OFTEN, DAILY, WEEKLY, MONTHLY, QUARTERLY, YEARLY = 3000.0, 720.0, 150.0, 30.0, 4.0, 1.0, 1 / 3, 1 / 12
"""Occasions in a million events, which are about a month of a company with ten accounts."""
WORDS = (
    "orders ledger billing search media payroll catalog pricing rewards routing stock labels returns maps alerts "
    "tickets claims quotes survey fleet archive imports invoices metrics profiles sessions"
).split()
PEOPLE = "amir berit chen dana elif farid greta hana ivan jana karim lena mateo nora olga petra quang rosa".split()
_PLACE = re.compile(r"<(\w+)>")
_READS = re.compile(r"^(Get|List|Describe|Head|Lookup|BatchGet|Search|Simulate|AssumeRole|Decrypt|Generate)")


class Ground:
    """What a template draws from: seeded names, the account and its sisters, and who is signed in."""

    def __init__(self, pick: random.Random, accounts: tuple[str, ...] = ("111122223333", "444455556666")) -> None:
        self.pick = pick
        self.accounts = accounts
        self.account = pick.choice(accounts)
        self.region = pick.choice(("us-east-1", "eu-west-1", "eu-central-1"))
        self.time = datetime(2025, 3, 3, 9, tzinfo=UTC) + timedelta(seconds=pick.randrange(86_400))

    def identity(self, who: Caller) -> Identity:
        """How the caller is signed in now."""
        return identity(who, self.account, self.pick)

    def address(self, who: Caller) -> str:
        """Where the caller sits."""
        return who.service or f"{who.network}.{self.pick.randrange(10, 250)}"

    def fill(self, value: JsonValue, me: str = "") -> JsonValue:
        """The value with `<word>`, `<user>`, `<id>`, `<account>`, `<sister>` … in its texts replaced."""
        if isinstance(value, str):
            return _PLACE.sub(lambda found: self._named(found[1], me) or found[0], value)
        if isinstance(value, list):
            return [self.fill(one, me) for one in value]
        if isinstance(value, dict):
            return {key: self.fill(one, me) for key, one in value.items()}
        return value

    def _named(self, name: str, me: str) -> str:
        if name == "self":
            return me
        drawn = _NAMES.get(name)
        return drawn(self) if drawn else ""

    def record(self, action: str, who: Caller, request: JsonValue, response: JsonValue = None) -> Record:
        """The record of a call now."""
        service, _, name = action.partition(":")
        by = self.identity(who)
        me = str(by.get("userName") or by.get("arn", "")).rpartition("/")[2]
        return {
            "eventVersion": "1.09", "userIdentity": by, "eventTime": f"{self.time:%Y-%m-%dT%H:%M:%SZ}",
            "eventSource": f"{service}.amazonaws.com", "eventName": name, "awsRegion": self.region,
            "sourceIPAddress": self.address(who), "userAgent": who.agent, "requestParameters": self.fill(request, me),
            "responseElements": self.fill(response, me), "requestID": str(self.fill("<uuid>")),
            "eventID": str(self.fill("<uuid>")), "readOnly": bool(_READS.match(name)), "eventType": "AwsApiCall",
            "recipientAccountId": self.account,
        }  # fmt: skip


_NAMES: Mapping[str, Callable[[Ground], str]] = {
    "word": lambda g: f"{g.pick.choice(WORDS)}-{g.pick.randrange(100):02d}",
    "user": lambda g: f"{g.pick.choice(PEOPLE)}.{g.pick.choice(WORDS)}",
    "id": lambda g: f"{g.pick.getrandbits(68):017x}",
    "uuid": lambda g: str(uuid.UUID(int=g.pick.getrandbits(128), version=4)),
    "key": lambda g: key_of(g.pick, "AKIA"),
    "account": lambda g: g.account,
    "sister": lambda g: g.pick.choice([one for one in g.accounts if one != g.account]),
    "region": lambda g: g.region,
    "small": lambda g: g.pick.choice(("t3.micro", "t3.small", "t4g.medium", "m6i.large", "c6i.xlarge", "r6g.large")),
    "n": lambda g: str(g.pick.randrange(10, 250)),
}
"""What a template may leave open."""


def ask(action: str, who: Caller, /, **request: JsonValue) -> Template:
    """A call of `service:Name` with these request parameters."""
    return lambda ground: (ground.record(action, who, request or None),)


def but(template: Template, **fields: JsonValue) -> Template:
    """The same with other fields at the top of its records."""
    return lambda ground: tuple({**record, **fields_of(ground, fields)} for record in template(ground))


def fields_of(ground: Ground, fields: Mapping[str, JsonValue]) -> Record:
    return {key: ground.fill(value) for key, value in fields.items()}


def denied(template: Template, code: str = "AccessDenied") -> Template:
    """The same, refused."""
    return but(template, errorCode=code, errorMessage="not authorized to perform this call", responseElements=None)


def text(document: JsonValue) -> str:
    """A policy as it stands in a request: JSON in a text."""
    return json.dumps(document)


def policy(*statements: JsonValue) -> JsonValue:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(principal: JsonValue, action: JsonValue, resource: str = "", **condition: JsonValue) -> JsonValue:
    """A statement that allows; a condition makes it a limited one."""
    limits: Record = {"Condition": dict(condition)} if condition else {}
    named: Record = {"Principal": principal} if principal is not None else {}
    about: Record = {"Resource": resource} if resource else {}
    return {"Effect": "Allow", **named, "Action": action, **about, **limits}


@dataclass(frozen=True, slots=True)
class Habit:
    """Templates that are alike, each with so many occasions in a million events; `level` is the highest of its hits."""

    rate: float
    templates: tuple[Template, ...]
    level: Severity | None = None
    """None: it must not hit."""


@dataclass(frozen=True, slots=True)
class Life:
    """What happens around a rule in ordinary times."""

    near: tuple[Habit, ...]
    uses: tuple[Habit, ...]


def near(rate: float, *templates: Template) -> Habit:
    """Calls close to what the rule means, which must not hit it."""
    return Habit(rate, templates)


def use(level: Severity, rate: float, *templates: Template) -> Habit:
    """Legitimate uses, which hit the rule at this level at most."""
    return Habit(rate, templates, level)


def quiet(rate: float, *templates: Template) -> Habit:
    """Legitimate uses that the rule leaves out: AWS for itself, a service that reads for its caller."""
    return Habit(rate, templates)


def life(near: Habit, *uses: Habit) -> Life:
    """A life with its near misses first."""
    return Life((near,), uses)
