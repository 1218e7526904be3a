"""Ordinary life around the rules of collection."""

from investigator.domain.words import Severity
from tests.detections.ordinary.callers import ADMIN, DEPLOY, ENGINEER, KEEPER, OLD_KEY, SCANNER, VAULT, WORKLOAD
from tests.detections.ordinary.life import DAILY, HOURLY, MONTHLY, OFTEN, WEEKLY, YEARLY, Life, ask, life, near, use

LOW, MEDIUM, HIGH, INFORMATIONAL = Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.INFORMATIONAL
PROJECT = "arn:aws:codebuild:<region>:<account>:project/<word>"
STREAM = "arn:aws:kinesis:<region>:<account>:stream/<word>"

LIVES: dict[str, Life] = {
    "build-made-public": life(
        near(
            MONTHLY,
            ask("codebuild:UpdateProjectVisibility", DEPLOY, projectArn=PROJECT, projectVisibility="PRIVATE"),
            ask("codebuild:UpdateProject", DEPLOY, name="<word>", badgeEnabled=True),
        ),
        use(
            HIGH,
            YEARLY,
            ask("codebuild:UpdateProjectVisibility", DEPLOY, projectArn=PROJECT, projectVisibility="PUBLIC_READ"),
        ),
    ),
    "copied-to-another-region": life(
        near(
            DAILY,
            ask("ec2:CopyImage", DEPLOY, sourceRegion="<region>", sourceImageId="ami-<id>"),
            ask("rds:CopyDBSnapshot", KEEPER, sourceDBSnapshotIdentifier="nightly-<n>"),
            ask("ec2:CreateSnapshot", KEEPER, volumeId="vol-<id>"),
        ),
        use(MEDIUM, DAILY, ask("ec2:CopySnapshot", KEEPER, sourceRegion="us-west-2", sourceSnapshotId="snap-<id>")),
        use(LOW, DAILY, ask("ec2:CopySnapshot", VAULT, sourceRegion="us-west-2", sourceSnapshotId="snap-<id>")),
    ),
    "database-copied": life(
        near(
            OFTEN,
            ask("rds:DescribeDBSnapshots", KEEPER, dBInstanceIdentifier="<word>"),
            ask("rds:AddTagsToResource", KEEPER, resourceName="arn:aws:rds:<region>:<account>:snapshot:<word>"),
            ask("backup:StartBackupJob", KEEPER, backupVaultName="<word>", resourceArn="arn:aws:rds:<region>:<account>:db:<word>"),
        ),
        use(LOW, DAILY, ask("rds:CreateDBSnapshot", KEEPER, dBInstanceIdentifier="<word>", dBSnapshotIdentifier="nightly-<n>")),
        use(INFORMATIONAL, DAILY, ask("rds:CreateDBSnapshot", VAULT, dBInstanceIdentifier="<word>", dBSnapshotIdentifier="awsbackup-<id>")),
    ),
    "disk-copied": life(
        near(
            OFTEN,
            ask("ec2:DescribeSnapshots", SCANNER, ownersSet={"items": [{"owner": "<account>"}]}),
            ask("ec2:CreateTags", KEEPER, resourcesSet={"items": [{"resourceId": "snap-<id>"}]}),
        ),
        use(LOW, DAILY, ask("ec2:CreateSnapshot", KEEPER, volumeId="vol-<id>", description="nightly <word>")),
        use(INFORMATIONAL, DAILY, ask("ec2:CreateSnapshot", VAULT, volumeId="vol-<id>")),
    ),
    "disk-made-or-attached": life(
        near(
            OFTEN,
            ask("ec2:DescribeVolumes", SCANNER, volumeSet={"items": [{"volumeId": "vol-<id>"}]}),
            ask("ec2:ModifyVolume", DEPLOY, ModifyVolumeRequest={"VolumeId": "vol-<id>", "Size": 200}),
        ),
        use(
            LOW,
            DAILY,
            ask("ec2:AttachVolume", WORKLOAD, volumeId="vol-<id>", instanceId="i-<id>", device="/dev/sdf"),
            ask("ec2:CreateVolume", DEPLOY, size="100", zone="<region>a", volumeType="gp3"),
        ),
    ),
    "log-subscription-outside": life(
        near(
            WEEKLY,
            ask("logs:PutSubscriptionFilter", DEPLOY, logGroupName="/aws/lambda/<word>", filterName="ship", destinationArn=STREAM),
            ask("logs:PutDestination", DEPLOY, destinationName="<word>", targetArn=STREAM),
        ),
        use(
            MEDIUM,
            WEEKLY,
            ask("logs:PutSubscriptionFilter", DEPLOY, logGroupName="/app/<word>", filterName="ship",
                destinationArn="arn:aws:logs:<region>:<sister>:destination:central"),
        ),
    ),
    "query-results-or-log-export": life(
        near(
            HOURLY,
            ask("athena:StartQueryExecution", WORKLOAD, queryExecutionContext={"database": "<word>"}, workGroup="reports"),
            ask("athena:GetQueryExecution", WORKLOAD, queryExecutionId="<uuid>"),
            ask("logs:DescribeExportTasks", ADMIN, limit=50),
        ),
        use(LOW, HOURLY, ask("athena:GetQueryResults", WORKLOAD, queryExecutionId="<uuid>")),
        use(LOW, WEEKLY, ask("athena:GetQueryResults", OLD_KEY, queryExecutionId="<uuid>"),
            ask("logs:CreateExportTask", ENGINEER, logGroupName="/app/<word>", destination="archive-<account>")),
    ),
}  # fmt: skip
