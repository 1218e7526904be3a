"""Ways up in a real account: each method that a principal's rights give, with what it works on there."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from investigator.domain.permissions.account import Account, Detail
from investigator.domain.permissions.documents import Statement
from investigator.domain.permissions.escalation import Method, Way, way
from investigator.domain.permissions.rights import decide, names

MOST_TARGETS = 20
_WITHOUT_ASSUMING = ("own role", "role")
"""What is changed so that oneself may use it: here the role is known, so the right to assume any role is not asked."""
_LISTS = {
    "other user": "UserDetailList", "user": "UserDetailList", "own group": "GroupDetailList",
    "group": "GroupDetailList", "own policy": "Policies", "own role": "RoleDetailList", "role": "RoleDetailList",
    "passed role": "RoleDetailList",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """A principal in its account, with the roles that it could assume."""

    account: Account
    principal: str
    roles: tuple[str, ...] = ()

    @property
    def user(self) -> str:
        return self.principal if self.principal in self.account.users else ""


def ways_up(standing: Standing, methods: Iterable[Method]) -> Iterator[Way]:
    """The methods that the principal has and that something in the account serves, each with at most 20 such things.

    A method whose kind of thing the answer does not list at all is told without any.
    """
    rights = standing.account.rights(standing.principal)
    for method in methods:
        asked = replace(method, actions=method.actions[:1]) if method.target in _WITHOUT_ASSUMING else method
        found = way(rights, asked, standing.user)
        if found is None:
            continue
        if not standing.account.lists(_LISTS.get(method.target, "")):
            yield replace(found, method=method)
        elif targets := _reached(standing, method):
            yield replace(found, method=method, targets=targets)


def _reached(standing: Standing, method: Method) -> tuple[str, ...]:
    rights = standing.account.rights(standing.principal)
    served = (arn for arn in _candidates(standing, method) if decide(rights, method.actions[0], arn).answer.may)
    return tuple(islice(served, MOST_TARGETS))


def _candidates(standing: Standing, method: Method) -> Iterable[str]:
    """Everything of the method's kind in the account."""
    account, principal = standing.account, standing.principal
    own_groups = {group.arn: None for group in _groups(account, principal)}
    kinds: Mapping[str, Callable[[], Iterable[str]]] = {
        "other user": lambda: (arn for arn in account.users if arn != principal),
        "user": lambda: account.users,
        "own group": lambda: own_groups,
        "group": lambda: (arn for arn in account.groups if arn not in own_groups),
        "own policy": lambda: _policies(account, (principal, *standing.roles)),
        "own role": lambda: (arn for arn in (principal, *standing.roles) if arn in account.roles),
        "role": lambda: (arn for arn in account.roles if arn != principal),
        "passed role": lambda: (arn for arn in account.roles if trusts_service(account, arn, method.service)),
    }
    return kinds[method.target]()


def _groups(account: Account, principal: str) -> Iterator[Detail]:
    return (group for group in account.groups_of(principal) if not isinstance(group, str))


def _policies(account: Account, principals: Sequence[str]) -> Iterator[str]:
    """The policies of the customer that are attached to these principals or to their groups."""
    holders: Mapping[str, Detail] = {**account.users, **account.roles}
    listed = [holders[name] for name in principals if name in holders]
    listed += [group for name in principals for group in _groups(account, name)]
    attached = (arn for holder in listed for _, arn in holder.attached)
    return (arn for arn in dict.fromkeys(attached) if arn in account.policies and ":iam::aws:" not in arn)


def trusts_service(account: Account, role: str, service: str) -> bool:
    """Whether the role's trust policy lets the service assume it; one that cannot be read may."""
    trust = account.trust(role)
    return not isinstance(trust, tuple) or any(one.allows and _names_service(one, service) for one in trust)


def _names_service(statement: Statement, service: str) -> bool:
    spoken = ("Service", service) in statement.principals or ("*", "*") in statement.principals
    return spoken and names(statement, "sts:assumerole")
