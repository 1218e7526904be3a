"""Who works in the noise: people with their networks, pipelines, machines and old keys, each signed in for a while."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from benchmarks.company import REGIONS, START, Json
from tests.detections.ordinary import callers
from tests.detections.ordinary.callers import Caller, Identity, key_of
from tests.detections.ordinary.life import PEOPLE, Ground

ACCOUNTS = (
    "111122223333", "222233334444", "333344445555", "444455556666", "555566667777",
    "666677778888", "777788889999", "888899990000", "999900001111", "121234345656",
)  # fmt: skip
OFFICE = "192.0.2"
LONGEST = {callers.BROWSER: 8}
"""Hours of a person's session; those of machines last one."""
MACHINES = 6
"""Instances that use their role, in each account."""
NEWCOMERS = {6: 11, 7: 19}
"""People who join, by their number, and on which day."""
TRAVELS, AT_HOME = 1 / 60, 0.4
"""How many of a person's sessions are from a network that nobody knows, and how many from home."""


@dataclass(slots=True)
class _Session:
    identity: Identity
    address: str
    ends: datetime


class Site(Ground):
    """Where a template happens in the noise: callers keep their names, networks and sessions."""

    def __init__(self, pick: random.Random, longer: float = 1) -> None:
        super().__init__(pick, ACCOUNTS)
        self._longer = longer
        self.begun: list[Json] = []
        """Records that start sessions, not yet taken."""
        self._sessions: dict[tuple[str, str, int], _Session] = {}
        self._now: _Session | None = None

    def move(self, account: str, time: datetime) -> None:
        """Be in an account at a time."""
        self.account, self.time = account, time
        self.region = self.pick.choices(REGIONS, (60, 25, 10, 5))[0]

    def identity(self, who: Caller) -> Identity:
        """The caller's session; a new one, with its record, when there is none that lasts."""
        number = self._who(who)
        place = (self.account, who.name, number)
        known = self._sessions.get(place)
        if known is None or known.ends <= self.time:
            known = self._sessions[place] = self._begin(who, number, known)
        self._now = known
        forwarded: Identity = {"invokedBy": who.service} if who.service and who.kind == "AssumedRole" else {}
        return (
            {key: value for key, value in known.identity.items() if key != "invokedBy"}
            | forwarded
            | ({"invokedBy": who.service} if who.kind == "AWSService" else {})
        )

    def address(self, who: Caller) -> str:
        """Where the caller sits in this session."""
        return who.service or (self._now.address if self._now else super().address(who))

    def _who(self, who: Caller) -> int:
        """Which of the people or machines that share a role it is."""
        if who in callers.MACHINES:
            return self.pick.randrange(MACHINES)
        if not _is_people(who):
            return 0
        there = [number for number in range(8) if self.time >= START + timedelta(days=NEWCOMERS.get(number, 0))]
        return self.pick.choice(there)

    def _begin(self, who: Caller, number: int, before: _Session | None) -> _Session:
        identity = callers.identity(who, self.account, random.Random(f"{self.account} {who.name} {number}"))
        hours = LONGEST.get(who.agent, self._longer)
        if _is_people(who):
            named = f"{PEOPLE[number]}@example.com"
            identity["arn"] = f"{str(identity['arn']).rpartition('/')[0]}/{named}"
            identity["principalId"] = f"{str(identity['principalId']).partition(':')[0]}:{named}"
        if who.kind in ("IAMUser", "AWSService", "AWSAccount", "SAMLUser", "Unknown"):
            hours = 24 * 365
        session = _Session(identity, self._network(who, number), self.time + timedelta(hours=hours))
        if who.kind in ("AssumedRole", "UserSession", "Root"):
            identity["accessKeyId"] = key_of(self.pick, "ASIA")
        if who.kind in ("AssumedRole", "UserSession"):
            self.begun.append(self._start(who, identity, session.address))
        return session

    def _network(self, who: Caller, number: int) -> str:
        pick, own = self.pick, random.Random(f"{_is_people(who) or who.name} {number}")
        home = f"{own.randrange(80, 95)}.{own.randrange(256)}.{own.randrange(256)}"
        if who.agent != callers.BROWSER:
            return f"{who.network}.{20 + own.randrange(4)}"
        if pick.random() < TRAVELS:
            return f"{pick.randrange(80, 95)}.{pick.randrange(256)}.{pick.randrange(256)}.{pick.randrange(2, 250)}"
        return f"{home if pick.random() < AT_HOME else OFFICE}.{own.randrange(2, 250)}"

    def _start(self, who: Caller, identity: Identity, address: str) -> Json:
        """The record of the role assumed, or of the user's session asked for."""
        issued: Json = {"credentials": {"accessKeyId": identity["accessKeyId"], "expiration": "Mar 1, 2025, 2:14 AM"}}
        if who.kind == "UserSession":
            user = callers.identity(callers.PERSON, self.account, random.Random(f"{self.account} {who.name} 0"))
            return self.plain("sts:GetSessionToken", user, address, {"durationSeconds": 43200}, issued)
        issuer = identity["sessionContext"]["sessionIssuer"]  # pyright: ignore
        asked = {"roleArn": issuer["arn"], "roleSessionName": str(identity["arn"]).rpartition("/")[2]}  # pyright: ignore
        issued["assumedRoleUser"] = {"assumedRoleId": identity["principalId"], "arn": identity["arn"]}
        service = "sso.amazonaws.com" if who.agent == callers.BROWSER else who.service or "ec2.amazonaws.com"
        return self.plain("sts:AssumeRole", {"type": "AWSService", "invokedBy": service}, service, asked, issued)

    def plain(self, action: str, by: Json, address: str, asked: Json, answered: Json) -> Json:
        """A record by whom it says."""
        record = dict(self.record(action, callers.AWS, asked, answered))
        return record | {"userIdentity": by, "sourceIPAddress": address, "userAgent": address}


def _is_people(who: Caller) -> bool:
    """Whether it is a role that people share; each is the same person in all roles and accounts."""
    return who.agent == callers.BROWSER and who.kind == "AssumedRole"
