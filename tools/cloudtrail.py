"""Questions to CloudTrail: its event history (90 days, management events, one attribute a question) and its trails."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pydantic import JsonValue

from investigator.domain.gap import Gap
from investigator.domain.observation import Observation
from investigator.domain.search import Search, where
from investigator.domain.times import Window, to_text
from investigator.domain.words import CellState
from investigator.ports.aws import Aws, Refused
from investigator.ports.tool import EVERY_REGION, tool

from ._inputs import KeyUse
from ._records import group_of

LOOK_UP = {"cloudtrail:LookupEvents"}
KEPT = timedelta(days=90)
"""How long the event history goes back."""
LATE = timedelta(minutes=15)
"""How late CloudTrail may deliver; typically 5 minutes, not guaranteed."""


@tool("Which API calls were made with this access key?", permissions=LOOK_UP, where=EVERY_REGION)
def calls_by_key(inputs: KeyUse, aws: Aws) -> Iterator[Observation]:
    return _history(aws, "AccessKeyId", inputs.key, where(key=inputs.key), inputs.window)


def _history(aws: Aws, attribute: str, value: str, meaning: Search, window: Window) -> Iterator[Observation]:
    """One group for each page of the event history, and what it cannot hold; raises Refused when it holds nothing."""
    oldest = aws.as_of - KEPT
    if window.end <= oldest:
        raise Refused(_too_old(oldest), CellState.OUT_OF_RETENTION)
    kept = Window(start=max(window.start, oldest), end=window.end)
    if window.start < oldest:
        yield _too_old(oldest)
    if window.end > aws.as_of - LATE:
        yield _too_new(aws.as_of)
    attribute_is: dict[str, JsonValue] = {"AttributeKey": attribute, "AttributeValue": value}
    for page in aws.pages(
        "cloudtrail",
        "LookupEvents",
        LookupAttributes=[attribute_is],
        StartTime=to_text(kept.start),
        EndTime=to_text(kept.end),
        MaxResults=50,
    ):
        yield group_of(page, meaning, kept)


def _too_old(oldest: datetime) -> Gap:
    return Gap.of(
        what=f"API calls before {to_text(oldest)}",
        why="the event history of CloudTrail keeps 90 days",
        effect="an earlier entry, or an earlier use of the same credential, would not be seen",
        close="give the log files of a trail with --logs",
    )


def _too_new(as_of: datetime) -> Gap:
    return Gap.of(
        what=f"API calls of the 15 minutes before {to_text(as_of)}",
        why="CloudTrail delivers with a delay, so they may be incomplete",
        effect="the latest steps may be missing",
        close="resume the case in a quarter of an hour",
    )
