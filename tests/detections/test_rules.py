"""Every rule of the pack with a record that it means and one that it does not."""

import pytest
import yaml

from investigator.detections.detect import detect
from investigator.detections.loader import Rules, load_rules, own_rules
from tests.detections.records import Record, Records, call

PACK = load_rules()
FILES = {path.stem: path for path in own_rules().rglob("*.yml")}
ACCOUNT, OUTSIDE = "111122223333", "999988887777"
EVERYONE = '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject"}]}'
NOBODY = '{"Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"}}]}'
TRUSTS = '{"Statement":[{"Effect":"Allow","Principal":{"AWS":"%s"},"Action":"sts:AssumeRole"}]}'
SNAPSHOT = f"arn:aws:rds:%s:{ACCOUNT}:snapshot:nightly"
ROOT = {"type": "Root", "arn": f"arn:aws:iam::{ACCOUNT}:root", "accountId": ACCOUNT}
PERSON = {
    "type": "IAMUser",
    "arn": f"arn:aws:iam::{ACCOUNT}:user/ana",
    "userName": "ana",
    "accessKeyId": "ASIAIOSFODNN7EXAMPLE",
}
ROLE = {
    "type": "AssumedRole", "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/web/i-0123456789abcdef0", "accessKeyId": "ASIAIOSFODNN7EXAMPLE",
}  # fmt: skip

IN_FUNCTION = {
    **ROLE,
    "inScopeOf": {"issuerType": "AWS::Lambda::Function", "credentialsIssuedTo": "arn:aws:lambda:function:f"},
}
MARKED = "Boto3/1.34 exec-env/AWS_Lambda_python3.12"


def asks(action: str, /, **request: object) -> Record:
    return call(action, requestParameters=request)


def by(identity: dict, action: str, **fields: object) -> Record:
    return call(action, userIdentity=identity, **fields)


def sign_in(said: str, **fields: object) -> Record:
    return call("signin:ConsoleLogin", responseElements={"ConsoleLogin": said}, **fields)


def images(*names: str) -> Record:
    return asks("ecs:RegisterTaskDefinition", containerDefinitions=[{"image": name} for name in names])


def copied_to(bucket: str) -> Record:
    """An object of an own bucket copied to a bucket of this account or the outside one."""
    owners = {"own": ACCOUNT, "mine": ACCOUNT, "theirs": OUTSIDE}
    resources = [
        {"type": "AWS::S3::Bucket", "ARN": f"arn:aws:s3:::{name}", "accountId": owners[name]}
        for name in ("own", bucket)
    ]
    request = {"bucketName": bucket, "key": "k", "x-amz-copy-source": "own/k"}
    return call("s3:CopyObject", requestParameters=request, resources=resources)


CASES: dict[str, tuple[Record, Record]] = {
    "all-secrets-swept": (
        asks("secretsmanager:BatchGetSecretValue", filters=[{"key": "tag-key", "values": ["!nothing"]}]),
        asks("secretsmanager:BatchGetSecretValue", filters=[{"key": "tag-value", "values": ["billing"]}]),
    ),
    "container-of-public-image": (images("someone/worker:latest"), images(f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/team/app:7")),
    "copied-to-another-region": (
        asks("ec2:CopySnapshot", sourceRegion="eu-west-1", sourceSnapshotId="snap-1"),
        asks("ec2:CopySnapshot", sourceRegion="us-east-1", sourceSnapshotId="snap-1"),
    ),
    "large-container-service": (asks("ecs:UpdateService", desiredCount=10), asks("ecs:CreateService", desiredCount=9)),
    "largest-container-task": (asks("ecs:RegisterTaskDefinition", cpu="16384"), asks("ecs:RegisterTaskDefinition", cpu="1024")),
    "object-copied-outside": (copied_to("theirs"), copied_to("mine")),
    "build-made-public": (
        asks("codebuild:UpdateProjectVisibility", projectVisibility="PUBLIC_READ"),
        asks("codebuild:UpdateProjectVisibility", projectVisibility="PRIVATE"),
    ),
    "log-subscription-outside": (
        asks("logs:PutSubscriptionFilter", destinationArn=f"arn:aws:logs:us-east-1:{OUTSIDE}:destination:d"),
        asks("logs:PutSubscriptionFilter", destinationArn=f"arn:aws:logs:us-east-1:{ACCOUNT}:destination:d"),
    ),
    "database-credentials": (call("redshift:GetClusterCredentials"), by(ROLE, "redshift:GetClusterCredentials")),
    "database-password-set": (
        asks("rds:ModifyDBInstance", masterUserPassword="****"),
        asks("rds:ModifyDBInstance", dBInstanceClass="db.t3.micro"),
    ),
    "function-credential-in-a-tool": (by(IN_FUNCTION, "s3:ListBuckets", userAgent="aws-cli/2.15"), by(IN_FUNCTION, "s3:ListBuckets", userAgent=MARKED)),
    "key-quarantined": (
        asks("iam:AttachUserPolicy", policyArn="arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3"),
        asks("iam:AttachUserPolicy", policyArn="arn:aws:iam::aws:policy/ReadOnlyAccess"),
    ),
    "parameter-decrypted": (
        asks("ssm:GetParameter", name="/db", withDecryption=True),
        asks("ssm:GetParameter", name="/db", withDecryption=False),
    ),
    "secrets-listed": (call("secretsmanager:ListSecrets"), by(ROLE, "secretsmanager:ListSecrets")),
    "start-up-script-read": (
        asks("ec2:DescribeInstanceAttribute", attribute="userData"),
        asks("ec2:DescribeInstanceAttribute", attribute="instanceType"),
    ),
    "bucket-logging-off": (
        asks("s3:PutBucketLogging", bucketName="b", BucketLoggingStatus={"xmlns": "x"}),
        asks("s3:PutBucketLogging", bucketName="b", BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": "logs"}}),
    ),
    "detector-disabled": (asks("guardduty:UpdateDetector", enable=False), asks("guardduty:UpdateDetector", enable=True)),
    "event-selectors-narrowed": (
        asks("cloudtrail:PutEventSelectors", eventSelectors=[{"readWriteType": "All", "includeManagementEvents": False}]),
        asks("cloudtrail:PutEventSelectors", eventSelectors=[{"readWriteType": "All", "includeManagementEvents": True}]),
    ),
    "instance-metadata-weakened": (
        asks("ec2:ModifyInstanceMetadataOptions", ModifyInstanceMetadataOptionsRequest={"HttpTokens": "optional"}),
        asks("ec2:ModifyInstanceMetadataOptions", ModifyInstanceMetadataOptionsRequest={"HttpTokens": "required"}),
    ),
    "log-bucket-lifecycle": (
        asks("s3:PutBucketLifecycle", bucketName="acme-cloudtrail"),
        asks("s3:PutBucketLifecycle", bucketName="acme-data"),
    ),
    "mfa-device-of-root-removed": (by(ROOT, "iam:DeactivateMFADevice"), call("iam:DeactivateMFADevice")),
    "mfa-device-removed": (call("iam:DeactivateMFADevice"), by(ROOT, "iam:DeactivateMFADevice")),
    "network-acl-opened": (
        asks("ec2:CreateNetworkAclEntry", cidrBlock="0.0.0.0/0", ruleAction="allow", egress=False),
        asks("ec2:CreateNetworkAclEntry", cidrBlock="0.0.0.0/0", ruleAction="deny", egress=False),
    ),
    "own-identity-deleted": (asks("iam:DeleteAccessKey", userName="build"), asks("iam:DeleteAccessKey", userName="carol")),
    "termination-protection-on": (
        asks("ec2:ModifyInstanceAttribute", disableApiTermination={"value": True}),
        asks("ec2:ModifyInstanceAttribute", disableApiTermination={"value": False}),
    ),
    "trail-to-another-bucket": (
        asks("cloudtrail:UpdateTrail", name="main", s3BucketName="elsewhere"),
        asks("cloudtrail:UpdateTrail", name="main", isMultiRegionTrail=True),
    ),
    "trail-weakened": (
        asks("cloudtrail:UpdateTrail", name="main", isMultiRegionTrail=False),
        asks("cloudtrail:UpdateTrail", name="main", isMultiRegionTrail=True),
    ),
    "buckets-listed": (call("s3:ListBuckets"), by(ROLE, "s3:ListBuckets")),
    "caller-identity-of-a-long-term-key": (call("sts:GetCallerIdentity"), by(ROLE, "sts:GetCallerIdentity")),
    "own-watchers-read": (call("cloudtrail:DescribeTrails"), by(ROLE, "cloudtrail:DescribeTrails")),
    "permission-probed": (
        call("ec2:RunInstances", errorCode="Client.DryRunOperation"),
        call("ec2:RunInstances", errorCode="Client.UnauthorizedOperation"),
    ),
    "public-snapshots-listed": (
        asks("rds:DescribeDBSnapshots", includePublic=True),
        asks("rds:DescribeDBSnapshots", includePublic=False),
    ),
    "container-reads-credentials": (
        asks("ecs:RegisterTaskDefinition", containerDefinitions=[{"command": ["sh", "-c", "curl 169.254.170.2"]}]),
        asks("ecs:RegisterTaskDefinition", containerDefinitions=[{"command": ["serve"]}]),
    ),
    "invoke-model": (call("bedrock:InvokeModelWithResponseStream"), by(ROLE, "bedrock:InvokeModel")),
    "admin-port-opened": (
        asks("ec2:AuthorizeSecurityGroupIngress",
             ipPermissions={"items": [{"fromPort": 22, "toPort": 22, "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}}]}),
        asks("ec2:AuthorizeSecurityGroupIngress",
             ipPermissions={"items": [{"fromPort": 443, "toPort": 443, "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}}]}),
    ),
    "security-group-opened": (
        asks("ec2:AuthorizeSecurityGroupIngress", ipPermissions={"items": [{"ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}}]}),
        asks("ec2:AuthorizeSecurityGroupIngress", ipPermissions={"items": [{"ipRanges": {"items": [{"cidrIp": "10.0.0.0/8"}]}}]}),
    ),
    "bucket-opened": (
        asks("s3:PutBucketPolicy", bucketName="b", bucketPolicy={"Statement": [{"Effect": "Allow", "Principal": "*"}]}),
        asks("s3:PutBucketPolicy", bucketName="b", bucketPolicy={"Statement": [{"Effect": "Deny", "Principal": "*"}]}),
    ),
    "bucket-replication-outside": (
        asks("s3:PutBucketReplication", ReplicationConfiguration={"Rule": [{"Destination": {"Account": OUTSIDE}}]}),
        asks("s3:PutBucketReplication", ReplicationConfiguration={"Rule": [{"Destination": {"Account": ACCOUNT}}]}),
    ),
    "database-made-public": (
        asks("rds:RestoreDBInstanceFromDBSnapshot", publiclyAccessible=True),
        asks("rds:RestoreDBInstanceFromDBSnapshot", publiclyAccessible=False),
    ),
    "database-snapshot-shared": (
        asks("rds:ModifyDBSnapshotAttribute", attributeName="restore", valuesToAdd=[OUTSIDE]),
        asks("rds:ModifyDBSnapshotAttribute", attributeName="restore", valuesToRemove=[OUTSIDE]),
    ),
    "image-shared": (
        asks("ec2:ModifyImageAttribute", launchPermission={"add": {"items": [{"userId": OUTSIDE}]}}),
        asks("ec2:ModifyImageAttribute", launchPermission={"remove": {"items": [{"userId": OUTSIDE}]}}),
    ),
    "snapshot-shared": (
        asks("ec2:ModifySnapshotAttribute", createVolumePermission={"add": {"items": [{"userId": OUTSIDE}]}}),
        asks("ec2:ModifySnapshotAttribute", createVolumePermission={"remove": {"items": [{"userId": OUTSIDE}]}}),
    ),
    "snapshot-made-public": (
        asks("ec2:ModifySnapshotAttribute", createVolumePermission={"add": {"items": [{"group": "all"}]}}),
        asks("ec2:ModifySnapshotAttribute", createVolumePermission={"add": {"items": [{"userId": OUTSIDE}]}}),
    ),
    "public-access-block-removed": (
        asks("s3:PutBucketPublicAccessBlock", PublicAccessBlockConfiguration={"BlockPublicAcls": True, "BlockPublicPolicy": False}),
        asks("s3:PutBucketPublicAccessBlock", PublicAccessBlockConfiguration={"BlockPublicAcls": True, "BlockPublicPolicy": True}),
    ),
    "resource-opened": (asks("sns:SetTopicAttributes", attributeValue=EVERYONE), asks("sns:SetTopicAttributes", attributeValue=NOBODY)),
    "resource-policy-written": (call("secretsmanager:PutResourcePolicy"), call("secretsmanager:GetResourcePolicy")),
    "database-backups-removed": (
        asks("rds:ModifyDBInstance", backupRetentionPeriod=0),
        asks("rds:ModifyDBInstance", backupRetentionPeriod=7),
    ),
    "database-deleted-without-copy": (
        asks("rds:DeleteDBInstance", skipFinalSnapshot=True),
        asks("rds:DeleteDBInstance", skipFinalSnapshot=False),
    ),
    "database-deleted": (
        asks("rds:DeleteDBInstance", skipFinalSnapshot=False),
        asks("rds:DeleteDBInstance", skipFinalSnapshot=True),
    ),
    "identity-removed": (
        asks("iam:UpdateAccessKey", userName="carol", status="Inactive"),
        asks("iam:UpdateAccessKey", userName="carol", status="Active"),
    ),
    "key-with-outside-material": (asks("kms:CreateKey", origin="EXTERNAL"), asks("kms:CreateKey", origin="AWS_KMS")),
    "launch-large-instances": (
        asks("ec2:RunInstances", instanceType="p3.2xlarge", instancesSet={"items": [{"minCount": 1, "maxCount": 1}]}),
        asks("ec2:RunInstances", instanceType="t3.micro", instancesSet={"items": [{"minCount": 1, "maxCount": 1}]}),
    ),
    "object-encrypted-by-caller": (
        asks("s3:PutObject", bucketName="b", **{"x-amz-server-side-encryption-customer-algorithm": "AES256"}),
        asks("s3:PutObject", bucketName="b", **{"x-amz-server-side-encryption": "AES256"}),
    ),
    "object-encrypted-outside-key": (
        asks("s3:PutObject", **{"x-amz-server-side-encryption-aws-kms-key-id": f"arn:aws:kms:us-east-1:{OUTSIDE}:key/k"}),
        asks("s3:PutObject", **{"x-amz-server-side-encryption-aws-kms-key-id": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/k"}),
    ),
    "ransom-note": (asks("s3:PutObject", key="HOW-TO-DECRYPT.txt"), asks("s3:PutObject", key="reports/q3.pdf")),
    "short-expiry": (
        asks("s3:PutBucketLifecycle", LifecycleConfiguration={"Rule": {"Expiration": {"Days": 1}}}),
        asks("s3:PutBucketLifecycle", LifecycleConfiguration={"Rule": {"Expiration": {"Days": 90}}}),
    ),
    "table-backups-off": (
        asks("dynamodb:UpdateContinuousBackups", pointInTimeRecoverySpecification={"pointInTimeRecoveryEnabled": False}),
        asks("dynamodb:UpdateContinuousBackups", pointInTimeRecoverySpecification={"pointInTimeRecoveryEnabled": True}),
    ),
    "versioning-suspended": (
        asks("s3:PutBucketVersioning", VersioningConfiguration={"Status": "Suspended"}),
        asks("s3:PutBucketVersioning", VersioningConfiguration={"Status": "Enabled"}),
    ),
    "console-sign-in-refused-after-mfa": (
        sign_in("Failure", additionalEventData={"MFAUsed": "Yes"}),
        sign_in("Success", additionalEventData={"MFAUsed": "Yes"}),
    ),
    "console-sign-in-without-mfa": (
        sign_in("Success", additionalEventData={"MFAUsed": "No"}),
        sign_in("Success", additionalEventData={"MFAUsed": "Yes"}),
    ),
    "cross-account-session": (by({"type": "AWSAccount", "accountId": OUTSIDE}, "sts:AssumeRole"), call("sts:AssumeRole")),
    "guest-identity-credentials": (
        asks("cognito-identity:GetCredentialsForIdentity", identityId="us-east-1:x"),
        asks("cognito-identity:GetCredentialsForIdentity", logins={"accounts.example.com": "token"}),
    ),
    "root-change": (by(ROOT, "ec2:CreateVpc"), by(ROOT, "ec2:DescribeVpcs", readOnly=True)),
    "root-console-sign-in": (sign_in("Success", userIdentity=ROOT), sign_in("Success")),
    "sign-in-token": (
        call("signin:GetSigninToken", userAgent="python-requests/2.31"),
        call("signin:GetSigninToken", userAgent="Jersey/${project.version}"),
    ),
    "toolkit-user-agent": (
        call("s3:ListBuckets", userAgent="aws-cli/2.15 Linux/6.5.0-kali3-amd64"),
        call("s3:ListBuckets", userAgent="aws-cli/2.15 Linux/6.5.0"),
    ),
    "assume-role": (call("sts:AssumeRole"), by(ROLE, "sts:AssumeRole")),
    "role-chained": (by(ROLE, "sts:AssumeRole"), call("sts:AssumeRole")),
    "network-joined": (
        asks("ec2:CreateRoute", destinationCidrBlock="0.0.0.0/0"),
        asks("ec2:CreateRoute", destinationCidrBlock="10.0.0.0/16"),
    ),
    "access-key-by-root": (by(ROOT, "iam:CreateAccessKey"), call("iam:CreateAccessKey")),
    "access-key-for-another-user": (asks("iam:CreateAccessKey", userName="carol"), asks("iam:CreateAccessKey", userName="build")),
    "access-key-for-self": (call("iam:CreateAccessKey", requestParameters=None), asks("iam:CreateAccessKey", userName="carol")),
    "create-role-for-outsiders": (
        asks("iam:CreateRole", assumeRolePolicyDocument=TRUSTS % f"arn:aws:iam::{OUTSIDE}:root"),
        asks("iam:CreateRole", assumeRolePolicyDocument=NOBODY),
    ),
    "trust-policy-opened": (
        asks("iam:UpdateAssumeRolePolicy", policyDocument=TRUSTS % OUTSIDE),
        asks("iam:UpdateAssumeRolePolicy", policyDocument=TRUSTS % ACCOUNT),
    ),
    "function-opened-to-outsiders": (
        asks("lambda:AddPermission", principal="*", action="lambda:InvokeFunction"),
        asks("lambda:AddPermission", principal="s3.amazonaws.com", sourceArn="arn:aws:s3:::b", sourceAccount=ACCOUNT),
    ),
    "function-url-without-sign-in": (
        asks("lambda:CreateFunctionUrlConfig", authType="NONE"),
        asks("lambda:CreateFunctionUrlConfig", authType="AWS_IAM"),
    ),
    "own-password": (asks("iam:UpdateLoginProfile", userName="build"), asks("iam:UpdateLoginProfile", userName="carol")),
    "password-of-another-user": (asks("iam:UpdateLoginProfile", userName="carol"), asks("iam:UpdateLoginProfile", userName="build")),
    "start-up-script-changed": (
        asks("ec2:ModifyInstanceAttribute", instanceId="i-1", userData="<sensitiveDataRemoved>"),
        asks("ec2:ModifyInstanceAttribute", instanceId="i-1", instanceType={"value": "t3.micro"}),
    ),
    "attach-admin-policy": (
        asks("iam:AttachUserPolicy", policyArn="arn:aws:iam::aws:policy/AdministratorAccess"),
        asks("iam:AttachUserPolicy", policyArn="arn:aws:iam::aws:policy/ReadOnlyAccess"),
    ),
    "attach-policy": (
        asks("iam:AttachUserPolicy", policyArn="arn:aws:iam::aws:policy/ReadOnlyAccess"),
        asks("iam:AttachUserPolicy", policyArn="arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantine"),
    ),
    "function-role-layer-or-environment": (
        asks("lambda:UpdateFunctionConfiguration", layers=["arn:aws:lambda:us-east-1:1:layer:x:1"]),
        asks("lambda:UpdateFunctionConfiguration", memorySize=256),
    ),
    "inline-admin-policy": (
        asks("iam:PutUserPolicy", policyDocument='{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'),
        asks("iam:PutUserPolicy", policyDocument='{"Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}'),
    ),
}  # fmt: skip


def names_of(name: str) -> list[tuple[str, str]]:
    """Every (service, event name) of a rule that asks for nothing else; [] for the others."""
    detection = yaml.safe_load(FILES[name].read_text())["detection"]
    condition = detection.pop("condition")
    selections = list(detection.values())
    if condition not in ("call", "1 of *") or not all(isinstance(one, dict) for one in selections):
        return []
    if any({key.partition("|")[0] for key in one} != {"eventSource", "eventName"} for one in selections):
        return []
    return [
        (source.removesuffix(".amazonaws.com"), event.replace("*", "X"))
        for one in selections
        for source in listed(one["eventSource"])
        for event in listed(one.get("eventName") or [start + "X" for start in listed(one["eventName|startswith"])])
    ]


def listed(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def hits_of(name: str, *records: Record) -> list[int]:
    """Which records one rule of the pack hits."""
    [rule] = [rule for rule in PACK if rule.name == name]
    numbered = [{**record, "eventID": str(number)} for number, record in enumerate(records)]
    hits = detect(Records(*numbered), Rules((rule,), (), ""))
    return sorted(int(id_.removeprefix("ct:")) for hit in hits for id_ in hit.event_ids)


PLAIN = sorted(name for name in FILES if names_of(name))


def test_every_rule_has_a_hit_and_a_near_miss():
    assert sorted(FILES) == sorted({*PLAIN, *CASES})


@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_rule_hits_its_calls_and_not_those_of_another_service(name):
    calls = names_of(name)
    meant = [call(f"{service}:{event}") for service, event in calls]
    other = [call(f"elsewhere:{event}") for _, event in calls if name != "resource-policy-written"]

    assert hits_of(name, *meant, *other) == list(range(len(meant)))


@pytest.mark.parametrize("name", CASES)
def test_a_rule_hits_what_it_means_and_misses_what_looks_like_it(name):
    hit, miss = CASES[name]

    assert hits_of(name, hit, miss) == [0]
    assert hit["eventName"] and {"eventSource", "userIdentity"} <= set(miss)


@pytest.mark.parametrize(
    ("name", "hit"),
    [
        ("container-of-public-image", images("someone/worker")),
        ("container-of-public-image", images("docker.io/someone/worker:1")),
        ("container-of-public-image", images("ghcr.io/someone/worker@sha256:0")),
        ("container-reads-credentials", asks("ecs:RunTask", overrides={"containerOverrides": [{"command": ["curl", "-s"]}]})),
        ("container-reads-credentials", asks("ecs:RegisterTaskDefinition", containerDefinitions=[{"command": ["echo x | sh"]}])),
        ("copied-to-another-region", asks("rds:CopyDBSnapshot", sourceDBSnapshotIdentifier=SNAPSHOT % "eu-west-1")),
        ("copied-to-another-region", asks("rds:CopyDBClusterSnapshot", sourceDBClusterSnapshotIdentifier=SNAPSHOT % "eu-west-1")),
        ("function-credential-in-a-tool", by(IN_FUNCTION, "s3:ListBuckets", userAgent="[Boto3/1.34]")),
        ("large-container-service", asks("ecs:CreateService", desiredCount=50)),
        ("largest-container-task", asks("ecs:RegisterTaskDefinition", cpu="16 vCPU")),
    ],
)  # fmt: skip
def test_other_forms_of_what_a_rule_means(name: str, hit: Record):
    assert hits_of(name, hit) == [0]


@pytest.mark.parametrize(
    ("name", "miss"),
    [
        ("container-of-public-image", images("nginx:1.25")),
        ("container-of-public-image", images("amazon/aws-xray-daemon:3")),
        ("container-of-public-image", images("public.ecr.aws/docker/library/redis:7")),
        ("container-of-public-image", images("registry.example.com:5000/team/app:1")),
        ("copied-to-another-region", asks("rds:CopyDBSnapshot", sourceDBSnapshotIdentifier="nightly")),
        ("copied-to-another-region", asks("rds:CopyDBSnapshot", sourceDBSnapshotIdentifier=SNAPSHOT % "us-east-1")),
        ("function-credential-in-a-tool", by(ROLE, "s3:ListBuckets", userAgent="aws-cli/2.15")),
        ("function-credential-in-a-tool", by(IN_FUNCTION, "s3:ListBuckets", sourceIPAddress="10.0.0.7", userAgent="aws-cli/2.15")),
        ("function-credential-in-a-tool", by(IN_FUNCTION, "s3:ListBuckets", userAgent="own-program/1.0")),
        ("object-copied-outside", call("s3:CopyObject", requestParameters={"bucketName": "mine"})),
        ("all-secrets-swept", asks("secretsmanager:BatchGetSecretValue", secretIdList=["db/main"])),
    ],
)  # fmt: skip
def test_other_things_that_look_like_it(name: str, miss: Record):
    assert hits_of(name, miss) == []
