"""Which actions undo the effect of which call, and where their values stand in its record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from investigator.domain.event import Event
from investigator.stages.response.reading import Read, at, certificate, has, opened, says


def _always(event: Event) -> bool:
    return True


_NOTHING = at()


@dataclass(frozen=True, slots=True)
class Effect:
    """A template, and how its values are read from the record of the call that it undoes."""

    template: str
    read: Read = _NOTHING
    when: Callable[[Event], bool] = _always
    disrupts: bool = False


_USER = at(user="request.userName")
_ROLE = at(role="request.roleName")
_BUCKET = at(bucket="request.bucketName")
_FUNCTION = at(function="request.functionName")
_TRAIL = at(trail="request.name")
_KEY = at(key="request.keyId")
_GROUP = at(group="request.autoScalingGroupName")
_OPENED = (
    Effect("SG-CLOSE", opened("4")), Effect("SG-CLOSE-IPV6", opened("6")),
    Effect("SG-CLOSE-ALL", opened("4", whole=True)), Effect("SG-CLOSE-ALL-IPV6", opened("6", whole=True)),
)  # fmt: skip
_CUSTOMER_KEY = "x-amz-server-side-encryption-customer-algorithm"
_DELETED = (Effect("S3-VERSIONING", _BUCKET), Effect("S3-DENY", _BUCKET, disrupts=True))
_LIFECYCLE = (Effect("S3-LIFECYCLE-UNDO", _BUCKET),)
_UNBLOCKED = (
    Effect("S3-BLOCK", _BUCKET, says("PublicAccessBlockConfiguration.BlockPublicAcls", "false")),
    Effect("S3-BLOCK", _BUCKET, says("PublicAccessBlockConfiguration.IgnorePublicAcls", "false")),
    Effect("S3-BLOCK", _BUCKET, says("PublicAccessBlockConfiguration.BlockPublicPolicy", "false")),
    Effect("S3-BLOCK", _BUCKET, says("PublicAccessBlockConfiguration.RestrictPublicBuckets", "false")),
)
_GROWN = (Effect("SNAP-GROUP", _GROUP, disrupts=True), Effect("ASG-ZERO", _GROUP, disrupts=True))
_LAUNCHED = (Effect("GUARD-REGION"),)
_EXPOSED = (Effect("FN-STOP", _FUNCTION, disrupts=True),)
_TAKEN_UNDER_KEY = (Effect("S3-NOSSEC", _BUCKET, has(_CUSTOMER_KEY)),)
_LOGIN = (Effect("USER-CONSOLE", _USER),)
_SHARED_DATABASE = at(snapshot="request.dBSnapshotIdentifier", other="request.valuesToAdd")
_SHARED_CLUSTER = at(snapshot="request.dBClusterSnapshotIdentifier", other="request.valuesToAdd")

EFFECTS: Mapping[str, tuple[Effect, ...]] = {
    "iam:CreateLoginProfile": _LOGIN,
    "iam:UpdateLoginProfile": _LOGIN,
    "iam:CreateUser": (Effect("GUARD-IAM"),),
    "iam:CreateAccessKey": (Effect("GUARD-IAM"),),
    "iam:UpdateAccessKey": (
        Effect("KEY-ON", at(key="request.accessKeyId", user="request.userName"), says("status", "Inactive")),
    ),
    "iam:AttachUserPolicy": (Effect("POLICY-UNDO-USER", at(user="request.userName", policy="request.policyArn")),),
    "iam:AttachRolePolicy": (Effect("POLICY-UNDO-ROLE", at(role="request.roleName", policy="request.policyArn")),),
    "iam:AttachGroupPolicy": (Effect("POLICY-UNDO-GROUP", at(group="request.groupName", policy="request.policyArn")),),
    "iam:PutUserPolicy": (Effect("POLICY-UNDO-USER-INLINE", at(user="request.userName", name="request.policyName")),),
    "iam:PutRolePolicy": (Effect("POLICY-UNDO-ROLE-INLINE", at(role="request.roleName", name="request.policyName")),),
    "iam:PutGroupPolicy": (
        Effect("POLICY-UNDO-GROUP-INLINE", at(group="request.groupName", name="request.policyName")),
    ),
    "iam:AddUserToGroup": (Effect("POLICY-UNDO-MEMBER", at(user="request.userName", group="request.groupName")),),
    "iam:CreatePolicyVersion": (Effect("POLICY-UNDO", at(policy="request.policyArn"), says("setAsDefault", "true")),),
    "iam:SetDefaultPolicyVersion": (Effect("POLICY-UNDO", at(policy="request.policyArn")),),
    "iam:UpdateAssumeRolePolicy": (Effect("ROLE-TRUST", _ROLE), Effect("ROLE-REVOKE", _ROLE), Effect("GUARD-IAM")),
    "iam:EnableMFADevice": (Effect("MFA-OFF", at(user="request.userName", serial="request.serialNumber")),),
    "cloudtrail:StopLogging": (Effect("LOG-ON", _TRAIL), Effect("GUARD-LOG")),
    "cloudtrail:DeleteTrail": (Effect("LOG-ON-TRAIL", _TRAIL), Effect("GUARD-LOG")),
    "cloudtrail:UpdateTrail": (Effect("GUARD-LOG"),),
    "cloudtrail:PutEventSelectors": (Effect("GUARD-LOG"),),
    "guardduty:UpdateDetector": (
        Effect("LOG-ON-DETECTOR", at(detector="request.detectorId"), says("enable", "false")), Effect("GUARD-LOG"),
    ),
    "guardduty:DeleteDetector": (
        Effect("LOG-ON-NEW-DETECTOR", at(detector="request.detectorId")), Effect("GUARD-LOG"),
    ),
    "config:StopConfigurationRecorder": (Effect("LOG-ON-RECORDER", at(recorder="request.configurationRecorderName")),),
    "ec2:ModifySnapshotAttribute": (
        Effect(
            "SHARE-OFF", at(snapshot="request.snapshotId", other="request.createVolumePermission.add.items.userId")
        ),
        Effect(
            "SHARE-OFF-PUBLIC", at(snapshot="request.snapshotId"), says("createVolumePermission.add.items.group", "all")
        ),
    ),
    "ec2:ModifyImageAttribute": (
        Effect("SHARE-OFF-IMAGE", at(image="request.imageId", other="request.launchPermission.add.items.userId")),
        Effect("SHARE-OFF-IMAGE-PUBLIC", at(image="request.imageId"), says("launchPermission.add.items.group", "all")),
    ),
    "rds:ModifyDBSnapshotAttribute": (Effect("SHARE-OFF-DATABASE", _SHARED_DATABASE),),
    "rds:ModifyDBClusterSnapshotAttribute": (Effect("SHARE-OFF-CLUSTER", _SHARED_CLUSTER),),
    "ec2:AuthorizeSecurityGroupIngress": _OPENED,
    "ec2:RunInstances": _LAUNCHED,
    "ec2:RequestSpotInstances": _LAUNCHED,
    "ec2:RequestSpotFleet": _LAUNCHED,
    "ec2:CreateFleet": _LAUNCHED,
    "autoscaling:CreateAutoScalingGroup": (
        Effect("SNAP-GROUP", _GROUP), Effect("ASG-ZERO", _GROUP), Effect("GUARD-REGION"),
    ),
    "autoscaling:UpdateAutoScalingGroup": _GROWN,
    "autoscaling:SetDesiredCapacity": _GROWN,
    "ssm:StartSession": (Effect("SSM-STOP", at(session="response.sessionId")),),
    "ssm:SendCommand": (Effect("SSM-STOP-COMMAND", at(command_id="response.command.commandId")),),
    "s3:PutBucketReplication": (Effect("POLICY-UNDO-REPLICATION", _BUCKET),),
    "s3:PutBucketPolicy": (Effect("S3-BLOCK", _BUCKET), Effect("POLICY-UNDO-BUCKET", _BUCKET)),
    "s3:PutBucketAcl": (Effect("S3-BLOCK", _BUCKET),),
    "s3:DeleteBucketPublicAccessBlock": (Effect("S3-BLOCK", _BUCKET),),
    "s3:PutBucketPublicAccessBlock": _UNBLOCKED,
    "s3:PutBucketVersioning": (Effect("S3-VERSIONING", _BUCKET, says("VersioningConfiguration.Status", "Suspended")),),
    "s3:PutBucketLifecycle": _LIFECYCLE,
    "s3:PutBucketLifecycleConfiguration": _LIFECYCLE,
    "s3:PutObject": _TAKEN_UNDER_KEY,
    "s3:CopyObject": _TAKEN_UNDER_KEY,
    "s3:DeleteObject": (
        *_DELETED,
        Effect(
            "S3-UNDELETE",
            at(object="request.key", bucket="request.bucketName"),
            lambda event: not event.asked("versionId"),
        ),
    ),
    "s3:DeleteObjects": (*_DELETED, Effect("S3-UNDELETE-ALL", _BUCKET)),
    "kms:ScheduleKeyDeletion": (Effect("KMS-SAVE", _KEY),),
    "kms:DisableKey": (Effect("KMS-SAVE-ENABLE", _KEY),),
    "lambda:AddPermission": _EXPOSED,
    "lambda:CreateFunctionUrlConfig": _EXPOSED,
    "lambda:UpdateFunctionCode": _EXPOSED,
    "lambda:CreateFunction": (Effect("FN-STOP", _FUNCTION),),
    "secretsmanager:GetSecretValue": (Effect("SECRET-ROTATE", at(secret="request.secretId")),),
    "secretsmanager:BatchGetSecretValue": (Effect("SECRET-ROTATE", at(secret="request.secretIdList")),),
    "secretsmanager:DeleteSecret": (
        Effect(
            "SECRET-RESTORE",
            at(secret="request.secretId"),
            lambda event: event.asked("forceDeleteWithoutRecovery") != "true",
        ),
    ),
    "acm-pca:IssueCertificate": (Effect("CERT-REVOKE", certificate),),
    "acm:ExportCertificate": (Effect("CERT-REVOKE-EXPORTED", at(certificate="request.certificateArn")),),
}  # fmt: skip
"""By the call whose effect is undone."""
