"""Ordinary life around the rules of execution."""

from investigator.domain.words import Severity
from tests.detections.ordinary.callers import (
    ADMIN,
    AWS,
    DEPLOY,
    ENGINEER,
    LINKED,
    MAINTENANCE,
    OLD_KEY,
    PERSON,
    SCANNER,
    STACK,
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
    life,
    near,
    quiet,
    use,
)  # fmt: skip

LOW, MEDIUM, HIGH, INFORMATIONAL = Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.INFORMATIONAL
IMAGE = "<account>.dkr.ecr.<region>.amazonaws.com/<word>:<n>"
MODEL = "anthropic.claude-3-haiku-20240307-v1:0"

LIVES: dict[str, Life] = {
    "cloud-shell": life(
        near(WEEKLY, ask("cloudshell:DescribeEnvironments", ENGINEER), ask("cloudshell:GetEnvironmentStatus", ENGINEER), ask("cloudshell:SendHeartBeat", ENGINEER)),
        use(LOW, WEEKLY, ask("cloudshell:CreateEnvironment", ENGINEER), ask("cloudshell:CreateSession", ADMIN)),
    ),
    "container-of-public-image": life(
        near(
            DAILY,
            ask("ecs:RegisterTaskDefinition", DEPLOY, family="<word>", containerDefinitions=[{"image": IMAGE}]),
            ask("ecs:RegisterTaskDefinition", DEPLOY, family="<word>", containerDefinitions=[{"image": "nginx:1.25"}]),
            ask("ecs:RegisterTaskDefinition", DEPLOY, family="<word>", containerDefinitions=[{"image": IMAGE}, {"image": "amazon/aws-xray-daemon:3"}]),
        ),
        use(MEDIUM, MONTHLY, ask("ecs:RegisterTaskDefinition", DEPLOY, family="<word>", containerDefinitions=[{"image": "<word>/agent:<n>"}])),
    ),
    "container-reads-credentials": life(
        near(
            DAILY,
            ask("ecs:RegisterTaskDefinition", DEPLOY, family="<word>", containerDefinitions=[{"image": IMAGE, "command": ["serve", "--port", "8080"]}]),
            ask("ecs:RunTask", WORKLOAD, cluster="<word>", taskDefinition="<word>:<n>", overrides={"containerOverrides": [{"command": ["migrate"]}]}),
        ),
        use(MEDIUM, MONTHLY, ask("ecs:RegisterTaskDefinition", DEPLOY, family="<word>", containerDefinitions=[
            {"image": IMAGE, "healthCheck": {"command": ["CMD-SHELL", "curl -f http://localhost:8080/health"]}}])),
    ),
    "create-build-project": life(
        near(OFTEN, ask("codebuild:StartBuild", DEPLOY, projectName="<word>"), ask("codebuild:BatchGetProjects", DEPLOY, names=["<word>"])),
        use(LOW, WEEKLY, ask("codebuild:CreateProject", DEPLOY, name="<word>")),
    ),
    "create-function": life(
        near(OFTEN, ask("lambda:GetFunction20150331v2", DEPLOY, functionName="<word>"), ask("lambda:CreateAlias20150331", DEPLOY, functionName="<word>", name="live")),
        use(LOW, WEEKLY, ask("lambda:CreateFunction20150331", DEPLOY, functionName="<word>", runtime="python3.12")),
        use(INFORMATIONAL, WEEKLY, ask("lambda:CreateFunction20150331", STACK, functionName="<word>", runtime="nodejs20.x")),
    ),
    "create-stack": life(
        near(OFTEN, ask("cloudformation:DescribeStacks", DEPLOY, stackName="<word>"), ask("cloudformation:UpdateStack", DEPLOY, stackName="<word>"), ask("cloudformation:CreateChangeSet", DEPLOY, stackName="<word>")),
        use(LOW, WEEKLY, ask("cloudformation:CreateStack", DEPLOY, stackName="<word>", capabilities=["CAPABILITY_NAMED_IAM"])),
        quiet(WEEKLY, ask("cloudformation:CreateStack", AWS, stackName="StackSet-<word>")),
    ),
    "instances-started": life(
        near(OFTEN, ask("ec2:DescribeInstances", DEPLOY), ask("ec2:RebootInstances", SUPPORT, instancesSet={"items": [{"instanceId": "i-<id>"}]})),
        use(LOW, DAILY, ask("ec2:StartInstances", WORKLOAD, instancesSet={"items": [{"instanceId": "i-<id>"}]})),
        use(LOW, WEEKLY, ask("ec2:StartInstances", ENGINEER, instancesSet={"items": [{"instanceId": "i-<id>"}]})),
    ),
    "invoke-model": life(
        near(HOURLY, ask("bedrock:InvokeModel", WORKLOAD, modelId=MODEL), ask("bedrock:ConverseStream", ENGINEER, modelId=MODEL), ask("bedrock:GetFoundationModel", PERSON, modelIdentifier=MODEL)),
        use(MEDIUM, OFTEN, ask("bedrock:InvokeModel", OLD_KEY, modelId=MODEL)),
    ),
    "launch-fleet": life(
        near(DAILY, ask("ec2:DescribeLaunchTemplates", SCANNER), ask("autoscaling:UpdateAutoScalingGroup", DEPLOY, autoScalingGroupName="<word>"), ask("ec2:ModifyLaunchTemplate", DEPLOY, launchTemplateId="lt-<id>")),
        use(MEDIUM, DAILY, ask("ec2:CreateLaunchTemplateVersion", DEPLOY, CreateLaunchTemplateVersionRequest={"LaunchTemplateId": "lt-<id>"})),
        use(LOW, WEEKLY, ask("autoscaling:CreateAutoScalingGroup", STACK, autoScalingGroupName="<word>")),
        quiet(OFTEN, ask("ec2:CreateFleet", LINKED, type="instant")),
    ),
    "launch-instances": life(
        near(OFTEN, ask("ec2:DescribeInstanceTypes", DEPLOY), ask("ec2:DescribeImages", SCANNER, ownersSet={"items": [{"owner": "self"}]})),
        use(LOW, DAILY, ask("ec2:RunInstances", DEPLOY, instanceType="<small>", instancesSet={"items": [{"imageId": "ami-<id>", "minCount": 1, "maxCount": 1}]})),
        quiet(OFTEN, ask("ec2:RunInstances", LINKED, instanceType="<small>", instancesSet={"items": [{"imageId": "ami-<id>", "minCount": 1, "maxCount": 1}]})),
    ),
    "network-made": life(
        near(WEEKLY, ask("ec2:CreateVpc", DEPLOY, cidrBlock="10.40.0.0/16"), ask("ec2:CreateSubnet", DEPLOY, vpcId="vpc-<id>", cidrBlock="10.40.1.0/24")),
        use(LOW, YEARLY, ask("ec2:CreateDefaultVpc", ENGINEER), ask("ec2:CreateDefaultSubnet", ENGINEER, AvailabilityZone="<region>a")),
    ),
    "push-ssh-key": life(
        near(WEEKLY, ask("ec2:DescribeInstanceConnectEndpoints", ENGINEER), ask("ec2-instance-connect:OpenTunnel", ENGINEER, instanceId="i-<id>")),
        use(MEDIUM, WEEKLY, ask("ec2-instance-connect:SendSSHPublicKey", ENGINEER, instanceId="i-<id>", instanceOSUser="ec2-user")),
    ),
    "role-passed-to-notebook-or-job": life(
        near(DAILY, ask("glue:StartJobRun", WORKLOAD, jobName="<word>"), ask("sagemaker:DescribeTrainingJob", WORKLOAD, trainingJobName="<word>"), ask("sagemaker:StopNotebookInstance", ENGINEER, notebookInstanceName="<word>")),
        use(MEDIUM, DAILY, ask("sagemaker:CreateTrainingJob", WORKLOAD, trainingJobName="<word>", roleArn="arn:aws:iam::<account>:role/<word>")),
        use(LOW, WEEKLY, ask("glue:UpdateJob", STACK, jobName="<word>")),
    ),
    "run-command": life(
        near(OFTEN, ask("ssm:ListCommandInvocations", SUPPORT, commandId="<uuid>"), ask("ssm:DescribeInstanceInformation", SCANNER), ask("ssm:StartAssociationsOnce", ADMIN, associationIds=["<uuid>"])),
        use(MEDIUM, DAILY, ask("ssm:SendCommand", DEPLOY, documentName="AWS-RunPatchBaseline", instanceIds=["i-<id>"])),
        use(LOW, OFTEN, ask("ssm:SendCommand", MAINTENANCE, documentName="AWS-UpdateSSMAgent", instanceIds=["i-<id>"])),
    ),
    "run-containers": life(
        near(HOURLY, ask("ecs:DescribeTasks", WORKLOAD, cluster="<word>"), ask("ecs:UpdateService", DEPLOY, cluster="<word>", service="<word>"), ask("batch:DescribeJobs", WORKLOAD, jobs=["<uuid>"])),
        use(LOW, HOURLY, ask("ecs:RunTask", WORKLOAD, cluster="<word>", taskDefinition="<word>:<n>"), ask("batch:SubmitJob", WORKLOAD, jobName="<word>")),
        use(LOW, DAILY, ask("ecs:RegisterTaskDefinition", DEPLOY, family="<word>")),
    ),
    "serial-console": life(
        near(WEEKLY, ask("ec2:GetSerialConsoleAccessStatus", SCANNER), ask("ec2-instance-connect:SendSSHPublicKey", ENGINEER, instanceId="i-<id>"), ask("ec2:DisableSerialConsoleAccess", ADMIN)),
        use(HIGH, YEARLY, ask("ec2-instance-connect:SendSerialConsoleSSHPublicKey", SUPPORT, instanceId="i-<id>")),
    ),
    "start-automation": life(
        near(OFTEN, ask("ssm:DescribeAutomationExecutions", SUPPORT), ask("ssm:GetAutomationExecution", SUPPORT, automationExecutionId="<uuid>")),
        use(LOW, DAILY, ask("ssm:StartAutomationExecution", SUPPORT, documentName="AWS-RestartEC2Instance")),
    ),
    "start-session": life(
        near(DAILY, ask("ssm:TerminateSession", ENGINEER, sessionId="<word>-<id>"), ask("ssm:DescribeSessions", SUPPORT, state="Active")),
        use(LOW, DAILY, ask("ssm:StartSession", ENGINEER, target="i-<id>"), ask("ssm:ResumeSession", SUPPORT, sessionId="<word>-<id>")),
    ),
    "update-function-code": life(
        near(OFTEN, ask("lambda:PublishVersion20150331", DEPLOY, functionName="<word>"), ask("lambda:UpdateAlias20150331", DEPLOY, functionName="<word>"), ask("lambda:GetFunction20150331v2", SCANNER, functionName="<word>")),
        use(MEDIUM, DAILY, ask("lambda:UpdateFunctionCode20150331v2", DEPLOY, functionName="<word>", s3Bucket="builds-<account>")),
        use(LOW, DAILY, ask("lambda:UpdateFunctionCode20150331v2", STACK, functionName="<word>", s3Bucket="builds-<account>")),
    ),
}  # fmt: skip
