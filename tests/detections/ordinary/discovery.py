"""Ordinary life around the rules of discovery."""

from investigator.domain.words import Severity
from tests.detections.ordinary.callers import (
    ADMIN,
    AWS,
    DEPLOY,
    ENGINEER,
    OLD_KEY,
    PERSON,
    SCANNER,
    SESSION,
    SUPPORT,
    WORKLOAD,
)  # fmt: skip
from tests.detections.ordinary.life import (
    DAILY,
    HOURLY,
    MONTHLY,
    OFTEN,
    WEEKLY,
    YEARLY,
    Life,
    ask,
    but,
    denied,
    life,
    near,
    quiet,
    use,
)  # fmt: skip

LOW, MEDIUM, INFORMATIONAL = Severity.LOW, Severity.MEDIUM, Severity.INFORMATIONAL

LIVES: dict[str, Life] = {
    "account-enumerated": life(
        near(OFTEN, ask("iam:GetRole", DEPLOY, roleName="<word>"), ask("iam:ListRoles", SCANNER, maxItems=1000), ask("iam:GetUser", PERSON)),
        use(LOW, DAILY, ask("iam:GetAccountAuthorizationDetails", SCANNER, maxItems=1000), ask("iam:GetAccountSummary", ADMIN)),
        use(LOW, WEEKLY, ask("iam:SimulatePrincipalPolicy", ENGINEER, policySourceArn="arn:aws:iam::<account>:role/<word>")),
    ),
    "buckets-listed": life(
        near(OFTEN, ask("s3:ListBuckets", SCANNER), ask("s3:ListBuckets", ADMIN), ask("s3:ListObjects", OLD_KEY, bucketName="<word>-data")),
        use(LOW, DAILY, ask("s3:ListBuckets", PERSON)),
    ),
    "caller-identity": life(
        near(HOURLY, ask("sts:GetAccessKeyInfo", SCANNER, accessKeyId="<key>"), ask("sts:AssumeRole", SCANNER, roleArn="arn:aws:iam::<sister>:role/audit")),
        use(INFORMATIONAL, HOURLY, ask("sts:GetCallerIdentity", DEPLOY), ask("sts:GetCallerIdentity", WORKLOAD)),
        use(LOW, DAILY, ask("sts:GetCallerIdentity", PERSON)),
    ),
    "caller-identity-of-a-long-term-key": life(
        near(HOURLY, ask("sts:GetCallerIdentity", DEPLOY), ask("sts:GetCallerIdentity", SESSION)),
        use(LOW, DAILY, ask("sts:GetCallerIdentity", PERSON), ask("sts:GetCallerIdentity", OLD_KEY)),
    ),
    "mail-limits-read": life(
        near(OFTEN, ask("ses:DescribeActiveReceiptRuleSet", SCANNER), ask("ses:GetIdentityDkimAttributes", SCANNER, identities=["<word>.example.com"])),
        use(LOW, DAILY, ask("ses:GetSendQuota", WORKLOAD), ask("ses:ListIdentities", SCANNER, maxItems=100)),
    ),
    "models-listed": life(
        near(DAILY, ask("bedrock:ListCustomModels", SCANNER), ask("bedrock:GetGuardrail", WORKLOAD, guardrailIdentifier="<word>"), ask("sagemaker:ListModels", SCANNER)),
        use(LOW, DAILY, ask("bedrock:ListFoundationModels", ENGINEER), ask("bedrock:GetModelInvocationLoggingConfiguration", SCANNER)),
    ),
    "own-watchers-read": life(
        near(
            OFTEN,
            ask("cloudtrail:DescribeTrails", SCANNER),
            ask("guardduty:ListFindings", ADMIN, detectorId="<id>"),
            ask("cloudtrail:ListTags", OLD_KEY, resourceIdList=["arn:aws:cloudtrail:<region>:<account>:trail/main"]),
        ),
        use(LOW, WEEKLY, ask("cloudtrail:LookupEvents", PERSON, maxResults=50)),
    ),
    "password-policy-read": life(
        near(OFTEN, ask("iam:GetAccountSummary", ADMIN), ask("iam:ListMFADevices", SCANNER, userName="<user>"), ask("iam:GetUser", SCANNER, userName="<user>")),
        use(LOW, DAILY, ask("iam:GetAccountPasswordPolicy", SCANNER), ask("iam:GetLoginProfile", SCANNER, userName="<user>")),
        quiet(DAILY, ask("iam:GetAccountPasswordPolicy", AWS)),
    ),
    "permission-probed": life(
        near(
            DAILY,
            denied(ask("ec2:RunInstances", ENGINEER, instanceType="<small>"), "Client.UnauthorizedOperation"),
            denied(ask("ec2:StopInstances", ENGINEER, instancesSet={"items": [{"instanceId": "i-<id>"}]}), "Client.UnauthorizedOperation"),
            denied(ask("ec2:CreateVolume", DEPLOY, size="10", zone="<region>a"), "Client.InvalidParameterValue"),
        ),
        use(LOW, WEEKLY, denied(ask("ec2:RunInstances", DEPLOY, instanceType="<small>"), "Client.DryRunOperation")),
    ),
    "public-snapshots-listed": life(
        near(
            OFTEN,
            ask("ec2:DescribeSnapshots", SCANNER, ownersSet={"items": [{"owner": "self"}]}),
            ask("rds:DescribeDBSnapshots", DEPLOY, includePublic=False, includeShared=False),
            ask("rds:DescribeDBClusterSnapshots", SCANNER, dBClusterIdentifier="<word>"),
        ),
        use(LOW, DAILY, ask("rds:DescribeDBSnapshots", SCANNER, includeShared=True), ask("ec2:DescribeSnapshots", SCANNER, sharedUsersSet={"items": [{"user": "all"}]})),
    ),
    "quotas-or-organization-read": life(
        near(OFTEN, ask("ce:GetDimensionValues", ADMIN, dimension="SERVICE"), ask("budgets:DescribeBudgets", ADMIN, accountId="<account>"), ask("servicequotas:ListServices", SCANNER)),
        use(LOW, OFTEN, ask("organizations:DescribeOrganization", DEPLOY), ask("organizations:ListAccounts", SCANNER), ask("ce:GetCostAndUsage", ADMIN)),
        quiet(OFTEN, ask("organizations:ListAccounts", AWS), but(ask("organizations:DescribeOrganization", ADMIN), sourceIPAddress="sso.amazonaws.com")),
    ),
    "text-message-limits-read": life(
        near(OFTEN, ask("sns:GetTopicAttributes", SCANNER, topicArn="arn:aws:sns:<region>:<account>:<word>"), ask("sns:ListTopics", DEPLOY)),
        use(LOW, MONTHLY, ask("sns:GetSMSAttributes", SUPPORT), ask("sns:GetSMSSandboxAccountStatus", SUPPORT)),
        use(LOW, YEARLY, denied(ask("sns:GetSMSAttributes", ENGINEER))),
    ),
}  # fmt: skip
