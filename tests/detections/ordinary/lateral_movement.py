"""Ordinary life around the rules of lateral movement."""

from investigator.domain.words import Severity
from tests.detections.ordinary.callers import (
    AWS,
    DEPLOY,
    ENGINEER,
    OLD_KEY,
    PERSON,
    SCANNER,
    SIGNED_IN,
    VAULT,
    WORKLOAD,
)
from tests.detections.ordinary.life import DAILY, HOURLY, MONTHLY, OFTEN, WEEKLY, Life, ask, but, life, near, quiet, use

LOW, INFORMATIONAL = Severity.LOW, Severity.INFORMATIONAL
ROLE, AUDIT = "arn:aws:iam::<account>:role/<word>", "arn:aws:iam::<sister>:role/security-audit"

LIVES: dict[str, Life] = {
    "assume-role": life(
        near(
            HOURLY,
            but(ask("sts:AssumeRole", AWS, roleArn=ROLE, roleSessionName="<id>"), sourceIPAddress="lambda.amazonaws.com"),
            ask("sts:AssumeRole", SCANNER, roleArn=AUDIT, roleSessionName="audit"),
            ask("sts:GetSessionToken", PERSON),
        ),
        use(INFORMATIONAL, OFTEN, ask("sts:AssumeRole", SIGNED_IN, roleArn=ROLE, roleSessionName="maria")),
        use(LOW, OFTEN, ask("sts:AssumeRole", OLD_KEY, roleArn=ROLE, roleSessionName="reports")),
    ),
    "network-joined": life(
        near(
            WEEKLY,
            ask("ec2:CreateRoute", DEPLOY, routeTableId="rtb-<id>", destinationCidrBlock="10.40.0.0/16", natGatewayId="nat-<id>"),
            ask("ec2:DescribeVpcPeeringConnections", SCANNER),
            ask("ec2:AssociateRouteTable", DEPLOY, routeTableId="rtb-<id>", subnetId="subnet-<id>"),
        ),
        use(LOW, WEEKLY, ask("ec2:CreateRoute", DEPLOY, routeTableId="rtb-<id>", destinationCidrBlock="0.0.0.0/0", gatewayId="igw-<id>")),
        use(LOW, MONTHLY, ask("ec2:CreateTransitGatewayVpcAttachment", DEPLOY, vpcId="vpc-<id>"),
            ask("ec2:AcceptVpcPeeringConnection", DEPLOY, vpcPeeringConnectionId="pcx-<id>")),
    ),
    "role-chained": life(
        near(
            HOURLY,
            but(ask("sts:AssumeRole", AWS, roleArn=ROLE, roleSessionName="<id>"), sourceIPAddress="ec2.amazonaws.com"),
            ask("sts:AssumeRole", OLD_KEY, roleArn=ROLE, roleSessionName="reports"),
            ask("sts:GetCallerIdentity", DEPLOY),
        ),
        use(LOW, HOURLY, ask("sts:AssumeRole", SCANNER, roleArn=AUDIT, roleSessionName="audit"),
            ask("sts:AssumeRole", WORKLOAD, roleArn=ROLE, roleSessionName="<id>")),
        quiet(OFTEN, ask("sts:AssumeRole", VAULT, roleArn=ROLE, roleSessionName="<id>")),
    ),
    "switch-role": life(
        near(DAILY, ask("signin:RenewRole", ENGINEER), ask("signin:ExitRole", ENGINEER), ask("sts:AssumeRole", PERSON, roleArn=ROLE)),
        use(INFORMATIONAL, DAILY, ask("signin:SwitchRole", ENGINEER)),
        use(LOW, WEEKLY, ask("signin:SwitchRole", PERSON)),
    ),
}  # fmt: skip
