"""Ordinary life around the bursts: too few calls, too slow ones, or a machine's batch."""

from investigator.domain.words import Severity
from tests.detections.ordinary.callers import (
    ADMIN,
    DEPLOY,
    ENGINEER,
    KEEPER,
    OLD_KEY,
    PERSON,
    SCANNER,
    SESSION,
    SUPPORT,
    WORKLOAD,
)  # fmt: skip
from tests.detections.ordinary.initial_access import sign_in
from tests.detections.ordinary.life import (
    DAILY,
    MONTHLY,
    OFTEN,
    QUARTERLY,
    WEEKLY,
    YEARLY,
    Life,
    ask,
    but,
    denied,
    life,
    near,
    use,
)  # fmt: skip
from tests.detections.ordinary.many import named, reads, series, sweep, times

LOW, MEDIUM, HIGH = Severity.LOW, Severity.MEDIUM, Severity.HIGH
IAM_READS = "ListUsers ListRoles ListPolicies GetUser ListGroups GetRole ListAccessKeys ListMFADevices".split()
KINDS = "ec2:StartInstances rds:ModifyDBInstance s3:DeleteBucket iam:CreateRole kms:CreateKey".split()
REGIONS = "us-east-1 us-west-2 eu-west-1 eu-central-1 ap-southeast-2 sa-east-1".split()
ENUMERATION = [ask(f"iam:{name}", PERSON) for name in IAM_READS]
IN_REGIONS = [but(ask("ec2:DescribeInstances", SCANNER), awsRegion=region) for region in REGIONS]
LAUNCHES = [but(ask("ec2:RunInstances", DEPLOY, instanceType="<small>"), awsRegion=region) for region in REGIONS]
MODELS = [but(ask("bedrock:ListFoundationModels", ENGINEER), awsRegion=region) for region in REGIONS]
REFUSED = [denied(ask(action, ENGINEER)) for action in KINDS]
NO_LAUNCH = denied(ask("ec2:RunInstances", DEPLOY, instanceType="<small>"), "Client.InsufficientInstanceCapacity")
NO_ROLE = denied(ask("sts:AssumeRole", ENGINEER, roleArn="arn:aws:iam::<account>:role/<word>-<id>"))
FAILED = sign_in(ask("signin:ConsoleLogin", SESSION), "Failure", "No")
SECRET, PARAMETER = {"secretId": "<word>/<id>"}, {"name": "/<word>/<id>"}
USER_DATA = {"instanceId": "i-<id>", "attribute": "userData"}
BUCKET, OBJECT = {"bucketName": "<word>-<id>"}, {"bucketName": "<word>-data", "key": "in/<id>"}
TARGET = {"documentName": "AWS-RunPatchBaseline", "instanceIds": ["i-<id>"]}
SNAPSHOT = {"snapshotId": "snap-<id>"}

LIVES: dict[str, Life] = {
    "discovery-burst": life(
        near(DAILY, series(2, *sweep(SCANNER, 14)), series(60, *sweep(SCANNER, 20))),
        near(OFTEN, series(2, *reads(DEPLOY, 20), *sweep(DEPLOY, 4))),
        use(MEDIUM, DAILY, series(1, *sweep(SCANNER, 20)), series(20, *sweep(ADMIN, 16), *reads(ADMIN, 8))),
    ),
    "very-many-reads": life(
        near(DAILY, series(2, *reads(DEPLOY, 20), *sweep(DEPLOY, 9)), series(40, *reads(DEPLOY, 20), *sweep(DEPLOY, 20))),
        use(LOW, WEEKLY, series(2, *reads(DEPLOY, 20), *sweep(DEPLOY, 20))),
    ),
    "denied-burst": life(
        near(WEEKLY, series(5, *times(9, denied(ask("s3:GetBucketAcl", SCANNER, **BUCKET)))), series(90, *times(12, denied(ask("s3:GetBucketAcl", SCANNER, **BUCKET))))),
        use(HIGH, WEEKLY, series(3, *times(12, denied(ask("s3:GetBucketPolicy", SCANNER, **BUCKET))))),
    ),
    "many-kinds-denied": life(
        near(WEEKLY, series(5, *REFUSED[:4]), series(200, *REFUSED)),
        use(HIGH, MONTHLY, series(5, *REFUSED)),
    ),
    "identity-enumeration": life(
        near(WEEKLY, series(5, *ENUMERATION[:5]), series(70, *ENUMERATION), series(5, *(ask(f"iam:{name}", SCANNER) for name in IAM_READS))),
        near(DAILY, series(5, *(ask(f"iam:{name}", OLD_KEY, roleName="<word>-<id>") for name in IAM_READS))),
        use(MEDIUM, MONTHLY, series(5, *ENUMERATION)),
    ),
    "bucket-settings-swept": life(
        near(DAILY, series(2, *named(9, "s3:GetBucketAcl", DEPLOY, **BUCKET)), series(80, *named(12, "s3:GetBucketPolicy", DEPLOY, **BUCKET))),
        use(MEDIUM, DAILY, series(1, *named(25, "s3:GetBucketAcl", SCANNER, **BUCKET))),
    ),
    "regions-swept": life(
        near(DAILY, series(2, *IN_REGIONS[:4]), series(90, *IN_REGIONS)),
        use(MEDIUM, DAILY, series(2, *IN_REGIONS)),
    ),
    "sign-in-guessing": life(
        near(WEEKLY, series(20, *times(3, FAILED)), series(300, *times(4, FAILED))),
        use(HIGH, QUARTERLY, series(15, *times(6, FAILED))),
    ),
    "sign-in-spraying": life(
        near(WEEKLY, series(20, *times(4, FAILED)), series(200, *times(4, FAILED))),
        use(HIGH, QUARTERLY, series(15, *times(5, FAILED))),
    ),
    "key-from-many-networks": life(
        near(DAILY, series(30, *named(5, "s3:ListObjects", OLD_KEY, bucketName="<word>")), series(30, *named(3, "ec2:DescribeInstances", PERSON))),
        use(MEDIUM, WEEKLY, lambda ground: tuple(
            {**record, "sourceIPAddress": f"203.0.{number}.9"}
            for number, record in enumerate(series(600, *named(4, "s3:ListObjects", PERSON, bucketName="<word>"))(ground)))),
    ),
    "secrets-read": life(
        near(DAILY, series(5, *named(9, "secretsmanager:GetSecretValue", WORKLOAD, **SECRET)), series(5, *named(15, "secretsmanager:GetSecretValue", WORKLOAD, secretId="db/main")), series(90, *named(12, "secretsmanager:GetSecretValue", WORKLOAD, **SECRET))),
        use(HIGH, DAILY, series(1, *named(14, "secretsmanager:GetSecretValue", DEPLOY, **SECRET))),
    ),
    "parameters-read": life(
        near(DAILY, series(5, *named(9, "ssm:GetParameter", WORKLOAD, **PARAMETER)), series(5, *named(20, "ssm:GetParameter", WORKLOAD, name="/app/flag"))),
        use(MEDIUM, OFTEN, series(1, *named(12, "ssm:GetParameter", WORKLOAD, **PARAMETER))),
    ),
    "windows-passwords-read": life(
        near(MONTHLY, series(60, *named(4, "ec2:GetPasswordData", SUPPORT, instanceId="i-<id>")), series(60, *named(6, "ec2:GetPasswordData", SUPPORT, instanceId="i-0a1b2c3d"))),
        use(HIGH, YEARLY, series(30, *named(6, "ec2:GetPasswordData", SUPPORT, instanceId="i-<id>"))),
    ),
    "start-up-scripts-read": life(
        near(DAILY, series(5, *named(4, "ec2:DescribeInstanceAttribute", DEPLOY, **USER_DATA)), series(5, *named(8, "ec2:DescribeInstanceAttribute", DEPLOY, instanceId="i-<id>", attribute="instanceType"))),
        use(MEDIUM, DAILY, series(2, *named(6, "ec2:DescribeInstanceAttribute", DEPLOY, **USER_DATA))),
    ),
    "roles-tried": life(
        near(WEEKLY, series(10, *times(4, NO_ROLE)), series(10, *times(8, denied(ask("sts:AssumeRole", ENGINEER, roleArn="arn:aws:iam::<account>:role/ops"))))),
        use(HIGH, QUARTERLY, series(10, *times(6, NO_ROLE))),
    ),
    "objects-read": life(
        near(WEEKLY, series(10, *named(60, "s3:GetObject", WORKLOAD, **OBJECT)), series(5, *named(30, "s3:GetObject", WORKLOAD, bucketName="app", key="config.json"))),
        use(MEDIUM, DAILY, series(10, *named(210, "s3:GetObject", WORKLOAD, **OBJECT))),
    ),
    "commands-on-many-instances": life(
        near(WEEKLY, series(30, *named(2, "ssm:SendCommand", DEPLOY, **TARGET)), series(600, *named(3, "ssm:StartSession", ENGINEER, target="i-<id>"))),
        use(HIGH, DAILY, series(5, *named(4, "ssm:SendCommand", DEPLOY, **TARGET))),
    ),
    "launches-refused": life(
        near(WEEKLY, series(60, *times(2, NO_LAUNCH)), series(2000, *times(3, NO_LAUNCH))),
        use(HIGH, WEEKLY, series(60, *times(4, NO_LAUNCH))),
    ),
    "launches-in-many-regions": life(
        near(WEEKLY, series(60, *LAUNCHES[:2]), series(3000, *LAUNCHES[:3])),
        use(HIGH, MONTHLY, series(300, *LAUNCHES[:3])),
    ),
    "models-looked-up-in-regions": life(
        near(DAILY, series(60, *MODELS[:1], *MODELS[:1]), series(5000, *MODELS[:2])),
        use(MEDIUM, MONTHLY, series(60, *MODELS[:2])),
    ),
    "many-copies": life(
        near(DAILY, series(20, *named(2, "ec2:CreateSnapshot", KEEPER, volumeId="vol-<id>")), series(3000, *named(3, "rds:CreateDBSnapshot", KEEPER, dBSnapshotIdentifier="<word>-<id>"))),
        use(MEDIUM, DAILY, series(20, *named(6, "ec2:CreateSnapshot", KEEPER, volumeId="vol-<id>"))),
    ),
    "texts-sent-in-bulk": life(
        near(DAILY, series(5, *named(19, "sns:Publish", WORKLOAD, phoneNumber="<id>")), series(5, *named(25, "sns:Publish", WORKLOAD, topicArn="arn:aws:sns:<region>:<account>:<word>")), series(60, *named(25, "sns:Publish", WORKLOAD, phoneNumber="<id>"))),
        use(MEDIUM, OFTEN, series(5, *named(25, "sns:Publish", WORKLOAD, phoneNumber="<id>"))),
    ),
    "mail-sent-in-bulk": life(
        near(DAILY, series(5, *named(40, "ses:SendEmail", WORKLOAD, source="<word>@example.com")), series(20, *named(60, "ses:SendEmail", WORKLOAD, source="<word>@example.com"))),
        use(MEDIUM, OFTEN, series(2, *named(60, "ses:SendEmail", WORKLOAD, source="<word>@example.com"))),
    ),
    "stacks-deleted": life(
        near(WEEKLY, series(60, *named(2, "cloudformation:DeleteStack", DEPLOY, stackName="<word>-<id>")), series(60, *named(4, "cloudformation:DeleteStack", DEPLOY, stackName="main")), series(2400, *named(3, "cloudformation:DeleteStack", DEPLOY, stackName="<word>-<id>"))),
        use(MEDIUM, MONTHLY, series(60, *named(4, "cloudformation:DeleteStack", DEPLOY, stackName="<word>-<id>"))),
    ),
    "many-clusters": life(
        near(WEEKLY, series(60, *named(2, "ecs:CreateCluster", DEPLOY, clusterName="<word>-<id>")), series(60, *named(4, "ecs:CreateCluster", DEPLOY, clusterName="main"))),
        use(HIGH, QUARTERLY, series(20, *named(3, "ecs:CreateCluster", DEPLOY, clusterName="<word>-<id>"))),
    ),
    "objects-deleted-in-bulk": life(
        near(WEEKLY, series(2, *named(40, "s3:DeleteObject", WORKLOAD, **OBJECT)), series(20, *named(60, "s3:DeleteObject", WORKLOAD, **OBJECT))),
        use(HIGH, WEEKLY, series(1, *named(60, "s3:DeleteObject", WORKLOAD, **OBJECT))),
    ),
    "buckets-deleted": life(
        near(MONTHLY, series(20, *named(2, "s3:DeleteBucket", DEPLOY, **BUCKET)), series(2400, *named(3, "s3:DeleteBucket", DEPLOY, **BUCKET))),
        use(HIGH, MONTHLY, series(20, *named(4, "s3:DeleteBucket", DEPLOY, **BUCKET))),
    ),
    "disks-or-instances-removed-in-bulk": life(
        near(DAILY, series(20, *named(2, "ec2:DeleteSnapshot", KEEPER, **SNAPSHOT)), series(500, *named(3, "ec2:DeleteSnapshot", KEEPER, **SNAPSHOT))),
        use(HIGH, DAILY, series(2, *named(10, "ec2:DeleteSnapshot", KEEPER, **SNAPSHOT))),
    ),
    "identities-removed": life(
        near(WEEKLY, series(20, *named(2, "iam:DeleteAccessKey", ADMIN, userName="<user>-<id>")), series(60, *named(4, "iam:DeleteAccessKey", ADMIN, userName="amir.orders")), series(500, *named(3, "iam:DeleteUser", ADMIN, userName="<user>-<id>"))),
        use(HIGH, QUARTERLY, series(20, *named(3, "iam:DeleteLoginProfile", ADMIN, userName="<user>-<id>"))),
    ),
}  # fmt: skip
