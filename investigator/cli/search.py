"""Looking into evidence with a search expression."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from investigator.cli.logs import Reading, logs, read_in
from investigator.cli.mistakes import Mistake, usage
from investigator.cli.output import say, table, tell
from investigator.cli.verbs import verb

if TYPE_CHECKING:  # a verb imports what it needs when it runs
    from pydantic import JsonValue

    from investigator.domain.event import Event

    Found = tuple[Sequence[Event], Callable[[str], JsonValue]]
    """Events, and how to get the raw record of one."""


@dataclass(frozen=True, kw_only=True)
class Searching(Reading):
    expression: Annotated[
        str, typer.Argument(metavar="EXPRESSION", help="Terms such as name=StopLogging from:2026-01-27 -root.")
    ]
    logs: Annotated[
        list[Path], typer.Option("--logs", metavar="PATH", exists=True, help="Files or folders; indexed when new.")
    ] = field(default_factory=list[Path])
    case: Annotated[str | None, typer.Option("--case", metavar="CASE", help="The evidence of this case.")] = None
    raw: Annotated[bool, typer.Option("--raw", help="With --json: the whole records too, secrets redacted.")] = False
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="At most so many events.")] = 200

    def check(self) -> None:
        """Raises Mistake."""
        from investigator.domain.search import parse_search

        if (self.case is None) == (not self.logs and self.store is None):
            raise Mistake("say where to search: --logs PATH, --store DIR or --case CASE")
        if self.raw and not self.json:
            raise Mistake("--raw: needs --json")
        with usage("EXPRESSION"):
            parse_search(self.expression)


@verb(logs, "search", "investigator logs search 'name=CreateAccessKey from:2026-01-27' --logs ./AWSLogs")
def search(options: Searching) -> None:
    """Print the events that match a search expression, in time order."""
    options.check()
    events, raw = _in_case(options, options.case) if options.case else _in_store(options)
    if options.json:
        for event in events:
            say(json.dumps({**_columns(event), **({"raw": raw(event.id)} if options.raw else {})}, ensure_ascii=True))
    else:
        table([_row(event) for event in events], ("TIME", "ACTION", "OUTCOME", "PRINCIPAL", "FROM", "ID"))
    if len(events) == options.limit:
        tell(f"the first {options.limit:,}; --limit gives more")


def _in_case(options: Searching, handle: str) -> "Found":
    investigation = options.investigation()
    investigation.view(handle)
    events = investigation.search(handle, options.expression, limit=options.limit)
    return events, lambda event: investigation.record(handle, event)


def _in_store(options: Searching) -> "Found":
    from investigator import wiring
    from investigator.domain.search import parse_search

    if options.logs:
        library = options.library()
        read_in(library, options.logs)
        snapshot = library.open(library.pin([path.absolute() for path in options.logs]))
    else:
        snapshot = wiring.everything(options.settings())
    events = tuple(snapshot.events(parse_search(options.expression), limit=options.limit))
    return events, lambda event: wiring.raw_record(snapshot, event)


def _columns(event: "Event") -> "dict[str, JsonValue]":
    from investigator.domain.search import COLUMNS
    from investigator.domain.times import to_text

    columns = {name: getattr(event, name) for name in COLUMNS}
    return {**columns, "time": to_text(event.time) if event.time else None, "flags": list(event.flags)}


def _row(event: "Event") -> tuple[str, ...]:
    from investigator.domain.times import to_text

    time = to_text(event.time)[:19].replace("T", " ") if event.time else "no time"
    return (time, event.action, event.outcome, event.principal, event.ip, event.id)
