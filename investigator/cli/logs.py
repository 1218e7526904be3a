"""Log files without a case: reading them into an evidence store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from investigator.cli.app import app
from investigator.cli.output import say, table
from investigator.cli.verbs import Common, verb
from investigator.domain.exits import Exit
from investigator.domain.trouble import Stopped

if TYPE_CHECKING:  # a verb imports what it needs when it runs
    from investigator.domain.index_report import FileReport, IndexReport
    from investigator.ports.store import Library

NOTED_FILES = 40
logs = typer.Typer(rich_markup_mode=None, help="Index log files, and search them.", no_args_is_help=True)
app.add_typer(logs, name="logs")


@dataclass(frozen=True, kw_only=True)
class Reading(Common):
    """Verbs that read an evidence store."""

    store: Annotated[
        Path | None, typer.Option("--store", metavar="DIR", help="An evidence store in place of the default one.")
    ] = None
    json: Annotated[bool, typer.Option("--json", help="JSON on standard output, and nothing else there.")] = False

    def flags(self) -> Mapping[str, object]:
        return {**super().flags(), "store": self.store}

    def library(self) -> "Library":
        from investigator import stores

        return stores.library(self.settings())


@dataclass(frozen=True, kw_only=True)
class ReadingFiles(Reading):
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", exists=True, help="CloudTrail files or folders.")]


@verb(logs, "index", "investigator logs index ./AWSLogs")
def index(options: ReadingFiles) -> Exit:
    """Read log files into an evidence store; known ones are skipped."""
    from investigator.domain.outcome import is_damaged

    report = read_in(options.library(), options.paths)
    if options.json:
        say(report.model_dump_json(by_alias=True, indent=2))
    else:
        _print_index(report)
    return Exit.DAMAGED if is_damaged(report) else Exit.FINISHED


def read_in(library: "Library", paths: Sequence[Path]) -> "IndexReport":
    """Index, drawing progress; raises Stopped with how to go on."""
    from investigator.cli.live import live

    try:
        with live() as sink:
            return library.index([path.absolute() for path in paths], sink)
    except (Stopped, KeyboardInterrupt):
        raise Stopped("indexing is stopped; the same command goes on where it stopped") from None


def _print_index(report: "IndexReport") -> None:
    noted = [file for file in report.files if file.status != "ok" or file.flags]
    if noted:
        table([_file_row(file) for file in noted[:NOTED_FILES]], ("STATUS", "FILE", "WHY"))
    if len(noted) > NOTED_FILES:
        say(f"… and {len(noted) - NOTED_FILES:,} more that --json lists")
    say(
        f"{len(report.files):,} files, {report.records:,} records, {report.distinct:,} distinct, "
        f"{report.quarantined:,} unreadable, {report.seconds:.1f} s"
    )


def _file_row(file: "FileReport") -> tuple[str, str, str]:
    return (file.status, file.path, ", ".join(dict.fromkeys(filter(None, (file.reason, *file.flags)))))
