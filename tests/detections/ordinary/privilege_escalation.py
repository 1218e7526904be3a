"""Ordinary life around the rules of privilege escalation."""

from investigator.domain.words import Severity
from tests.detections.ordinary.callers import ADMIN, AWS, DEPLOY, ENGINEER, LINKED, SCANNER, STACK, WORKLOAD
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
    life,
    near,
    policy,
    quiet,
    text,
    use,
)  # fmt: skip

LOW, MEDIUM, HIGH = Severity.LOW, Severity.MEDIUM, Severity.HIGH
MANAGED, OWN = "arn:aws:iam::aws:policy/", "arn:aws:iam::<account>:policy/<word>"
READS = text(policy(allow(None, ["s3:GetObject", "s3:ListBucket"], "arn:aws:s3:::<word>-data/*")))
EVERYTHING = text(policy(allow(None, "*", "*")))
LAMBDA = "lambda:UpdateFunctionConfiguration20150331v2"

LIVES: dict[str, Life] = {
    "attach-admin-policy": life(
        near(
            WEEKLY,
            ask("iam:AttachRolePolicy", DEPLOY, roleName="<word>", policyArn=f"{MANAGED}AmazonS3ReadOnlyAccess"),
            ask("iam:AttachRolePolicy", DEPLOY, roleName="<word>", policyArn=OWN),
            ask("iam:DetachRolePolicy", ADMIN, roleName="<word>", policyArn=f"{MANAGED}AdministratorAccess"),
        ),
        use(HIGH, MONTHLY, ask("iam:AttachRolePolicy", DEPLOY, roleName="deploy-<word>", policyArn=f"{MANAGED}PowerUserAccess")),
        use(MEDIUM, MONTHLY, ask("iam:AttachRolePolicy", STACK, roleName="deploy-<word>", policyArn=f"{MANAGED}AdministratorAccess")),
    ),
    "attach-policy": life(
        near(OFTEN, ask("iam:ListAttachedRolePolicies", SCANNER, roleName="<word>"), ask("iam:DetachRolePolicy", DEPLOY, roleName="<word>", policyArn=OWN)),
        use(LOW, DAILY, ask("iam:AttachRolePolicy", DEPLOY, roleName="<word>", policyArn=OWN)),
        quiet(WEEKLY, ask("iam:AttachRolePolicy", LINKED, roleName="<word>", policyArn=OWN)),
    ),
    "function-configuration": life(
        near(OFTEN, ask("lambda:GetFunctionConfiguration20150331v2", SCANNER, functionName="<word>"), ask("lambda:PublishVersion20150331", DEPLOY, functionName="<word>")),
        use(LOW, DAILY, ask(LAMBDA, DEPLOY, functionName="<word>", memorySize=512)),
    ),
    "function-role-layer-or-environment": life(
        near(DAILY, ask(LAMBDA, DEPLOY, functionName="<word>", memorySize=1024), ask(LAMBDA, ENGINEER, functionName="<word>", timeout=30)),
        use(MEDIUM, DAILY, ask(LAMBDA, DEPLOY, functionName="<word>", environment={}, role="arn:aws:iam::<account>:role/<word>")),
        use(LOW, DAILY, ask(LAMBDA, STACK, functionName="<word>", layers=["arn:aws:lambda:<region>:<account>:layer:<word>:3"])),
    ),
    "inline-admin-policy": life(
        near(
            WEEKLY,
            ask("iam:PutRolePolicy", DEPLOY, roleName="<word>", policyName="reads", policyDocument=READS),
            ask("iam:PutRolePolicy", DEPLOY, roleName="<word>", policyName="queue",
                policyDocument=text(policy(allow(None, "sqs:*", "arn:aws:sqs:<region>:<account>:<word>")))),
            ask("iam:PutUserPolicy", ADMIN, userName="<user>", policyName="stop",
                policyDocument=text(policy({"Effect": "Deny", "Action": "*", "Resource": "*"}))),
        ),
        use(HIGH, QUARTERLY, ask("iam:PutRolePolicy", DEPLOY, roleName="deploy-<word>", policyName="all", policyDocument=EVERYTHING)),
        use(MEDIUM, QUARTERLY, ask("iam:PutRolePolicy", STACK, roleName="deploy-<word>", policyName="all", policyDocument=EVERYTHING)),
    ),
    "inline-policy": life(
        near(OFTEN, ask("iam:GetRolePolicy", SCANNER, roleName="<word>", policyName="reads"), ask("iam:DeleteRolePolicy", DEPLOY, roleName="<word>", policyName="reads")),
        use(MEDIUM, DAILY, ask("iam:PutRolePolicy", DEPLOY, roleName="<word>", policyName="reads", policyDocument=READS)),
        use(LOW, DAILY, ask("iam:PutRolePolicy", STACK, roleName="<word>", policyName="reads", policyDocument=READS)),
    ),
    "permissions-boundary": life(
        near(DAILY, ask("iam:CreateRole", DEPLOY, roleName="<word>", permissionsBoundary=OWN), ask("iam:GetRole", SCANNER, roleName="<word>")),
        use(MEDIUM, MONTHLY, ask("iam:PutRolePermissionsBoundary", DEPLOY, roleName="<word>", permissionsBoundary=OWN)),
    ),
    "policy-made": life(
        near(OFTEN, ask("iam:GetPolicy", DEPLOY, policyArn=OWN), ask("iam:ListPolicies", SCANNER), ask("iam:DeletePolicy", DEPLOY, policyArn=OWN)),
        use(LOW, WEEKLY, ask("iam:CreatePolicy", DEPLOY, policyName="<word>", policyDocument=READS), ask("iam:CreateServiceLinkedRole", DEPLOY, aWSServiceName="ecs.amazonaws.com")),
        quiet(WEEKLY, ask("iam:CreateServiceLinkedRole", AWS, aWSServiceName="ops.amazonaws.com")),
    ),
    "policy-version": life(
        near(OFTEN, ask("iam:ListPolicyVersions", DEPLOY, policyArn=OWN), ask("iam:DeletePolicyVersion", DEPLOY, policyArn=OWN, versionId="v2")),
        use(MEDIUM, WEEKLY, ask("iam:CreatePolicyVersion", DEPLOY, policyArn=OWN, policyDocument=READS, setAsDefault=True)),
    ),
    "role-for-an-instance": life(
        near(WEEKLY, ask("iam:CreateInstanceProfile", DEPLOY, instanceProfileName="<word>"), ask("ec2:DescribeIamInstanceProfileAssociations", SCANNER)),
        use(MEDIUM, WEEKLY, ask("iam:AddRoleToInstanceProfile", DEPLOY, roleName="<word>", instanceProfileName="<word>")),
        use(MEDIUM, MONTHLY, ask("ec2:AssociateIamInstanceProfile", ENGINEER, AssociateIamInstanceProfileRequest={"InstanceId": "i-<id>"})),
    ),
    "root-session-in-member-account": life(
        near(DAILY, ask("sts:AssumeRole", ADMIN, roleArn="arn:aws:iam::<sister>:role/admin"), ask("iam:ListOrganizationsFeatures", ADMIN)),
        use(HIGH, YEARLY, ask("sts:AssumeRoot", ADMIN, targetPrincipal="<sister>", taskPolicyArn={"arn": f"{MANAGED}root-task/IAMAuditRootUserCredentials"})),
    ),
    "user-added-to-group": life(
        near(WEEKLY, ask("iam:RemoveUserFromGroup", ADMIN, userName="<user>", groupName="developers"), ask("iam:ListGroupsForUser", SCANNER, userName="<user>"), ask("iam:CreateGroup", DEPLOY, groupName="<word>")),
        use(MEDIUM, MONTHLY, ask("iam:AddUserToGroup", ADMIN, userName="<user>", groupName="developers")),
        use(MEDIUM, YEARLY, ask("iam:AddUserToGroup", WORKLOAD, userName="<user>", groupName="readers")),
    ),
}  # fmt: skip
