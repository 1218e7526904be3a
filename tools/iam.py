"""Questions to IAM: whose a key is, what a user or role is, and how they get in."""

from collections.abc import Iterator

from investigator.domain.entity import EntityRef
from investigator.domain.observation import Observation
from investigator.domain.paths import first_text
from investigator.domain.words import EntityKind
from investigator.ports.aws import Aws, Page
from investigator.ports.tool import HOME, tool

from ._inputs import Everything, OneKey, OneRole, OneUser
from ._names import iam_arn, role_name, user_name
from ._states import Seen, elements, pick, ref

USER = ("UserName", "UserId", "Arn", "CreateDate", "PasswordLastUsed", "PermissionsBoundary.PermissionsBoundaryArn")
ROLE = (
    "RoleName",
    "RoleId",
    "Arn",
    "CreateDate",
    "MaxSessionDuration",
    "RoleLastUsed.LastUsedDate",
    "RoleLastUsed.Region",
    "AssumeRolePolicyDocument",
    "PermissionsBoundary.PermissionsBoundaryArn",
)
USER_RIGHTS = ("UserPolicyList", "AttachedManagedPolicies", "GroupList")
ROLE_RIGHTS = ("RolePolicyList", "AttachedManagedPolicies")
GROUP = ("GroupName", "Arn", "GroupPolicyList", "AttachedManagedPolicies")
MANAGED = ("PolicyName", "Arn", "DefaultVersionId", "PolicyVersionList[IsDefaultVersion=true].Document")


@tool("What is this user now?", permissions={"iam:GetUser"}, where=HOME)
def user_of_name(inputs: OneUser, aws: Aws) -> Iterator[Observation]:
    for page in _of_user("GetUser", inputs.user, aws):
        yield Seen(page, aws).state("iam_user", _user(inputs.user, aws), "User", USER)


@tool("What is this role, and who may take it?", permissions={"iam:GetRole"}, where=HOME)
def role_of_name(inputs: OneRole, aws: Aws) -> Iterator[Observation]:
    if name := role_name(inputs.role):
        entity = ref(EntityKind.PRINCIPAL, iam_arn(inputs.role, "role", aws.account, aws.region))
        for page in aws.pages("iam", "GetRole", RoleName=name):
            yield Seen(page, aws).state("iam_role", entity, "Role", ROLE)


@tool("Which access keys does this user have, and are they active?", permissions={"iam:ListAccessKeys"}, where=HOME)
def keys_of_user(inputs: OneUser, aws: Aws) -> Iterator[Observation]:
    for page in _of_user("ListAccessKeys", inputs.user, aws):
        keys = tuple(first_text(key, "AccessKeyId") for key in elements(page.body, "AccessKeyMetadata"))
        for key in keys:
            path = pick("AccessKeyMetadata", "AccessKeyId", key)
            entity = ref(EntityKind.ACCESS_KEY, key)
            yield Seen(page, aws).state("access_key", entity, path, ("UserName", "Status", "CreateDate"))
        if not keys:
            yield Seen(page, aws).state("no_access_keys", _user(inputs.user, aws), keys=("AccessKeyMetadata",))


@tool("Whose key is this, and when was it last used?", permissions={"iam:GetAccessKeyLastUsed"}, where=HOME)
def key_last_used(inputs: OneKey, aws: Aws) -> Iterator[Observation]:
    used = ("AccessKeyLastUsed.LastUsedDate", "AccessKeyLastUsed.ServiceName", "AccessKeyLastUsed.Region")
    for page in aws.pages("iam", "GetAccessKeyLastUsed", AccessKeyId=inputs.key):
        entity = ref(EntityKind.ACCESS_KEY, inputs.key)
        yield Seen(page, aws).state("key_last_used", entity, keys=("UserName", *used))


@tool("Can this user sign in to the console?", permissions={"iam:GetLoginProfile"}, where=HOME)
def login_profile(inputs: OneUser, aws: Aws) -> Iterator[Observation]:
    keys = ("UserName", "CreateDate", "PasswordResetRequired")
    for page in _of_user("GetLoginProfile", inputs.user, aws):
        yield Seen(page, aws).state("login_profile", _user(inputs.user, aws), "LoginProfile", keys)


@tool("Which MFA devices does this user have?", permissions={"iam:ListMFADevices"}, where=HOME)
def mfa_devices(inputs: OneUser, aws: Aws) -> Iterator[Observation]:
    for page in _of_user("ListMFADevices", inputs.user, aws):
        devices = tuple(first_text(device, "SerialNumber") for device in elements(page.body, "MFADevices"))
        for serial in devices:
            path = pick("MFADevices", "SerialNumber", serial)
            keys = ("UserName", "SerialNumber", "EnableDate")
            yield Seen(page, aws).state("mfa_device", _user(inputs.user, aws), path, keys)
        if not devices:
            yield Seen(page, aws).state("no_mfa_devices", _user(inputs.user, aws), keys=("MFADevices",))


@tool(
    "Which users and roles does the account have, and what may they do?",
    permissions={"iam:GetAccountAuthorizationDetails"},
    where=HOME,
)
def account_authorization_details(inputs: Everything, aws: Aws) -> Iterator[Observation]:
    for page in aws.pages("iam", "GetAccountAuthorizationDetails"):
        seen = Seen(page, aws)
        yield from _details(seen, ("iam_user", EntityKind.PRINCIPAL), "UserDetailList", (*USER, *USER_RIGHTS))
        yield from _details(seen, ("iam_group", EntityKind.RESOURCE), "GroupDetailList", GROUP)
        yield from _details(seen, ("iam_role", EntityKind.PRINCIPAL), "RoleDetailList", (*ROLE, *ROLE_RIGHTS))
        yield from _details(seen, ("iam_policy", EntityKind.POLICY), "Policies", MANAGED)


def _details(seen: Seen, kind: tuple[str, EntityKind], path: str, keys: tuple[str, ...]) -> Iterator[Observation]:
    for each in elements(seen.page.body, path):
        arn = first_text(each, "Arn")
        yield seen.state(kind[0], ref(kind[1], arn), pick(path, "Arn", arn), keys)


def _of_user(operation: str, principal: str, aws: Aws) -> Iterator[Page]:
    """The answer about a user; none for a principal that is no user."""
    if name := user_name(principal):
        yield from aws.pages("iam", operation, UserName=name)


def _user(principal: str, aws: Aws) -> EntityRef:
    return ref(EntityKind.PRINCIPAL, iam_arn(principal, "user", aws.account, aws.region))
