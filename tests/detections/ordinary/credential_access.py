"""Ordinary life around the rules of credential access."""

from investigator.domain.words import Severity
from tests.detections.ordinary.callers import (
    ADMIN,
    AWS,
    BOTO,
    DEPLOY,
    ENGINEER,
    LINKED,
    OLD_KEY,
    PERSON,
    SCANNER,
    SESSION,
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
    Ground,
    Life,
    Record,
    Template,
    ask,
    but,
    life,
    near,
    quiet,
    use,
)  # fmt: skip

LOW, MEDIUM, HIGH, CRITICAL = Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL
INFORMATIONAL = Severity.INFORMATIONAL
SECRET = "arn:aws:secretsmanager:<region>:<account>:secret:<word>"


def in_function(agent: str, ip: str = "203.0.113.90") -> Template:
    """A call with the credential of a function."""

    def occasion(ground: Ground) -> tuple[Record, ...]:
        scope = {"issuerType": "AWS::Lambda::Function", "credentialsIssuedTo": str(ground.fill("<word>"))}
        [record] = but(ask("s3:ListBuckets", WORKLOAD), userAgent=agent, sourceIPAddress=ip)(ground)
        return ({**record, "userIdentity": {**ground.identity(WORKLOAD), "inScopeOf": scope}},)

    return occasion


LIVES: dict[str, Life] = {
    "all-secrets-swept": life(
        near(
            DAILY,
            ask("secretsmanager:BatchGetSecretValue", WORKLOAD, secretIdList=[SECRET, SECRET]),
            ask("secretsmanager:BatchGetSecretValue", DEPLOY, filters=[{"key": "tag-value", "values": ["<word>"]}]),
        ),
        use(HIGH, YEARLY, ask("secretsmanager:BatchGetSecretValue", DEPLOY, filters=[{"key": "tag-key", "values": ["!<word>"]}])),
    ),
    "console-output-read": life(
        near(
            OFTEN,
            ask("ec2:DescribeInstanceStatus", SUPPORT, instancesSet={"items": [{"instanceId": "i-<id>"}]}),
            ask("ec2:DescribeLaunchTemplateVersions", SCANNER, DescribeLaunchTemplateVersionsRequest={"LaunchTemplateId": "lt-<id>"}),
        ),
        use(LOW, WEEKLY, ask("ec2:GetConsoleOutput", SUPPORT, instanceId="i-<id>"), ask("ec2:GetConsoleScreenshot", ENGINEER, InstanceId="i-<id>")),
    ),
    "credential-report": life(
        near(OFTEN, ask("iam:ListUsers", SCANNER, maxItems=1000), ask("iam:GetAccessKeyLastUsed", SCANNER, accessKeyId="<key>")),
        use(LOW, DAILY, ask("iam:GenerateCredentialReport", SCANNER), ask("iam:GetCredentialReport", SCANNER)),
        quiet(DAILY, ask("iam:GenerateCredentialReport", AWS)),
    ),
    "database-credentials": life(
        near(
            DAILY,
            ask("redshift:GetClusterCredentials", WORKLOAD, dbUser="<word>", clusterIdentifier="<word>"),
            ask("redshift:DescribeClusters", OLD_KEY, clusterIdentifier="<word>"),
            ask("redshift-serverless:GetCredentials", SESSION, workgroupName="<word>"),
        ),
        use(LOW, DAILY, ask("redshift:GetClusterCredentials", OLD_KEY, dbUser="<word>", clusterIdentifier="<word>")),
    ),
    "database-password-set": life(
        near(
            WEEKLY,
            ask("rds:ModifyDBInstance", DEPLOY, dBInstanceIdentifier="<word>", dBInstanceClass="db.t3.medium"),
            ask("rds:ModifyDBCluster", DEPLOY, dBClusterIdentifier="<word>", manageMasterUserPassword=True),
        ),
        use(MEDIUM, WEEKLY, ask("rds:ModifyDBInstance", WORKLOAD, dBInstanceIdentifier="<word>", masterUserPassword="****")),
        use(LOW, MONTHLY, ask("rds:ModifyDBInstance", STACK, dBInstanceIdentifier="<word>", masterUserPassword="****")),
    ),
    "decrypt": life(
        near(CONSTANT, ask("kms:GenerateDataKey", WORKLOAD, keyId="<uuid>", keySpec="AES_256"), ask("kms:DescribeKey", SCANNER, keyId="<uuid>")),
        use(INFORMATIONAL, CONSTANT, ask("kms:Decrypt", WORKLOAD, encryptionContext={"aws:s3:arn": "arn:aws:s3:::<word>"})),
        quiet(HOURLY, ask("kms:Decrypt", AWS, encryptionContext={"service": "<word>"}), ask("kms:Decrypt", LINKED, keyId="<uuid>")),
    ),
    "federation-token": life(
        near(DAILY, ask("sts:GetSessionToken", PERSON, durationSeconds=43200), ask("sts:AssumeRole", ENGINEER, roleArn="arn:aws:iam::<account>:role/<word>")),
        use(HIGH, YEARLY, ask("sts:GetFederationToken", OLD_KEY, name="<user>", durationSeconds=3600)),
    ),
    "function-credential-in-a-tool": life(
        near(HOURLY, in_function(f"{BOTO} exec-env/AWS_Lambda_python3.11"), in_function("<word>-client/2.1"), in_function(BOTO, "10.20.32.7")),
        use(HIGH, YEARLY, in_function(BOTO)),
    ),
    "key-pair": life(
        near(OFTEN, ask("ec2:DescribeKeyPairs", SCANNER), ask("ec2:DeleteKeyPair", DEPLOY, keyName="<word>")),
        use(LOW, WEEKLY, ask("ec2:CreateKeyPair", ENGINEER, keyName="<word>"), ask("ec2:ImportKeyPair", DEPLOY, keyName="<word>")),
    ),
    "key-quarantined": life(
        near(
            MONTHLY,
            ask("iam:AttachUserPolicy", ADMIN, userName="<user>", policyArn="arn:aws:iam::aws:policy/ReadOnlyAccess"),
            ask("iam:DetachUserPolicy", ADMIN, userName="<user>", policyArn="arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3"),
            ask("iam:PutUserPolicy", ADMIN, userName="<user>", policyName="quarantine-<word>"),
        ),
        use(CRITICAL, YEARLY / 10, ask("iam:AttachUserPolicy", ADMIN, userName="<user>", policyArn="arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3")),
    ),
    "parameter-decrypted": life(
        near(
            HOURLY,
            ask("ssm:GetParameter", WORKLOAD, name="/<word>/url", withDecryption=False),
            ask("ssm:GetParametersByPath", DEPLOY, path="/<word>"),
            ask("ssm:DescribeParameters", SCANNER, maxResults=50),
        ),
        use(LOW, HOURLY, ask("ssm:GetParameter", WORKLOAD, name="/<word>/password", withDecryption=True)),
        quiet(DAILY, ask("ssm:GetParameters", STACK, names=["/<word>/key"], withDecryption=True)),
    ),
    "secret-read": life(
        near(HOURLY, ask("secretsmanager:DescribeSecret", DEPLOY, secretId=SECRET), ask("secretsmanager:PutSecretValue", WORKLOAD, secretId=SECRET)),
        use(LOW, HOURLY, ask("secretsmanager:GetSecretValue", WORKLOAD, secretId=SECRET), ask("secretsmanager:GetSecretValue", OLD_KEY, secretId=SECRET)),
        quiet(OFTEN, ask("secretsmanager:GetSecretValue", STACK, secretId=SECRET)),
    ),
    "secrets-listed": life(
        near(
            OFTEN,
            ask("secretsmanager:ListSecrets", SCANNER, maxResults=100),
            ask("secretsmanager:ListSecrets", ENGINEER, maxResults=20),
            ask("secretsmanager:ListSecretVersionIds", OLD_KEY, secretId=SECRET),
        ),
        use(LOW, WEEKLY, ask("secretsmanager:ListSecrets", PERSON, maxResults=20)),
    ),
    "secrets-read-in-bulk": life(
        near(OFTEN, ask("secretsmanager:DescribeSecret", SCANNER, secretId=SECRET), ask("secretsmanager:ListSecrets", SCANNER, maxResults=100)),
        use(MEDIUM, DAILY, ask("secretsmanager:BatchGetSecretValue", WORKLOAD, secretIdList=[SECRET, SECRET])),
    ),
    "session-token": life(
        near(OFTEN, ask("sts:GetCallerIdentity", SESSION), ask("sts:GetAccessKeyInfo", SCANNER, accessKeyId="<key>")),
        use(LOW, DAILY, ask("sts:GetSessionToken", PERSON, serialNumber="arn:aws:iam::<account>:mfa/maria.lindt", durationSeconds=43200)),
    ),
    "single-sign-on-credentials": life(
        near(OFTEN, ask("sso:ListAccounts", SESSION), ask("sso:ListAccountRoles", SESSION, account_id="<account>"), ask("sso:Federate", SESSION)),
        use(INFORMATIONAL, OFTEN, ask("sso:GetRoleCredentials", SESSION, role_name="PowerUser", account_id="<account>"), ask("sso:CreateToken", SESSION)),
    ),
    "start-up-script-read": life(
        near(
            OFTEN,
            ask("ec2:DescribeInstanceAttribute", DEPLOY, instanceId="i-<id>", attribute="disableApiTermination"),
            ask("ec2:DescribeInstanceAttribute", DEPLOY, instanceId="i-<id>", attribute="instanceInitiatedShutdownBehavior"),
        ),
        use(LOW, DAILY, ask("ec2:DescribeInstanceAttribute", DEPLOY, instanceId="i-<id>", attribute="userData")),
        use(LOW, DAILY, ask("ec2:DescribeInstanceAttribute", OLD_KEY, instanceId="i-<id>", attribute="userData")),
    ),
    "traffic-mirror": life(
        near(DAILY, ask("ec2:DescribeTrafficMirrorSessions", SCANNER), ask("ec2:DeleteTrafficMirrorSession", ADMIN, trafficMirrorSessionId="tms-<id>")),
        use(MEDIUM, YEARLY, ask("ec2:CreateTrafficMirrorTarget", DEPLOY, networkInterfaceId="eni-<id>"), ask("ec2:CreateTrafficMirrorSession", DEPLOY, sessionNumber=1)),
    ),
    "windows-password-read": life(
        near(DAILY, ask("ec2:DescribeInstances", SUPPORT, instancesSet={"items": [{"instanceId": "i-<id>"}]}), ask("ec2:GetConsoleOutput", SUPPORT, instanceId="i-<id>")),
        use(MEDIUM, QUARTERLY, ask("ec2:GetPasswordData", SUPPORT, instanceId="i-<id>"), ask("ec2:GetPasswordData", ENGINEER, instanceId="i-<id>")),
        quiet(DAILY, ask("ec2:GetPasswordData", VAULT, instanceId="i-<id>")),
    ),
}  # fmt: skip
