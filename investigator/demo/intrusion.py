"""The night of 26 October: somebody else uses a developer's key."""

from datetime import datetime, timedelta

from pydantic import JsonValue

from investigator.demo.callers import LINUX_CLI, Caller, user_key
from investigator.demo.calls import assume, create_key, listing_call, object_call
from investigator.demo.company import (
    BACKUP_USER,
    DEVELOPER,
    EXPORT_ROLE,
    EXPORTS,
    FAR,
    GLOBAL,
    HOME,
    LEAKED_KEY,
    NEW_ADDRESS,
    NEXT_ADDRESS,
    NIGHT,
    SECOND_KEY,
    STAGING_ROLE,
    TRAIL_ARN,
    clock,
    hexed,
    role_arn,
)
from investigator.demo.journal import Call, Journal, denied
from investigator.demo.launches import BIG_GPU_TYPE, GPU_TYPE, Machine, launch, refused_launch

STOPPED = clock(NIGHT, "23:31:02")
LAUNCHED = clock(NIGHT, "23:16:40")
OBJECTS_READ = 214
_KEY_PAIR = "node-01"

MACHINES = tuple(
    Machine(
        id=hexed("i", f"node/{number}"),
        name="",
        kind=GPU_TYPE,
        region=FAR,
        launched=LAUNCHED,
        private=f"172.31.4.{20 + number}",
        public=f"192.0.2.{200 + number}",
        key_name=_KEY_PAIR,
        tokens="optional",
    )
    for number in range(3)
)

_LOOKS = (
    ("iam:ListUsers", GLOBAL), ("iam:ListRoles", GLOBAL), ("iam:ListAttachedUserPolicies", GLOBAL),
    ("iam:ListUserPolicies", GLOBAL), ("iam:ListGroupsForUser", GLOBAL), ("iam:ListAccessKeys", GLOBAL),
    ("iam:GetAccountSummary", GLOBAL), ("s3:ListBuckets", HOME), ("ec2:DescribeRegions", GLOBAL),
    ("ec2:DescribeInstances", HOME), ("ec2:DescribeInstances", GLOBAL), ("ec2:DescribeInstances", FAR),
    ("ec2:DescribeSecurityGroups", HOME), ("ec2:DescribeVpcs", HOME), ("lambda:ListFunctions20150331", HOME),
    ("cloudtrail:DescribeTrails", HOME), ("cloudtrail:GetTrailStatus", HOME), ("rds:DescribeDBInstances", HOME),
    ("ecr:DescribeRepositories", HOME), ("cloudformation:DescribeStacks", HOME), ("logs:DescribeLogGroups", HOME),
)  # fmt: skip
_REFUSED = (
    ("iam:GetAccountAuthorizationDetails", GLOBAL), ("secretsmanager:ListSecrets", HOME), ("ses:GetSendQuota", GLOBAL),
    ("guardduty:ListDetectors", HOME), ("bedrock:ListFoundationModels", GLOBAL),
    ("organizations:DescribeOrganization", GLOBAL), ("servicequotas:ListServiceQuotas", FAR),
)  # fmt: skip


def intrude(journal: Journal) -> None:
    """Everything that was done with the leaked key and with what it led to."""
    stolen = user_key(DEVELOPER, LEAKED_KEY, NEW_ADDRESS, LINUX_CLI)
    _look_around(journal, stolen)
    staging = assume(journal, _at("22:31:10"), stolen, STAGING_ROLE, f"botocore-session-{_epoch('22:31:10')}")
    _look_further(journal, staging)
    export = assume(journal, _at("22:36:41"), staging, EXPORT_ROLE, f"botocore-session-{_epoch('22:36:41')}")
    _read_exports(journal, export)
    create_key(journal, _at("23:05:12"), staging, BACKUP_USER, SECOND_KEY)
    backup = user_key(BACKUP_USER, SECOND_KEY, NEXT_ADDRESS, LINUX_CLI)
    _launch_machines(journal, backup)
    journal.write(STOPPED, staging, Call(action="cloudtrail:StopLogging", region=HOME, request={"name": TRAIL_ARN}))
    _while_unlogged(journal, backup)
    _come_back(journal, backup)


def _look_around(journal: Journal, stolen: Caller) -> None:
    journal.write(_at("22:17:04"), stolen, Call(action="sts:GetCallerIdentity", region=HOME))
    moment = _at("22:17:31")
    for action, region in _LOOKS:
        journal.write(moment, stolen, Call(action=action, region=region, request=_about(action)))
        moment += timedelta(seconds=journal.random.randint(4, 21))
    for action, region in _REFUSED:
        journal.write(moment, stolen, denied(stolen, action, region))
        moment += timedelta(seconds=journal.random.randint(3, 14))
    admin = "arn:aws:iam::aws:policy/AdministratorAccess"
    request: JsonValue = {"userName": DEVELOPER, "policyArn": admin}
    journal.write(_at("22:28:15"), stolen, denied(stolen, "iam:AttachUserPolicy", GLOBAL, request))
    journal.write(_at("22:28:52"), stolen, denied(stolen, "iam:CreateUser", GLOBAL, {"userName": "svc-metrics"}))


def _about(action: str) -> JsonValue:
    if action in (
        "iam:ListAttachedUserPolicies",
        "iam:ListUserPolicies",
        "iam:ListGroupsForUser",
        "iam:ListAccessKeys",
    ):
        return {"userName": DEVELOPER}
    return {"name": TRAIL_ARN} if action == "cloudtrail:GetTrailStatus" else None


def _look_further(journal: Journal, staging: Caller) -> None:
    journal.write(_at("22:31:38"), staging, Call(action="sts:GetCallerIdentity", region=HOME))
    for seconds, action in enumerate(("ListRolePolicies", "ListAttachedRolePolicies", "GetRole")):
        call = Call(action=f"iam:{action}", region=GLOBAL, request={"roleName": STAGING_ROLE})
        journal.write(_at("22:32:10") + timedelta(seconds=9 * seconds), staging, call)
    journal.write(
        _at("22:34:02"),
        staging,
        Call(action="iam:GetRole", region=GLOBAL, request={"roleName": EXPORT_ROLE}, resources=_role(EXPORT_ROLE)),
    )


def _read_exports(journal: Journal, export: Caller) -> None:
    journal.write(_at("22:37:20"), export, listing_call(EXPORTS, ""))
    moment = _at("22:39:05")
    for number in range(OBJECTS_READ):
        day = NIGHT - timedelta(days=1 + number // 7)
        key = f"daily/{day:%Y-%m-%d}/part-{number % 7:02d}.csv.gz"
        journal.write(
            moment, export, object_call("GetObject", EXPORTS, key, 310_000 + journal.random.randint(0, 9_000))
        )
        moment += timedelta(seconds=journal.random.randint(2, 7))


def _launch_machines(journal: Journal, backup: Caller) -> None:
    journal.write(_at("23:09:30"), backup, Call(action="sts:GetCallerIdentity", region=HOME))
    journal.write(_at("23:10:48"), backup, Call(action="ec2:DescribeInstanceTypeOfferings", region=FAR))
    _make_a_way_in(journal, backup)
    journal.write(_at("23:14:51"), backup, refused_launch(FAR, BIG_GPU_TYPE, MACHINES[0]))
    journal.write(LAUNCHED, backup, launch(MACHINES))
    for minutes in (2, 6):
        call = Call(action="ec2:DescribeInstances", region=FAR)
        journal.write(LAUNCHED + timedelta(minutes=minutes), backup, call)


def _make_a_way_in(journal: Journal, backup: Caller) -> None:
    """A key pair, and a group that is open to the world."""
    asked: JsonValue = {"keyName": _KEY_PAIR, "keyType": "ed25519", "keyFormat": "pem"}
    secret = "<sensitiveDataRemoved>"
    made: JsonValue = {"keyName": _KEY_PAIR, "keyPairId": hexed("key", _KEY_PAIR), "keyMaterial": secret}
    pair = Call(action="ec2:CreateKeyPair", region=FAR, request=asked, response=made)
    journal.write(_at("23:11:57"), backup, pair)
    group = MACHINES[0].group
    wanted: JsonValue = {"groupName": _KEY_PAIR, "groupDescription": "nodes", "vpcId": MACHINES[0].vpc}
    created: JsonValue = {"_return": True, "groupId": group}
    call = Call(action="ec2:CreateSecurityGroup", region=FAR, request=wanted, response=created)
    journal.write(_at("23:12:40"), backup, call)
    opened: JsonValue = {
        "ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "groups": {},
        "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}, "ipv6Ranges": {}, "prefixListIds": {},
    }  # fmt: skip
    request: JsonValue = {"groupId": group, "ipPermissions": {"items": [opened]}}
    ingress = Call(action="ec2:AuthorizeSecurityGroupIngress", region=FAR, request=request, response={"_return": True})
    journal.write(_at("23:13:06"), backup, ingress)


def _while_unlogged(journal: Journal, backup: Caller) -> None:
    """What no log file holds, but the event history does."""
    for minutes in (12, 58, 190):
        call = Call(action="ec2:DescribeInstances", region=FAR)
        journal.write(STOPPED + timedelta(minutes=minutes), backup, call)
    journal.write(STOPPED + timedelta(minutes=41), backup, refused_launch("us-west-2", GPU_TYPE, MACHINES[0]))


def _come_back(journal: Journal, backup: Caller) -> None:
    """The second key is used again on the following evening."""
    next_evening = NIGHT + timedelta(days=1)
    journal.write(clock(next_evening, "21:40:18"), backup, Call(action="sts:GetCallerIdentity", region=HOME))
    journal.write(clock(next_evening, "21:41:02"), backup, Call(action="ec2:DescribeInstances", region=FAR))
    again: JsonValue = {"instancesSet": {"items": [{"instanceId": machine.id} for machine in MACHINES]}}
    call = Call(action="ec2:DescribeInstanceStatus", region=FAR, request=again)
    journal.write(clock(next_evening, "21:42:27"), backup, call)


def _at(time: str) -> datetime:
    return clock(NIGHT, time)


def _epoch(time: str) -> int:
    return int(_at(time).timestamp())


def _role(role: str) -> list[tuple[str, str]]:
    return [("AWS::IAM::Role", role_arn(role))]
