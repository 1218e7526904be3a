"""Where a story happens: an account with seeded names, networks and Region, and the records of what is called there."""

import random
import string
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from pydantic import JsonValue

from investigator.demo.calls import in_log
from investigator.domain.times import to_text
from tests.detections.ordinary import callers
from tests.detections.ordinary.callers import Caller, Identity, key_of
from tests.detections.ordinary.life import Ground, Record

REGIONS = ("us-east-1", "eu-west-1", "eu-central-1", "us-west-2", "ap-southeast-2", "ca-central-1")
GLOBAL = "us-east-1"
_GLOBAL_SERVICES = frozenset({"iam", "organizations", "route53", "cloudfront", "support"})
_DATA = frozenset({"GetObject", "PutObject", "DeleteObject", "CopyObject", "ListObjects", "Invoke", "HeadObject"})


@dataclass(frozen=True, slots=True)
class Player(Caller):
    """A caller who signs every call with the same credential, and may be seen in another network with it."""

    key: str = ""
    session: str = ""
    since: datetime | None = None
    """When the session began; None for a long-term key."""
    mfa: bool = False

    def seen_from(self, network: str, agent: str = "") -> "Player":
        """The same credential elsewhere."""
        return replace(self, network=network, agent=agent or self.agent)


class Scene(Ground):
    """An account on the days around a deed; calls are written as they come, each some seconds after the one before."""

    def __init__(self, seed: str) -> None:
        pick = random.Random(seed)
        accounts = tuple("".join(4 * digit for digit in pick.sample("123456789", 3)) for _ in range(2))
        super().__init__(pick, accounts)
        self.account, self.stranger_account = accounts
        self.region = self.home = pick.choice(REGIONS)
        self.day = datetime(2026, pick.randrange(3, 9), pick.randrange(1, 28), tzinfo=UTC)
        self.records: list[Record] = []
        self.logs_objects = True
        """Whether the trail records what is done with single objects."""
        self._networks: set[str] = set()
        self._hosts: dict[tuple[str, str], str] = {}

    @property
    def others(self) -> tuple[str, ...]:
        """Regions that the company does not use."""
        return tuple(region for region in REGIONS if region not in (self.home, GLOBAL))

    def at(self, clock: str, days: int = 0) -> datetime:
        """Be at a time of the day of the deed, or of a day so many days from it."""
        hours, minutes = map(int, clock.split(":"))
        self.time = self.day + timedelta(days=days, hours=hours, minutes=minutes, seconds=self.pick.randrange(60))
        return self.time

    @contextmanager
    def in_region(self, region: str) -> Iterator[None]:
        """Calls go to another Region."""
        before, self.region = self.region, region
        yield
        self.region = before

    def network(self) -> str:
        """A network that nobody has yet, without its last number: a range kept for documentation or for tests."""
        free = [f"198.{18 + self.pick.randrange(2)}.{self.pick.randrange(256)}", "203.0.113", "192.0.2", "198.51.100"]
        found = next(network for network in self.pick.sample(free, 4) if network not in self._networks)
        self._networks.add(found)
        return found

    def named(self, kind: str) -> str:
        """A new id of a kind of resource, such as `i-0…`."""
        return f"{kind}-0{self.pick.getrandbits(64):016x}"

    def arn(self, kind: str, name: str, service: str = "iam") -> str:
        region = "" if service in ("iam", "sts") else self.region
        return f"arn:aws:{service}:{region}:{self.account}:{kind}/{name}"

    def user(self, name: str, network: str, agent: str = callers.CLI) -> Player:
        """A user with a long-term key."""
        return Player(name, "IAMUser", agent, network, key=key_of(self.pick, "AKIA"))

    def session(self, role: str, name: str, network: str, agent: str = callers.BOTO, by: str = "") -> Player:
        """A session of a role that starts now, issued to a service (such as `ec2`) or by single sign-on."""
        player = Player(role, "AssumedRole", agent, network, key=key_of(self.pick, "ASIA"), session=name)
        return self._issued(_service(f"{by or 'sso'}.amazonaws.com"), player)

    def take(self, who: Player, role: str, name: str) -> Player:
        """Take a role: the session, seen where the caller is."""
        return self._issued(
            who, Player(role, "AssumedRole", who.agent, who.network, key=key_of(self.pick, "ASIA"), session=name)
        )

    def _issued(self, by: Caller, player: Player) -> Player:
        player = replace(player, since=self.time)
        arn = self.arn("assumed-role", f"{player.name}/{player.session}", "sts")
        asked: JsonValue = {"roleArn": self.arn("role", player.name), "roleSessionName": player.session}
        until = in_log(self.time + timedelta(hours=12 if player.agent == callers.BROWSER else 1))
        credentials: JsonValue = {"accessKeyId": player.key, "sessionToken": "IQoJ" + "x" * 24, "expiration": until}
        role: JsonValue = {"assumedRoleId": f"{_unique('AROA', player.name)}:{player.session}", "arn": arn}
        self.call(by, "sts:AssumeRole", asked, {"credentials": credentials, "assumedRoleUser": role})
        return player

    def new_key(self, who: Player, user: str) -> Player:
        """Make an access key for a user: the user, seen where the caller is."""
        made = replace(self.user(user, who.network), agent=who.agent)
        self.call(who, "iam:CreateAccessKey", {"userName": user},
                  {"accessKey": {"accessKeyId": made.key, "status": "Active", "userName": user, "createDate": in_log(self.time)}})  # fmt: skip
        return made

    def sign_in(self, user: str, network: str, *, mfa: bool = True, error: str = "") -> Player:
        """Sign in to the console; the console's session, which is worth nothing when the sign-in failed."""
        page = Player(user, "IAMUser", callers.BROWSER, network)
        extra: JsonValue = {
            "LoginTo": "https://console.aws.amazon.com/console/home",
            "MobileVersion": "No",
            "MFAUsed": "Yes" if mfa else "No",
        }
        self.call(page, "signin:ConsoleLogin", None, {"ConsoleLogin": "Failure" if error else "Success"},
                  additionalEventData=extra, eventType="AwsConsoleSignIn", **({"errorMessage": error} if error else {}))  # fmt: skip
        return replace(page, kind="UserSession", key=key_of(self.pick, "ASIA"), since=self.time, mfa=mfa)

    def call(
        self, who: Caller, action: str, request: JsonValue = None, response: JsonValue = None, **fields: JsonValue
    ) -> Record:
        """The record of a call, some seconds after the last; fields replace what it says."""
        self.time += timedelta(seconds=self.pick.randrange(3, 40))
        service, _, name = action.partition(":")
        with self.in_region(GLOBAL if service in _GLOBAL_SERVICES else self.region):
            record = self.record(action, who, request, response)
        data = name in _DATA
        record |= {"eventCategory": "Data" if data else "Management", "managementEvent": not data, **fields}
        self.records.append(record)
        return record

    def refused(self, who: Caller, action: str, request: JsonValue = None, code: str = "AccessDenied") -> Record:
        """A call that came to nothing."""
        message = f"{who.name} is not authorized to perform: {action}"
        return self.call(who, action, request, errorCode=code, errorMessage=message)

    def look(self, who: Caller, actions: str) -> None:
        """Several reads, one after another."""
        for action in actions.split():
            self.call(who, action)

    def object(self, who: Caller, name: str, bucket: str, key: str, **request: JsonValue) -> None:
        """A data event on one object, where the trail records them."""
        if not self.logs_objects:
            return
        of = [{"type": "AWS::S3::Object", "ARN": f"arn:aws:s3:::{bucket}/{key}"},
              {"type": "AWS::S3::Bucket", "ARN": f"arn:aws:s3:::{bucket}", "accountId": self.account}]  # fmt: skip
        self.call(who, f"s3:{name}", {"bucketName": bucket, "key": key, **request}, resources=of)

    def identity(self, who: Caller) -> Identity:
        """The caller's one identity; its key is in it where it has one."""
        identity = callers.identity(who, self.account, random.Random(f"{self.account} {who.name}"))
        if not isinstance(who, Player):
            return identity
        if who.kind == "AssumedRole":
            identity["arn"] = self.arn("assumed-role", f"{who.name}/{who.session}", "sts")
            identity["principalId"] = f"{_unique('AROA', who.name)}:{who.session}"
        context = identity.get("sessionContext", {})
        attributes: Identity = (
            {"creationDate": to_text(who.since), "mfaAuthenticated": str(who.mfa).lower()} if who.since else {}
        )
        signed: Identity = {"accessKeyId": who.key, "sessionContext": {**context, "attributes": attributes}}
        kept = signed if who.since else {"accessKeyId": who.key} if who.key else {}
        return {key: value for key, value in identity.items() if key not in ("accessKeyId", "sessionContext")} | kept

    def address(self, who: Caller) -> str:
        """Where the caller sits: the same host of a network every time, or the one address that many share."""
        if who.service or who.network.count(".") == 3:
            return who.service or who.network
        return self._hosts.setdefault((who.network, who.name), f"{who.network}.{self.pick.randrange(2, 250)}")


def _service(name: str) -> Caller:
    return Caller(name, kind="AWSService", agent=name, service=name)


def _unique(prefix: str, name: str) -> str:
    return prefix + "".join(random.Random(name).choices(string.ascii_uppercase + "234567", k=17))
