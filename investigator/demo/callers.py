"""Who signs a call: the userIdentity of a record, the address and the agent."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import JsonValue

from investigator.demo.company import ACCOUNT, CONFIG_ROLE, role_arn, unique, user_arn
from investigator.domain.times import to_text

CLI = "aws-cli/2.27.50 md/awscrt#0.26.1 ua/2.1 os/{os} md/arch#{arch} lang/python#3.13.4 md/pyimpl#CPython m/E,b,Z"
MAC_CLI = CLI.format(os="macos#24.5.0", arch="arm64")
LINUX_CLI = CLI.format(os="linux#6.8.0-64-generic", arch="x86_64")
BOTO3 = (
    "Boto3/1.40.35 md/Botocore#1.40.35 ua/2.1 os/linux#6.8.0-64-generic md/arch#x86_64 "
    "lang/python#3.12.11 md/pyimpl#CPython m/Z,D,b cfg/retry-mode#legacy Botocore/1.40.35"
)
GO_SDK = "aws-sdk-go-v2/1.38.3 ua/2.1 os/linux lang/go#1.24.5 md/GOOS#linux md/GOARCH#amd64 api/{api}#1.44.0 m/E"
JAVA_SDK = "aws-sdk-java/2.33.4 md/io#sync md/http#Apache ua/2.1 os/Linux#6.1 lang/java#21.0.8 md/vendor#Amazon m/D"
BROWSER = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36"
)


@dataclass(frozen=True, slots=True)
class Caller:
    """An identity with its credential, seen from one address with one agent."""

    identity: Mapping[str, JsonValue]
    ip: str
    agent: str
    console: bool = False
    vpce: str = ""

    @property
    def arn(self) -> str:
        return str(self.identity.get("arn", ""))

    @property
    def key(self) -> str:
        return str(self.identity.get("accessKeyId", ""))

    def seen_from(self, ip: str, agent: str) -> "Caller":
        """The same credential in another place."""
        return replace(self, ip=ip, agent=agent)

    def through(self, endpoint: str, ip: str) -> "Caller":
        """The same credential through a VPC endpoint, which shows the private address."""
        return replace(self, ip=ip, vpce=endpoint)


def user_key(user: str, key: str, ip: str, agent: str) -> Caller:
    """A long-term key of an IAM user."""
    return Caller({**_user(user), "accessKeyId": key, "userName": user}, ip, agent)


def console_user(user: str, signed_in: datetime, ip: str) -> Caller:
    """A user in the console, signed in with MFA; the console signs with a key of its own."""
    attributes: dict[str, JsonValue] = {"creationDate": to_text(signed_in), "mfaAuthenticated": "true"}
    identity: dict[str, JsonValue] = {
        **_user(user),
        "accessKeyId": unique("ASIA", f"console/{user}/{to_text(signed_in)}"),
        "userName": user,
        "sessionContext": {"attributes": attributes},
    }
    return Caller(identity, ip, BROWSER, console=True)


def signing_in(user: str, ip: str) -> Caller:
    """A user at the sign-in page, before there is a credential."""
    return Caller({**_user(user), "userName": user}, ip, BROWSER)


def role_session(role: str, name: str, key: str, issued: datetime) -> Caller:
    """A session of a role, whose key a response handed out at `issued`."""
    identity: dict[str, JsonValue] = {
        "type": "AssumedRole",
        "principalId": f"{unique('AROA', role)}:{name}",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{name}",
        "accountId": ACCOUNT,
        "accessKeyId": key,
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": unique("AROA", role),
                "arn": role_arn(role),
                "accountId": ACCOUNT,
                "userName": role,
            },
            "attributes": {"creationDate": to_text(issued), "mfaAuthenticated": "false"},
        },
    }
    return Caller(identity, "", "")


def delivered_to_instance(session: Caller) -> Caller:
    """The session as instance metadata (version 2) hands it to an instance."""
    context = session.identity["sessionContext"]
    assert isinstance(context, dict)
    return replace(session, identity={**session.identity, "sessionContext": {**context, "ec2RoleDelivery": "2.0"}})


def service(name: str) -> Caller:
    """An AWS service that acts for itself."""
    dns = f"{name}.amazonaws.com"
    return Caller({"type": "AWSService", "invokedBy": dns}, dns, dns)


def unnamed_service(name: str) -> Caller:
    """The caller of a service event, whose identity has no type."""
    dns = f"{name}.amazonaws.com"
    return Caller({"accountId": ACCOUNT, "invokedBy": dns}, dns, dns)


def other_account(account: str, role: str, name: str, ip: str) -> Caller:
    """A role of another account, of which this account sees the principal id alone."""
    identity: dict[str, JsonValue] = {
        "type": "AWSAccount",
        "principalId": f"{unique('AROA', f'{account}/{role}')}:{name}",
        "accountId": account,
    }
    return Caller(identity, ip, BOTO3)


def config_recorder(issued: datetime) -> Caller:
    """AWS Config reading the account through its service-linked role."""
    session = role_session(CONFIG_ROLE, "AWSConfig-Describe", unique("ASIA", f"config/{to_text(issued)}"), issued)
    dns = "config.amazonaws.com"
    return replace(session, identity={**session.identity, "invokedBy": dns}).seen_from(dns, dns)


def _user(user: str) -> dict[str, JsonValue]:
    return {
        "type": "IAMUser",
        "principalId": unique("AIDA", user),
        "arn": user_arn(user),
        "accountId": ACCOUNT,
    }
