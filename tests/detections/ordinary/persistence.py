"""Ordinary life around the rules of persistence."""

from investigator.domain.words import Severity
from tests.detections.ordinary.callers import (
    ADMIN,
    AWS,
    DEPLOY,
    ENGINEER,
    LINKED,
    PERSON,
    ROOT,
    SCANNER,
    SESSION,
    STACK,
    SUPPORT,
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
INFORMATIONAL = Severity.INFORMATIONAL
FUNCTION = "arn:aws:lambda:<region>:<account>:function:<word>"
GRANT = "lambda:AddPermission20150331v2"
OF_SERVICE = text(policy(allow({"Service": "ecs-tasks.amazonaws.com"}, "sts:AssumeRole")))
OF_ACCOUNT = text(policy(allow({"AWS": "arn:aws:iam::<account>:role/<word>"}, "sts:AssumeRole")))
OF_SISTER = text(policy(allow({"AWS": "arn:aws:iam::<sister>:root"}, "sts:AssumeRole")))

LIVES: dict[str, Life] = {
    "access-key-by-root": life(
        near(MONTHLY, ask("iam:CreateAccessKey", ADMIN, userName="<user>"), ask("iam:ListAccessKeys", ROOT), ask("iam:DeleteAccessKey", ROOT, accessKeyId="<key>")),
        use(CRITICAL, YEARLY / 10, ask("iam:CreateAccessKey", ROOT)),
    ),
    "access-key-for-another-user": life(
        near(MONTHLY, ask("iam:CreateAccessKey", PERSON, userName="<self>"), ask("iam:CreateAccessKey", SESSION), ask("iam:ListAccessKeys", ADMIN, userName="<user>")),
        use(MEDIUM, MONTHLY, ask("iam:CreateAccessKey", ADMIN, userName="svc-<word>"), ask("iam:CreateAccessKey", DEPLOY, userName="svc-<word>")),
    ),
    "access-key-for-self": life(
        near(MONTHLY, ask("iam:CreateAccessKey", ADMIN, userName="svc-<word>"), ask("iam:GetAccessKeyLastUsed", PERSON, accessKeyId="<key>")),
        use(LOW, MONTHLY, ask("iam:CreateAccessKey", SESSION, userName="<self>")),
        use(MEDIUM, MONTHLY, ask("iam:CreateAccessKey", PERSON)),
    ),
    "account-added-to-organization": life(
        near(DAILY, ask("organizations:ListAccounts", SCANNER), ask("organizations:DescribeCreateAccountStatus", DEPLOY, createAccountRequestId="car-<id>"), ask("organizations:MoveAccount", ADMIN, accountId="<sister>")),
        use(HIGH, QUARTERLY, ask("organizations:CreateAccount", DEPLOY, accountName="<word>")),
    ),
    "certificate-trust-anchor": life(
        near(WEEKLY, ask("rolesanywhere:ListTrustAnchors", SCANNER), ask("rolesanywhere:UpdateProfile", DEPLOY, profileId="<uuid>"), ask("rolesanywhere:CreateSession", WORKLOAD, profileArn="<uuid>")),
        use(HIGH, YEARLY, ask("rolesanywhere:CreateTrustAnchor", DEPLOY, name="<word>"), ask("rolesanywhere:CreateProfile", DEPLOY, name="<word>")),
    ),
    "cluster-access": life(
        near(DAILY, ask("eks:DescribeAccessEntry", DEPLOY, clusterName="<word>"), ask("eks:ListAssociatedAccessPolicies", DEPLOY, clusterName="<word>"), ask("eks:UpdateAccessEntry", DEPLOY, clusterName="<word>")),
        use(MEDIUM, MONTHLY, ask("eks:CreateAccessEntry", DEPLOY, clusterName="<word>"), ask("eks:AssociateAccessPolicy", DEPLOY, clusterName="<word>")),
    ),
    "create-login-profile": life(
        near(DAILY, ask("iam:GetLoginProfile", SCANNER, userName="<user>"), ask("iam:DeleteLoginProfile", ADMIN, userName="<user>"), ask("iam:UpdateLoginProfile", ADMIN, userName="<user>")),
        use(HIGH, MONTHLY, ask("iam:CreateLoginProfile", ADMIN, userName="<user>", passwordResetRequired=True)),
    ),
    "create-role": life(
        near(OFTEN, ask("iam:GetRole", DEPLOY, roleName="<word>"), ask("iam:TagRole", DEPLOY, roleName="<word>"), ask("iam:CreateInstanceProfile", DEPLOY, instanceProfileName="<word>")),
        use(LOW, DAILY, ask("iam:CreateRole", DEPLOY, roleName="<word>", assumeRolePolicyDocument=OF_SERVICE)),
        quiet(WEEKLY, ask("iam:CreateRole", AWS, roleName="<word>", assumeRolePolicyDocument=OF_SERVICE)),
    ),
    "create-role-for-outsiders": life(
        near(
            DAILY,
            ask("iam:CreateRole", DEPLOY, roleName="<word>", assumeRolePolicyDocument=OF_SERVICE),
            ask("iam:CreateRole", DEPLOY, roleName="<word>", assumeRolePolicyDocument=OF_ACCOUNT),
            ask("iam:CreateRole", ADMIN, roleName="<word>", assumeRolePolicyDocument=text(policy(allow({"AWS": "<account>"}, "sts:AssumeRole")))),
        ),
        use(HIGH, WEEKLY, ask("iam:CreateRole", DEPLOY, roleName="<word>", assumeRolePolicyDocument=OF_SISTER)),
        use(MEDIUM, WEEKLY, ask("iam:CreateRole", STACK, roleName="<word>", assumeRolePolicyDocument=OF_SISTER)),
    ),
    "create-user": life(
        near(DAILY, ask("iam:GetUser", SCANNER, userName="<user>"), ask("iam:TagUser", ADMIN, userName="<user>"), ask("identitystore:CreateUser", ADMIN, userName="<user>")),
        use(MEDIUM, MONTHLY, ask("iam:CreateUser", DEPLOY, userName="svc-<word>"), ask("iam:CreateUser", ADMIN, userName="<user>")),
    ),
    "directory-user-or-group": life(
        near(DAILY, ask("identitystore:ListUsers", ADMIN), ask("identitystore:DescribeGroup", ADMIN, groupId="<uuid>"), ask("identitystore:UpdateUser", ADMIN, userId="<uuid>")),
        use(MEDIUM, WEEKLY, ask("identitystore:CreateGroupMembership", ADMIN, groupId="<uuid>"), ask("sso-directory:AddMemberToGroup", ADMIN, groupId="<uuid>")),
        quiet(DAILY, ask("identitystore:CreateUser", AWS, userName="<user>")),
    ),
    "event-trigger": life(
        near(OFTEN, ask("events:ListTargetsByRule", DEPLOY, rule="<word>"), ask("events:DescribeRule", DEPLOY, name="<word>"), ask("events:PutEvents", WORKLOAD)),
        use(LOW, DAILY, ask("events:PutRule", DEPLOY, name="<word>"), ask("events:PutTargets", DEPLOY, rule="<word>")),
        quiet(WEEKLY, ask("events:PutRule", LINKED, name="AutoScalingManagedRule")),
    ),
    "function-opened-to-outsiders": life(
        near(
            DAILY,
            ask(GRANT, DEPLOY, functionName=FUNCTION, principal="s3.amazonaws.com", sourceArn="arn:aws:s3:::<word>-data", sourceAccount="<account>"),
            ask(GRANT, DEPLOY, functionName=FUNCTION, principal="apigateway.amazonaws.com", sourceArn="arn:aws:execute-api:<region>:<account>:<id>/*"),
            ask(GRANT, DEPLOY, functionName=FUNCTION, principal="arn:aws:iam::<account>:role/<word>"),
        ),
        use(HIGH, MONTHLY, ask(GRANT, DEPLOY, functionName="<word>", principal="<sister>", action="lambda:InvokeFunction")),
        use(MEDIUM, MONTHLY, ask(GRANT, STACK, functionName="<word>", principal="arn:aws:iam::<sister>:role/<word>")),
    ),
    "function-permission": life(
        near(OFTEN, ask("lambda:GetPolicy20150331v2", DEPLOY, functionName="<word>"), ask("lambda:RemovePermission20150331v2", DEPLOY, functionName="<word>")),
        use(LOW, DAILY, ask(GRANT, DEPLOY, functionName="<word>", principal="events.amazonaws.com", sourceArn="arn:aws:events:<region>:<account>:rule/<word>")),
    ),
    "function-url": life(
        near(DAILY, ask("lambda:GetFunctionUrlConfig", SCANNER, functionName="<word>"), ask("lambda:DeleteFunctionUrlConfig", DEPLOY, functionName="<word>")),
        use(LOW, WEEKLY, ask("lambda:CreateFunctionUrlConfig", DEPLOY, functionName="<word>", authType="AWS_IAM")),
    ),
    "function-url-without-sign-in": life(
        near(WEEKLY, ask("lambda:CreateFunctionUrlConfig", DEPLOY, functionName="<word>", authType="AWS_IAM"), ask("lambda:UpdateFunctionUrlConfig", DEPLOY, functionName="<word>", cors={"allowOrigins": ["*"]})),
        use(HIGH, MONTHLY, ask("lambda:CreateFunctionUrlConfig", DEPLOY, functionName="webhook-<word>", authType="NONE")),
    ),
    "identity-center-directory": life(
        near(WEEKLY, ask("sso:ListInstances", DEPLOY), ask("sso:DescribeInstance", SCANNER), ask("sso:GetSSOStatus", ADMIN)),
        use(HIGH, YEARLY, ask("sso:UpdateSsoConfiguration", ADMIN)),
    ),
    "identity-provider": life(
        near(DAILY, ask("iam:GetOpenIDConnectProvider", DEPLOY, openIDConnectProviderArn="<word>"), ask("iam:ListSAMLProviders", SCANNER), ask("iam:TagOpenIDConnectProvider", DEPLOY)),
        use(HIGH, QUARTERLY, ask("iam:CreateOpenIDConnectProvider", DEPLOY, url="https://oidc.eks.<region>.amazonaws.com/id/<id>")),
        use(MEDIUM, QUARTERLY, ask("iam:CreateOpenIDConnectProvider", STACK, url="https://oidc.eks.<region>.amazonaws.com/id/<id>")),
    ),
    "image-repository-changed": life(
        near(HOURLY, ask("ecr:BatchGetImage", WORKLOAD, repositoryName="<word>"), ask("ecr:InitiateLayerUpload", DEPLOY, repositoryName="<word>"), ask("ecr:PutLifecyclePolicy", DEPLOY, repositoryName="<word>")),
        use(LOW, OFTEN, ask("ecr:PutImage", DEPLOY, repositoryName="<word>", imageTag="<n>")),
        use(LOW, WEEKLY, ask("ecr:PutImage", ENGINEER, repositoryName="<word>", imageTag="try-<n>")),
    ),
    "key-policy": life(
        near(OFTEN, ask("kms:GetKeyPolicy", SCANNER, keyId="<uuid>"), ask("kms:ListGrants", SCANNER, keyId="<uuid>"), ask("kms:RetireGrant", WORKLOAD, grantId="<id>")),
        use(INFORMATIONAL, DAILY, ask("kms:PutKeyPolicy", DEPLOY, keyId="<uuid>", policy=text(policy(allow({"AWS": "arn:aws:iam::<account>:root"}, "kms:*", "*"))))),
        use(INFORMATIONAL, OFTEN, but(ask("kms:CreateGrant", WORKLOAD, keyId="<uuid>"), sourceIPAddress="ec2.amazonaws.com")),
    ),
    "more-credentials-for-a-user": life(
        near(MONTHLY, ask("iam:ListSSHPublicKeys", SCANNER, userName="<user>"), ask("iam:ListMFADevices", SESSION, userName="<self>"), ask("iam:DeleteSSHPublicKey", ADMIN, userName="<user>")),
        use(MEDIUM, MONTHLY, ask("iam:EnableMFADevice", SESSION, userName="<self>"), ask("iam:CreateVirtualMFADevice", SESSION, virtualMFADeviceName="<self>")),
        use(HIGH, QUARTERLY, ask("iam:UploadSSHPublicKey", PERSON, userName="<self>")),
    ),
    "own-password": life(
        near(MONTHLY, ask("iam:UpdateLoginProfile", ADMIN, userName="<user>"), ask("iam:GetLoginProfile", SESSION, userName="<self>")),
        use(LOW, WEEKLY, ask("iam:ChangePassword", SESSION, userName="<self>")),
    ),
    "password-of-another-user": life(
        near(WEEKLY, ask("iam:ChangePassword", SESSION, userName="<self>"), ask("iam:ChangePassword", SESSION), ask("iam:UpdateLoginProfile", SESSION, userName="<self>")),
        use(HIGH, MONTHLY, ask("iam:UpdateLoginProfile", ADMIN, userName="<user>", passwordResetRequired=True)),
    ),
    "permission-set": life(
        near(DAILY, ask("sso:ListPermissionSets", DEPLOY), ask("sso:DescribePermissionSet", DEPLOY), ask("sso:ProvisionPermissionSet", DEPLOY, targetId="<account>")),
        use(MEDIUM, WEEKLY, ask("sso:CreateAccountAssignment", DEPLOY, targetId="<account>"), ask("sso:PutInlinePolicyToPermissionSet", DEPLOY)),
    ),
    "public-entry-point": life(
        near(DAILY, ask("apigateway:GetRestApis", SCANNER), ask("apigateway:CreateDeployment", DEPLOY, restApiId="<id>"), ask("transfer:ListServers", SCANNER)),
        use(LOW, WEEKLY, ask("apigateway:CreateRestApi", DEPLOY, name="<word>"), ask("transfer:CreateUser", SUPPORT, userName="<user>")),
    ),
    "start-up-script-changed": life(
        near(
            WEEKLY,
            ask("ec2:ModifyInstanceAttribute", DEPLOY, instanceId="i-<id>", instanceType={"value": "<small>"}),
            ask("ec2:ModifyInstanceAttribute", DEPLOY, instanceId="i-<id>", sourceDestCheck={"value": False}),
            ask("ec2:DescribeInstanceAttribute", DEPLOY, instanceId="i-<id>", attribute="userData"),
        ),
        use(HIGH, MONTHLY, ask("ec2:ModifyInstanceAttribute", DEPLOY, instanceId="i-<id>", userData="<sensitiveDataRemoved>")),
    ),
    "trust-policy-changed": life(
        near(OFTEN, ask("iam:GetRole", DEPLOY, roleName="<word>"), ask("iam:UpdateRole", DEPLOY, roleName="<word>", maxSessionDuration=7200), ask("iam:UpdateRoleDescription", ADMIN, roleName="<word>")),
        use(MEDIUM, WEEKLY, ask("iam:UpdateAssumeRolePolicy", DEPLOY, roleName="<word>", policyDocument=OF_SERVICE)),
        use(LOW, WEEKLY, ask("iam:UpdateAssumeRolePolicy", STACK, roleName="<word>", policyDocument=OF_SERVICE)),
    ),
    "trust-policy-opened": life(
        near(WEEKLY, ask("iam:UpdateAssumeRolePolicy", DEPLOY, roleName="<word>", policyDocument=OF_SERVICE), ask("iam:UpdateAssumeRolePolicy", DEPLOY, roleName="<word>", policyDocument=OF_ACCOUNT)),
        use(HIGH, MONTHLY, ask("iam:UpdateAssumeRolePolicy", DEPLOY, roleName="<word>", policyDocument=OF_SISTER)),
    ),
}  # fmt: skip
