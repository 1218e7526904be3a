"""Questions to the event history of CloudTrail: 90 days, management events, one attribute a question, one Region."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import JsonValue

from investigator.domain.gap import Gap
from investigator.domain.observation import Observation
from investigator.domain.search import Operator, Search, Term, search, where
from investigator.domain.times import Window, to_text
from investigator.domain.words import CellState
from investigator.ports.aws import Aws, Refused
from investigator.ports.tool import EVERY_REGION, tool

from ._inputs import KeyUse, NamedCalls, PrincipalUse, ResourceUse, SessionUse, Within
from ._names import is_root, user_name
from ._records import group_of, without_date

LOOK_UP = {"cloudtrail:LookupEvents"}
KEPT = timedelta(days=90)
"""How long the event history goes back."""
LATE = timedelta(minutes=15)
"""How late CloudTrail may deliver; typically 5 minutes, not guaranteed."""


@dataclass(frozen=True, slots=True)
class _By:
    """One look-up attribute, and what the records that it finds have in common."""

    attribute: str
    value: str
    meaning: Search


@tool("Which API calls were made with this access key?", permissions=LOOK_UP, where=EVERY_REGION)
def calls_by_key(inputs: KeyUse, aws: Aws) -> Iterator[Observation]:
    yield from _history(_By("AccessKeyId", inputs.key, where(key=inputs.key)), inputs.window, aws)


@tool("Which API calls did this user or role make?", permissions=LOOK_UP, where=EVERY_REGION)
def calls_by_principal(inputs: PrincipalUse, aws: Aws) -> Iterator[Observation]:
    """Raises Refused (not recorded) for a role: the event history knows its sessions only by their names."""
    name = "root" if is_root(inputs.principal) else user_name(inputs.principal)
    if not name:
        raise Refused(_not_by_role(inputs.principal), CellState.NOT_RECORDED)
    by_arn = inputs.principal.startswith("arn:")
    meaning = where(principal=inputs.principal) if by_arn else where(user=name)
    yield from _history(_By("Username", name, meaning), inputs.window, aws)


@tool("Which API calls were made in role sessions of this name?", permissions=LOOK_UP, where=EVERY_REGION)
def calls_by_session(inputs: SessionUse, aws: Aws) -> Iterator[Observation]:
    yield from _history(_By("Username", inputs.session, where(session=inputs.session)), inputs.window, aws)


@tool("Which API calls name this resource?", permissions=LOOK_UP, where=EVERY_REGION)
def calls_on_resource(inputs: ResourceUse, aws: Aws) -> Iterator[Observation]:
    word = Term(field="", op=Operator.WORD, values=(inputs.resource,))
    yield from _history(_By("ResourceName", inputs.resource, search(word)), inputs.window, aws)


@tool("Who made this call?", permissions=LOOK_UP, where=EVERY_REGION)
def calls_by_name(inputs: NamedCalls, aws: Aws) -> Iterator[Observation]:
    meaning = where(name=without_date(inputs.event_name))
    yield from _history(_By("EventName", inputs.event_name, meaning), inputs.window, aws)


@tool("Who signed in to the console?", permissions=LOOK_UP, where=EVERY_REGION)
def sign_ins(inputs: Within, aws: Aws) -> Iterator[Observation]:
    yield from _history(_By("EventName", "ConsoleLogin", where(name="ConsoleLogin")), inputs.window, aws)


def _history(by: _By, window: Window, aws: Aws) -> Iterator[Observation]:
    """One group for each page, and what the history cannot hold; raises Refused when the window is too old for it."""
    oldest = aws.as_of - KEPT
    if window.end <= oldest:
        raise Refused(_too_old(oldest), CellState.OUT_OF_RETENTION)
    kept = Window(start=max(window.start, oldest), end=window.end)
    if window.start < oldest:
        yield _too_old(oldest)
    if window.end > aws.as_of - LATE:
        yield _too_new(aws.as_of)
    attribute: dict[str, JsonValue] = {"AttributeKey": by.attribute, "AttributeValue": by.value}
    for page in aws.pages(
        "cloudtrail",
        "LookupEvents",
        LookupAttributes=[attribute],
        StartTime=to_text(kept.start),
        EndTime=to_text(kept.end),
        MaxResults=50,
    ):
        yield group_of(page, by.meaning, kept)


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


def _not_by_role(principal: str) -> Gap:
    return Gap.of(
        what=f"API calls of {principal} in the event history",
        why="the event history cannot be searched by role, only by session name or access key",
        effect="calls of sessions that are not known yet would not be seen",
        close="look up the sessions that AssumeRole issued, or give the log files with --logs",
    )
