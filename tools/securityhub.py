"""The question to Security Hub: what it and the products behind it found, archived findings too."""

from collections.abc import Iterator

from investigator.domain.alerts.asff import asff_alert
from investigator.domain.alerts.reading import answered
from investigator.domain.observation import Observation
from investigator.ports.aws import Aws
from investigator.ports.tool import EVERY_REGION, tool

from ._inputs import Everything
from ._states import elements


@tool("What did Security Hub collect?", permissions={"securityhub:GetFindings"}, where=EVERY_REGION)
def securityhub_findings(inputs: Everything, aws: Aws) -> Iterator[Observation]:
    for page in aws.pages("securityhub", "GetFindings", MaxResults=100):
        yield from (answered(asff_alert, each, page.answer) for each in elements(page.body, "Findings"))
