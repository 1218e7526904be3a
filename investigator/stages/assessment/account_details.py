"""The accounts whose authorization details were gathered, put together again from what the tool saw."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from investigator.domain.ids import EvidenceId
from investigator.domain.permissions.account import Account
from investigator.domain.state import State
from investigator.stages.matter import Matter

_KINDS = {
    "iam_user": "UserDetailList",
    "iam_group": "GroupDetailList",
    "iam_role": "RoleDetailList",
    "iam_policy": "Policies",
}
_LISTED = frozenset({"UserPolicyList", "GroupPolicyList", "RolePolicyList", "AttachedManagedPolicies", "GroupList"})
_BOUNDARY = "PermissionsBoundary.PermissionsBoundaryArn"
_DOCUMENT = "PolicyVersionList[IsDefaultVersion=true].Document"


@dataclass(frozen=True, slots=True)
class Details:
    """One account, and the answer that tells it."""

    answer: EvidenceId
    account: Account


def details_by_account(matter: Matter) -> Mapping[str, Details]:
    """Each account number with its details; of several answers about one account, the first."""
    found: dict[tuple[str, EvidenceId], dict[str, list[JsonValue]]] = {}
    for state, name in _states(matter):
        found.setdefault((state.account, state.answer), {}).setdefault(name, []).append(_element(state))
    accounts = {key: Account(dict[str, JsonValue](lists)) for key, lists in found.items()}
    return {number: Details(answer, account) for (number, answer), account in reversed(accounts.items())}


def _states(matter: Matter) -> Iterator[tuple[State, str]]:
    """States of such an answer; what other questions say of a user or role has another path."""
    for kind, name in _KINDS.items():
        yield from ((state, name) for state in matter.states(kind) if state.path.startswith(f"{name}["))


def _element(state: State) -> JsonValue:
    body: dict[str, JsonValue] = {}
    for key, text in state.values.items():
        if key in _LISTED:
            body[key] = _read(text)
        elif key == _BOUNDARY:
            body["PermissionsBoundary"] = {"PermissionsBoundaryArn": text}
        elif key == _DOCUMENT:
            body["PolicyVersionList"] = [{"IsDefaultVersion": True, "Document": text}]
        else:
            body[key] = text
    return body


def _read(text: str) -> JsonValue:
    """A list as the state wrote it; what was no list in the answer stays text."""
    try:
        return json.loads(text)
    except ValueError:
        return text
