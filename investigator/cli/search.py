"""Looking into evidence with a search expression: events in pages, or what they come to."""

import csv
import gc
import io
import json
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from investigator.cli.logs import Reading, logs, read_in
from investigator.cli.mistakes import Mistake, usage
from investigator.cli.output import say, table, tell
from investigator.cli.verbs import verb

if TYPE_CHECKING:  # a verb imports what it needs when it runs
    from datetime import datetime

    from pydantic import JsonValue

    from investigator.domain.event import Event
    from investigator.ports.store import Snapshot

HEADS = ("TIME", "ACTION", "OUTCOME", "PRINCIPAL", "FROM", "ID")
TOP = 10
"""Most frequent values of a column that are shown."""
BAR = 40
"""Characters of the longest bar."""


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
    csv: Annotated[bool, typer.Option("--csv", help="A table with all columns for a spreadsheet.")] = False
    summary: Annotated[
        bool, typer.Option("--summary", help="How many, first and last, by time, and the most frequent values.")
    ] = False
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="At most so many events.")] = 200
    skip: Annotated[int, typer.Option("--skip", metavar="N", min=0, help="Leave out the first N.")] = 0

    def check(self) -> None:
        """Raises Mistake."""
        from investigator.domain.search import parse_search

        if (self.case is None) == (not self.logs and self.store is None):
            raise Mistake("say where to search: --logs PATH, --store DIR or --case CASE")
        if self.raw and not self.json:
            raise Mistake("--raw: needs --json")
        if self.csv and (self.json or self.summary):
            raise Mistake("--csv: goes with neither --json nor --summary")
        with usage("EXPRESSION"):
            parse_search(self.expression)


@verb(logs, "search", "investigator logs search 'name=CreateAccessKey from:2026-01-27' --logs ./AWSLogs")
def search(options: Searching) -> None:
    """Print the events that match a search expression, or sum them up."""
    from investigator.domain.search import parse_search

    options.check()
    where = parse_search(options.expression)
    snapshot = _evidence(options)
    if options.summary:
        _summarise(snapshot, options)
        return
    last = options.skip + options.limit
    events = tuple(islice(snapshot.events(where, limit=last), options.skip, None))
    _print(events, snapshot, options)
    if len(events) == options.limit:
        tell(f"up to event {last:,}; --skip {last} goes on, --limit gives more")


def _evidence(options: Searching) -> "Snapshot":
    if options.case:
        return options.investigation().evidence(options.case)
    if not options.logs:
        with lasting():
            from investigator import stores

        return stores.everything(options.settings())
    library = options.library()
    read_in(library, options.logs)
    return library.open(library.pin([path.absolute() for path in options.logs]))


@contextmanager
def lasting() -> Generator[None]:
    """What is made inside stays to the end: the garbage collector need not look for what it could free there."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _print(events: "tuple[Event, ...]", snapshot: "Snapshot", options: Searching) -> None:
    if options.csv:
        for line in _spreadsheet(events):
            say(line)
    elif options.json:
        for event in events:
            say(json.dumps({**_columns(event), **_raw(snapshot, event, options)}, ensure_ascii=True))
    else:
        table([_row(event) for event in events], HEADS)


def _raw(snapshot: "Snapshot", event: "Event", options: Searching) -> "dict[str, JsonValue]":
    if not options.raw:
        return {}
    from investigator import wiring

    return {"raw": wiring.raw_record(snapshot, event.id)}


def _spreadsheet(events: "Iterable[Event]") -> Iterator[str]:
    """CSV lines; no cell is a formula, none holds a secret."""
    from investigator.domain.safe_text import inert_cell, redact
    from investigator.domain.search import COLUMNS

    line = io.StringIO()
    writer = csv.writer(line, lineterminator="")
    cells = ([_cell(value) for value in _columns(event).values()] for event in events)
    for row in (COLUMNS, *cells):
        line.seek(0)
        line.truncate()
        writer.writerow(inert_cell(redact(cell)) for cell in row)
        yield line.getvalue()


def _cell(value: "JsonValue") -> str:
    match value:
        case None:
            return ""
        case list():
            return " ".join(map(str, value))
        case bool():
            return str(value).lower()
        case _:
            return str(value)


def _summarise(snapshot: "Snapshot", options: Searching) -> None:
    from investigator.domain.search import parse_search

    where = parse_search(options.expression)
    group = snapshot.group(where)
    hours = {row.hour.isoformat()[:13]: row.records for row in snapshot.hours(where)}
    first, last = (_moment(time) for time in (group.first, group.last))
    if options.json:
        told = {"count": group.count, "first": first, "last": last, "values": group.values, "hours": hours}
        say(json.dumps(told, ensure_ascii=True, default=dict))
        return
    say(f"{group.count:,} events" + (f", first {first}, last {last}" if first else ""))
    for name, values in group.values.items():
        if not values:
            continue
        rows = [(f"{number:,}", value) for value, number in islice(values.items(), TOP)]
        say()
        table(rows, (name.upper(), ""))
    if hours:
        say()
        _histogram(hours)


def _histogram(hours: dict[str, int]) -> None:
    """A bar for each day with events, or for each hour when they lie on few days."""
    days: dict[str, int] = {}
    for hour, number in hours.items():
        days[hour[:10]] = days.get(hour[:10], 0) + number
    spans = {f"{hour.replace('T', ' ')}:00": number for hour, number in hours.items()} if len(days) < 3 else days
    most = max(spans.values(), default=1)
    table([(span, f"{n:,}", "#" * -(-n * BAR // most)) for span, n in spans.items()], ("TIME", "EVENTS", ""))


def _columns(event: "Event") -> "dict[str, JsonValue]":
    from investigator.domain.search import COLUMNS

    columns = {name: getattr(event, name) for name in COLUMNS}
    return {**columns, "time": _moment(event.time), "flags": list(event.flags)}


def _moment(time: "datetime | None") -> str | None:
    from investigator.domain.times import to_text

    return to_text(time) if time else None


def _row(event: "Event") -> tuple[str, ...]:
    from investigator.domain.times import to_text

    time = to_text(event.time)[:19].replace("T", " ") if event.time else "no time"
    return (time, event.action, event.outcome, event.principal, event.ip, event.id)
