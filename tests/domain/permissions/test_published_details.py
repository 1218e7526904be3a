"""Published authorization details: which policies give ways up, and by which methods, as their results file says it."""

import csv
import json
from pathlib import Path

from investigator.domain.permissions.account import Account
from investigator.domain.permissions.documents import read_policy
from investigator.domain.permissions.escalation import ways
from investigator.domain.permissions.rights import Rights
from tests.support.data import real_data

THEIR_NAMES = {
    "CreateNewPolicyVersion": "CreatePolicyVersion",
    "SetExistingDefaultPolicyVersion": "SetDefaultPolicyVersion",
    "UpdateExistingGlueDevEndpoint": "UpdateGlueDevEndpoint",
    "EditExistingLambdaFunctionWithRole": "UpdateFunctionCode",
    "PassExistingRoleToNewLambdaThenInvoke": "PassRoleToNewFunctionThenInvoke",
    "PassExistingRoleToNewLambdaThenTriggerWithNewDynamo": "PassRoleToNewFunctionThenNewTable",
    "PassExistingRoleToNewLambdaThenTriggerWithExistingDynamo": "PassRoleToNewFunctionThenEventSource",
}
"""Where a published name differs from ours; the method is the same."""


def published(folder: Path) -> dict[str, set[str]]:
    with (folder / "expected.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["policy_name"]: {THEIR_NAMES.get(name, name) for name in row["methods"].split(";")} for row in rows}


def documents(folder: Path) -> dict[str, object]:
    """Every policy of the results file, in the version that is in force."""
    results = json.loads((folder / "data/examples/files/iam-results-example.json").read_bytes())
    found: dict[str, object] = {}
    for kind in ("aws_managed_policies", "customer_managed_policies", "inline_policies"):
        for entry in results[kind].values():
            versions = [v["Document"] for v in entry.get("PolicyVersionList", ()) if v["IsDefaultVersion"]]
            found[entry["PolicyName"]] = entry.get("PolicyDocument") or versions[0]
    return found


def test_the_same_policies_give_ways_up_by_the_same_methods() -> None:
    """Nothing differs: no policy more or less, no method more or less."""
    folder = real_data("evidence-cloudsplaining")
    policies = documents(folder)
    found = {name: {way.method.name for way in ways(Rights(read_policy(policies[name], name)))} for name in policies}

    assert len(policies) == 30
    assert {name: methods for name, methods in found.items() if methods} == published(folder)


def test_every_principal_of_the_published_accounts_is_read() -> None:
    """Only policies that the answer does not hold stay unread: every document that it holds is a policy."""
    folder = real_data("evidence-cloudsplaining") / "data"
    files = [*folder.glob("test/files/*.json"), folder / "examples/files/example.json"]
    held = [Account(json.loads(path.read_bytes())) for path in files]
    principals = [(each, arn) for each in held for arn in (*each.users, *each.roles)]

    assert len(principals) > 100
    assert not [
        one for each, arn in principals for one in each.rights(arn).unread if not one.reason.endswith("hold it")
    ]
