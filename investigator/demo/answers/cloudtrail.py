"""CloudTrail: the trail, its status, and what it records."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from pydantic import JsonValue

from investigator.demo.answers.asked import Asked, Body, Fault
from investigator.demo.company import BUCKETS, EXPORTS, HOME, ORDERS, TRAIL, TRAIL_ARN, TRAIL_BUCKET
from investigator.demo.incident import Incident
from investigator.domain.times import to_text


def _trails(told: Incident, asked: Asked) -> Body:
    """A multi-Region trail is shown in every Region as a shadow of the one at home."""
    trail: JsonValue = {
        "Name": TRAIL,
        "S3BucketName": TRAIL_BUCKET,
        "IncludeGlobalServiceEvents": True,
        "IsMultiRegionTrail": True,
        "HomeRegion": HOME,
        "TrailARN": TRAIL_ARN,
        "LogFileValidationEnabled": True,
        "HasCustomEventSelectors": True,
        "HasInsightSelectors": False,
        "IsOrganizationTrail": False,
    }
    shown = asked.region == HOME or asked.parameters.get("includeShadowTrails") is not False
    return {"trailList": [trail] if shown else []}


def _named(asked: Asked, parameter: str) -> None:
    if asked.text(parameter) not in (TRAIL_ARN, TRAIL if asked.region == HOME else TRAIL_ARN):
        raise Fault("TrailNotFoundException", f"Unknown trail: {asked.text(parameter)}")


def _status(told: Incident, asked: Asked) -> Body:
    _named(asked, "Name")
    delivered = to_text(told.as_of - timedelta(minutes=6))
    stopped = told.estate.logging_stopped
    body: Body = {
        "IsLogging": True,
        "LatestDeliveryTime": delivered,
        "LatestDigestDeliveryTime": to_text(told.as_of - timedelta(minutes=41)),
        "StartLoggingTime": to_text(told.estate.logging_started),
    }
    return {**body, "StopLoggingTime": to_text(stopped)} if stopped else body


def _selectors(told: Incident, asked: Asked) -> Body:
    _named(asked, "TrailName")
    objects: list[JsonValue] = [f"arn:aws:s3:::{bucket}/" for bucket in (EXPORTS, ORDERS, BUCKETS[0])]
    management: JsonValue = {
        "Name": "management",
        "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}],
    }
    data: JsonValue = {
        "Name": "objects",
        "FieldSelectors": [
            {"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
            {"Field": "resources.ARN", "StartsWith": objects},
        ],
    }
    return {"TrailARN": TRAIL_ARN, "AdvancedEventSelectors": [management, data]}


OPERATIONS: Mapping[str, Callable[[Incident, Asked], Body]] = {
    "DescribeTrails": _trails,
    "GetTrailStatus": _status,
    "GetEventSelectors": _selectors,
}
