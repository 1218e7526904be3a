"""Ordinary life around the sequences: the same calls about other things, by others, or in another order."""

from investigator.domain.words import Severity
from tests.detections.ordinary.callers import (
    ADMIN,
    DEPLOY,
    INSTANCE,
    KEEPER,
    LONE_INSTANCE,
    OLD_KEY,
    SCANNER,
    SESSION,
    WORKLOAD,
)
from tests.detections.ordinary.initial_access import sign_in
from tests.detections.ordinary.life import (
    HOURLY,
    MONTHLY,
    QUARTERLY,
    WEEKLY,
    YEARLY,
    Life,
    Template,
    ask,
    but,
    denied,
    life,
    near,
    use,
)  # fmt: skip
from tests.detections.ordinary.many import about, chain, named, series, times

MEDIUM, HIGH, CRITICAL = Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL
USER, ROLE, TRAIL = about("userName=1"), about("roleName=1"), about("name=1")
COPY, FROM_COPY, USE = about("volumeId=v", "snapshotId=1"), about("snapshotId=1", "volumeId=2"), about("volumeId=2")
FAILED = sign_in(ask("signin:ConsoleLogin", SESSION), "Failure", "No")
SIGNED_IN = sign_in(ask("signin:ConsoleLogin", SESSION), "Success", "Yes")
KEY = {"responseElements": {"accessKey": {"accessKeyId": "<key>", "status": "Active"}}}
AT_HOME = ask("ssm:UpdateInstanceInformation", INSTANCE, instanceId="<self>")
HOME, AWAY, NEW_REGION = "198.51.100.20", "203.0.113.40", "ap-<word>"
RUNTIME, PROGRAM = "Boto3/1.34.69 exec-env/AWS_Lambda_python3.11", "orders-tool/2.1"


def moving(*steps: tuple[str, str]) -> Template:
    """Calls with one credential of a workload, each from such an address with such an agent."""
    calls = series(60, *times(len(steps), ask("s3:GetObject", WORKLOAD, bucketName="<word>", key="<id>")))
    return lambda ground: tuple(
        {**record, "sourceIPAddress": ip, "userAgent": agent}
        for record, (ip, agent) in zip(calls(ground), steps, strict=True)
    )


LIVES: dict[str, Life] = {
    "key-made-and-used": life(
        near(
            MONTHLY,
            but(ask("iam:CreateAccessKey", SESSION, userName="<self>"), **KEY),
            denied(ask("iam:CreateAccessKey", ADMIN, userName="svc-<word>")),
        ),
        use(HIGH, MONTHLY, but(ask("iam:CreateAccessKey", ADMIN, userName="svc-<word>"), **KEY)),
    ),
    "identity-made-and-armed": life(
        near(
            MONTHLY,
            chain((0, "iam:CreateUser", ADMIN, USER), (45, "iam:AttachUserPolicy", ADMIN, USER)),
            chain((0, "iam:CreateUser", ADMIN, USER), (2, "iam:AttachUserPolicy", ADMIN, about("userName=2"))),
            chain((0, "iam:CreateRole", DEPLOY, ROLE), (1, "iam:TagRole", DEPLOY, ROLE)),
        ),
        use(CRITICAL, WEEKLY, chain((0, "iam:CreateRole", DEPLOY, ROLE), (1, "iam:AttachRolePolicy", DEPLOY, ROLE))),
        use(CRITICAL, MONTHLY, chain((0, "iam:CreateUser", ADMIN, USER), (3, "iam:CreateLoginProfile", ADMIN, USER))),
    ),
    "identity-made-and-removed": life(
        near(
            MONTHLY,
            chain((0, "iam:CreateUser", ADMIN, USER), (1500, "iam:DeleteUser", ADMIN, USER)),
            chain((0, "iam:CreateRole", DEPLOY, ROLE), (9, "iam:DeleteRole", DEPLOY, about("roleName=2"))),
            chain((0, "iam:DeleteRole", DEPLOY, ROLE), (9, "iam:CreateRole", DEPLOY, ROLE)),
        ),
        use(MEDIUM, WEEKLY, chain((0, "iam:CreateRole", DEPLOY, ROLE), (90, "iam:DeleteRole", DEPLOY, ROLE))),
    ),
    "logging-stopped-then-changes": life(
        near(
            QUARTERLY,
            chain((0, "cloudtrail:StartLogging", ADMIN, TRAIL), (5, "iam:CreateUser", ADMIN, USER)),
            chain((0, "cloudtrail:UpdateTrail", DEPLOY, TRAIL), (5, "s3:PutBucketTagging", DEPLOY, about("bucketName=2"))),
        ),
        use(CRITICAL, YEARLY, chain((0, "cloudtrail:DeleteTrail", DEPLOY, TRAIL), (3, "s3:DeleteBucket", DEPLOY, about("bucketName=2")))),
    ),
    "disk-copied-and-attached": life(
        near(
            MONTHLY,
            chain((0, "ec2:CreateSnapshot", KEEPER, COPY), (200, "ec2:CreateVolume", KEEPER, FROM_COPY), (210, "ec2:AttachVolume", KEEPER, USE)),
            chain((0, "ec2:CreateSnapshot", KEEPER, COPY), (5, "ec2:CreateVolume", KEEPER, FROM_COPY)),
            chain((0, "ec2:CreateVolume", DEPLOY, about("size=100", "volumeId=2")), (2, "ec2:AttachVolume", DEPLOY, USE)),
        ),
        use(HIGH, MONTHLY, chain((0, "ec2:CreateSnapshot", KEEPER, COPY), (9, "ec2:CreateVolume", KEEPER, FROM_COPY), (12, "ec2:AttachVolume", KEEPER, USE))),
    ),
    "workload-credential-elsewhere": life(
        near(WEEKLY, series(60, *times(3, AT_HOME)), series(60, *times(3, but(AT_HOME, sourceIPAddress="198.51.100.20")))),
        use(HIGH, QUARTERLY, lambda ground: tuple(
            {**record, "sourceIPAddress": f"198.51.100.{20 + number}"} for number, record in enumerate(series(600, *times(2, AT_HOME))(ground)))),
    ),
    "instance-credential-from-the-internet": life(
        near(
            HOURLY,
            ask("s3:ListBuckets", INSTANCE),
            but(ask("ec2:DescribeVolumes", INSTANCE), sourceIPAddress="172.31.4.<n>"),
            series(60, but(AT_HOME, sourceIPAddress=HOME), ask("s3:ListBuckets", INSTANCE)),
        ),
        use(MEDIUM, HOURLY, ask("s3:ListBuckets", LONE_INSTANCE)),
    ),
    "runtime-credential-elsewhere": life(
        near(WEEKLY, moving((HOME, RUNTIME), (AWAY, RUNTIME)), moving((HOME, RUNTIME), (HOME, PROGRAM)), moving((HOME, PROGRAM), (AWAY, PROGRAM))),
        use(HIGH, YEARLY, moving((HOME, RUNTIME), (AWAY, PROGRAM))),
    ),
    "write-in-new-region": life(
        near(
            WEEKLY,
            but(ask("ec2:DescribeInstances", SCANNER), awsRegion=NEW_REGION),
            denied(but(ask("ec2:RunInstances", DEPLOY, instanceType="<small>"), awsRegion=NEW_REGION)),
            but(SIGNED_IN, awsRegion=NEW_REGION),
        ),
        use(MEDIUM, QUARTERLY, but(ask("ec2:CreateVpc", DEPLOY, cidrBlock="10.40.0.0/16"), awsRegion=NEW_REGION)),
    ),
    "guessed-sign-in": life(
        near(WEEKLY, series(20, *times(4, FAILED), SIGNED_IN), series(150, *times(5, FAILED), SIGNED_IN), series(20, *named(6, "s3:ListObjects", OLD_KEY))),
        use(CRITICAL, YEARLY, series(20, *times(5, FAILED), SIGNED_IN)),
    ),
}  # fmt: skip
