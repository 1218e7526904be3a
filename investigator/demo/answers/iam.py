"""IAM: users, keys, roles and what they may do."""

from collections.abc import Callable, Mapping

from pydantic import JsonValue

from investigator.demo.answers.asked import Asked, Body, Fault
from investigator.demo.company import ACCOUNT, role_arn, unique, user_arn
from investigator.demo.estate import Key, Role, User
from investigator.demo.incident import Incident
from investigator.demo.policies import MANAGED, trust
from investigator.domain.times import to_text


def _user(told: Incident, asked: Asked) -> User:
    name = asked.text("UserName")
    for user in told.estate.users:
        if user.name == name:
            return user
    raise Fault("NoSuchEntity", f"The user with name {name} cannot be found.", 404)


def _role(told: Incident, asked: Asked) -> Role:
    name = asked.text("RoleName")
    for role in told.estate.roles:
        if role.name == name:
            return role
    raise Fault("NoSuchEntity", f"The role with name {name} cannot be found.", 404)


def _policy_document(asked: Asked) -> JsonValue:
    arn = asked.text("PolicyArn")
    if arn not in MANAGED:
        raise Fault("NoSuchEntity", f"Policy {arn} was not found.", 404)
    return MANAGED[arn]


def _get_user(told: Incident, asked: Asked) -> Body:
    return {"User": _user_body(told, _user(told, asked))}


def _user_body(told: Incident, user: User) -> Body:
    body: Body = {
        "Path": "/",
        "UserName": user.name,
        "UserId": unique("AIDA", user.name),
        "Arn": user_arn(user.name),
        "CreateDate": to_text(user.created),
    }
    signed_in = told.last_use.get(f"console/{user.name}")
    return {**body, "PasswordLastUsed": signed_in.time} if user.console and signed_in else body


def _get_role(told: Incident, asked: Asked) -> Body:
    role = _role(told, asked)
    return {
        "Role": {**_role_body(role), "Description": "", "MaxSessionDuration": 3600, "RoleLastUsed": _used(told, role)}
    }


def _role_body(role: Role) -> Body:
    return {
        "Path": role.path,
        "RoleName": role.name,
        "RoleId": unique("AROA", role.name),
        "Arn": role_arn(role.name),
        "CreateDate": to_text(role.created),
        "AssumeRolePolicyDocument": trust(role.trusts),
    }


def _used(told: Incident, role: Role) -> Body:
    use = told.last_use.get(role_arn(role.name))
    return {"LastUsedDate": use.time, "Region": use.region} if use else {}


def _list_access_keys(told: Incident, asked: Asked) -> Body:
    user = _user(told, asked)
    return {"AccessKeyMetadata": [_key_body(user, key) for key in user.keys], "IsTruncated": False}


def _key_body(user: User, key: Key) -> Body:
    status = "Active" if key.active else "Inactive"
    return {"UserName": user.name, "AccessKeyId": key.id, "Status": status, "CreateDate": to_text(key.created)}


def _last_used(told: Incident, asked: Asked) -> Body:
    wanted = asked.text("AccessKeyId")
    owner = next((user for user in told.estate.users if any(key.id == wanted for key in user.keys)), None)
    if owner is None:
        raise Fault("NoSuchEntity", f"The Access Key with id {wanted} cannot be found.", 404)
    use = told.last_use.get(wanted)
    seen: Body = {"ServiceName": "N/A", "Region": "N/A"}
    if use:
        seen = {"LastUsedDate": use.time, "ServiceName": use.service, "Region": use.region}
    return {"UserName": owner.name, "AccessKeyLastUsed": seen}


def _login_profile(told: Incident, asked: Asked) -> Body:
    user = _user(told, asked)
    if not user.console:
        raise Fault("NoSuchEntity", f"Login Profile for User {user.name} cannot be found.", 404)
    body: Body = {"UserName": user.name, "CreateDate": to_text(user.created), "PasswordResetRequired": False}
    return {"LoginProfile": body}


def _mfa_devices(told: Incident, asked: Asked) -> Body:
    user = _user(told, asked)
    serial = f"arn:aws:iam::{ACCOUNT}:mfa/{user.name}"
    device: Body = {"UserName": user.name, "SerialNumber": serial, "EnableDate": to_text(user.created)}
    return {"MFADevices": [device] if user.console else [], "IsTruncated": False}


def _attached(arns: tuple[str, ...]) -> list[JsonValue]:
    return [{"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn} for arn in arns]


def _attached_to_user(told: Incident, asked: Asked) -> Body:
    return {"AttachedPolicies": _attached(_user(told, asked).attached), "IsTruncated": False}


def _attached_to_role(told: Incident, asked: Asked) -> Body:
    return {"AttachedPolicies": _attached(_role(told, asked).attached), "IsTruncated": False}


def _inline_of_user(told: Incident, asked: Asked) -> Body:
    return {"PolicyNames": list(_user(told, asked).inline), "IsTruncated": False}


def _inline_of_role(told: Incident, asked: Asked) -> Body:
    return {"PolicyNames": list(_role(told, asked).inline), "IsTruncated": False}


def _user_policy(told: Incident, asked: Asked) -> Body:
    user = _user(told, asked)
    return {"UserName": user.name, **_inline(user.inline, asked)}


def _role_policy(told: Incident, asked: Asked) -> Body:
    role = _role(told, asked)
    return {"RoleName": role.name, **_inline(role.inline, asked)}


def _inline(policies: Mapping[str, JsonValue], asked: Asked) -> Body:
    name = asked.text("PolicyName")
    if name not in policies:
        raise Fault("NoSuchEntity", f"The policy with name {name} cannot be found.", 404)
    return {"PolicyName": name, "PolicyDocument": policies[name]}


def _no_groups(told: Incident, asked: Asked) -> Body:
    _user(told, asked)
    return {"Groups": [], "IsTruncated": False}


def _no_such_group(told: Incident, asked: Asked) -> Body:
    raise Fault("NoSuchEntity", f"The group with name {asked.text('GroupName')} cannot be found.", 404)


def _get_policy(told: Incident, asked: Asked) -> Body:
    _policy_document(asked)
    arn = asked.text("PolicyArn")
    body: Body = {
        "PolicyName": arn.rpartition("/")[2],
        "PolicyId": unique("ANPA", arn),
        "Arn": arn,
        "Path": "/",
        "DefaultVersionId": "v1",
        "AttachmentCount": sum(arn in owner.attached for owner in (*told.estate.users, *told.estate.roles)),
        "IsAttachable": True,
    }
    return {"Policy": body}


def _get_policy_version(told: Incident, asked: Asked) -> Body:
    version: Body = {"Document": _policy_document(asked), "VersionId": "v1", "IsDefaultVersion": True}
    if asked.text("VersionId") != "v1":
        raise Fault("NoSuchEntity", f"Policy version {asked.text('VersionId')} was not found.", 404)
    return {"PolicyVersion": version}


def _everything(told: Incident, asked: Asked) -> Body:
    """GetAccountAuthorizationDetails; `Filter` chooses the kinds."""
    kinds = asked.texts("Filter") or ("User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy")
    return {
        "UserDetailList": [_user_detail(told, user) for user in told.estate.users] if "User" in kinds else [],
        "GroupDetailList": [],
        "RoleDetailList": [_role_detail(told, role) for role in told.estate.roles] if "Role" in kinds else [],
        "Policies": [_managed(told, arn) for arn in MANAGED] if "AWSManagedPolicy" in kinds else [],
        "IsTruncated": False,
    }


def _user_detail(told: Incident, user: User) -> JsonValue:
    body = _user_body(told, user)
    body.pop("PasswordLastUsed", None)
    attached = _attached(user.attached)
    return {**body, "UserPolicyList": _inlines(user.inline), "GroupList": [], "AttachedManagedPolicies": attached}


def _role_detail(told: Incident, role: Role) -> JsonValue:
    return {
        **_role_body(role),
        "InstanceProfileList": [],
        "RolePolicyList": _inlines(role.inline),
        "AttachedManagedPolicies": _attached(role.attached),
        "RoleLastUsed": _used(told, role),
    }


def _inlines(policies: Mapping[str, JsonValue]) -> list[JsonValue]:
    return [{"PolicyName": name, "PolicyDocument": document} for name, document in policies.items()]


def _managed(told: Incident, arn: str) -> JsonValue:
    described = _get_policy(told, Asked("iam", "GetPolicy", told.account, "", {"PolicyArn": arn}))["Policy"]
    assert isinstance(described, dict)
    version: Body = {"Document": MANAGED[arn], "VersionId": "v1", "IsDefaultVersion": True}
    return {**described, "PolicyVersionList": [version]}


OPERATIONS: Mapping[str, Callable[[Incident, Asked], Body]] = {
    "GetUser": _get_user,
    "GetRole": _get_role,
    "ListAccessKeys": _list_access_keys,
    "GetAccessKeyLastUsed": _last_used,
    "GetLoginProfile": _login_profile,
    "ListMFADevices": _mfa_devices,
    "ListAttachedUserPolicies": _attached_to_user,
    "ListAttachedRolePolicies": _attached_to_role,
    "ListAttachedGroupPolicies": _no_such_group,
    "ListUserPolicies": _inline_of_user,
    "ListRolePolicies": _inline_of_role,
    "ListGroupPolicies": _no_such_group,
    "ListGroupsForUser": _no_groups,
    "GetUserPolicy": _user_policy,
    "GetRolePolicy": _role_policy,
    "GetGroupPolicy": _no_such_group,
    "GetPolicy": _get_policy,
    "GetPolicyVersion": _get_policy_version,
    "GetAccountAuthorizationDetails": _everything,
}
