"""What acts of an intruder leave in no record by their nature: one Gap for each kind of act, however often done."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from investigator.domain.event import Event
from investigator.domain.gap import Gap
from investigator.domain.paths import select, texts
from investigator.stages.assessment.wording import listed

MOST_NAMED = 5
LONGEST_NAME = 80
"""Characters of a name that a caller may have chosen."""
_BEFORE = re.compile(r"arn:[\w-]+:[\w-]+:[\w-]*:\d*:(?:[\w-]+[:/])?")
"""What stands before the name in an ARN."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of act, and what of it is never recorded."""

    acts: Mapping[str, str]
    """Each action, with the path in its request, or else in its answer, of what it was about."""
    what: str
    """The names of what the acts were about follow it."""
    why: str
    effect: str
    close: str


_KINDS = (
    _Kind(
        acts={
            "secretsmanager:GetSecretValue": "secretId",
            "secretsmanager:BatchGetSecretValue": "secretIdList",
            "ssm:GetParameter": "name",
            "ssm:GetParameters": "names",
            "ssm:GetParametersByPath": "path",
            "ssm:GetParameterHistory": "name",
        },
        what="the values of secrets and parameters that were read",
        why="CloudTrail records that a value was read, and never the value",
        effect="what the values open, in AWS and elsewhere, is not known",
        close="rotate each of them, and read the own logs of the systems that they open",
    ),
    _Kind(
        acts={
            "ec2:GetPasswordData": "instanceId",
            "lightsail:DownloadDefaultKeyPair": "",
            "lightsail:GetInstanceAccessDetails": "instanceName",
            "lightsail:GetRelationalDatabaseMasterUserPassword": "relationalDatabaseName",
            "redshift:GetClusterCredentials": "clusterIdentifier",
            "redshift:GetClusterCredentialsWithIAM": "clusterIdentifier",
            "redshift-serverless:GetCredentials": "workgroupName",
        },
        what="sign-ins to machines and databases whose passwords or keys were handed out",
        why="CloudTrail records neither the password nor a sign-in with it",
        effect="what was read or changed there is not known",
        close="read the own logs of these machines and databases, and change the passwords",
    ),
    _Kind(
        acts={
            "lambda:GetFunction": "functionName",
            "lambda:GetFunctionConfiguration": "functionName",
            "ec2:DescribeInstanceAttribute": "instanceId",
            "ecs:DescribeTaskDefinition": "taskDefinition",
            "codebuild:BatchGetProjects": "names",
            "cloudformation:GetTemplate": "stackName",
        },
        what="credentials in code, settings and user data that were read",
        why="CloudTrail records what was asked for, and not what the answer held",
        effect="credentials that stood there may be known to the intruder",
        close="read them as they stood then, and rotate every credential found",
    ),
    _Kind(
        acts={
            "ssm:SendCommand": "instanceIds",
            "ssm:CreateAssociation": "targets.values",
            "ssm:StartSession": "target",
            "ssm:ResumeSession": "sessionId",
            "ecs:ExecuteCommand": "task",
            "ec2-instance-connect:SendSSHPublicKey": "instanceId",
            "ec2-instance-connect:SendSerialConsoleSSHPublicKey": "instanceId",
            "cloudshell:CreateSession": "EnvironmentId",
            "sagemaker:CreatePresignedNotebookInstanceUrl": "notebookInstanceName",
            "sagemaker:CreatePresignedDomainUrl": "domainId",
        },
        what="what commands and sessions did on machines",
        why="CloudTrail hides the text of a command, and records nothing of what runs on a machine",
        effect="what was read, changed or left there is not known",
        close="read the command history and its output bucket, the session logs, and the disk",
    ),
    _Kind(
        acts={
            "lambda:CreateFunction": "functionName",
            "lambda:UpdateFunctionCode": "functionName",
            "lambda:PublishLayerVersion": "layerName",
            "ec2:ModifyInstanceAttribute": "instanceId",
            "ec2:RunInstances": "instancesSet.items.instanceId",
            "ec2:CreateLaunchTemplate": "launchTemplateName",
            "cloudformation:CreateStack": "stackName",
            "cloudformation:UpdateStack": "stackName",
        },
        what="the code, templates and user data that were put in place",
        why="CloudTrail records that they were set, and leaves out their text",
        effect="what they did, or will do when they run, is not known",
        close="download them, with all versions, before anything is deleted, and read the logs they wrote",
    ),
    _Kind(
        acts={
            "bedrock:InvokeModel": "modelId",
            "bedrock:InvokeModelWithResponseStream": "modelId",
            "bedrock:Converse": "modelId",
            "bedrock:ConverseStream": "modelId",
        },
        what="what models were asked, and what they answered",
        why="CloudTrail records the call of a model without its text",
        effect="for what the models were used is not known",
        close="read the logs of model calls, if bedrock:GetModelInvocationLoggingConfiguration names any",
    ),
    _Kind(
        acts={"signin:ConsoleLogin": "", "signin:GetSigninToken": ""},
        what="what was looked at and downloaded in the console",
        why="much of what its pages show is fetched by calls that no trail records, or as data events",
        effect="what was seen there cannot be told in full",
        close="read data events, access logs of buckets and the CloudShell history of that time",
    ),
)


def hidden_acts(events: Iterable[Event]) -> Iterator[Gap]:
    """A Gap for each kind of act that succeeded."""
    done = [event for event in events if event.succeeded and _ONLY.get(event.action, _always)(event)]
    for kind in _KINDS:
        names = _each_in_turn(
            [
                [name for event in done if event.action == action for name in _names(event, path)]
                for action, path in kind.acts.items()
            ]
        )
        if names:
            what = f"{kind.what}: {listed(names, MOST_NAMED)}"
            yield Gap.of(what=what, why=kind.why, effect=kind.effect, close=kind.close)


def _each_in_turn(lists: Iterable[Sequence[str]]) -> list[str]:
    """The first of each list, then the second: a few of them show every kind of act."""
    return [name for row in zip_longest(*lists) for name in row if name]


def plain_name(value: str) -> str:
    """A name of a record without what stands before it in an ARN, and not longer than a line holds."""
    name = _BEFORE.sub("", value)
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"


def _names(event: Event, path: str) -> tuple[str, ...]:
    """What an act was about; where the record does not say it, who did it."""
    found = (texts(event.request, path) or texts(event.response, path)) if path else ()
    return tuple(map(plain_name, found)) or (plain_name(event.user or event.session or event.principal),)


def _always(_: Event) -> bool:
    return True


def _decrypts(event: Event) -> bool:
    return event.asked("withDecryption") == "true"


def _asks_for_user_data(event: Event) -> bool:
    return event.asked("attribute") == "userData"


def _sets_user_data(event: Event) -> bool:
    return bool(select(event.request, "userData") or select(event.request, "launchTemplateData.userData"))


_ONLY: Mapping[str, Callable[[Event], bool]] = {
    "ssm:GetParameter": _decrypts,
    "ssm:GetParameters": _decrypts,
    "ssm:GetParametersByPath": _decrypts,
    "ssm:GetParameterHistory": _decrypts,
    "ec2:DescribeInstanceAttribute": _asks_for_user_data,
    "ec2:ModifyInstanceAttribute": _sets_user_data,
    "ec2:RunInstances": _sets_user_data,
    "ec2:CreateLaunchTemplate": _sets_user_data,
}
"""Actions that hide something only when they are asked in a certain way."""
