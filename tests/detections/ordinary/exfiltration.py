"""Ordinary life around the rules of exfiltration."""

from pydantic import JsonValue

from investigator.domain.words import Severity
from tests.detections.ordinary.callers import (
    ADMIN,
    AWS,
    DEPLOY,
    ENGINEER,
    KEEPER,
    LINKED,
    SCANNER,
    WORKLOAD,
)  # fmt: skip
from tests.detections.ordinary.life import (
    DAILY,
    MONTHLY,
    OFTEN,
    QUARTERLY,
    WEEKLY,
    YEARLY,
    Life,
    allow,
    ask,
    but,
    life,
    near,
    policy,
    quiet,
    text,
    use,
)  # fmt: skip

LOW, MEDIUM, HIGH, CRITICAL = Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL

BUCKET, OBJECTS = "<word>-<account>", "arn:aws:s3:::<word>-data/*"
QUEUE, KEY = "arn:aws:sqs:<region>:<account>:<word>", "arn:aws:kms:<region>:<account>:key/<uuid>"
ROLE_HERE, SISTER = {"AWS": "arn:aws:iam::<account>:role/<word>"}, {"AWS": "arn:aws:iam::<sister>:root"}
FROM_BUCKET = {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::<word>-data"}}
OF_ORGANISATION = {"StringEquals": {"aws:PrincipalOrgID": "o-ab12cd34ef"}}
FROM_NETWORK = {"StringEquals": {"aws:SourceVpce": "vpce-<id>"}}
NO_PLAIN_HTTP = {
    "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": OBJECTS,
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}  # fmt: skip


def opening(port: int, block: str) -> dict:
    """The rules of a security group that let a block reach a port."""
    allowed = {"ipProtocol": "tcp", "fromPort": port, "toPort": port, "ipRanges": {"items": [{"cidrIp": block}]}}
    return {"items": [allowed]}


def blocked(**flags: bool) -> dict:
    kept = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}
    return {**kept, **flags}


def owned(bucket: str, account: str) -> JsonValue:
    """The resources of a call about a bucket of an account."""
    return [{"type": "AWS::S3::Bucket", "ARN": f"arn:aws:s3:::{bucket}", "accountId": account}]


LIVES: dict[str, Life] = {
    "admin-port-opened": life(
        near(
            DAILY,
            ask("ec2:AuthorizeSecurityGroupIngress", DEPLOY, groupId="sg-<id>", ipPermissions=opening(443, "0.0.0.0/0")),
            ask("ec2:AuthorizeSecurityGroupIngress", DEPLOY, groupId="sg-<id>", ipPermissions=opening(5432, "10.0.0.0/8")),
            ask("ec2:AuthorizeSecurityGroupIngress", ENGINEER, groupId="sg-<id>", ipPermissions=opening(22, "192.0.2.<n>/32")),
        ),
        use(HIGH, WEEKLY, ask("ec2:AuthorizeSecurityGroupIngress", ENGINEER, groupId="sg-<id>", ipPermissions=opening(22, "0.0.0.0/0"))),
    ),
    "bucket-access-changed": life(
        near(OFTEN, ask("s3:GetBucketPolicy", DEPLOY, bucketName=BUCKET), ask("s3:PutBucketTagging", DEPLOY, bucketName=BUCKET), ask("s3:GetBucketCors", SCANNER, bucketName=BUCKET)),
        use(LOW, DAILY, ask("s3:PutBucketPublicAccessBlock", DEPLOY, bucketName=BUCKET, PublicAccessBlockConfiguration=blocked()), ask("s3:PutBucketCors", DEPLOY, bucketName=BUCKET)),
    ),
    "bucket-opened": life(
        near(
            WEEKLY,
            ask("s3:PutBucketPolicy", DEPLOY, bucketName=BUCKET, bucketPolicy=policy(allow(ROLE_HERE, "s3:GetObject", OBJECTS), NO_PLAIN_HTTP)),
            ask("s3:PutBucketPolicy", DEPLOY, bucketName=BUCKET, bucketPolicy=policy(NO_PLAIN_HTTP, allow("*", "s3:GetObject", OBJECTS, **FROM_NETWORK))),
            ask("s3:PutBucketPolicy", DEPLOY, bucketName=BUCKET, bucketPolicy=policy(allow({"AWS": "*"}, "s3:GetObject", OBJECTS, **OF_ORGANISATION))),
        ),
        use(HIGH, MONTHLY, ask("s3:PutBucketPolicy", DEPLOY, bucketName="site-<id>", bucketPolicy=policy(allow("*", "s3:GetObject", OBJECTS)))),
        use(HIGH, WEEKLY, ask("s3:PutBucketPolicy", DEPLOY, bucketName=BUCKET, bucketPolicy=policy(allow(SISTER, "s3:PutObject", OBJECTS)))),
    ),
    "bucket-replication": life(
        near(DAILY, ask("s3:GetBucketReplication", SCANNER, bucketName=BUCKET), ask("s3:PutBucketVersioning", DEPLOY, bucketName=BUCKET)),
        use(MEDIUM, WEEKLY, ask("s3:PutBucketReplication", DEPLOY, bucketName=BUCKET, ReplicationConfiguration={"Rule": {"Destination": {"Bucket": "arn:aws:s3:::copy-<id>"}}})),
    ),
    "bucket-replication-outside": life(
        near(
            WEEKLY,
            ask("s3:PutBucketReplication", DEPLOY, bucketName=BUCKET, ReplicationConfiguration={
                "Role": "arn:aws:iam::<account>:role/replicate", "Rule": {"Destination": {"Bucket": "arn:aws:s3:::copy-<id>", "Account": "<account>"}}}),
        ),
        use(HIGH, MONTHLY, ask("s3:PutBucketReplication", DEPLOY, bucketName=BUCKET, ReplicationConfiguration={"Rule": {"Destination": {"Bucket": "arn:aws:s3:::copy-<id>", "Account": "<sister>"}}})),
    ),
    "copy-job": life(
        near(DAILY, ask("s3:ListJobs", ADMIN), ask("s3:DescribeJob", ADMIN, jobId="<uuid>"), ask("glue:CreateJob", DEPLOY, name="<word>")),
        use(MEDIUM, MONTHLY, ask("s3:CreateJob", WORKLOAD, operation={"S3PutObjectTagging": {}})),
        quiet(MONTHLY, ask("s3:JobCreated", AWS)),
    ),
    "object-copied-outside": life(
        near(
            DAILY,
            but(ask("s3:CopyObject", WORKLOAD, bucketName="lake-<account>", key="in/<id>"), resources=owned("lake-<account>", "<account>")),
            ask("s3:CopyObject", WORKLOAD, bucketName="lake-<account>", key="in/<id>"),
            but(ask("s3:GetObject", WORKLOAD, bucketName="open-data", key="in/<id>"), resources=owned("open-data", "<sister>")),
        ),
        use(HIGH, WEEKLY, but(ask("s3:CopyObject", WORKLOAD, bucketName="exchange", key="in/<id>"), resources=owned("exchange", "<sister>"))),
    ),
    "data-exported": life(
        near(WEEKLY, ask("rds:DescribeExportTasks", SCANNER), ask("ec2:ImportImage", DEPLOY), ask("dynamodb:DescribeExport", WORKLOAD, exportArn="<uuid>")),
        use(HIGH, WEEKLY, ask("dynamodb:ExportTableToPointInTime", WORKLOAD, tableArn="arn:aws:dynamodb:<region>:<account>:table/<word>", s3Bucket="lake-<account>")),
    ),
    "database-made-public": life(
        near(
            WEEKLY,
            ask("rds:RestoreDBInstanceFromDBSnapshot", KEEPER, dBInstanceIdentifier="<word>", publiclyAccessible=False),
            ask("rds:ModifyDBInstance", DEPLOY, dBInstanceIdentifier="<word>", allocatedStorage=200),
            ask("rds:CreateDBInstance", DEPLOY, dBInstanceIdentifier="<word>", publiclyAccessible=False),
        ),
        use(HIGH, QUARTERLY, ask("rds:ModifyDBInstance", ENGINEER, dBInstanceIdentifier="trial-<word>", publiclyAccessible=True)),
    ),
    "database-network-opened": life(
        near(WEEKLY, ask("rds:DescribeDBSecurityGroups", SCANNER), ask("rds:RevokeDBSecurityGroupIngress", DEPLOY, dBSecurityGroupName="<word>"), ask("rds:CreateDBSubnetGroup", DEPLOY, dBSubnetGroupName="<word>")),
        use(MEDIUM, YEARLY, ask("rds:AuthorizeDBSecurityGroupIngress", ADMIN, dBSecurityGroupName="<word>", cIDRIP="10.0.0.0/8")),
    ),
    "database-snapshot-shared": life(
        near(
            DAILY,
            ask("rds:ModifyDBSnapshotAttribute", KEEPER, dBSnapshotIdentifier="nightly-<id>", attributeName="restore", valuesToRemove=["<sister>"]),
            ask("rds:DescribeDBSnapshotAttributes", KEEPER, dBSnapshotIdentifier="nightly-<id>"),
        ),
        use(HIGH, DAILY, ask("rds:ModifyDBSnapshotAttribute", KEEPER, dBSnapshotIdentifier="nightly-<id>", attributeName="restore", valuesToAdd=["<sister>"])),
    ),
    "image-shared": life(
        near(
            WEEKLY,
            ask("ec2:ModifyImageAttribute", DEPLOY, imageId="ami-<id>", launchPermission={"remove": {"items": [{"userId": "<sister>"}]}}),
            ask("ec2:ModifyImageAttribute", DEPLOY, imageId="ami-<id>", description={"value": "<word>"}),
        ),
        use(HIGH, WEEKLY, ask("ec2:ModifyImageAttribute", DEPLOY, imageId="ami-<id>", launchPermission={"add": {"items": [{"userId": "<sister>"}]}})),
    ),
    "public-access-block-removed": life(
        near(
            WEEKLY,
            ask("s3:PutBucketPublicAccessBlock", DEPLOY, bucketName=BUCKET, PublicAccessBlockConfiguration=blocked()),
            ask("s3:GetBucketPublicAccessBlock", SCANNER, bucketName=BUCKET),
        ),
        use(HIGH, MONTHLY, ask("s3:PutBucketPublicAccessBlock", DEPLOY, bucketName="site-<id>", PublicAccessBlockConfiguration=blocked(BlockPublicPolicy=False, RestrictPublicBuckets=False))),
    ),
    "resource-opened": life(
        near(
            DAILY,
            ask("sqs:SetQueueAttributes", DEPLOY, queueUrl="<word>", attributes={"Policy": text(policy(allow("*", "sqs:SendMessage", QUEUE, **FROM_BUCKET)))}),
            ask("sns:SetTopicAttributes", DEPLOY, topicArn="<word>", attributeName="Policy", attributeValue=text(policy(allow({"AWS": "*"}, "SNS:Subscribe", "*", StringEquals={"AWS:SourceOwner": "<account>"})))),
            ask("kms:PutKeyPolicy", DEPLOY, keyId="<uuid>", policy=text(policy(allow({"AWS": "arn:aws:iam::<account>:root"}, "kms:*", "*")))),
        ),
        use(HIGH, WEEKLY, ask("kms:PutKeyPolicy", DEPLOY, keyId="<uuid>", policy=text(policy(allow(SISTER, ["kms:Decrypt", "kms:CreateGrant"], "*"))))),
        quiet(DAILY, but(ask("kms:CreateGrant", WORKLOAD, keyId="arn:aws:kms:<region>:<sister>:key/<uuid>", granteePrincipal="arn:aws:iam::<account>:role/<word>"),
            sourceIPAddress="ec2.amazonaws.com")),
        quiet(DAILY, ask("kms:CreateGrant", LINKED, keyId=KEY)),
    ),
    "resource-policy-written": life(
        near(OFTEN, ask("secretsmanager:GetResourcePolicy", SCANNER, secretId="<word>"), ask("ecr:GetRepositoryPolicy", DEPLOY, repositoryName="<word>"), ask("ecr:PutLifecyclePolicy", DEPLOY, repositoryName="<word>")),
        use(LOW, WEEKLY, ask("secretsmanager:PutResourcePolicy", DEPLOY, secretId="<word>", resourcePolicy=text(policy(allow(ROLE_HERE, "secretsmanager:GetSecretValue", "*")))),
            ask("ecr:SetRepositoryPolicy", DEPLOY, repositoryName="<word>", policyText=text(policy(allow(ROLE_HERE, "ecr:BatchGetImage"))))),
    ),
    "security-group-opened": life(
        near(
            DAILY,
            ask("ec2:AuthorizeSecurityGroupIngress", DEPLOY, groupId="sg-<id>", ipPermissions=opening(443, "10.0.0.0/8")),
            ask("ec2:AuthorizeSecurityGroupIngress", ENGINEER, groupId="sg-<id>", ipPermissions=opening(8443, "192.0.2.<n>/32")),
            ask("ec2:RevokeSecurityGroupIngress", DEPLOY, groupId="sg-<id>", ipPermissions=opening(22, "0.0.0.0/0")),
        ),
        use(MEDIUM, DAILY, ask("ec2:AuthorizeSecurityGroupEgress", DEPLOY, groupId="sg-<id>", ipPermissions=opening(443, "0.0.0.0/0"))),
    ),
    "shared-snapshot-used": life(
        near(DAILY, ask("ec2:CopySnapshot", KEEPER, sourceSnapshotId="snap-<id>"), ask("ec2:CreateVolume", DEPLOY, snapshotId="snap-<id>"), ask("ec2:DescribeSnapshotAttribute", SCANNER, snapshotId="snap-<id>")),
        use(MEDIUM, WEEKLY, ask("ec2:SharedSnapshotVolumeCreated", AWS)),
    ),
    "sharing-attribute-changed": life(
        near(DAILY, ask("ec2:DescribeImageAttribute", SCANNER, imageId="ami-<id>"), ask("ec2:ResetImageAttribute", DEPLOY, imageId="ami-<id>"), ask("rds:DescribeDBSnapshotAttributes", SCANNER)),
        use(LOW, WEEKLY, ask("ec2:ModifySnapshotAttribute", DEPLOY, snapshotId="snap-<id>", createVolumePermission={"remove": {"items": [{"userId": "<sister>"}]}})),
        quiet(DAILY, ask("rds:ModifyDBSnapshotAttribute", LINKED, dBSnapshotIdentifier="<word>")),
    ),
    "snapshot-made-public": life(
        near(
            WEEKLY,
            ask("ec2:ModifySnapshotAttribute", DEPLOY, snapshotId="snap-<id>", createVolumePermission={"add": {"items": [{"userId": "<sister>"}]}}),
            ask("ec2:ModifySnapshotAttribute", ADMIN, snapshotId="snap-<id>", createVolumePermission={"remove": {"items": [{"group": "all"}]}}),
        ),
        use(CRITICAL, YEARLY / 10, ask("ec2:ModifySnapshotAttribute", DEPLOY, snapshotId="snap-<id>", createVolumePermission={"add": {"items": [{"group": "all"}]}})),
    ),
    "snapshot-shared": life(
        near(
            WEEKLY,
            ask("ec2:ModifySnapshotAttribute", KEEPER, snapshotId="snap-<id>", createVolumePermission={"remove": {"items": [{"userId": "<sister>"}]}}),
            ask("ec2:ModifySnapshotTier", KEEPER, snapshotId="snap-<id>", storageTier="archive"),
        ),
        use(HIGH, WEEKLY, ask("ec2:ModifySnapshotAttribute", KEEPER, snapshotId="snap-<id>", createVolumePermission={"add": {"items": [{"userId": "<sister>"}]}})),
    ),
}  # fmt: skip
