"""The question to GuardDuty: what it found, archived findings too."""

from collections.abc import Iterator

from investigator.domain.alerts.guardduty import guardduty_alert
from investigator.domain.alerts.reading import answered
from investigator.domain.answers import SavedError
from investigator.domain.observation import Observation
from investigator.domain.paths import texts
from investigator.ports.aws import Aws
from investigator.ports.tool import EVERY_REGION, tool

from ._inputs import Everything
from ._refusals import Request, refused
from ._states import elements

BATCH = 50
"""The most finding ids that GetFindings takes."""


@tool(
    "What did GuardDuty find?",
    permissions={"guardduty:ListDetectors", "guardduty:ListFindings", "guardduty:GetFindings"},
    where=EVERY_REGION,
)
def guardduty_findings(inputs: Everything, aws: Aws) -> Iterator[Observation]:
    """Raises Refused (disabled) where no detector is on."""
    detectors = [name for page in aws.pages("guardduty", "ListDetectors") for name in texts(page.body, "DetectorIds")]
    if not detectors:
        request = Request("guardduty", "ListDetectors", aws.account, aws.region, {})
        raise refused(request, SavedError(code="NoDetector"))
    for detector in detectors:
        for page in aws.pages("guardduty", "ListFindings", DetectorId=detector):
            yield from _findings(detector, texts(page.body, "FindingIds"), aws)


def _findings(detector: str, ids: tuple[str, ...], aws: Aws) -> Iterator[Observation]:
    for start in range(0, len(ids), BATCH):
        wanted = ids[start : start + BATCH]
        for page in aws.pages("guardduty", "GetFindings", DetectorId=detector, FindingIds=[*wanted]):
            yield from (answered(guardduty_alert, each, page.answer) for each in elements(page.body, "Findings"))
