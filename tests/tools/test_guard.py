"""The door only reads: writing, secret-reading and signing operations never reach the wire."""

from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name
from botocore.config import Config
from investigator.tools._guard import CREDENTIALS_ONLY, READ_ONLY, Guard

from investigator.domain.words import CellState
from investigator.ports.aws import Refused
from tests.doubles.loopback_aws import LoopbackAws, loopback
from tests.tools.doors import ACCOUNT, HOME, Lines, live

FORBIDDEN = """
s3:DeleteObject s3:PutObject s3:DeleteBucket s3:PutBucketPolicy s3:DeleteBucketPolicy s3:PutBucketLogging s3:CopyObject
s3:PutBucketVersioning s3:PutPublicAccessBlock s3:DeleteObjects s3:GetObject s3:CreateBucket s3:RestoreObject
iam:CreateUser iam:DeleteUser iam:CreateAccessKey iam:UpdateAccessKey iam:DeleteAccessKey iam:AttachUserPolicy
iam:PutUserPolicy iam:CreateLoginProfile iam:UpdateAssumeRolePolicy iam:CreatePolicyVersion iam:AddUserToGroup
ec2:RunInstances ec2:TerminateInstances ec2:StopInstances ec2:CreateSnapshot ec2:ModifyInstanceAttribute
ec2:AuthorizeSecurityGroupIngress ec2:DeleteVolume ec2:CreateTags ec2:GetPasswordData ec2:ModifySnapshotAttribute
cloudtrail:StopLogging cloudtrail:DeleteTrail cloudtrail:UpdateTrail cloudtrail:PutEventSelectors
guardduty:DeleteDetector guardduty:ArchiveFindings guardduty:UpdateDetector securityhub:BatchUpdateFindings
sts:AssumeRole sts:GetSessionToken sts:GetFederationToken
secretsmanager:GetSecretValue secretsmanager:BatchGetSecretValue ssm:GetParameter ssm:SendCommand ssm:StartSession
kms:Decrypt lambda:GetFunction lambda:Invoke ecr:GetAuthorizationToken dynamodb:ExecuteStatement rds-data:ExecuteStatement
""".split()


@pytest.fixture
def world():
    with loopback({}) as world:
        yield world


def client_of(service: str, world: LoopbackAws, audit: Lines):
    session = botocore.session.Session()
    Guard(READ_ONLY, audit).watch(session)
    config = Config(parameter_validation=False, s3={"addressing_style": "path"}, retries={"total_max_attempts": 1})
    return session.create_client(service, region_name=HOME, endpoint_url=world.url, config=config)


@pytest.mark.parametrize("name", FORBIDDEN)
def test_no_byte_of_a_forbidden_operation_is_sent(name: str, world: LoopbackAws) -> None:
    service, _, operation = name.partition(":")
    audit = Lines()
    client = client_of(service, world, audit)

    with pytest.raises(Refused):
        getattr(client, xform_name(operation))()

    assert world.bytes_read == 0
    assert audit.denied() == [name]


@pytest.mark.parametrize("operation", ["delete_object", "get_object", "list_buckets"])
def test_no_url_is_signed_for_later(operation: str, world: LoopbackAws) -> None:
    client = client_of("s3", world, Lines())
    given = {} if operation == "list_buckets" else {"Bucket": "acme", "Key": "k"}

    with pytest.raises(Refused):
        client.generate_presigned_url(operation, Params=given)


def test_no_upload_form_is_signed(world: LoopbackAws) -> None:
    with pytest.raises(Refused):
        client_of("s3", world, Lines()).generate_presigned_post("acme", "k")


def test_the_second_wall_alone_stops_a_write(world: LoopbackAws) -> None:
    session = botocore.session.Session()
    guard = Guard(READ_ONLY, Lines())
    session.register("before-send", guard.on_sending)
    client = session.create_client("iam", region_name=HOME, endpoint_url=world.url)

    with pytest.raises(Refused):
        client.create_user(UserName="mallory")

    assert world.bytes_read == 0


def test_pages_and_waiters_meet_the_same_wall(world: LoopbackAws) -> None:
    client = client_of("s3", world, Lines())

    with pytest.raises(Refused):
        list(client.get_paginator("list_objects_v2").paginate(Bucket="acme"))
    with pytest.raises(Refused):
        client.get_waiter("object_exists").wait(Bucket="acme", Key="k")

    assert world.bytes_read == 0


def test_only_roles_that_the_user_gave_are_assumed(world: LoopbackAws) -> None:
    session = botocore.session.Session()
    Guard(CREDENTIALS_ONLY, Lines(), frozenset({"arn:aws:iam::999988887777:role/reader"})).watch(session)
    client = session.create_client("sts", region_name=HOME, endpoint_url=world.url)

    with pytest.raises(Refused, match="AssumeRole"):
        client.assume_role(RoleArn="arn:aws:iam::999988887777:role/admin", RoleSessionName="ir")

    assert world.bytes_read == 0


def test_the_door_refuses_what_is_not_listed_and_says_so(world: LoopbackAws, tmp_path: Path) -> None:
    audit = Lines()
    accounts = live(world.url, tmp_path, audit=audit)

    with pytest.raises(Refused) as refusal:
        list(accounts.at(ACCOUNT, HOME).pages("secretsmanager", "GetSecretValue", SecretId="db"))

    assert (refusal.value.state, audit.denied()) == (CellState.DENIED, ["secretsmanager:GetSecretValue"])
    assert world.bytes_read == 0


def test_accounts_and_regions_out_of_scope_are_not_asked(world: LoopbackAws, tmp_path: Path) -> None:
    accounts = live(world.url, tmp_path)

    for account, region in (("999988887777", HOME), (ACCOUNT, "eu-west-3"), (ACCOUNT, "../../evil.example")):
        with pytest.raises(Refused, match="account"):
            list(accounts.at(account, region).pages("iam", "GetUser", UserName="alice"))

    assert world.operations() == ["sts:GetCallerIdentity"]
