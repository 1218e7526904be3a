"""Ordinary life around the rules of initial access."""

from investigator.domain.words import Severity
from tests.detections.ordinary.callers import (
    ADMIN,
    CLI,
    DEPLOY,
    ENGINEER,
    OLD_KEY,
    PARTNER,
    PERSON,
    ROOT,
    SCANNER,
    SESSION,
    SIGNED_IN,
    VISITOR,
    WORKLOAD,
)  # fmt: skip
from tests.detections.ordinary.life import (
    DAILY,
    HOURLY,
    MONTHLY,
    OFTEN,
    QUARTERLY,
    WEEKLY,
    YEARLY,
    Life,
    Template,
    ask,
    but,
    life,
    near,
    use,
)  # fmt: skip

LOW, MEDIUM, HIGH, INFORMATIONAL = Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.INFORMATIONAL
ROLE = "arn:aws:iam::<account>:role/<word>"


def sign_in(template: Template, said: str, mfa: str) -> Template:
    """A console sign-in that ended so; CloudTrail tells that in the answer."""
    return but(
        template,
        responseElements={"ConsoleLogin": said},
        additionalEventData={"MFAUsed": mfa},
        eventType="AwsConsoleSignIn",
    )


CONSOLE = ask("signin:ConsoleLogin", SESSION)

LIVES: dict[str, Life] = {
    "console-sign-in": life(
        near(OFTEN, ask("signin:CheckMfa", SESSION), ask("sso:Authenticate", SIGNED_IN), ask("sts:AssumeRoleWithSAML", SIGNED_IN, roleArn=ROLE)),
        use(INFORMATIONAL, DAILY, sign_in(CONSOLE, "Success", "Yes")),
    ),
    "console-sign-in-refused-after-mfa": life(
        near(DAILY, sign_in(CONSOLE, "Success", "Yes"), sign_in(CONSOLE, "Failure", "No")),
        use(MEDIUM, MONTHLY, sign_in(CONSOLE, "Failure", "Yes")),
    ),
    "console-sign-in-without-mfa": life(
        near(
            DAILY,
            sign_in(CONSOLE, "Success", "Yes"),
            sign_in(CONSOLE, "Failure", "No"),
            sign_in(ask("signin:ConsoleLogin", ENGINEER), "Success", "No"),
        ),
        use(MEDIUM, WEEKLY, sign_in(CONSOLE, "Success", "No")),
    ),
    "cross-account-session": life(
        near(HOURLY, ask("sts:AssumeRole", SCANNER, roleArn=ROLE, roleSessionName="audit"), ask("sts:AssumeRole", SESSION, roleArn=ROLE)),
        use(INFORMATIONAL, DAILY, ask("sts:AssumeRole", PARTNER, roleArn="arn:aws:iam::<account>:role/monitoring", externalId="<id>")),
    ),
    "federated-role-session": life(
        near(HOURLY, ask("sts:AssumeRole", WORKLOAD, roleArn=ROLE), ask("sts:GetCallerIdentity", ENGINEER)),
        use(INFORMATIONAL, HOURLY, ask("sts:AssumeRoleWithSAML", SIGNED_IN, roleArn=ROLE), ask("sts:AssumeRoleWithWebIdentity", SIGNED_IN, roleArn=ROLE)),
    ),
    "guest-identity-credentials": life(
        near(
            HOURLY,
            ask("cognito-identity:GetCredentialsForIdentity", VISITOR, identityId="<region>:<uuid>", logins={"accounts.example.com": "HIDDEN"}),
            ask("cognito-identity:GetId", VISITOR, identityPoolId="<region>:<uuid>"),
        ),
        use(LOW, OFTEN, ask("cognito-identity:GetCredentialsForIdentity", VISITOR, identityId="<region>:<uuid>")),
    ),
    "root-change": life(
        near(
            YEARLY,
            ask("iam:GetAccountSummary", ROOT),
            ask("s3:PutBucketPolicy", ADMIN, bucketName="<word>"),
            sign_in(ask("signin:ConsoleLogin", ROOT), "Success", "Yes"),
        ),
        use(HIGH, YEARLY, ask("account:PutAlternateContact", ROOT, alternateContactType="SECURITY")),
    ),
    "root-console-sign-in": life(
        near(DAILY, sign_in(CONSOLE, "Success", "Yes"), ask("signin:CheckMfa", ROOT)),
        use(HIGH, YEARLY, sign_in(ask("signin:ConsoleLogin", ROOT), "Success", "Yes")),
    ),
    "root-recovery": life(
        near(MONTHLY, ask("signin:CheckMfa", ROOT), ask("iam:ChangePassword", SESSION, userName="<self>"), ask("iam:UpdateAccountEmailAddress", ADMIN)),
        use(HIGH, YEARLY, ask("signin:PasswordRecoveryRequested", ROOT), ask("signin:PasswordUpdated", ROOT)),
    ),
    "sign-in-token": life(
        near(
            DAILY,
            but(ask("signin:GetSigninToken", ENGINEER), userAgent="Jersey/${project.version} (HttpUrlConnection 11.0.21)"),
            but(ask("signin:GetSigninToken", ADMIN), userAgent="Jersey/${project.version} (HttpUrlConnection 11.0.22)"),
        ),
        use(MEDIUM, QUARTERLY, but(ask("signin:GetSigninToken", ENGINEER), userAgent="python-urllib3/2.2.1")),
    ),
    "sign-in-token-of-the-console": life(
        near(OFTEN, ask("sso:GetRoleCredentials", SESSION, role_name="PowerUser", account_id="<account>"), ask("signin:SwitchRole", ENGINEER)),
        use(INFORMATIONAL, DAILY, but(ask("signin:GetSigninToken", ENGINEER), userAgent="Jersey/${project.version}")),
    ),
    "toolkit-user-agent": life(
        near(
            OFTEN,
            but(ask("s3:ListBuckets", OLD_KEY), userAgent=f"{CLI} command/s3.ls"),
            but(ask("s3:GetObject", WORKLOAD, bucketName="<word>-data", key="reports/<id>.csv"), userAgent="S3A/Hadoop 3.3.6"),
            but(ask("ec2:DescribeInstances", SCANNER), userAgent="Prowler/4.1 boto3/1.34"),
        ),
        use(MEDIUM, YEARLY, but(ask("s3:ListObjects", PERSON, bucketName="<word>-data"), userAgent="S3 Browser/11.6.7 (https://s3browser.com)")),
        use(MEDIUM, YEARLY, but(ask("sts:GetCallerIdentity", DEPLOY), userAgent="TruffleHog")),
    ),
}  # fmt: skip
