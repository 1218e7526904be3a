"""An account as its authorization details (iam:GetAccountAuthorizationDetails) tell it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pydantic import JsonValue

from investigator.domain.paths import first_text, select
from investigator.domain.permissions.documents import NotAPolicy, Statement, read_policy, read_trust
from investigator.domain.permissions.rights import Rights, Unread

LISTS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
_DEFAULT = "PolicyVersionList[IsDefaultVersion=true].Document"

Read = tuple[Statement, ...] | Unread
"""The statements of a policy, or why there are none."""


@dataclass(frozen=True, slots=True)
class Detail:
    """A user, group, role or managed policy of the answer; the rest of it is read when it is asked for."""

    arn: str
    name: str
    body: JsonValue

    @property
    def attached(self) -> tuple[tuple[str, str], ...]:
        """Name and ARN of each managed policy that is attached."""
        listed = _elements(self.body, "AttachedManagedPolicies")
        return tuple((first_text(each, "PolicyName"), first_text(each, "PolicyArn")) for each in listed)

    @property
    def boundary(self) -> str:
        return first_text(self.body, "PermissionsBoundary.PermissionsBoundaryArn")


@dataclass(frozen=True)
class Account:
    """What the answer says. What has no readable ARN is left out and counted in `skipped`."""

    answer: JsonValue
    _rights_of: dict[str, Rights] = field(default_factory=dict[str, Rights], repr=False, compare=False)
    _trust_of: dict[str, Read] = field(default_factory=dict[str, Read], repr=False, compare=False)

    @cached_property
    def users(self) -> Mapping[str, Detail]:
        return _by_arn(self.answer, "UserDetailList", "UserName")

    @cached_property
    def groups(self) -> Mapping[str, Detail]:
        return _by_arn(self.answer, "GroupDetailList", "GroupName")

    @cached_property
    def roles(self) -> Mapping[str, Detail]:
        return _by_arn(self.answer, "RoleDetailList", "RoleName")

    @cached_property
    def policies(self) -> Mapping[str, Detail]:
        return _by_arn(self.answer, "Policies", "PolicyName")

    @cached_property
    def skipped(self) -> int:
        """Elements of the answer that name no ARN."""
        listed = sum(len(tuple(_elements(self.answer, name))) for name in LISTS)
        return listed - sum(map(len, (self.users, self.groups, self.roles, self.policies)))

    def lists(self, name: str) -> bool:
        """Whether the answer has that list at all: the call may have been asked for a part."""
        return bool(tuple(select(self.answer, name))) if name else False

    def holds(self, principal: str) -> bool:
        """Whether the ARN is a user or role of the answer."""
        return principal in self.users or principal in self.roles

    def groups_of(self, principal: str) -> tuple[Detail | str, ...]:
        """The groups of a user, those that the answer does not hold by name; groups hold no groups in IAM."""
        user = self.users.get(principal)
        if user is None:
            return ()
        by_name = {group.name: group for group in self.groups.values()}
        names = (value for value in _elements(user.body, "GroupList") if isinstance(value, str))
        return tuple(by_name.get(name, name) for name in dict.fromkeys(names))

    def rights(self, principal: str) -> Rights:
        """The rights of a user or role; of one that the answer does not hold, unread ones."""
        if principal not in self._rights_of:
            self._rights_of[principal] = self._rights(principal)
        return self._rights_of[principal]

    def trust(self, role: str) -> tuple[Statement, ...] | Unread:
        """Who may assume the role."""
        if role not in self._trust_of:
            self._trust_of[role] = _trust(self.roles[role])
        return self._trust_of[role]

    def _rights(self, principal: str) -> Rights:
        detail = self.users.get(principal) or self.roles.get(principal)
        if detail is None:
            return Rights(unread=(Unread(principal, "the authorization details do not hold it"),))
        user = detail.name if principal in self.users else ""
        kept, lost = _sorted(self._identity(detail, principal, user))
        limits, hidden = _sorted(self._managed(detail.boundary, detail.boundary, user) if detail.boundary else ())
        boundary = limits if detail.boundary and not hidden else None
        return Rights(kept, boundary, lost, hidden)

    def _identity(self, detail: Detail, principal: str, user: str) -> Iterator[Read]:
        inline = "UserPolicyList" if user else "RolePolicyList"
        yield from self._of(detail, inline, user)
        for group in self.groups_of(principal):
            if isinstance(group, str):
                yield Unread(f"the policies of group {group}", "the authorization details do not hold it")
            else:
                yield from self._of(group, "GroupPolicyList", user)

    def _of(self, holder: Detail, inline: str, user: str) -> Iterator[Read]:
        for each in _elements(holder.body, inline):
            name = f"{first_text(each, 'PolicyName')} of {holder.name}"
            yield _read(_value(each, "PolicyDocument"), name, user)
        for name, arn in holder.attached:
            yield from self._managed(arn, name or arn, user)

    def _managed(self, arn: str, name: str, user: str) -> Iterator[Read]:
        policy = self.policies.get(arn)
        if policy is None:
            yield Unread(name, "the authorization details do not hold it")
        else:
            yield _read(_value(policy.body, _DEFAULT), name, user)


def _read(document: JsonValue, name: str, user: str) -> Read:
    try:
        return read_policy(document, name, user)
    except NotAPolicy as refused:
        return Unread(name, str(refused))


def _trust(role: Detail) -> Read:
    try:
        return read_trust(_value(role.body, "AssumeRolePolicyDocument"), role.name)
    except NotAPolicy as refused:
        return Unread(f"the trust policy of {role.name}", str(refused))


def _sorted(read: Iterable[Read]) -> tuple[tuple[Statement, ...], tuple[Unread, ...]]:
    statements: list[Statement] = []
    unread: list[Unread] = []
    for each in read:
        if isinstance(each, Unread):
            unread.append(each)
        else:
            statements += each
    return tuple(statements), tuple(unread)


def _by_arn(answer: JsonValue, path: str, name: str) -> Mapping[str, Detail]:
    found = ((first_text(each, "Arn"), each) for each in _elements(answer, path))
    return {
        arn: Detail(arn, first_text(each, name), each)
        for arn, each in found
        if arn.startswith("arn:") and arn.count(":") >= 5
    }


def _elements(body: JsonValue, path: str) -> Iterator[JsonValue]:
    for value in select(body, path):
        yield from value if isinstance(value, list) else (value,)


def _value(body: JsonValue, path: str) -> JsonValue:
    return next(iter(select(body, path)), None)
