"""What AWS answers in the demo: one pure function, for the saved answers and for the loopback AWS alike."""

from collections.abc import Callable, Mapping

from investigator.demo.answers import cloudtrail, cost, detectors, ec2, history, iam, s3, sts
from investigator.demo.answers.asked import Asked, Body, Fault, denied
from investigator.demo.answers.paging import chained
from investigator.demo.incident import Incident

__all__ = ["SERVICES", "Asked", "Body", "Fault", "answer", "denied"]

_ONE_PAGE: Mapping[str, Mapping[str, Callable[[Incident, Asked], Body]]] = {
    "ce": cost.OPERATIONS,
    "cloudtrail": cloudtrail.OPERATIONS,
    "ec2": ec2.OPERATIONS,
    "guardduty": detectors.GUARDDUTY,
    "iam": iam.OPERATIONS,
    "s3": s3.OPERATIONS,
    "securityhub": detectors.SECURITY_HUB,
    "sts": sts.OPERATIONS,
}
SERVICES = tuple(_ONE_PAGE)
"""The services that answer, as botocore names them."""


def answer(told: Incident, asked: Asked) -> tuple[Body, ...] | Fault:
    """Every page of the answer, each with the token of the next one, or the error that AWS gives instead."""
    if asked.account != told.account or asked.region not in told.regions:
        return Fault("UnrecognizedClientException", "The security token included in the request is invalid.", 403)
    try:
        if (asked.service, asked.operation) == ("cloudtrail", "LookupEvents"):
            return chained(asked, history.lookup(told, asked))
        return (_operation(asked)(told, asked),)
    except Fault as fault:
        return fault


def _operation(asked: Asked) -> Callable[[Incident, Asked], Body]:
    operations = _ONE_PAGE.get(asked.service, {})
    if asked.operation not in operations:
        raise denied(asked)
    return operations[asked.operation]
