"""Ordinary life around the rules of impact."""

from investigator.domain.words import Severity
from tests.detections.ordinary.callers import (
    ADMIN,
    AWS,
    DEPLOY,
    ENGINEER,
    KEEPER,
    LINKED,
    OLD_KEY,
    PERSON,
    SCANNER,
    STACK,
    SUPPORT,
    VAULT,
    WORKLOAD,
)  # fmt: skip
from tests.detections.ordinary.life import (
    CONSTANT,
    DAILY,
    HOURLY,
    MONTHLY,
    OFTEN,
    QUARTERLY,
    WEEKLY,
    YEARLY,
    Life,
    ask,
    life,
    near,
    quiet,
    use,
)  # fmt: skip

LOW, MEDIUM, HIGH, CRITICAL = Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL
BUCKET, KEY = "<word>-<id>", "arn:aws:kms:<region>:<account>:key/<uuid>"
WITH_KEY = "x-amz-server-side-encryption-aws-kms-key-id"
BY_CALLER = "x-amz-server-side-encryption-customer-algorithm"


def expiring(days: int) -> dict:
    return {"Rule": {"ID": "old", "Status": "Enabled", "Expiration": {"Days": days}}}


def launch(kind: str, most: int) -> dict:
    """The request for instances of a type."""
    return {"instanceType": kind, "instancesSet": {"items": [{"imageId": "ami-<id>", "minCount": 1, "maxCount": most}]}}


LIVES: dict[str, Life] = {
    "backups-deleted": life(
        near(DAILY, ask("backup:ListRecoveryPointsByBackupVault", SCANNER, backupVaultName="<word>"), ask("backup:UpdateRecoveryPointLifecycle", KEEPER, backupVaultName="<word>")),
        use(HIGH, MONTHLY, ask("backup:DeleteRecoveryPoint", ADMIN, backupVaultName="<word>"), ask("backup:DeleteBackupPlan", DEPLOY, backupPlanId="<uuid>")),
        quiet(OFTEN, ask("backup:DeleteRecoveryPoint", AWS, backupVaultName="<word>")),
    ),
    "bucket-deleted": life(
        near(DAILY, ask("s3:CreateBucket", DEPLOY, bucketName=BUCKET), ask("s3:DeleteBucketTagging", DEPLOY, bucketName=BUCKET), ask("s3:DeleteBucketLifecycle", DEPLOY, bucketName=BUCKET)),
        use(LOW, WEEKLY, ask("s3:DeleteBucket", DEPLOY, bucketName=BUCKET), ask("s3:DeleteBucketPolicy", DEPLOY, bucketName=BUCKET)),
    ),
    "bucket-lifecycle": life(
        near(OFTEN, ask("s3:GetBucketLifecycle", DEPLOY, bucketName=BUCKET), ask("s3:PutBucketIntelligentTieringConfiguration", DEPLOY, bucketName=BUCKET)),
        use(LOW, DAILY, ask("s3:PutBucketLifecycle", DEPLOY, bucketName="data-<id>", LifecycleConfiguration=expiring(365))),
    ),
    "database-backups-removed": life(
        near(
            WEEKLY,
            ask("rds:ModifyDBInstance", DEPLOY, dBInstanceIdentifier="<word>", backupRetentionPeriod=14),
            ask("rds:ModifyDBCluster", DEPLOY, dBClusterIdentifier="<word>", deletionProtection=True),
            ask("rds:DescribeDBInstanceAutomatedBackups", SCANNER),
        ),
        use(HIGH, MONTHLY, ask("rds:ModifyDBInstance", DEPLOY, dBInstanceIdentifier="trial-<word>", deletionProtection=False)),
        use(HIGH, QUARTERLY, ask("rds:DeleteDBInstanceAutomatedBackup", ADMIN, dbiResourceId="db-<id>")),
    ),
    "database-snapshot-deleted": life(
        near(DAILY, ask("rds:DescribeDBSnapshots", KEEPER, snapshotType="manual"), ask("rds:CopyDBSnapshot", KEEPER, sourceDBSnapshotIdentifier="nightly-<id>"), ask("rds:DeleteDBParameterGroup", DEPLOY, dBParameterGroupName="<word>")),
        use(HIGH, DAILY, ask("rds:DeleteDBSnapshot", KEEPER, dBSnapshotIdentifier="nightly-<id>")),
        use(MEDIUM, DAILY, ask("rds:DeleteDBSnapshot", VAULT, dBSnapshotIdentifier="awsbackup-<id>")),
    ),
    "database-deleted": life(
        near(MONTHLY, ask("rds:DeleteDBInstance", ENGINEER, dBInstanceIdentifier="trial-<word>", skipFinalSnapshot=True), ask("rds:StopDBInstance", ENGINEER, dBInstanceIdentifier="<word>"), ask("rds:DeleteDBParameterGroup", DEPLOY, dBParameterGroupName="<word>")),
        use(HIGH, MONTHLY, ask("rds:DeleteDBInstance", DEPLOY, dBInstanceIdentifier="<word>", skipFinalSnapshot=False)),
    ),
    "database-deleted-without-copy": life(
        near(MONTHLY, ask("rds:DeleteDBInstance", DEPLOY, dBInstanceIdentifier="<word>", skipFinalSnapshot=False, finalDBSnapshotIdentifier="last-<id>"), ask("rds:StopDBCluster", ENGINEER, dBClusterIdentifier="<word>")),
        use(CRITICAL, MONTHLY, ask("rds:DeleteDBInstance", DEPLOY, dBInstanceIdentifier="trial-<word>", skipFinalSnapshot=True)),
        use(HIGH, MONTHLY, ask("rds:DeleteDBInstance", STACK, dBInstanceIdentifier="trial-<word>", skipFinalSnapshot=True)),
    ),
    "disks-or-instances-removed": life(
        near(OFTEN, ask("ec2:DescribeVolumes", SCANNER), ask("ec2:DetachVolume", WORKLOAD, volumeId="vol-<id>"), ask("ec2:RebootInstances", SUPPORT)),
        use(LOW, OFTEN, ask("ec2:DeleteSnapshot", KEEPER, snapshotId="snap-<id>"), ask("ec2:TerminateInstances", DEPLOY, instancesSet={"items": [{"instanceId": "i-<id>"}]})),
        quiet(OFTEN, ask("ec2:TerminateInstances", LINKED, instancesSet={"items": [{"instanceId": "i-<id>"}]})),
    ),
    "domain-moved": life(
        near(MONTHLY, ask("route53domains:ListDomains", ADMIN), ask("route53domains:EnableDomainTransferLock", ADMIN, domainName="<word>.example.com"), ask("route53domains:RenewDomain", ADMIN)),
        use(HIGH, YEARLY, ask("route53domains:DisableDomainTransferLock", ADMIN, domainName="<word>.example.com"), ask("route53domains:TransferDomain", ADMIN, domainName="<word>.example.com")),
    ),
    "identity-removed": life(
        near(MONTHLY, ask("iam:UpdateAccessKey", ADMIN, userName="<user>", accessKeyId="<key>", status="Active"), ask("iam:DeleteAccessKey", PERSON, userName="<self>", accessKeyId="<key>"), ask("iam:UpdateUser", ADMIN, userName="<user>")),
        use(LOW, WEEKLY, ask("iam:DeleteAccessKey", ADMIN, userName="<user>", accessKeyId="<key>"), ask("iam:UpdateAccessKey", ADMIN, userName="<user>", accessKeyId="<key>", status="Inactive")),
    ),
    "key-deleted-or-disabled": life(
        near(WEEKLY, ask("kms:CancelKeyDeletion", ADMIN, keyId=KEY), ask("kms:EnableKeyRotation", DEPLOY, keyId=KEY), ask("kms:DeleteAlias", DEPLOY, aliasName="alias/<word>")),
        use(HIGH, WEEKLY, ask("kms:ScheduleKeyDeletion", DEPLOY, keyId=KEY, pendingWindowInDays=30)),
        use(MEDIUM, MONTHLY, ask("kms:ScheduleKeyDeletion", STACK, keyId=KEY, pendingWindowInDays=30)),
    ),
    "key-with-outside-material": life(
        near(WEEKLY, ask("kms:CreateKey", DEPLOY, origin="AWS_KMS"), ask("kms:CreateKey", DEPLOY, description="<word>"), ask("kms:GetParametersForImport", ADMIN, keyId="<uuid>")),
        use(HIGH, YEARLY, ask("kms:CreateKey", ADMIN, origin="EXTERNAL")),
    ),
    "key-store-changed": life(
        near(WEEKLY, ask("kms:DescribeCustomKeyStores", SCANNER), ask("kms:CreateKey", DEPLOY, origin="AWS_KMS"), ask("kms:EnableKey", ADMIN, keyId=KEY)),
        use(HIGH, YEARLY, ask("kms:CreateCustomKeyStore", ADMIN, customKeyStoreName="<word>"), ask("kms:ConnectCustomKeyStore", ADMIN, customKeyStoreId="cks-<id>")),
    ),
    "large-container-service": life(
        near(DAILY, ask("ecs:UpdateService", DEPLOY, service="<word>", desiredCount=3), ask("ecs:CreateService", DEPLOY, serviceName="<word>", desiredCount=9), ask("ecs:UpdateService", DEPLOY, service="<word>", forceNewDeployment=True)),
        use(MEDIUM, WEEKLY, ask("ecs:UpdateService", DEPLOY, service="<word>", desiredCount=12), ask("ecs:CreateService", DEPLOY, serviceName="<word>", desiredCount=20)),
        quiet(HOURLY, ask("ecs:UpdateService", LINKED, service="<word>", desiredCount=24)),
    ),
    "largest-container-task": life(
        near(DAILY, ask("ecs:RegisterTaskDefinition", DEPLOY, family="<word>", cpu="1024"), ask("ecs:RegisterTaskDefinition", DEPLOY, family="<word>"), ask("ecs:DescribeTaskDefinition", SCANNER, taskDefinition="<word>")),
        use(MEDIUM, MONTHLY, ask("ecs:RegisterTaskDefinition", DEPLOY, family="<word>", cpu="16384", memory="65536")),
    ),
    "launch-large-instances": life(
        near(DAILY, ask("ec2:RunInstances", DEPLOY, **launch("<small>", 1)), ask("ec2:RunInstances", WORKLOAD, **launch("m6i.4xlarge", 4)), ask("ec2:DescribeInstanceTypeOfferings", DEPLOY)),
        use(HIGH, WEEKLY, ask("ec2:RunInstances", WORKLOAD, **launch("g5.xlarge", 1))),
        quiet(DAILY, ask("ec2:RunInstances", LINKED, **launch("g4dn.xlarge", 1))),
    ),
    "mail-identity-or-sending": life(
        near(WEEKLY, ask("ses:GetIdentityVerificationAttributes", SCANNER), ask("ses:SetIdentityDkimEnabled", DEPLOY, identity="<word>.example.com"), ask("ses:CreateTemplate", DEPLOY)),
        use(HIGH, MONTHLY, ask("ses:CreateEmailIdentity", DEPLOY, emailIdentity="<word>.example.com"), ask("ses:VerifyDomainIdentity", DEPLOY, domain="<word>.example.com")),
    ),
    "mail-sent": life(
        near(OFTEN, ask("ses:GetSendStatistics", WORKLOAD), ask("ses:GetTemplate", WORKLOAD, templateName="<word>"), ask("sns:Publish", WORKLOAD, topicArn="<word>")),
        use(LOW, HOURLY, ask("ses:SendEmail", WORKLOAD, destination="HIDDEN")),
        use(MEDIUM, OFTEN, ask("ses:SendRawEmail", OLD_KEY, destination="HIDDEN")),
    ),
    "model-access-asked": life(
        near(WEEKLY, ask("bedrock:ListFoundationModels", ENGINEER), ask("bedrock:ListFoundationModelAgreementOffers", ENGINEER), ask("agreement-marketplace:SearchAgreements", ADMIN)),
        use(HIGH, QUARTERLY, ask("bedrock:CreateFoundationModelAgreement", ADMIN, modelId="anthropic.claude"), ask("bedrock:PutUseCaseForModelAccess", ADMIN)),
    ),
    "names-or-site-changed": life(
        near(OFTEN, ask("route53:ListResourceRecordSets", DEPLOY, hostedZoneId="<word>"), ask("cloudfront:CreateInvalidation", DEPLOY, distributionId="<word>"), ask("route53:GetChange", DEPLOY, id="<word>")),
        use(LOW, DAILY, ask("route53:ChangeResourceRecordSets", DEPLOY, hostedZoneId="<word>"), ask("cloudfront:UpdateDistribution", DEPLOY, id="<word>")),
    ),
    "object-encrypted-by-caller": life(
        near(CONSTANT, ask("s3:PutObject", WORKLOAD, bucketName=BUCKET, key="exports/<id>", **{"x-amz-server-side-encryption": "AES256"}), ask("s3:CopyObject", WORKLOAD, bucketName=BUCKET, key="exports/<id>", **{WITH_KEY: KEY})),
        use(HIGH, QUARTERLY, ask("s3:PutObject", WORKLOAD, bucketName="vault-<id>", key="<id>", **{BY_CALLER: "AES256"})),
    ),
    "object-encrypted-outside-key": life(
        near(HOURLY, ask("s3:PutObject", WORKLOAD, bucketName=BUCKET, key="exports/<id>", **{WITH_KEY: KEY}), ask("s3:PutObject", WORKLOAD, bucketName="shared-<sister>", key="<id>", **{"x-amz-server-side-encryption": "aws:kms"})),
        use(HIGH, WEEKLY, ask("s3:PutObject", WORKLOAD, bucketName="lake-<id>", key="<id>", **{WITH_KEY: "arn:aws:kms:<region>:<sister>:key/<uuid>"})),
    ),
    "objects-deleted": life(
        near(HOURLY, ask("s3:GetObject", WORKLOAD, bucketName=BUCKET, key="<id>"), ask("s3:AbortMultipartUpload", WORKLOAD, bucketName=BUCKET, key="<id>")),
        use(LOW, HOURLY, ask("s3:DeleteObject", WORKLOAD, bucketName=BUCKET, key="tmp/<id>")),
        quiet(HOURLY, ask("s3:DeleteObject", LINKED, bucketName=BUCKET, key="tmp/<id>")),
    ),
    "other-data-deleted": life(
        near(DAILY, ask("dynamodb:DescribeTable", SCANNER, tableName="<word>"), ask("ecr:DeleteLifecyclePolicy", DEPLOY, repositoryName="<word>"), ask("cloudformation:UpdateStack", DEPLOY, stackName="<word>")),
        use(MEDIUM, DAILY, ask("cloudformation:DeleteStack", DEPLOY, stackName="review-<word>"), ask("ecr:BatchDeleteImage", DEPLOY, repositoryName="<word>")),
    ),
    "quota-raised": life(
        near(WEEKLY, ask("servicequotas:ListRequestedServiceQuotaChangeHistory", ADMIN), ask("support:DescribeCases", SUPPORT), ask("support:AddCommunicationToCase", SUPPORT, caseId="<word>")),
        use(MEDIUM, MONTHLY, ask("servicequotas:RequestServiceQuotaIncrease", DEPLOY, serviceCode="lambda"), ask("support:CreateCase", SUPPORT, severityCode="low")),
    ),
    "ransom-note": life(
        near(CONSTANT, ask("s3:PutObject", WORKLOAD, bucketName=BUCKET, key="reports/<id>.csv"), ask("s3:PutObject", WORKLOAD, bucketName=BUCKET, key="README.txt"), ask("s3:GetObject", WORKLOAD, bucketName=BUCKET, key="docs/how-to-restore.md")),
        use(HIGH, QUARTERLY, ask("s3:PutObject", WORKLOAD, bucketName=BUCKET, key="functions/decrypt-<word>.zip")),
    ),
    "replication-removed": life(
        near(WEEKLY, ask("s3:GetBucketReplication", SCANNER, bucketName=BUCKET), ask("s3:DeleteBucketLifecycle", DEPLOY, bucketName=BUCKET)),
        use(MEDIUM, MONTHLY, ask("s3:DeleteBucketReplication", DEPLOY, bucketName=BUCKET)),
    ),
    "rights-removed": life(
        near(OFTEN, ask("iam:ListRolePolicies", DEPLOY, roleName="<word>"), ask("iam:DeleteInstanceProfile", DEPLOY, instanceProfileName="<word>"), ask("iam:DeletePolicyVersion", DEPLOY, versionId="v1")),
        use(LOW, DAILY, ask("iam:DeleteRolePolicy", DEPLOY, roleName="<word>"), ask("iam:DetachRolePolicy", DEPLOY, roleName="<word>")),
    ),
    "short-expiry": life(
        near(WEEKLY, ask("s3:PutBucketLifecycle", DEPLOY, bucketName="data-<id>", LifecycleConfiguration=expiring(30)), ask("s3:PutBucketLifecycle", DEPLOY, bucketName="data-<id>", LifecycleConfiguration={
            "Rule": {"ID": "parts", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 3}}})),
        use(HIGH, MONTHLY, ask("s3:PutBucketLifecycle", DEPLOY, bucketName="tmp-<id>", LifecycleConfiguration=expiring(7))),
    ),
    "table-backups-off": life(
        near(WEEKLY, ask("dynamodb:UpdateContinuousBackups", DEPLOY, tableName="<word>", pointInTimeRecoverySpecification={"pointInTimeRecoveryEnabled": True}), ask("dynamodb:DescribeContinuousBackups", DEPLOY, tableName="<word>")),
        use(MEDIUM, MONTHLY, ask("dynamodb:UpdateContinuousBackups", DEPLOY, tableName="review-<word>", pointInTimeRecoverySpecification={"pointInTimeRecoveryEnabled": False})),
    ),
    "text-message-settings": life(
        near(MONTHLY, ask("sns:GetSMSAttributes", SUPPORT), ask("sns:SetTopicAttributes", DEPLOY, topicArn="<word>", attributeName="DisplayName"), ask("sns:ListSMSSandboxPhoneNumbers", SUPPORT)),
        use(MEDIUM, QUARTERLY, ask("sns:SetSMSAttributes", DEPLOY, attributes={"MonthlySpendLimit": "100"})),
    ),
    "versioning-suspended": life(
        near(WEEKLY, ask("s3:PutBucketVersioning", DEPLOY, bucketName=BUCKET, VersioningConfiguration={"Status": "Enabled"}), ask("s3:GetBucketVersioning", SCANNER, bucketName=BUCKET)),
        use(HIGH, MONTHLY, ask("s3:PutBucketVersioning", DEPLOY, bucketName="tmp-<id>", VersioningConfiguration={"Status": "Suspended"})),
    ),
}  # fmt: skip
