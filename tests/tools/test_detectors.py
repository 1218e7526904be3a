"""What GuardDuty and Security Hub found."""

import json
from pathlib import Path

import pytest
from investigator.tools.guardduty import guardduty_findings
from investigator.tools.securityhub import securityhub_findings

from investigator.domain.alert import Alert
from investigator.domain.words import CellState, EntityKind, Severity
from investigator.ports.aws import Refused
from tests.doubles.loopback_aws import Asked, Error, loopback
from tests.support.data import real_data
from tests.tools.doors import ask, live, run


def guardduty(**fields: object) -> dict[str, object]:
    finding = {
        "Id": "f1", "Arn": "arn:aws:guardduty:us-east-1:111122223333:detector/d/finding/f1", "Type": "Recon:IAMUser/UserPermissions",
        "AccountId": "111122223333", "Region": "us-east-1", "SchemaVersion": "2.0", "Severity": 8.0, "CreatedAt": "2026-01-27T03:00:00Z",
        "UpdatedAt": "2026-01-27T05:00:00Z", "Resource": {"AccessKeyDetails": {
            "AccessKeyId": "AKIALEAKEDLEAKED0001", "UserName": "build", "UserType": "IAMUser"}},
        "Service": {"Archived": True, "Count": 7, "EventFirstSeen": "2026-01-27T03:04:00Z", "Action": {
            "AwsApiCallAction": {"RemoteIpDetails": {"IpAddressV4": "198.51.100.7"}}}},
    }  # fmt: skip
    return {**finding, **fields}


def test_archived_findings_are_read_with_what_they_name(tmp_path: Path) -> None:
    answers = {
        "guardduty:ListDetectors": [{"DetectorIds": ["d"]}],
        "guardduty:ListFindings": [{"FindingIds": ["f1"]}],
        "guardduty:GetFindings": [{"Findings": [guardduty()]}],
    }

    [alert] = ask(guardduty_findings, answers, tmp_path)

    assert isinstance(alert, Alert)
    assert (alert.id, alert.severity, alert.archived, alert.count) == ("alert:f1", Severity.HIGH, True, 7)
    assert {(each.kind, each.value) for each in alert.entities} == {
        (EntityKind.ACCESS_KEY, "AKIALEAKEDLEAKED0001"),
        (EntityKind.IP, "198.51.100.7"),
        (EntityKind.PRINCIPAL, "arn:aws:iam::111122223333:user/build"),
    }


def test_findings_are_asked_for_fifty_at_a_time(tmp_path: Path) -> None:
    def found(asked: Asked) -> dict[str, object]:
        return {"Findings": [guardduty(Id=each) for each in json.loads(asked.body)["findingIds"]]}

    answers = {
        "guardduty:ListDetectors": [{"DetectorIds": ["d"]}],
        "guardduty:ListFindings": [{"FindingIds": [f"f{number}" for number in range(120)]}],
        "guardduty:GetFindings": found,
    }

    assert len(ask(guardduty_findings, answers, tmp_path)) == 120


def test_no_detector_means_not_enabled(tmp_path: Path) -> None:
    with loopback({"guardduty:ListDetectors": [{"DetectorIds": []}]}) as world, pytest.raises(Refused) as refusal:
        run(guardduty_findings, live(world.url, tmp_path))

    assert (refusal.value.state, "not enabled" in refusal.value.gap.why) == (CellState.DISABLED, True)


def test_security_hub_that_is_off_is_disabled(tmp_path: Path) -> None:
    off = {"securityhub:GetFindings": [Error("InvalidAccessException", 401)]}
    with loopback(off) as world, pytest.raises(Refused) as refusal:
        run(securityhub_findings, live(world.url, tmp_path))

    assert refusal.value.state is CellState.DISABLED


@pytest.mark.parametrize(
    ("tool", "name", "answers"),
    [
        (guardduty_findings, "guardduty", {"guardduty:ListDetectors": [{"DetectorIds": ["d"]}], "guardduty:ListFindings": [{"FindingIds": ["f"]}]}),
        (securityhub_findings, "securityhub", {}),
    ],
    ids=["guardduty", "securityhub"],
)  # fmt: skip
def test_the_documented_findings_of_aws_are_read(tool, name: str, answers: dict[str, list], tmp_path: Path) -> None:
    documented = json.loads((real_data("evidence-awscli") / f"data/{name}/get-findings.json").read_text())

    documented.pop("NextToken", None)  # the page that it leads to is not documented

    alerts = ask(tool, {**answers, f"{name}:GetFindings": [documented]}, tmp_path)

    assert [each.id for each in alerts] == [f"alert:{finding['Id']}" for finding in documented["Findings"]]
    assert all(each.first and each.title for each in alerts)
