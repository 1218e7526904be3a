"""Every call that has a lasting effect calls for what undoes it, with the values of its record, unless that was done."""

from dataclasses import dataclass, replace

import pytest

from investigator.domain.entity import Entity
from investigator.domain.event import Event
from investigator.domain.words import EntityKind, Outcome, Role
from investigator.stages.proposing import Limits
from tests.actions.test_catalogue import CODES
from tests.stages.proposals import (
    ACCOUNT,
    BUILD,
    DEPLOY,
    KEY,
    MINER,
    SOC,
    assessed,
    call,
    codes,
    entity,
    proposed,
    undoing,
)

ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
OURS = f"arn:aws:iam::{ACCOUNT}:policy/deploy"
CLERK = f"arn:aws:acm-pca:eu-west-1:{ACCOUNT}:certificate-authority/0a"
OTHER = "999988887777"
KMS = "0b1c2d3e-0000-4000-8000-000000000001"
BLOCK = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}
RULE = {
    "groupId": "sg-1",
    "ipPermissions": {
        "items": [{"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}}]
    },
}
RANGE6 = {
    "groupId": "sg-1",
    "ipPermissions": {
        "items": [{"ipProtocol": "udp", "fromPort": 20, "toPort": 25, "ipv6Ranges": {"items": [{"cidrIpv6": "::/0"}]}}]
    },
}
ALL = {
    "groupId": "sg-1",
    "ipPermissions": {"items": [{"ipProtocol": "-1", "ipRanges": {"items": [{"cidrIp": "198.51.100.0/24"}]}}]},
}
ALL6 = {
    "groupId": "sg-1",
    "ipPermissions": {"items": [{"ipProtocol": "-1", "ipv6Ranges": {"items": [{"cidrIpv6": "2001:db8::/32"}]}}]},
}
SSE = {"bucketName": "acme", "key": "q3.pdf", "x-amz-server-side-encryption-customer-algorithm": "AES256"}


@dataclass(frozen=True)
class Harm:
    """A call, the action that it calls for with words of its command, and a call after which it does not."""

    call: Event
    code: str
    words: str
    undone: Event | None = None


def later(action: str, request=None) -> Event:
    return call(action, request, clock="05:00", actor=SOC)


HARMFUL = [
    Harm(call("iam:CreateLoginProfile", {"userName": "mallory"}), "USER-CONSOLE", "--user-name mallory", later("iam:DeleteLoginProfile", {"userName": "mallory"})),
    Harm(call("iam:UpdateLoginProfile", {"userName": "ana"}), "USER-CONSOLE", "--user-name ana", later("iam:DeleteUser", {"userName": "ana"})),
    Harm(call("iam:EnableMFADevice", {"userName": "ana", "serialNumber": f"arn:aws:iam::{ACCOUNT}:mfa/x"}), "MFA-OFF", f"--serial-number arn:aws:iam::{ACCOUNT}:mfa/x", later("iam:DeactivateMFADevice", {"userName": "ana", "serialNumber": f"arn:aws:iam::{ACCOUNT}:mfa/x"})),
    Harm(call("iam:UpdateAccessKey", {"userName": "ci", "accessKeyId": "AKIACI00000000000000", "status": "Inactive"}), "KEY-ON", "--access-key-id AKIACI00000000000000 --status Active", later("iam:UpdateAccessKey", {"userName": "ci", "accessKeyId": "AKIACI00000000000000", "status": "Active"})),
    Harm(call("iam:UpdateAssumeRolePolicy", {"roleName": "deploy"}), "ROLE-TRUST", "--role-name deploy"),
    Harm(call("iam:UpdateAssumeRolePolicy", {"roleName": "deploy"}), "ROLE-REVOKE", "--role-name deploy", later("iam:DeleteRole", {"roleName": "deploy"})),
    Harm(call("iam:UpdateAssumeRolePolicy", {"roleName": "deploy"}), "GUARD-IAM", "ir-5b0c1f22a9d4-guard-iam"),
    Harm(call("iam:CreateUser", {"userName": "mallory"}), "GUARD-IAM", "guard-iam"),
    Harm(call("iam:CreateUser", {"userName": "mallory"}), "SCP-ATTACH", f"--target-id {ACCOUNT}"),
    Harm(call("iam:AttachUserPolicy", {"userName": "mallory", "policyArn": ADMIN}), "POLICY-UNDO", f"detach-user-policy --user-name mallory --policy-arn {ADMIN}", later("iam:DetachUserPolicy", {"userName": "mallory", "policyArn": ADMIN})),
    Harm(call("iam:AttachRolePolicy", {"roleName": "deploy", "policyArn": ADMIN}), "POLICY-UNDO", f"detach-role-policy --role-name deploy --policy-arn {ADMIN}", later("iam:DetachRolePolicy", {"roleName": "deploy", "policyArn": ADMIN})),
    Harm(call("iam:AttachGroupPolicy", {"groupName": "dev", "policyArn": ADMIN}), "POLICY-UNDO", f"detach-group-policy --group-name dev --policy-arn {ADMIN}", later("iam:DetachGroupPolicy", {"groupName": "dev", "policyArn": ADMIN})),
    Harm(call("iam:PutUserPolicy", {"userName": "mallory", "policyName": "all"}), "POLICY-UNDO", "delete-user-policy --user-name mallory --policy-name all", later("iam:DeleteUserPolicy", {"userName": "mallory", "policyName": "all"})),
    Harm(call("iam:PutRolePolicy", {"roleName": "deploy", "policyName": "all"}), "POLICY-UNDO", "delete-role-policy --role-name deploy --policy-name all", later("iam:DeleteRolePolicy", {"roleName": "deploy", "policyName": "all"})),
    Harm(call("iam:PutGroupPolicy", {"groupName": "dev", "policyName": "all"}), "POLICY-UNDO", "delete-group-policy --group-name dev --policy-name all", later("iam:DeleteGroupPolicy", {"groupName": "dev", "policyName": "all"})),
    Harm(call("iam:AddUserToGroup", {"groupName": "admins", "userName": "build"}), "POLICY-UNDO", "remove-user-from-group --user-name build --group-name admins", later("iam:RemoveUserFromGroup", {"groupName": "admins", "userName": "build"})),
    Harm(call("iam:CreatePolicyVersion", {"policyArn": OURS, "setAsDefault": True}, {"policyVersion": {"versionId": "v4"}}), "POLICY-UNDO", f"set-default-policy-version --policy-arn {OURS}", later("iam:SetDefaultPolicyVersion", {"policyArn": OURS, "versionId": "v3"})),
    Harm(call("iam:SetDefaultPolicyVersion", {"policyArn": OURS, "versionId": "v1"}), "POLICY-UNDO", f"set-default-policy-version --policy-arn {OURS}", later("iam:DeletePolicy", {"policyArn": OURS})),
    Harm(call("cloudtrail:StopLogging", {"name": f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/main"}), "LOG-ON", "start-logging --name arn:aws:cloudtrail", later("cloudtrail:StartLogging", {"name": "main"})),
    Harm(call("cloudtrail:StopLogging", {"name": "main"}), "GUARD-LOG", "guard-log"),
    Harm(call("cloudtrail:DeleteTrail", {"name": "main"}), "LOG-ON", "create-trail --name main", later("cloudtrail:CreateTrail", {"name": "main"})),
    Harm(call("guardduty:UpdateDetector", {"detectorId": "12abc34d", "enable": False}), "LOG-ON", "update-detector --detector-id 12abc34d --enable", later("guardduty:UpdateDetector", {"detectorId": "12abc34d", "enable": True})),
    Harm(call("guardduty:DeleteDetector", {"detectorId": "12abc34d"}), "LOG-ON", "create-detector --enable"),
    Harm(call("config:StopConfigurationRecorder", {"configurationRecorderName": "default"}), "LOG-ON", "start-configuration-recorder --configuration-recorder-name default", later("config:StartConfigurationRecorder", {"configurationRecorderName": "default"})),
    Harm(call("ec2:ModifySnapshotAttribute", {"snapshotId": "snap-1", "createVolumePermission": {"add": {"items": [{"userId": OTHER}]}}}), "SHARE-OFF", f"--snapshot-id snap-1 --attribute createVolumePermission --operation-type remove --user-ids {OTHER}", later("ec2:ModifySnapshotAttribute", {"snapshotId": "snap-1", "createVolumePermission": {"remove": {"items": [{"userId": OTHER}]}}})),
    Harm(call("ec2:ModifySnapshotAttribute", {"snapshotId": "snap-2", "createVolumePermission": {"add": {"items": [{"group": "all"}]}}}, clock="03:01"), "SHARE-OFF", "--snapshot-id snap-2 --attribute createVolumePermission --operation-type remove --group-names all", later("ec2:ResetSnapshotAttribute", {"snapshotId": "snap-2"})),
    Harm(call("ec2:ModifyImageAttribute", {"imageId": "ami-1", "launchPermission": {"add": {"items": [{"userId": OTHER}]}}}), "SHARE-OFF", "--image-id ami-1 --launch-permission 'Remove=[{UserId='" + OTHER, later("ec2:DeregisterImage", {"imageId": "ami-1"})),
    Harm(call("ec2:ModifyImageAttribute", {"imageId": "ami-2", "launchPermission": {"add": {"items": [{"group": "all"}]}}}, clock="03:01"), "SHARE-OFF", "--image-id ami-2 --launch-permission 'Remove=[{Group=all}]'", later("ec2:ModifyImageAttribute", {"imageId": "ami-2", "launchPermission": {"remove": {"items": [{"group": "all"}]}}})),
    Harm(call("rds:ModifyDBSnapshotAttribute", {"dBSnapshotIdentifier": "db-1", "attributeName": "restore", "valuesToAdd": [OTHER]}), "SHARE-OFF", f"modify-db-snapshot-attribute --db-snapshot-identifier db-1 --attribute-name restore --values-to-remove {OTHER}", later("rds:ModifyDBSnapshotAttribute", {"dBSnapshotIdentifier": "db-1", "valuesToRemove": [OTHER]})),
    Harm(call("rds:ModifyDBClusterSnapshotAttribute", {"dBClusterSnapshotIdentifier": "c-1", "attributeName": "restore", "valuesToAdd": ["all"]}), "SHARE-OFF", "modify-db-cluster-snapshot-attribute --db-cluster-snapshot-identifier c-1 --attribute-name restore --values-to-remove all", later("rds:DeleteDBClusterSnapshot", {"dBClusterSnapshotIdentifier": "c-1"})),
    Harm(call("ec2:AuthorizeSecurityGroupIngress", RULE), "SG-CLOSE", "--group-id sg-1 --protocol tcp --port 22 --cidr 0.0.0.0/0", later("ec2:RevokeSecurityGroupIngress", RULE)),
    Harm(call("ec2:AuthorizeSecurityGroupIngress", RANGE6, clock="03:01"), "SG-CLOSE", "'IpProtocol='udp',FromPort='20',ToPort='25',Ipv6Ranges=[{CidrIpv6='::/0'}]'", later("ec2:RevokeSecurityGroupIngress", RANGE6)),
    Harm(call("ec2:AuthorizeSecurityGroupIngress", ALL, clock="03:02"), "SG-CLOSE", "'IpProtocol=-1,IpRanges=[{CidrIp='198.51.100.0/24'}]'", later("ec2:RevokeSecurityGroupIngress", ALL)),
    Harm(call("ec2:AuthorizeSecurityGroupIngress", ALL6, clock="03:03"), "SG-CLOSE", "'IpProtocol=-1,Ipv6Ranges=[{CidrIpv6='2001:db8::/32'}]'", later("ec2:DeleteSecurityGroup", {"groupId": "sg-1"})),
    Harm(call("ec2:AuthorizeSecurityGroupIngress", {"groupId": "sg-2", "ipProtocol": "tcp", "fromPort": 3389, "toPort": 3389, "cidrIp": "0.0.0.0/0"}, clock="03:04"), "SG-CLOSE", "--group-id sg-2 --protocol tcp --port 3389"),
    Harm(call("ec2:RunInstances", {"instanceType": "p3.2xlarge"}), "GUARD-REGION", "guard-region"),
    Harm(call("autoscaling:CreateAutoScalingGroup", {"autoScalingGroupName": "mine"}), "ASG-ZERO", "--auto-scaling-group-name mine --min-size 0 --desired-capacity 0", later("autoscaling:DeleteAutoScalingGroup", {"autoScalingGroupName": "mine"})),
    Harm(call("autoscaling:CreateAutoScalingGroup", {"autoScalingGroupName": "mine"}), "SNAP", "--auto-scaling-group-names mine"),
    Harm(call("autoscaling:UpdateAutoScalingGroup", {"autoScalingGroupName": "web", "maxSize": 90}), "ASG-ZERO", "--auto-scaling-group-name web", later("autoscaling:UpdateAutoScalingGroup", {"autoScalingGroupName": "web", "desiredCapacity": 0})),
    Harm(call("ssm:StartSession", {"target": MINER}, {"sessionId": "build-0a1b2c"}), "SSM-STOP", "terminate-session --session-id build-0a1b2c", later("ssm:TerminateSession", {"sessionId": "build-0a1b2c"})),
    Harm(call("ssm:SendCommand", {"documentName": "AWS-RunShellScript"}, {"command": {"commandId": KMS}}), "SSM-STOP", f"cancel-command --command-id {KMS}", later("ssm:CancelCommand", {"commandId": KMS})),
    Harm(call("lambda:CreateFunction", {"functionName": "sync"}), "FN-STOP", "--function-name sync", later("lambda:DeleteFunction", {"functionName": "sync"})),
    Harm(call("lambda:UpdateFunctionCode", {"functionName": "pay"}), "FN-STOP", "--function-name pay", later("lambda:PutFunctionConcurrency", {"functionName": "pay", "reservedConcurrentExecutions": 0})),
    Harm(call("lambda:AddPermission", {"functionName": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:pay"}), "FN-STOP", "function:pay"),
    Harm(call("s3:PutBucketPolicy", {"bucketName": "acme"}), "S3-BLOCK", "--bucket acme", later("s3:PutBucketPublicAccessBlock", {"bucketName": "acme", "PublicAccessBlockConfiguration": BLOCK})),
    Harm(call("s3:PutBucketPolicy", {"bucketName": "acme"}), "POLICY-UNDO", "--bucket acme", later("s3:DeleteBucketPolicy", {"bucketName": "acme"})),
    Harm(call("s3:PutBucketAcl", {"bucketName": "acme"}), "S3-BLOCK", "--bucket acme"),
    Harm(call("s3:DeleteBucketPublicAccessBlock", {"bucketName": "acme"}), "S3-BLOCK", "--bucket acme"),
    Harm(call("s3:PutBucketPublicAccessBlock", {"bucketName": "acme", "PublicAccessBlockConfiguration": {**BLOCK, "BlockPublicPolicy": False}}), "S3-BLOCK", "--bucket acme", later("s3:DeleteBucket", {"bucketName": "acme"})),
    Harm(call("s3:PutBucketReplication", {"bucketName": "acme"}), "POLICY-UNDO", "delete-bucket-replication --bucket acme", later("s3:DeleteBucketReplication", {"bucketName": "acme"})),
    Harm(call("s3:PutBucketVersioning", {"bucketName": "acme", "VersioningConfiguration": {"Status": "Suspended"}}), "S3-VERSIONING", "--bucket acme", later("s3:PutBucketVersioning", {"bucketName": "acme", "VersioningConfiguration": {"Status": "Enabled"}})),
    Harm(call("s3:PutBucketLifecycle", {"bucketName": "acme"}), "S3-LIFECYCLE-UNDO", "--bucket acme", later("s3:DeleteBucketLifecycle", {"bucketName": "acme"})),
    Harm(call("s3:PutObject", SSE), "S3-NOSSEC", "--bucket acme"),
    Harm(call("s3:CopyObject", SSE), "S3-NOSSEC", "--bucket acme"),
    Harm(call("s3:DeleteObject", {"bucketName": "acme", "key": "a b/q3.pdf"}), "S3-UNDELETE", "--bucket acme --key 'a b/q3.pdf' --version-id \"$V\""),
    Harm(call("s3:DeleteObject", {"bucketName": "acme", "key": "q3.pdf"}, clock="03:01"), "S3-DENY", "--bucket acme"),
    Harm(call("s3:DeleteObjects", {"bucketName": "acme"}), "S3-UNDELETE", "LastModified>=`'2026-01-27T03:00:00'`"),
    Harm(call("s3:DeleteObjects", {"bucketName": "acme"}), "S3-VERSIONING", "--bucket acme"),
    Harm(call("kms:ScheduleKeyDeletion", {"keyId": KMS}), "KMS-SAVE", f"cancel-key-deletion --key-id {KMS}", later("kms:CancelKeyDeletion", {"keyId": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/{KMS}"})),
    Harm(call("kms:DisableKey", {"keyId": KMS}), "KMS-SAVE", f"aws kms enable-key --key-id {KMS}", later("kms:EnableKey", {"keyId": KMS})),
    Harm(call("secretsmanager:GetSecretValue", {"secretId": "prod/db"}), "SECRET-ROTATE", "rotate-secret --secret-id prod/db", later("secretsmanager:RotateSecret", {"secretId": "prod/db"})),
    Harm(call("secretsmanager:BatchGetSecretValue", {"secretIdList": ["prod/db", "prod/pay"]}), "SECRET-ROTATE", "--secret-id prod/pay"),
    Harm(call("secretsmanager:DeleteSecret", {"secretId": "prod/db"}), "SECRET-ROTATE", "restore-secret --secret-id prod/db", later("secretsmanager:RestoreSecret", {"secretId": "prod/db"})),
    Harm(call("acm-pca:IssueCertificate", {"certificateAuthorityArn": CLERK}, {"certificateArn": f"{CLERK}/certificate/0a1b"}), "CERT-REVOKE", f"--certificate-authority-arn {CLERK} --certificate-arn {CLERK}/certificate/0a1b"),
    Harm(call("acm:ExportCertificate", {"certificateArn": f"arn:aws:acm:eu-west-1:{ACCOUNT}:certificate/1"}), "CERT-REVOKE", "acm revoke-certificate", later("acm:RevokeCertificate", {"certificateArn": f"arn:aws:acm:eu-west-1:{ACCOUNT}:certificate/1"})),
]  # fmt: skip
"""Every call whose effect lasts; where nothing undoes it, the way back is still open."""


def named(harm: Harm) -> str:
    return f"{harm.call.action}-{harm.code}"


def matching(actions, harm: Harm):
    return [action for action in actions if action.code == harm.code and harm.words in action.command]


@pytest.mark.parametrize("harm", HARMFUL, ids=named)
def test_a_harmful_call_is_undone_with_the_values_of_its_record(harm):
    [action] = matching(undoing(harm.call), harm)

    assert action.needs == ("f1",)
    assert action.account == ACCOUNT


@pytest.mark.parametrize("outcome", [Outcome.DENIED, Outcome.FAILED])
@pytest.mark.parametrize("harm", HARMFUL, ids=named)
def test_an_attempt_needs_no_undoing(harm, outcome):
    columns = {name: getattr(harm.call, name) for name in ("request", "response")}

    assert not undoing(call(harm.call.action, columns["request"], columns["response"], outcome=outcome))


@pytest.mark.parametrize("harm", [harm for harm in HARMFUL if harm.undone], ids=named)
def test_what_was_undone_is_not_proposed_again(harm):
    assert harm.undone
    assert not matching(undoing(harm.call, later=(harm.undone,)), harm)


@pytest.mark.parametrize("harm", [harm for harm in HARMFUL if harm.undone], ids=named)
def test_what_was_done_once_more_after_that_is(harm):
    again = call(harm.call.action, harm.call.request, harm.call.response, clock="06:00")

    assert harm.undone
    assert matching(undoing(harm.call, again, later=(harm.undone,)), harm)


@pytest.mark.parametrize("harm", HARMFUL, ids=named)
def test_another_call_of_the_same_name_elsewhere_undoes_nothing(harm):
    """What was done to something else in the same minute leaves the way back open."""
    other = call(harm.undone.action, {"name": "something-else"}, clock="05:00") if harm.undone else harm.call

    assert matching(undoing(harm.call, later=(other,)), harm)


def test_a_call_that_nobody_found_is_not_undone():
    assert not proposed(assessed(findings=()), *(harm.call for harm in HARMFUL), limits=Limits(disrupt=True))


@pytest.mark.parametrize(
    "harmless",
    [
        call("s3:PutBucketVersioning", {"bucketName": "acme", "VersioningConfiguration": {"Status": "Enabled"}}),
        call("s3:PutBucketPublicAccessBlock", {"bucketName": "acme", "PublicAccessBlockConfiguration": BLOCK}),
        call("s3:PutObject", {"bucketName": "acme", "key": "q3.pdf"}),
        call("iam:UpdateAccessKey", {"userName": "ci", "accessKeyId": "AKIACI00000000000000", "status": "Active"}),
        call("iam:CreatePolicyVersion", {"policyArn": OURS, "setAsDefault": False}, {"policyVersion": {"versionId": "v4"}}),
        call("secretsmanager:DeleteSecret", {"secretId": "prod/db", "forceDeleteWithoutRecovery": True}),
        call("ec2:AuthorizeSecurityGroupIngress", {"groupId": "sg-1", "ipPermissions": {"items": [{"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "groups": {"items": [{"groupId": "sg-9"}]}}]}}),
        call("ec2:ModifySnapshotAttribute", {"snapshotId": "snap-1", "createVolumePermission": {"remove": {"items": [{"userId": OTHER}]}}}),
    ],
    ids=lambda event: event.action,
)  # fmt: skip
def test_a_call_without_that_effect_calls_for_nothing(harmless):
    assert not undoing(harmless)


def test_a_version_that_was_deleted_for_good_is_not_brought_back():
    gone = call("s3:DeleteObject", {"bucketName": "acme", "key": "q3.pdf", "versionId": "v1"})

    assert "S3-UNDELETE" not in codes(undoing(gone))


def test_many_deleted_objects_are_brought_back_together():
    deleted = [call("s3:DeleteObject", {"bucketName": "acme", "key": f"{n}.pdf"}, clock=f"03:0{n}") for n in range(7)]

    few = [action for action in undoing(*deleted[:3]) if action.code == "S3-UNDELETE"]
    [all_] = [action for action in undoing(*deleted) if action.code == "S3-UNDELETE"]

    assert [action.on for action in few] == ["acme/0.pdf", "acme/1.pdf", "acme/2.pdf"]
    assert all_.on == "acme"
    assert "2026-01-27T03:00:00" in all_.command


def test_a_role_that_the_intruder_made_has_no_trust_to_go_back_to():
    changed = call("iam:UpdateAssumeRolePolicy", {"roleName": "deploy"})
    made = entity(EntityKind.PRINCIPAL, DEPLOY, Role.CREATED_BY_ACTOR).model_copy(update={"evidence": (changed.id,)})

    trusts = [action.command for action in undoing(changed, entities=(made,)) if action.code == "ROLE-TRUST"]
    assert ["TrustNobody" in command for command in trusts] == [True]


@pytest.mark.parametrize(
    ("revoked", "still"),
    [
        (["sgr-1"], ["3389"]),
        (["sgr-2"], ["22"]),
        (["sgr-1", "sgr-2"], []),
        (["sgr-9"], ["22", "3389"]),
        ([], ["22", "3389"]),
    ],
)
def test_a_rule_that_was_revoked_by_its_id_is_closed(revoked, still):
    """As the console does; each rule by itself."""
    ports, networks = {"sgr-1": 22, "sgr-2": 3389}, {"sgr-1": "198.51.100.7/32", "sgr-2": "0.0.0.0/0"}
    opened = call(
        "ec2:AuthorizeSecurityGroupIngress",
        {
            "groupId": "sg-1",
            "ipPermissions": {
                "items": [
                    {
                        "ipProtocol": "tcp",
                        "fromPort": ports[one],
                        "toPort": ports[one],
                        "ipRanges": {"items": [{"cidrIp": networks[one]}]},
                    }
                    for one in ports
                ]
            },
        },
        {
            "securityGroupRuleSet": {
                "items": [
                    {"securityGroupRuleId": one, "fromPort": ports[one], "cidrIpv4": networks[one]} for one in ports
                ]
            }
        },
    )
    items = {"items": [{"securityGroupRuleId": one} for one in revoked]}
    closed = later("ec2:RevokeSecurityGroupIngress", {"groupId": "sg-1", "securityGroupRuleIds": items})

    left = [action.command.split("--port ")[1].split()[0] for action in undoing(opened, later=(closed,))]
    assert left == still


@pytest.mark.parametrize(
    ("region", "partition"), [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"), ("eu-west-1", "aws")]
)
def test_every_partition_has_its_own_names_and_home(region, partition):
    deleted = replace(call("s3:DeleteObject", {"bucketName": "acme", "key": "q3.pdf"}), region=region)
    home = region if partition != "aws" else "us-east-1"
    trusted = replace(call("iam:UpdateAssumeRolePolicy", {"roleName": "deploy"}), region=home)
    role = entity(EntityKind.PRINCIPAL, f"arn:{partition}:iam::{ACCOUNT}:role/deploy")
    role = role.model_copy(update={"evidence": (trusted.id,)})

    actions = undoing(deleted, trusted, entities=(role,))

    [deny] = [action for action in actions if action.code == "S3-DENY"]
    assert f" {partition} acme {partition} acme " in deny.command
    assert f"--region {region}" in deny.command
    revoked = [action for action in actions if action.code == "ROLE-REVOKE"]
    assert [f"--region {home}" in action.command for action in revoked] == [True]


ENTITIES: list[tuple[str, Entity]] = [
    *((code, entity(EntityKind.ACCESS_KEY, KEY)) for code in ("KEY-OFF", "KEY-DEL", "USER-REVOKE", "SOURCE", "GUARD-NET")),
    ("USER-DENY", entity(EntityKind.PRINCIPAL, BUILD)),
    ("ROOT", entity(EntityKind.PRINCIPAL, f"arn:aws:iam::{ACCOUNT}:root")),
    ("IDC-DENY", entity(EntityKind.PRINCIPAL, f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_A_0")),
    *((code, entity(EntityKind.INSTANCE, MINER)) for code in ("SNAP", "EC2-PROTECT", "EC2-ASG", "EC2-ISOLATE", "IMDS", "NET-BLOCK")),
    *((code, entity(EntityKind.INSTANCE, MINER, Role.CREATED_BY_ACTOR)) for code in ("EC2-STOP", "EC2-TERM")),
]  # fmt: skip
"""Every code that an accused entity calls for."""


@pytest.mark.parametrize(("code", "accused"), ENTITIES)
def test_an_accused_entity_calls_for_its_actions(code, accused):
    hostile = entity(EntityKind.IP, "198.51.100.7", Role.HOSTILE)

    assert code in codes(proposed(assessed(accused, hostile), limits=Limits(disrupt=True)))
    assert code not in codes(proposed(assessed(accused, hostile, findings=()), limits=Limits(disrupt=True)))


def test_every_action_of_the_catalogue_is_called_for_by_some_case():
    called_for = {harm.code for harm in HARMFUL} | {code for code, _ in ENTITIES}

    assert set(CODES) - called_for == set()
