"""The question to CloudTrail that all other answers rest on: what was being recorded, and what was not."""

from collections.abc import Iterator

from pydantic import JsonValue

from investigator.domain.gap import Gap
from investigator.domain.observation import Observation
from investigator.domain.paths import first_text, texts
from investigator.domain.words import EntityKind
from investigator.ports.aws import Aws, Page
from investigator.ports.tool import EVERY_REGION, tool

from ._inputs import Everything
from ._states import Seen, elements, is_missing, pick, ref
from ._together import together

TRAIL = (
    "Name", "TrailARN", "HomeRegion", "S3BucketName", "S3KeyPrefix", "IsMultiRegionTrail", "IsOrganizationTrail",
    "LogFileValidationEnabled", "IncludeGlobalServiceEvents", "KmsKeyId",
)  # fmt: skip
STATUS = (
    "IsLogging", "LatestDeliveryTime", "LatestDeliveryError", "LatestDigestDeliveryTime", "StartLoggingTime",
    "StopLoggingTime",
)  # fmt: skip
OBJECTS = "AWS::S3::Object"
_TYPES = ("EventSelectors.DataResources.Type", "AdvancedEventSelectors.FieldSelectors[Field=resources.type].Equals")


@tool(
    "What is recorded, and since when?",
    permissions={"cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus", "cloudtrail:GetEventSelectors"},
    where=EVERY_REGION,
)
def trails(inputs: Everything, aws: Aws) -> Iterator[Observation]:
    """Each trail in every Region that it covers; its status and selectors once, in its home Region."""
    for page in aws.pages("cloudtrail", "DescribeTrails"):
        found = tuple(elements(page.body, "trailList"))
        if not found:
            yield _no_trail(aws)
        for trail in found:
            yield from _trail(trail, Seen(page, aws))
        home = [trail for trail in found if first_text(trail, "HomeRegion") == aws.region]
        yield from together(*(_status(first_text(trail, "TrailARN"), aws) for trail in home), _selectors(home, aws))


def _trail(trail: JsonValue, seen: Seen) -> Iterator[Observation]:
    arn = first_text(trail, "TrailARN")
    yield seen.state("trail", ref(EntityKind.RESOURCE, arn), pick("trailList", "TrailARN", arn), TRAIL)


def _status(arn: str, aws: Aws) -> Iterator[Observation]:
    for page in aws.pages("cloudtrail", "GetTrailStatus", Name=arn):
        yield Seen(page, aws).state("trail_status", ref(EntityKind.RESOURCE, arn), keys=STATUS)
        if first_text(page.body, "IsLogging") == "false":
            yield _not_logging(arn, first_text(page.body, "StopLoggingTime"))


def _selectors(home: list[JsonValue], aws: Aws) -> Iterator[Observation]:
    """What each trail records beyond management events, and a gap when none records S3 object calls."""
    arns = [first_text(trail, "TrailARN") for trail in home]
    pages = [page for arn in arns for page in aws.pages("cloudtrail", "GetEventSelectors", TrailName=arn)]
    for page in pages:
        entity = ref(EntityKind.RESOURCE, first_text(page.body, "TrailARN"))
        yield Seen(page, aws).state("trail_selectors", entity, keys=("EventSelectors", "AdvancedEventSelectors"))
    if home and not any(_records_objects(page) for page in pages):
        yield _no_object_calls(aws)


def _records_objects(page: Page) -> bool:
    return not is_missing(page) and any(OBJECTS in texts(page.body, path) for path in _TYPES)


def _no_trail(aws: Aws) -> Gap:
    return Gap.of(
        what=f"log files of {aws.account}, {aws.region}",
        why="no trail records there; only the event history of 90 days is left",
        effect="older calls, and reads and writes of data, are not known",
        close="search the event history; create a trail for the future",
    )


def _not_logging(arn: str, since: str) -> Gap:
    return Gap.of(
        what=f"log files of {arn}" + (f" since {since}" if since else ""),
        why="the trail is switched off",
        effect="what happened since then is only in the event history",
        close="search the event history; switch the trail on again",
    )


def _no_object_calls(aws: Aws) -> Gap:
    return Gap.of(
        what=f"reads and writes of S3 objects in account {aws.account}",
        why=f"no trail of {aws.region} logs S3 data events",
        effect="which objects were read or written cannot be told",
        close="search server access logs of the buckets; switch S3 data events on for the future",
    )
