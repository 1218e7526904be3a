"""The ten scenarios, each told in plain words over a month of everyday work and some minutes of an intruder."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import JsonValue

from investigator.domain.case import OpenCase, Sources
from investigator.domain.event import Event
from investigator.domain.words import Outcome, Scenario
from tests.support.log_files import write_log
from tests.support.matters import history
from tests.support.story import ACCOUNT, key_of, told

INTRUDER = "198.51.100.7"
MACHINE = "i-0123456789abcdef0"
STRANGER = "999988887777"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
Line = str | tuple[str, Mapping[str, JsonValue]] | tuple[str, Mapping[str, JsonValue], Mapping[str, JsonValue]]
"""A line of a story, with what its request and its response say where the story cannot."""


@dataclass(frozen=True)
class Told:
    """One scenario: what somebody worries about, what happened, and what it calls for."""

    scenario: Scenario
    worry: str
    deeds: tuple[Event, ...]
    actions: frozenset[str]
    """Codes of the specification (9.8) for which there is evidence."""
    not_called_for: frozenset[str] = frozenset()
    """Codes of 9.8 for which there is none."""
    answers: Mapping[str, str] = field(default_factory=dict)
    life: tuple[Event, ...] = ()
    """Everyday work beside that of `build` and `admin`."""
    gaps: tuple[str, ...] = ()
    """Words that some Gap holds."""

    def events(self) -> tuple[Event, ...]:
        """The month and the deeds."""
        work = (*history("09:00 build s3:ListBuckets"), *history("10:00 admin iam:ListUsers"), *self.life)
        days = tuple(replace(event, id=f"ct:d{n}", request_id=f"d{n}") for n, event in enumerate(work, 1))
        return (*days, *self.deeds)

    def request(self, folder: Path) -> OpenCase:
        """A case over the logs of the scenario, in that folder."""
        write_log(folder, self.events())
        return OpenCase(worry=self.worry, sources=Sources(logs=(folder,)), answers=self.answers, ask=False)


def deeds(*lines: Line) -> tuple[Event, ...]:
    """The events of a story with whole requests and responses."""
    rows = [(line, {}, {}) if isinstance(line, str) else (*line, {})[:3] for line in lines]
    events = told("\n".join(row[0] for row in rows))
    return tuple(_whole(event, *row[1:]) for event, row in zip(events, rows, strict=True))


def _whole(event: Event, request: Mapping[str, JsonValue], response: Mapping[str, JsonValue]) -> Event:
    context = {"session_start": "2026-01-27T01:58:00Z", "mfa": "false"} if event.session else {}
    error = f"not authorized: {event.action}" if event.outcome is not Outcome.SUCCESS else ""
    said = {"request": {**(event.request or {}), **request}} if request else {}
    answered = {"response": {**(event.response or {}), **response}} if response else {}
    return replace(event, event_type="AwsApiCall", error_message=error, **context, **said, **answered)


def sign_in(clock: str, user: str, outcome: str = "Success", mfa: str = "No") -> Line:
    return (
        f"{clock} {user} signin:ConsoleLogin {'failed' if outcome == 'Failure' else ''} from {INTRUDER}", {}, {"ConsoleLogin": outcome},
    )  # fmt: skip


def _signed_in(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Sign-ins carry no key; calls of a console session say so."""
    return tuple(
        replace(event, key="", request=None, event_type="AwsConsoleSignIn", additional={"MFAUsed": "No", "LoginTo": "https://console.aws.amazon.com/"})
        if event.name == "ConsoleLogin"
        else event
        for event in events
    )  # fmt: skip


BUCKET = {"bucketName": "acme-data"}
TEN = (
    Told(
        Scenario.LEAKED_ACCESS_KEY,
        f"The access key {key_of('build')} of user build was pushed to GitHub on 2026-01-27 at 02:00Z.",
        deeds(
            f"02:10 build sts:GetCallerIdentity from {INTRUDER}",
            f"02:11 build iam:ListUsers from {INTRUDER}",
            f"02:12 build sts:GetSessionToken -> ASIABUILD00000000000 from {INTRUDER}",
            f"02:13 build iam:CreateUser(mallory) from {INTRUDER}",
            (f"02:14 build iam:CreateAccessKey(mallory) -> AKIAMALLORY000000000 from {INTRUDER}"),
            (f"02:15 build iam:AttachUserPolicy(mallory) from {INTRUDER}", {"userName": "mallory", "policyArn": ADMIN}),
            f"02:16 AKIAMALLORY000000000 s3:ListBuckets from {INTRUDER}",
        ),
        frozenset({"KEY-OFF", "USER-REVOKE", "USER-DENY", "KEY-DEL", "POLICY-UNDO", "SOURCE", "GUARD-NET"}),
        frozenset({"EC2-STOP", "S3-BLOCK", "SNAP", "KEY-ON"}),
        {"disrupt": "yes"},
    ),
    Told(
        Scenario.COMPROMISED_INSTANCE,
        f"The EC2 instance {MACHINE} may be compromised since 2026-01-27T02:00Z: its role was used from outside.",
        deeds(
            f"01:58 build sts:AssumeRole(web/{MACHINE}) -> ASIAWEB0000000000000 from {INTRUDER}",
            f"02:10 ASIAWEB0000000000000 sts:GetCallerIdentity from {INTRUDER}",
            f"02:11 ASIAWEB0000000000000 iam:ListRoles from {INTRUDER}",
            (f"02:12 ASIAWEB0000000000000 ec2:AuthorizeSecurityGroupIngress from {INTRUDER}", {"groupId": "sg-0a1b2c", "ipPermissions": {"items": [{"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}}]}}),
            (f"02:13 ASIAWEB0000000000000 ssm:StartSession from {INTRUDER}", {"target": MACHINE}, {"sessionId": "web-0a1b2c3d"}),
            (f"02:14 ASIAWEB0000000000000 secretsmanager:GetSecretValue from {INTRUDER}", {"secretId": "prod/db"}),
        ),
        frozenset({"SNAP", "EC2-PROTECT", "EC2-ASG", "EC2-ISOLATE", "ROLE-REVOKE", "IMDS", "SSM-STOP", "SG-CLOSE", "SECRET-ROTATE", "NET-BLOCK"}),
        frozenset({"EC2-TERM", "S3-BLOCK"}),
        {"instance": MACHINE, "disrupt": "yes", "start": "2026-01-27T01:55:00Z"},
    ),
    Told(
        Scenario.COST_SPIKE,
        "Our EC2 bill exploded since 2026-01-27T02:00Z; somebody mines cryptocurrency in a Region that we do not use.",
        deeds(
            f"02:10 build sts:GetCallerIdentity from {INTRUDER}",
            f"02:11 build ec2:DescribeRegions from {INTRUDER}",
            (f"02:12 build ec2:RunInstances -> {MACHINE} from {INTRUDER} in ap-southeast-2", {"instanceType": "p3.16xlarge"}),
            (f"02:13 build autoscaling:CreateAutoScalingGroup from {INTRUDER} in ap-southeast-2", {"autoScalingGroupName": "grow", "maxSize": 50}),
            (f"02:14 build lambda:CreateFunction from {INTRUDER} in ap-southeast-2", {"functionName": "again"}),
        ),
        frozenset({"KEY-OFF", "USER-REVOKE", "ASG-ZERO", "SNAP", "EC2-STOP", "EC2-TERM", "FN-STOP", "GUARD-REGION", "SCP-ATTACH"}),
        frozenset({"EC2-ISOLATE", "S3-BLOCK"}),
        {"disrupt": "yes", "principal": "build"},
    ),
    Told(
        Scenario.S3_EXFILTRATION,
        "Objects in the bucket acme-data were deleted and a ransom note was left on 2026-01-27 after 02:00Z.",
        deeds(
            f"02:10 build s3:ListBuckets from {INTRUDER}",
            (f"02:11 build s3:DeleteBucketPublicAccessBlock(acme-data) from {INTRUDER}", BUCKET),
            (f"02:12 build s3:PutBucketVersioning(acme-data) from {INTRUDER}", {**BUCKET, "VersioningConfiguration": {"Status": "Suspended"}}),
            (f"02:13 build s3:PutBucketLifecycle(acme-data) from {INTRUDER}", {**BUCKET, "LifecycleConfiguration": {"Rule": {"Expiration": {"Days": 1}, "Status": "Enabled"}}}),
            (f"02:14 build s3:PutBucketReplication(acme-data) from {INTRUDER}", {**BUCKET, "ReplicationConfiguration": {"Rule": {"Destination": {"Bucket": "arn:aws:s3:::elsewhere", "Account": STRANGER}}}}),
            (f"02:15 build s3:CopyObject(acme-data) from {INTRUDER}", {**BUCKET, "key": "q1.pdf", "x-amz-server-side-encryption-customer-algorithm": "AES256"}),
            *((f"02:16:{n:02} build s3:DeleteObject(acme-data) from {INTRUDER}", {**BUCKET, "key": f"q{n}.pdf"}) for n in range(12)),
            (f"02:17 build kms:ScheduleKeyDeletion from {INTRUDER}", {"keyId": "0b1c2d3e-0000-4000-8000-000000000001", "pendingWindowInDays": 7}),
        ),
        frozenset({"S3-BLOCK", "S3-DENY", "KEY-OFF", "USER-REVOKE", "KMS-SAVE", "S3-LIFECYCLE-UNDO", "S3-VERSIONING", "POLICY-UNDO", "S3-UNDELETE", "S3-NOSSEC"}),
        frozenset({"EC2-STOP", "ROLE-TRUST"}),
        {"disrupt": "yes", "principal": "build", "start": "2026-01-27T02:00:00Z"},
    ),
    Told(
        Scenario.CONSOLE_LOGIN,
        f"Somebody signed in to the console as ana from {INTRUDER} on 2026-01-27 after 02:00Z, without MFA; it was not her.",
        _signed_in(deeds(
            sign_in("02:08", "ana", "Failure"), sign_in("02:09", "ana", "Failure"), sign_in("02:10", "ana"),
            (f"02:12 ana iam:EnableMFADevice(ana) from {INTRUDER}", {"userName": "ana", "serialNumber": f"arn:aws:iam::{ACCOUNT}:mfa/other"}),
            (f"02:13 ana iam:UpdateLoginProfile(ana) from {INTRUDER}", {"userName": "ana"}),
            f"02:14 ana iam:CreateAccessKey(ana) -> AKIAANA2000000000000 from {INTRUDER}",
            f"02:15 AKIAANA2000000000000 s3:ListBuckets from {INTRUDER}",
        )),
        frozenset({"USER-CONSOLE", "USER-DENY", "USER-REVOKE", "MFA-OFF", "KEY-OFF", "KEY-DEL"}),
        frozenset({"ROOT", "EC2-STOP"}),
        {"disrupt": "yes", "principal": "ana", "start": "2026-01-27T02:00:00Z"},
        life=history("08:30 ana s3:ListBuckets"),
    ),
    Told(
        Scenario.PRIVILEGE_ESCALATION,
        "The user build has administrator rights since 2026-01-27 02:00Z and nobody gave them to him: privilege escalation.",
        deeds(
            f"02:10 build iam:ListRoles from {INTRUDER}",
            (f"02:11 build iam:AttachUserPolicy(build) from {INTRUDER}", {"userName": "build", "policyArn": ADMIN}),
            (f"02:12 build iam:UpdateAssumeRolePolicy(deploy) from {INTRUDER}", {"roleName": "deploy", "policyDocument": '{"Statement":[{"Effect":"Allow","Principal":{"AWS":"' + STRANGER + '"},"Action":"sts:AssumeRole"}]}'}),
            (f"02:13 build iam:CreatePolicyVersion from {INTRUDER}", {"policyArn": f"arn:aws:iam::{ACCOUNT}:policy/ci", "setAsDefault": True, "policyDocument": '{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'}, {"policyVersion": {"versionId": "v4"}}),
            (f"02:14 build cloudtrail:StopLogging from {INTRUDER}", {"name": "main"}),
        ),
        frozenset({"USER-DENY", "ROLE-TRUST", "ROLE-REVOKE", "POLICY-UNDO", "LOG-ON", "GUARD-IAM", "GUARD-LOG", "SCP-ATTACH"}),
        frozenset({"EC2-STOP", "S3-BLOCK"}),
        {"disrupt": "yes", "principal": "build"},
    ),
    Told(
        Scenario.TERMINATED_EMPLOYEE,
        "There was data access from the terminated employee jdoe's credentials; he left on 2026-01-26T17:00Z.",
        deeds(
            f"02:10 jdoe s3:ListBuckets from {INTRUDER}",
            (f"02:11 jdoe secretsmanager:GetSecretValue from {INTRUDER}", {"secretId": "prod/db"}),
            *((f"02:12:{n:02} jdoe s3:GetObject(acme-data) from {INTRUDER}", {**BUCKET, "key": f"q{n}.pdf"}) for n in range(5)),
        ),
        frozenset({"KEY-OFF", "USER-REVOKE", "USER-DENY", "SECRET-ROTATE", "KEY-DEL"}),
        frozenset({"EC2-STOP", "USER-CONSOLE", "S3-UNDELETE"}),
        {"disrupt": "yes"},
        life=history("08:30 jdoe s3:ListBuckets"),
    ),
    Told(
        Scenario.SUSPICIOUS_IP,
        f"Unusual API calls from {INTRUDER} since 2026-01-27T02:00Z.",
        deeds(
            f"02:10 build sts:GetCallerIdentity from {INTRUDER}",
            f"02:11 build iam:ListUsers from {INTRUDER}",
            f"02:12 build iam:CreateUser(mallory) from {INTRUDER}",
            f"02:13 admin iam:ListAccessKeys from {INTRUDER}",
            (f"02:14 admin iam:CreateLoginProfile(mallory) from {INTRUDER}", {"userName": "mallory"}),
        ),
        frozenset({"KEY-OFF", "USER-REVOKE", "USER-DENY", "USER-CONSOLE"}),
        frozenset({"NET-BLOCK", "EC2-STOP", "S3-BLOCK"}),
        {"disrupt": "yes"},
    ),
    Told(
        Scenario.FILE_TAMPERING,
        f"Files below /etc on instance {MACHINE} were changed on 2026-01-27 after 02:00Z and nobody planned it.",
        deeds(
            f"02:08 build sts:GetCallerIdentity from {INTRUDER}",
            f"02:09 build ssm:DescribeInstanceInformation from {INTRUDER}",
            (f"02:10 build ssm:SendCommand from {INTRUDER}", {"documentName": "AWS-RunShellScript", "instanceIds": [MACHINE]}, {"command": {"commandId": "0b1c2d3e-0000-4000-8000-000000000002"}}),
            (f"02:12 build ssm:StartSession from {INTRUDER}", {"target": MACHINE}, {"sessionId": "build-0a1b2c3d"}),
        ),
        frozenset({"SNAP", "EC2-ISOLATE", "SSM-STOP", "KEY-OFF", "USER-REVOKE"}),
        frozenset({"S3-BLOCK", "KMS-SAVE"}),
        {"instance": MACHINE, "disrupt": "yes", "forensics": "yes"},
    ),
    Told(
        Scenario.EXPOSED_SECRET,
        "The database password in the secret prod/db was exposed in a public repository on 2026-01-27 at 02:00Z.",
        deeds(
            f"02:10 build secretsmanager:ListSecrets from {INTRUDER}",
            (f"02:11 build secretsmanager:GetSecretValue from {INTRUDER}", {"secretId": "prod/db"}),
            (f"02:12 build secretsmanager:GetSecretValue from {INTRUDER}", {"secretId": "prod/pay"}),
        ),
        frozenset({"SECRET-ROTATE", "KEY-OFF", "USER-REVOKE"}),
        frozenset({"EC2-STOP", "S3-BLOCK", "LOG-ON"}),
        {"secret": "prod/db"},
    ),
)  # fmt: skip
"""S1 to S10."""
