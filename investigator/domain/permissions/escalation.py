"""Ways from the rights that one has to the rights of others: the shapes that are known, one row each.

Each needs all of its actions, on something that serves: a right over one's own user alone (`${aws:username}`) makes no
new rights where the shape needs another user. Shapes that change what runs inside a machine are not among them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from investigator.domain.permissions.globs import covers
from investigator.domain.permissions.rights import Answer, Decision, Rights, decide
from investigator.domain.permissions.scopes import Scope

USER, GROUP, ROLE, POLICY, ANY = (
    "arn:*:iam::*:user/*",
    "arn:*:iam::*:group/*",
    "arn:*:iam::*:role/*",
    "arn:*:iam::*:policy/*",
    "*",
)
_ON = {
    "iam:CreateAccessKey": USER, "iam:CreateLoginProfile": USER, "iam:UpdateLoginProfile": USER,
    "iam:AttachUserPolicy": USER, "iam:PutUserPolicy": USER, "iam:AddUserToGroup": GROUP,
    "iam:AttachGroupPolicy": GROUP, "iam:PutGroupPolicy": GROUP, "iam:AttachRolePolicy": ROLE,
    "iam:PutRolePolicy": ROLE, "iam:UpdateAssumeRolePolicy": ROLE, "iam:PassRole": ROLE, "sts:AssumeRole": ROLE,
    "iam:CreatePolicyVersion": POLICY, "iam:SetDefaultPolicyVersion": POLICY,
}  # fmt: skip
"""On what kind of resource an action of a shape works; the others work on any."""


PASS = "iam:PassRole"


@dataclass(frozen=True, slots=True)
class Method:
    """One way up."""

    name: str
    actions: tuple[str, ...]
    target: str = ANY
    """What kind of thing it works on: other people's users, groups, roles, policies, or anything."""
    service: str = ""
    """The service that the passed role must trust."""


def _rows() -> Iterator[Method]:
    for name in ("CreateAccessKey", "CreateLoginProfile", "UpdateLoginProfile"):
        yield Method(name, (f"iam:{name}",), "other user")
    for name in ("AttachUserPolicy", "PutUserPolicy"):
        yield Method(name, (f"iam:{name}",), "user")
    for name in ("AttachGroupPolicy", "PutGroupPolicy"):
        yield Method(name, (f"iam:{name}",), "own group")
    yield Method("AddUserToGroup", ("iam:AddUserToGroup",), "group")
    for name in ("CreatePolicyVersion", "SetDefaultPolicyVersion"):
        yield Method(name, (f"iam:{name}",), "own policy")
    for name in ("AttachRolePolicy", "PutRolePolicy"):
        yield Method(name, (f"iam:{name}", "sts:AssumeRole"), "own role")
    yield Method("UpdateAssumeRolePolicy", ("iam:UpdateAssumeRolePolicy", "sts:AssumeRole"), "role")
    yield Method("UpdateFunctionCode", ("lambda:UpdateFunctionCode",))
    yield Method("UpdateGlueDevEndpoint", ("glue:UpdateDevEndpoint",))
    for name, service, *actions in _PASSING:
        yield Method(f"PassRoleTo{name}", ("iam:PassRole", *actions), "passed role", f"{service}.amazonaws.com")


_PASSING = (
    ("NewInstance", "ec2", "ec2:RunInstances"),
    ("NewSpotInstance", "ec2", "ec2:RequestSpotInstances"),
    ("NewFunctionThenInvoke", "lambda", "lambda:CreateFunction", "lambda:InvokeFunction"),
    ("NewFunctionThenEventSource", "lambda", "lambda:CreateFunction", "lambda:CreateEventSourceMapping"),
    ("NewFunctionThenNewTable", "lambda", "lambda:CreateFunction", "lambda:CreateEventSourceMapping",
     "dynamodb:CreateTable", "dynamodb:PutItem"),
    ("NewGlueDevEndpoint", "glue", "glue:CreateDevEndpoint"),
    ("NewGlueJob", "glue", "glue:CreateJob", "glue:StartJobRun"),
    ("NewStack", "cloudformation", "cloudformation:CreateStack"),
    ("NewDataPipeline", "datapipeline", "datapipeline:CreatePipeline"),
    ("NewCodeStarProject", "codestar", "codestar:CreateProject"),
    ("NewBuildProject", "codebuild", "codebuild:CreateProject", "codebuild:StartBuild"),
    ("NewNotebook", "sagemaker", "sagemaker:CreateNotebookInstance", "sagemaker:CreatePresignedNotebookInstanceUrl"),
    ("NewTrainingJob", "sagemaker", "sagemaker:CreateTrainingJob"),
    ("NewProcessingJob", "sagemaker", "sagemaker:CreateProcessingJob"),
    ("NewTask", "ecs-tasks", "ecs:RegisterTaskDefinition", "ecs:RunTask"),
)  # fmt: skip
METHODS: tuple[Method, ...] = tuple(_rows())
BY_NAME = {method.name: method for method in METHODS}


@dataclass(frozen=True, slots=True)
class Way:
    """A method that the rights give, and on what conditions."""

    method: Method
    only_if: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    """ARNs in the account that it works on; empty where the account was not looked at or has no list of such things."""
    actions: tuple[str, ...] = ()
    """What is needed for it here: of the method's actions, those that were asked for."""

    @property
    def needs(self) -> tuple[tuple[str, str], ...]:
        """Each action with what it is needed on: the first target, or the kind of thing that the action is about."""
        first = self.targets[:1]
        return tuple(
            (action, first[0] if first and number == 0 else _ON.get(action, ANY))
            for number, action in enumerate(self.actions)
        )


def ways(rights: Rights, user: str = "") -> Iterator[Way]:
    """Every method that the rights give, whatever the account holds; `user` is the ARN of the user that has them."""
    return (found for method in METHODS if (found := way(rights, method, user)) is not None)


def way(rights: Rights, method: Method, user: str = "") -> Way | None:
    """The method with its conditions; None when an action of it is missing."""
    conditions: dict[str, None] = {}
    for action in method.actions:
        decision = _needed(rights, action, method, user)
        if not decision.answer.may:
            return None
        conditions |= dict.fromkeys(decision.only_if)
    return Way(method, tuple(conditions), actions=method.actions)


def _needed(rights: Rights, action: str, method: Method, user: str) -> Decision:
    decision = decide(rights, action, _ON.get(action, ANY))
    if action == PASS:
        return _of(scope for one in decision.scopes if (scope := _passed(one, method.service)) is not None)
    if method.target == "other user":
        return _of(scope for scope in decision.scopes if not _is_self(scope, user))
    return decision


def _of(scopes: Iterable[Scope]) -> Decision:
    kept = tuple(scopes)
    certain = any(not scope.only_if for scope in kept)
    answer = Answer.ALLOWED if certain else Answer.CONDITIONAL if kept else Answer.NOT_ALLOWED
    return Decision(answer, kept)


def _passed(scope: Scope, service: str) -> Scope | None:
    """The scope without the condition that a role goes to a service, which this one meets; None when it does not."""
    met: set[str] = set()
    for text in scope.only_if:
        operator, key, values = (*text.split(" ", 2), "", "")[:3]
        if key.lower() == "iam:passedtoservice" and operator.lower().startswith(("stringequals", "stringlike")):
            if not any(covers(value, service) for value in values.split(", ")):
                return None
            met.add(text)
    return replace(scope, only_if=tuple(text for text in scope.only_if if text not in met))


def _is_self(scope: Scope, user: str) -> bool:
    """Whether the scope holds one's own user alone, by its name or by a variable."""
    only = [text for text in scope.only_if if "${aws:username}" in text.lower()]
    name = user.rpartition("/")[2]
    return bool(only) or (bool(name) and any(text.rpartition("/")[2] == name for text in scope.patterns))
