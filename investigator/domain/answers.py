"""Saved answers: what one page of an AWS answer is on disk, how its file and its evidence id are named, how pages join.

The folder is `<account>/<region>/<service>.<Operation>/<16 hex>.jsonl`, one page a line; paging tokens are no part of a
request, so all pages of one answer share a file and an id.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from pydantic import ConfigDict, Field, JsonValue

from investigator.domain import canonical as canonical_json
from investigator.domain.ids import EvidenceId, digest16
from investigator.domain.value import Value

SCHEMA = "investigator.answers/1"
TOKENS = frozenset(
    "NextToken nextToken Marker NextMarker NextPageToken PageToken ContinuationToken NextContinuationToken "
    "KeyMarker VersionIdMarker StartingToken".split()
)
"""Parameters that only say which page."""


class SavedError(Value):
    """What AWS, or our own check of its reply, said instead of an answer."""

    model_config = ConfigDict(extra="ignore")

    code: str
    """The AWS error code; `BadReply`, `Pagination`, `Deadline`, `Budget` or `NotReached` are our own."""
    message: str = ""
    state: str = ""
    """The coverage state it gives the cell, where the code alone does not tell."""


class SavedPage(Value):
    """One line of a saved answer."""

    model_config = ConfigDict(extra="ignore")

    parameters: Mapping[str, JsonValue]
    call: int = 1
    """The how-manieth time this request was made."""
    page: int = 1
    status: int = 200
    request_id: str = ""
    body: JsonValue = None
    error: SavedError | None = None
    more: bool = Field(default=False)
    """Another page was to follow; a call whose last page says so was cut."""

    def __str__(self) -> str:
        """The line, in ASCII: text that UTF-8 cannot hold was made visible before."""
        kept = self.model_dump(exclude_none=self.error is not None)
        if self.error is None:
            del kept["error"]
        if not self.more:
            del kept["more"]
        return json.dumps(kept, ensure_ascii=True, separators=(",", ":"))


def parse_page(line: str) -> SavedPage:
    """Read a line; raises ValueError for one that is cut or no page."""
    return SavedPage.model_validate(storable(json.loads(line)))


def storable(value: JsonValue) -> JsonValue:
    """The value with lone surrogates as visible escapes, so that every store and encoder takes it."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {str(storable(key)): storable(inner) for key, inner in value.items()}
    return [storable(inner) for inner in value] if isinstance(value, list) else value


def without_tokens(parameters: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """What was asked, whatever page was asked for."""
    return {key: value for key, value in parameters.items() if key not in TOKENS}


def answer_id(operation: str, account: str, region: str, parameters: Mapping[str, JsonValue]) -> EvidenceId:
    """`aws:<16 hex>`; `operation` is `service.Operation`, e.g. `iam.ListAccessKeys`."""
    return "aws:" + digest16(operation, account, region, _asked(parameters))


def answer_path(operation: str, account: str, region: str, parameters: Mapping[str, JsonValue]) -> PurePosixPath:
    """The file of an answer below its folder."""
    return PurePosixPath(account, region, operation, digest16(_asked(parameters)) + ".jsonl")


def canonical(value: JsonValue) -> str:
    """The canonical JSON text of parameters."""
    return canonical_json.canonical(value).decode()


def _asked(parameters: Mapping[str, JsonValue]) -> str:
    return canonical(without_tokens(parameters))


def id_of_file(path: PurePosixPath, page: SavedPage) -> EvidenceId:
    """The id of the answer in a file of that (relative) path."""
    account, region, operation = path.parts[-4:-1]
    return answer_id(operation, account, region, page.parameters)


def calls_of(lines: Iterable[str]) -> tuple[tuple[SavedPage, ...], ...]:
    """The calls in a file, in order, each with its pages; torn lines, and calls that a later one replaced, left out.

    A call was replaced when it was cut and the same request was made again.
    """
    calls: dict[int, dict[int, SavedPage]] = {}
    for line in lines:
        if (page := _page_or_none(line)) is not None:
            calls.setdefault(page.call, {})[page.page] = page
    ordered = [call for _, pages in sorted(calls.items()) if (call := _unbroken(pages))]
    whole = tuple(call for call in ordered if not call[-1].more)
    return whole or tuple(ordered[-1:])


def _unbroken(pages: Mapping[int, SavedPage]) -> tuple[SavedPage, ...]:
    """The pages up to the first one that is missing; the last of them then says that more was to follow."""
    numbers = sorted(pages)
    kept = [pages[number] for index, number in enumerate(numbers) if number == numbers[0] + index and numbers[0] <= 1]
    if len(kept) < len(numbers):
        kept[-1:] = [page.model_copy(update={"more": True}) for page in kept[-1:]]
    return tuple(kept)


def _page_or_none(line: str) -> SavedPage | None:
    try:
        return parse_page(line)
    except ValueError:
        return None


def merged(bodies: Sequence[JsonValue]) -> JsonValue:
    """Pages read as one: lists joined, objects merged, of anything else the first."""
    whole: JsonValue = bodies[0] if bodies else None
    for body in bodies[1:]:
        whole = _joined(whole, body)
    return whole


def _joined(one: JsonValue, other: JsonValue) -> JsonValue:
    if isinstance(one, list) and isinstance(other, list):
        return [*one, *other]
    if isinstance(one, dict) and isinstance(other, dict):
        added = {key: value for key, value in other.items() if key not in one}
        return {key: _joined(value, other.get(key)) for key, value in one.items()} | added
    return one
