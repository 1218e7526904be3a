"""IAM, EC2, cost and detectors agree with the logs, in shapes that botocore knows."""

from collections.abc import Iterator

import botocore.session
import pytest
from pydantic import JsonValue

from investigator.demo.answers import Asked, Fault, answer
from investigator.demo.answers.detectors import HUB_OFF, detector_id
from investigator.demo.company import ACCOUNT, BACKUP_USER, DEVELOPER, FAR, GLOBAL, HOME, LEAKED_KEY, SECOND_KEY
from investigator.demo.incident import SCENARIOS, Incident, incident
from investigator.demo.journal import text_at
from investigator.demo.requests import requests
from investigator.domain.paths import first_text, texts


@pytest.fixture
def leak() -> Incident:
    return incident("leaked-key")


def ask(told: Incident, operation: str, region: str = GLOBAL, **parameters: JsonValue) -> JsonValue:
    """The only page of an answer; `operation` is `iam:GetUser`."""
    service, _, name = operation.partition(":")
    pages = answer(told, Asked(service, name, ACCOUNT, region, parameters))
    assert not isinstance(pages, Fault), pages
    [page] = pages
    return page


def test_iam_lists_the_key_that_was_made_and_the_one_that_was_switched_off(leak: Incident) -> None:
    backup = ask(leak, "iam:ListAccessKeys", UserName=BACKUP_USER)
    developer = ask(leak, "iam:ListAccessKeys", UserName=DEVELOPER)

    assert SECOND_KEY in texts(backup, "AccessKeyMetadata.AccessKeyId")
    assert texts(backup, "AccessKeyMetadata.Status") == ("Active", "Active")
    assert texts(developer, "AccessKeyMetadata.Status") == ("Inactive",)


@pytest.mark.parametrize("key", [LEAKED_KEY, SECOND_KEY])
def test_iam_knows_the_last_use_that_the_records_show(leak: Incident, key: str) -> None:
    last = [record for record in leak.events if text_at(record["userIdentity"], "accessKeyId") == key][-1]
    used = ask(leak, "iam:GetAccessKeyLastUsed", AccessKeyId=key)

    assert first_text(used, "AccessKeyLastUsed.LastUsedDate") == last["eventTime"]
    assert first_text(used, "AccessKeyLastUsed.Region") == last["awsRegion"]


def test_the_quarantine_stands_on_the_developer(leak: Incident) -> None:
    attached = ask(leak, "iam:ListAttachedUserPolicies", UserName=DEVELOPER)

    assert "AWSCompromisedKeyQuarantineV3" in texts(attached, "AttachedPolicies.PolicyName")


def test_the_machines_that_were_launched_still_run(leak: Incident) -> None:
    there = ask(leak, "ec2:DescribeInstances", FAR)

    assert texts(there, "Reservations.Instances.InstanceId") == leak.truth.instances
    assert set(texts(there, "Reservations.Instances.State.Name")) == {"running"}


def test_an_instance_of_another_region_is_not_there(leak: Incident) -> None:
    [instance, *_] = leak.truth.instances
    condition: JsonValue = {"Name": "instance-id", "Values": [instance]}

    assert ask(leak, "ec2:DescribeInstances", HOME, Filters=[condition]) == {"Reservations": []}
    asked = Asked("ec2", "DescribeInstanceAttribute", ACCOUNT, HOME, {"InstanceId": instance, "Attribute": "userData"})
    assert isinstance(fault := answer(leak, asked), Fault) and fault.missing


def spent(told: Incident, region: str) -> list[float]:
    """USD of each day from 5 October on."""
    period: JsonValue = {"Start": "2026-10-05", "End": "2026-10-29"}
    by: JsonValue = [{"Type": "DIMENSION", "Key": "REGION"}]
    days = ask(
        told, "ce:GetCostAndUsage", TimePeriod=period, Granularity="DAILY", Metrics=["UnblendedCost"], GroupBy=by
    )
    assert isinstance(days, dict) and isinstance(days["ResultsByTime"], list)
    amount = f"Groups[Keys={region}].Metrics.UnblendedCost.Amount"
    return [float(first_text(day, amount) or 0) for day in days["ResultsByTime"]]


def test_cost_rises_where_the_machines_run_and_nowhere_else(leak: Incident) -> None:
    there, at_home = spent(leak, FAR), spent(leak, HOME)

    assert there[:21] == [0.0] * 21
    assert all(day > 10 for day in there[21:])
    assert max(at_home) - min(at_home[:-1]) < 2


def test_cost_of_the_present_days_is_an_estimate(leak: Incident) -> None:
    period: JsonValue = {"Start": "2026-10-25", "End": "2026-10-29"}
    days = ask(leak, "ce:GetCostAndUsage", TimePeriod=period, Granularity="DAILY", Metrics=["UnblendedCost"])

    assert texts(days, "ResultsByTime.Estimated") == ("false", "false", "true", "true")


def test_the_twin_spends_there_every_monday() -> None:
    assert [day > 10 for day in spent(incident("deploy-twin"), FAR)] == [n % 7 == 0 for n in range(24)]


def found_by_guardduty(told: Incident, region: str) -> JsonValue:
    detector = detector_id(region)
    ids: JsonValue = [*texts(ask(told, "guardduty:ListFindings", region, DetectorId=detector), "FindingIds")]
    return ask(told, "guardduty:GetFindings", region, DetectorId=detector, FindingIds=ids)


def test_guardduty_names_the_key_and_a_machine(leak: Incident) -> None:
    found = {region: found_by_guardduty(leak, region) for region in leak.regions}

    assert [region for region in leak.regions if found[region] != {"Findings": []}] == [FAR, HOME]
    assert texts(found[HOME], "Findings.Resource.AccessKeyDetails.AccessKeyId") == (LEAKED_KEY,)
    assert texts(found[FAR], "Findings.Resource.InstanceDetails.InstanceId") == leak.truth.instances[:1]


def test_guardduty_finds_nothing_in_the_twin() -> None:
    twin = incident("deploy-twin")

    for region in twin.regions:
        assert ask(twin, "guardduty:ListFindings", region, DetectorId=detector_id(region)) == {"FindingIds": []}


def test_security_hub_takes_over_what_guardduty_found(leak: Incident) -> None:
    assert texts(ask(leak, "securityhub:GetFindings", HOME), "Findings.Severity.Label") == ("MEDIUM",)
    assert texts(ask(leak, "securityhub:GetFindings", FAR), "Findings.Severity.Label") == ("HIGH",)
    assert ask(leak, "securityhub:GetFindings", GLOBAL) == {"Findings": []}


def test_security_hub_is_off_in_one_region(leak: Incident) -> None:
    refused = answer(leak, Asked("securityhub", "GetFindings", ACCOUNT, HUB_OFF))

    assert isinstance(refused, Fault) and refused.code == "InvalidAccessException"


def test_another_account_is_not_known(leak: Incident) -> None:
    refused = answer(leak, Asked("iam", "GetUser", "999999999999", GLOBAL, {"UserName": DEVELOPER}))

    assert isinstance(refused, Fault)


def shapes(shape, value: JsonValue, path: str) -> Iterator[str]:
    """Every path at which a value is not what the service model says."""
    wanted = {"structure": dict, "list": list, "map": dict, "boolean": bool, "integer": int, "long": int}
    wanted |= {"double": (int, float), "float": (int, float)}
    if path.endswith(("PolicyDocument", "AssumeRolePolicyDocument", ".Document")):
        return  # boto3 gives documents as objects
    if not isinstance(value, wanted.get(shape.type_name, str)):
        yield f"{path}: {type(value).__name__} for {shape.type_name}"
    elif shape.type_name == "structure":
        for name, inner in value.items():
            yield from (
                shapes(shape.members[name], inner, f"{path}.{name}") if name in shape.members else [f"{path}.{name}"]
            )
    elif shape.type_name == "list":
        for inner in value:
            yield from shapes(shape.member, inner, path)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_answer_has_the_shape_of_the_service_model(scenario: str) -> None:
    told, session = incident(scenario), botocore.session.Session()
    models: dict[str, object] = {}
    wrong: set[str] = set()
    for asked in requests(told):
        model = models.setdefault(asked.service, session.get_service_model(asked.service)).operation_model(
            asked.operation
        )
        pages = answer(told, asked)
        for page in () if isinstance(pages, Fault) else pages:
            wrong.update(shapes(model.output_shape, page, f"{asked.service}.{asked.operation}"))

    assert wrong == set()


def test_what_is_missing_is_told_apart_from_what_is_refused() -> None:
    missing = [Fault("NoSuchBucketPolicy"), Fault("InvalidInstanceID.NotFound"), Fault("404")]
    refused = [Fault("AccessDenied"), Fault("InvalidAccessException"), Fault("ThrottlingException")]

    assert [fault.missing for fault in (*missing, *refused)] == [True] * 3 + [False] * 3
