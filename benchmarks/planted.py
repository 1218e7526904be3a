"""An intrusion planted into the noise: the old key of a program, 60 steps in one afternoon, over two accounts.

Steps that a responder has to see on the first page are marked; the others are looks, and calls that prepare.
"""

import json
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from benchmarks.company import Json
from benchmarks.staff import ACCOUNTS
from tests.detections.ordinary.callers import CLI, OLD_KEY, Identity, key_of
from tests.detections.ordinary.life import Ground

ACCOUNT, SISTER, OUTSIDE = ACCOUNTS[2], ACCOUNTS[5], "909088887777"
ADDRESS, AGENT = "2001:db8:4c1f::166", CLI
BEGIN = datetime(2025, 3, 19, 13, 4, 11, tzinfo=UTC)
HOME, FAR = "eu-west-1", "ap-southeast-2"
MADE = "backup-sync"
_ALL = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
_FOR_ALL = json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}]})
_OUTSIDERS = json.dumps({"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": OUTSIDE}}]})
_ADMIN = {"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}
_SHARED = {"items": [{"userId": OUTSIDE}]}
_DENIED, _LIMIT = "AccessDenied", "Client.InstanceLimitExceeded"
_AT_ONCE = ("secretsmanager:GetSecretValue", "ec2:RunInstances")
_SSH = {"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}}
_MACHINES = {"items": [{"instanceId": f"i-0{number:016x}", "instanceType": "p4d.24xlarge"} for number in range(16)]}


@dataclass(frozen=True, slots=True)
class Step:
    """One call of the intruder; `who` is the stolen key, the user that it made, or a role of another account."""

    who: str
    action: str
    request: Json | None = None
    response: Json | None = None
    error: str = ""
    main: bool = False
    """It belongs on the first page."""


def _looks(who: str, actions: str, **request: str) -> list[Step]:
    return [Step(who, action, dict(request) or None) for action in actions.split()]


def _main(who: str, action: str, request: Json | None = None, **more: object) -> Step:
    return replace(Step(who, action, request, main=True), **more)


STEPS: tuple[Step, ...] = (
    *_looks("stolen", "sts:GetCallerIdentity"),
    *_looks("stolen", "iam:ListAttachedUserPolicies iam:ListUserPolicies iam:ListGroupsForUser", userName=OLD_KEY.name),
    *_looks("stolen", "iam:ListUsers iam:ListRoles", pathPrefix="/"),
    *_looks("stolen", "iam:GetAccountSummary ec2:DescribeInstances"),
    *_looks("stolen", "s3:ListBuckets", Host="s3.amazonaws.com"),
    *_looks("stolen", "ec2:DescribeSnapshots rds:DescribeDBInstances lambda:ListFunctions20150331 kms:ListKeys"),
    *_looks("stolen", "secretsmanager:ListSecrets cloudtrail:DescribeTrails guardduty:ListDetectors ses:GetSendQuota"),
    Step("stolen", "organizations:DescribeOrganization", error=_DENIED),
    Step("stolen", "bedrock:ListFoundationModels", error=_DENIED),
    _main("stolen", "iam:AttachUserPolicy", {"userName": OLD_KEY.name, **_ADMIN}, error=_DENIED),
    _main("stolen", "iam:PutUserPolicy", {"userName": OLD_KEY.name, "policyName": "sync", "policyDocument": _ALL}),
    _main("stolen", "iam:CreateUser", {"userName": MADE}),
    _main("stolen", "iam:CreateAccessKey", {"userName": MADE}, response={"accessKey": {"accessKeyId": "<made>"}}),
    _main("stolen", "iam:CreateLoginProfile", {"userName": MADE}),
    _main("stolen", "iam:AttachUserPolicy", {"userName": MADE, **_ADMIN}),
    _main("stolen", "iam:UpdateAssumeRolePolicy", {"roleName": "web-service", "policyDocument": _OUTSIDERS}),
    *_looks("made", "sts:GetCallerIdentity ec2:DescribeRegions"),
    _main("made", "cloudtrail:StopLogging", {"name": "organization"}),
    _main("made", "guardduty:DeleteDetector", {"detectorId": "12abc34d567e8fa901bc2d34e56789f0"}),
    *(_main("made", "secretsmanager:GetSecretValue", {"secretId": f"prod/{number}"}) for number in range(12)),
    Step("made", "ssm:GetParametersByPath", {"path": "/prod", "withDecryption": True}),
    Step("made", "ec2:CreateSnapshot", {"volumeId": "vol-0a1b"}, {"snapshotId": "snap-0a1b"}),
    _main("made", "ec2:ModifySnapshotAttribute",
          {"snapshotId": "snap-0a1b", "attributeType": "CREATE_VOLUME_PERMISSION",
           "createVolumePermission": {"add": _SHARED}}),
    Step("made", "rds:CreateDBSnapshot", {"dBInstanceIdentifier": "orders", "dBSnapshotIdentifier": "orders-copy"}),
    _main("made", "rds:ModifyDBSnapshotAttribute",
          {"dBSnapshotIdentifier": "orders-copy", "attributeName": "restore", "valuesToAdd": [OUTSIDE]}),
    _main("made", "s3:PutBucketPolicy", {"bucketName": "orders-data", "bucketPolicy": json.loads(_FOR_ALL)}),
    _main("made", "s3:PutBucketVersioning",
          {"bucketName": "orders-data", "VersioningConfiguration": {"Status": "Suspended"}}),
    Step("made", "sts:AssumeRole", {"roleArn": f"arn:aws:iam::{SISTER}:role/support-access", "roleSessionName": "s"},
         {"credentials": {"accessKeyId": "<hop>"}}),
    *_looks("hop", "sts:GetCallerIdentity servicequotas:ListServiceQuotas"),
    _main("hop", "ec2:AuthorizeSecurityGroupIngress", {"groupId": "sg-0a1b", "ipPermissions": {"items": [_SSH]}}),
    *(_main("hop", "ec2:RunInstances", {"instanceType": "p5.48xlarge"}, error=_LIMIT) for _ in range(3)),
    _main("hop", "ec2:RunInstances", {"instanceType": "p4d.24xlarge"}, response={"instancesSet": _MACHINES}),
    _main("hop", "ec2:ModifyInstanceAttribute", {"instanceId": "i-0", "userData": {"value": "<sensitiveDataRemoved>"}}),
    _main("made", "rds:DeleteDBInstance", {"dBInstanceIdentifier": "orders", "skipFinalSnapshot": True}),
    _main("made", "kms:ScheduleKeyDeletion", {"keyId": "0a1b2c3d", "pendingWindowInDays": 7}),
)  # fmt: skip


def planted(records: Iterable[tuple[datetime, Json]], seed: int = 7) -> Iterator[tuple[datetime, Json]]:
    """The records in time order with those of the intrusion among them; its event ids begin with `planted-`."""
    key = ""
    steps: list[tuple[datetime, Json]] | None = None
    for time, record in records:
        if not key and _is_old_key(record):
            key = str(record["userIdentity"]["accessKeyId"])
        if steps is None and time >= BEGIN:
            steps = list(intrusion(key, seed))[::-1]
        while steps and steps[-1][0] <= time:
            yield steps.pop()
        yield time, record
    yield from reversed(steps or ())


def intrusion(key: str, seed: int = 7) -> Iterator[tuple[datetime, Json]]:
    """Every step with its time; `key` is the one that was stolen."""
    pick = random.Random(seed)
    callers, time = _callers(key, pick), BEGIN
    keys = {f"<{who}>": str(identity["accessKeyId"]) for who, identity in callers.items()}
    for number, step in enumerate(STEPS):
        ground = Ground(pick, ACCOUNTS)
        ground.account, ground.region, ground.time = *((SISTER, FAR) if step.who == "hop" else (ACCOUNT, HOME)), time
        answer = json.loads(_with_keys(json.dumps(step.response), keys))
        record = ground.record(step.action, OLD_KEY, step.request, answer)
        failed = {"errorCode": step.error, "errorMessage": "not authorized or not possible"} if step.error else {}
        by: Json = {"userIdentity": callers[step.who], "sourceIPAddress": ADDRESS, "userAgent": AGENT}
        yield time, {**record, **by, **failed, "eventID": f"planted-{number:02}"}
        time += timedelta(seconds=pick.randrange(2, 9 if step.action in _AT_ONCE else 260))


def _with_keys(text: str, keys: Mapping[str, str]) -> str:
    for name, key in keys.items():
        text = text.replace(name, key)
    return text


def _callers(key: str, pick: random.Random) -> dict[str, Identity]:
    role = f"arn:aws:iam::{SISTER}:role/support-access"
    issuer: Identity = {"type": "Role", "arn": role, "accountId": SISTER, "userName": "support-access"}
    session = f"arn:aws:sts::{SISTER}:assumed-role/support-access/s"
    return {
        "stolen": _user(OLD_KEY.name, key),
        "made": _user(MADE, key_of(pick, "AKIA")),
        "hop": {
            "type": "AssumedRole", "arn": session, "accountId": SISTER, "accessKeyId": key_of(pick, "ASIA"),
            "sessionContext": {"sessionIssuer": issuer},
        },
    }  # fmt: skip


def _user(name: str, key: str) -> Identity:
    arn = f"arn:aws:iam::{ACCOUNT}:user/{name}"
    return {"type": "IAMUser", "arn": arn, "accountId": ACCOUNT, "userName": name, "accessKeyId": key}


def _is_old_key(record: Json) -> bool:
    identity = record.get("userIdentity", {})
    return identity.get("userName") == OLD_KEY.name and record.get("recipientAccountId") == ACCOUNT
