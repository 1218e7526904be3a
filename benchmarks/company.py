"""Who calls what in the company of the benchmarks: workloads, pipelines, scanners, people, old keys."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from typing import Any

Json = dict[str, Any]
Call = tuple[str, str, str]
"""Service, event name and the kind of body: a method of the corpus."""

START = datetime(2025, 3, 1, tzinfo=UTC)
REGIONS = ("us-east-1", "eu-west-1", "eu-central-1", "ap-southeast-2")
ACCOUNTS = ("111122223333", "444455556666", "777788889999", "222233334444")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

_CLI = "aws-cli/2.15.30 Python/3.11.8 Linux/5.10.205-195.807.amzn2.x86_64 exe/x86_64.amzn.2 prompt/off command/s3.cp"
_BOTO = "Boto3/1.34.69 md/Botocore#1.34.69 ua/2.0 os/linux#5.10.205 md/arch#x86_64 lang/python#3.11.8"
_JAVA = "aws-sdk-java/2.25.11 Linux/5.10.209 OpenJDK_64-Bit_Server_VM/25.402-b08 Java/1.8.0_402 vendor/N_A io/sync"
_TERRAFORM = (
    "APN/1.0 HashiCorp/1.0 Terraform/1.7.5 (+https://www.terraform.io) aws-sdk-go-v2/1.25.3 os/linux lang/go#1.21.8"
)
_BROWSER = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0"


def _calls(kind: str, body: str) -> tuple[Call, ...]:
    rows = [line.split() for line in _TABLE if line.startswith(kind)]
    return tuple((service, name, body) for _, service, *names in rows for name in names)


_TABLE = (Path(__file__).parent / "calls.txt").read_text().splitlines()
LOOKS = _calls("describe ", "listed") + _calls("get ", "named")
CHANGES = _calls("change ", "named")
WORK = [
    ((service, name, body), int(often))
    for _, service, name, body, often in (line.split() for line in _TABLE if line.startswith("work "))
]


@dataclass(slots=True)
class Actor:
    """One caller. `share` is of all calls of its account; a session lasts `hours`, a long-term key for ever (0)."""

    account: str
    name: str
    share: float
    calls: tuple[Call, ...]
    upto: tuple[float, ...]
    agent: str
    addresses: tuple[str, ...]
    hours: float = 0
    service: str = ""
    """The AWS service that assumes the role for it; else the `issuer`'s session does."""
    issuer: "Actor | None" = None
    identity: Json | None = None
    ends: datetime = START

    def call(self, pick: random.Random) -> Call:
        return pick.choices(self.calls, cum_weights=self.upto)[0]


class Company:
    """Its actors by account; the same random numbers give the same company."""

    def __init__(self, pick: random.Random, accounts: tuple[str, ...] = ACCOUNTS) -> None:
        self._pick = pick
        self.audit = self._actor(accounts[0], "audit-hub", 0.002, [(call, 1) for call in LOOKS[:4]], _BOTO)
        self.audit.hours, self.audit.service = 8, "ecs-tasks.amazonaws.com"
        self.actors = {account: [*self._actors(account)] for account in accounts}
        self.actors[accounts[0]].append(self.audit)
        self.upto = {name: tuple(accumulate(one.share for one in actors)) for name, actors in self.actors.items()}

    def caller(self, account: str) -> Actor:
        return self._pick.choices(self.actors[account], cum_weights=self.upto[account])[0]

    def _actors(self, account: str) -> "list[Actor]":
        return [
            *(self._workload(account, rank) for rank in range(24)),
            *(self._person(account, number) for number in range(10)),
            *(self._old_key(account, number) for number in range(8)),
            *self._machinery(account),
        ]

    def _workload(self, account: str, rank: int) -> Actor:
        work, weights = zip(*WORK, strict=True)
        calls = [one for one in WORK if one[0] in self._pick.choices(work, weights, k=6)] or WORK[:1]
        one = self._actor(account, f"workload-{rank:02d}", 0.19 / (rank + 1), calls, self._pick.choice((_BOTO, _JAVA)))
        one.hours = self._pick.choice((1, 3, 6))
        one.service = self._pick.choice(("ec2.amazonaws.com", "lambda.amazonaws.com", "ecs-tasks.amazonaws.com"))
        return one

    def _person(self, account: str, number: int) -> Actor:
        changes = [(call, 1) for call in self._pick.sample(CHANGES, 4)]
        calls = [*((call, 8) for call in self._pick.sample(LOOKS, 30)), *changes]
        one = self._actor(account, f"AWSReservedSSO_Engineer_{number:02d}", 0.05 / 10, calls, _BROWSER)
        one.hours, one.service = 8, "sso.amazonaws.com"
        return one

    def _old_key(self, account: str, number: int) -> Actor:
        calls = [one for one in WORK if one[0] in self._pick.sample([call for call, _ in WORK], 5)] or WORK[:1]
        return self._actor(account, f"svc-{account[:2]}-{number}", 0.05 / 8, calls, _CLI)

    def _machinery(self, account: str) -> "list[Actor]":
        deploys = [*((call, 12) for call in LOOKS), *((call, 1) for call in CHANGES)]
        deploy = self._actor(account, "deploy-pipeline", 0.09, deploys, _TERRAFORM)
        scanner = self._actor(account, "security-audit", 0.09, [(call, 1) for call in LOOKS], _BOTO)
        deploy.hours, deploy.service, scanner.hours, scanner.issuer = 1, "codebuild.amazonaws.com", 1, self.audit
        return [deploy, scanner]

    def _actor(self, account: str, name: str, share: float, calls: "list[tuple[Call, int]]", agent: str) -> Actor:
        net = f"10.{self._pick.randrange(64)}.{self._pick.randrange(256)}"
        addresses = tuple(f"{net}.{self._pick.randrange(4, 250)}" for _ in range(3))
        names, weights = zip(*calls, strict=True)
        return Actor(account, name, share, names, tuple(accumulate(weights)), agent, addresses)
