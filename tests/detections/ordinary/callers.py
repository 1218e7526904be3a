"""Who calls in an ordinary company: how each is signed in, with which agent and from where."""

import random
from dataclasses import dataclass

from pydantic import JsonValue

Identity = dict[str, JsonValue]
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
TERRAFORM = "APN/1.0 HashiCorp/1.0 Terraform/1.7.5 (+https://www.terraform.io) aws-sdk-go-v2/1.25.3 os/linux"
BROWSER = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0"
BOTO = "Boto3/1.34.69 md/Botocore#1.34.69 ua/2.0 os/linux#5.10.205 md/arch#x86_64 lang/python#3.11.8"
CLI = "aws-cli/2.15.30 Python/3.11.8 Linux/5.10.205-195.807.amzn2.x86_64 exe/x86_64.amzn.2 prompt/off"


@dataclass(frozen=True, slots=True)
class Caller:
    """One kind of caller; `service` is the AWS service that makes the call for it, or is it."""

    name: str
    kind: str = "AssumedRole"
    agent: str = BOTO
    network: str = "10.20.30"
    service: str = ""
    hours: tuple[int, int] = (0, 24)
    """The hours of the day (UTC) in which it works."""
    weekends: bool = True

    @property
    def address(self) -> str:
        """Where its calls seem to come from: a network without its last number, or the service."""
        return self.service or self.network


DEPLOY = Caller("deploy-pipeline", agent=TERRAFORM, network="198.51.100", hours=(7, 19), weekends=False)
ADMIN = Caller("AWSReservedSSO_Administrator_0c1d", agent=BROWSER, network="192.0.2", hours=(7, 17), weekends=False)
ENGINEER = Caller("AWSReservedSSO_PowerUser_4e5f", agent=BROWSER, network="192.0.2", hours=(7, 18), weekends=False)
SUPPORT = Caller("AWSReservedSSO_Support_77aa", agent=BROWSER, network="192.0.2", hours=(6, 20))
SCANNER = Caller("security-audit", network="198.51.100", hours=(3, 6))
KEEPER = Caller("backup-keeper", network="10.20.31", hours=(0, 4))
WORKLOAD = Caller("web-service", network="10.20.32")
INSTANCE = Caller("fleet-node", network="10.20.33")
LONE_INSTANCE = Caller("edge-node", network="198.51.100")
MACHINES = (INSTANCE, LONE_INSTANCE)
OLD_KEY = Caller("svc-reports", kind="IAMUser", agent=CLI, network="198.51.100")
PERSON = Caller("maria.lindt", kind="IAMUser", agent=CLI, network="192.0.2", hours=(7, 17), weekends=False)
ROOT = Caller("root", kind="Root", agent=BROWSER, network="192.0.2", hours=(8, 16), weekends=False)
STACK = Caller("deploy-pipeline", agent="cloudformation.amazonaws.com", network="198.51.100", service="cloudformation.amazonaws.com",
               hours=(7, 19), weekends=False)  # fmt: skip
VAULT = Caller("backup-service", agent="backup.amazonaws.com", service="backup.amazonaws.com", hours=(0, 4))
MAINTENANCE = Caller("maintenance-window", agent="ssm.amazonaws.com", service="ssm.amazonaws.com", hours=(1, 5))
AWS = Caller("aws", kind="AWSService", agent="AWS Internal", service="config.amazonaws.com")
LINKED = Caller("AWSServiceRoleForAutoScaling", agent="autoscaling.amazonaws.com", service="autoscaling.amazonaws.com")
PARTNER = Caller("partner", kind="AWSAccount", network="203.0.113")
SIGNED_IN = Caller(
    "maria.lindt@example.com", kind="SAMLUser", agent=BROWSER, network="192.0.2", hours=(7, 17), weekends=False
)
VISITOR = Caller("anonymous", kind="Unknown", agent=BROWSER, network="203.0.113")
SESSION = Caller("maria.lindt", kind="UserSession", agent=CLI, network="192.0.2", hours=(7, 17), weekends=False)


def key_of(pick: random.Random, prefix: str) -> str:
    """A new access key id."""
    return prefix + "".join(pick.choices(LETTERS, k=16))


def identity(who: Caller, account: str, pick: random.Random) -> Identity:
    """The `userIdentity` of a call, with a new session for callers that have one."""
    return _KINDS[who.kind](who, account, pick)


def _role(who: Caller, account: str, pick: random.Random) -> Identity:
    session = f"i-{pick.getrandbits(68):017x}" if who in MACHINES else f"run-{pick.getrandbits(40):x}"
    path = "role/aws-service-role/autoscaling.amazonaws.com" if who is LINKED else "role"
    issuer: Identity = {
        "type": "Role", "principalId": f"AROA{who.name.upper():X>17.17}", "arn": f"arn:aws:iam::{account}:{path}/{who.name}",
        "accountId": account, "userName": who.name,
    }  # fmt: skip
    forwarded: Identity = {"invokedBy": who.service} if who.service else {}
    return {
        "type": "AssumedRole", "principalId": f"{issuer['principalId']}:{session}", "accountId": account,
        "arn": f"arn:aws:sts::{account}:assumed-role/{who.name}/{session}", "accessKeyId": key_of(pick, "ASIA"),
        "sessionContext": {"sessionIssuer": issuer, "attributes": {"mfaAuthenticated": "false"}},
    } | forwarded  # fmt: skip


def _user(who: Caller, account: str, pick: random.Random) -> Identity:
    prefix = "ASIA" if who.kind == "UserSession" else "AKIA"
    return {
        "type": "IAMUser", "principalId": f"AIDA{who.name.upper():X>17.17}", "accountId": account,
        "arn": f"arn:aws:iam::{account}:user/{who.name}", "accessKeyId": key_of(pick, prefix), "userName": who.name,
    }  # fmt: skip


def _root(who: Caller, account: str, pick: random.Random) -> Identity:
    return {"type": "Root", "principalId": account, "arn": f"arn:aws:iam::{account}:root", "accountId": account,
            "accessKeyId": key_of(pick, "ASIA")}  # fmt: skip


def _service(who: Caller, account: str, pick: random.Random) -> Identity:
    return {"type": "AWSService", "invokedBy": who.service}


def _account(who: Caller, account: str, pick: random.Random) -> Identity:
    return {"type": "AWSAccount", "principalId": f"AROA{who.name.upper():X>17.17}:run", "accountId": "505560667077"}


def _named(who: Caller, account: str, pick: random.Random) -> Identity:
    return {"type": who.kind, "principalId": f"{account}:{who.name}", "userName": who.name}


_KINDS = {
    "AssumedRole": _role, "IAMUser": _user, "UserSession": _user, "Root": _root, "AWSService": _service,
    "AWSAccount": _account, "SAMLUser": _named, "Unknown": _named,
}  # fmt: skip
