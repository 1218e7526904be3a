"""Writes CloudTrail records as AWS words them (event version 1.11)."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from investigator.demo.callers import Caller
from investigator.demo.company import ACCOUNT, SEED
from investigator.domain.times import to_text

Record = dict[str, JsonValue]

_READS = ("Get", "List", "Describe", "Lookup", "Head", "AssumeRole", "BatchGet", "Search")
_EC2_DENIED = "Client.UnauthorizedOperation"
_DENIED_WORDS = {"ec2": _EC2_DENIED, "iam": "AccessDenied", "s3": "AccessDenied", "sts": "AccessDenied"}


def text_at(value: JsonValue, *keys: str) -> str:
    """The text below these keys, or ""."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What was called and what came of it; `action` is `iam:CreateUser`."""

    action: str
    region: str
    request: JsonValue = None
    response: JsonValue = None
    error: str = ""
    message: str = ""
    resources: Sequence[tuple[str, str]] = ()
    """Type and ARN of each resource."""
    additional: JsonValue = None
    event_type: str = "AwsApiCall"
    data: bool = False
    shared: bool = False
    """Another account or service sees the same call."""

    @property
    def service(self) -> str:
        return self.action.partition(":")[0]

    @property
    def name(self) -> str:
        return self.action.partition(":")[2]


def denied(caller: Caller, action: str, region: str, request: JsonValue = None) -> Call:
    """A call that no identity-based policy allows, with the error that the service gives."""
    service = action.partition(":")[0]
    plain = (
        f"User: {caller.arn} is not authorized to perform: {action} "
        f"because no identity-based policy allows the {action} action"
    )
    return Call(
        action=action,
        region=region,
        request=request,
        error=_DENIED_WORDS.get(service, "AccessDeniedException"),
        message="You are not authorized to perform this operation." if service == "ec2" else plain,
    )


class Journal:
    """Records of one part of the story, with ids drawn from that part's own seed."""

    def __init__(self, part: str) -> None:
        self.random = random.Random(f"{SEED}/{part}")
        self.records: list[Record] = []

    def write(self, at: datetime, caller: Caller, call: Call) -> Record:
        """Add the record of a call."""
        record: Record = {
            "eventVersion": "1.11",
            "userIdentity": dict(caller.identity),
            "eventTime": to_text(at.replace(microsecond=0)),
            "eventSource": f"{call.service}.amazonaws.com",
            "eventName": call.name,
            "awsRegion": call.region,
            "sourceIPAddress": caller.ip,
            "userAgent": caller.agent,
            **_outcome(call),
            "requestParameters": call.request,
            "responseElements": call.response,
            **({"additionalEventData": call.additional} if call.additional is not None else {}),
            "requestID": self.uuid(),
            "eventID": self.uuid(),
            "readOnly": call.name.startswith(_READS),
            **_resources(call),
            "eventType": call.event_type,
            "managementEvent": not call.data,
            "recipientAccountId": ACCOUNT,
            **({"sharedEventID": self.uuid()} if call.shared else {}),
            **({"vpcEndpointId": caller.vpce, "vpcEndpointAccountId": ACCOUNT} if caller.vpce else {}),
            "eventCategory": "Data" if call.data else "Management",
            **_transport(caller, call),
        }
        self.records.append(record)
        return record

    def uuid(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def opaque(self, length: int) -> str:
        """Letters and digits that stand for a value nobody can read, such as a session token."""
        return "".join(self.random.choices("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789", k=length))


def _outcome(call: Call) -> Record:
    return {"errorCode": call.error, "errorMessage": call.message} if call.error else {}


def _resources(call: Call) -> Record:
    if not call.resources:
        return {}
    return {"resources": [_resource(kind, arn) for kind, arn in call.resources]}


def _resource(kind: str, arn: str) -> JsonValue:
    owned: Record = {} if kind == "AWS::S3::Object" else {"accountId": ACCOUNT}
    return {**owned, "type": kind, "ARN": arn}


def _transport(caller: Caller, call: Call) -> Record:
    if call.event_type != "AwsApiCall" or caller.ip.endswith(".amazonaws.com"):
        return {}
    tls: Record = {
        "tlsVersion": "TLSv1.3",
        "cipherSuite": "TLS_AES_128_GCM_SHA256",
        "clientProvidedHostHeader": _host(call),
    }
    return {"tlsDetails": tls, **({"sessionCredentialFromConsole": "true"} if caller.console else {})}


def _host(call: Call) -> str:
    if call.service == "iam":
        return "iam.amazonaws.com"
    if call.data and isinstance(call.request, dict) and call.service == "s3":
        return f"{call.request['bucketName']}.s3.{call.region}.amazonaws.com"
    return f"{call.service}.{call.region}.amazonaws.com"
