"""Verbs of a case: open it, go on with it, look at it, take it away, close it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from investigator.cli.app import app
from investigator.cli.mistakes import Mistake, usage
from investigator.cli.opening import CaseOptions, Telling, parsed_answers
from investigator.cli.output import say, shown, table, tell
from investigator.cli.sources import SourceOptions
from investigator.cli.verbs import Common, verb
from investigator.domain.exits import Exit
from investigator.domain.words import ClosureCode, RunState

if TYPE_CHECKING:  # a verb imports what it needs when it runs
    from pydantic import JsonValue

    from investigator.domain.case import CaseView, OpenCase

Handle = Annotated[str, typer.Argument(metavar="CASE", help="12 digits; `investigator cases` lists them.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


@dataclass(frozen=True, kw_only=True)
class Investigate(CaseOptions, SourceOptions):
    worry: Annotated[str, typer.Argument(metavar="WORRY", help="What happened, in your words.")] = ""
    alert: Annotated[
        Path | None, typer.Option("--alert", metavar="FILE", exists=True, dir_okay=False, help="An alert as JSON.")
    ] = None
    new: Annotated[bool, typer.Option("--new", help="Open another case for an alert that has an open one.")] = False

    def flags(self) -> Mapping[str, object]:
        return {**CaseOptions.flags(self), **SourceOptions.flags(self)}

    def request(self) -> "OpenCase":
        """Raises Mistake."""
        from investigator.domain.case import OpenCase
        from investigator.domain.times import parse_instant

        with usage("--now"):
            now = parse_instant(self.now) if self.now else None
        return OpenCase(
            worry=self.worry,
            alert=_alert(self.alert) if self.alert else None,
            sources=self.sources(),
            answers=parsed_answers(self.answer),
            playbook=self.playbook,
            ask=self.may_ask(),
            now=now,
            anew=self.new,
            model=self.settings().model,
        )


@dataclass(frozen=True, kw_only=True)
class Cases(Common):
    json: Json = False


@dataclass(frozen=True, kw_only=True)
class Show(Cases):
    case: Handle


@dataclass(frozen=True, kw_only=True)
class Resume(Telling):
    case: Handle


@dataclass(frozen=True, kw_only=True)
class LateAnswer(Telling):
    case: Handle
    answers: Annotated[list[str], typer.Argument(metavar="SLOT=VALUE", help="Answers; `unknown` is one.")]


@dataclass(frozen=True, kw_only=True)
class Export(Common):
    case: Handle
    format: Annotated[
        str | None,
        typer.Option("--format", metavar="FORMAT", help="markdown, html, json, csv (timeline), bundle (zip), runbook."),
    ] = None
    out: Annotated[Path | None, typer.Option("--out", metavar="PATH", help="A file in place of standard output.")] = (
        None
    )


@dataclass(frozen=True, kw_only=True)
class Close(Cases):
    case: Handle
    code: Annotated[str, typer.Option("--code", metavar="CODE", help=", ".join(ClosureCode) + ".")]


@verb(app, "investigate", 'investigator investigate "AKIAIOSFODNN7EXAMPLE leaked" --logs ./AWSLogs')
def investigate(options: Investigate) -> Exit:
    """Open a case from a worry or an alert, and run it."""
    from investigator.cli.conduct import conduct

    options.bar()
    investigation = options.investigation()
    with usage():
        view = investigation.open(options.request())
    tell(f"case {view.id}: {shown(view.case.title)}")
    if view.run is not RunState.OPENING:
        tell("this alert has that case already; `--new` opens another")
    return conduct(investigation, view.id, options)


@verb(app, "cases", "investigator cases")
def cases(options: Cases) -> None:
    """List the cases, newest first."""
    from pydantic import TypeAdapter

    from investigator.domain.case import CaseView

    views = options.investigation().cases()
    if options.json:
        say(TypeAdapter(tuple[CaseView, ...]).dump_json(views, by_alias=True, indent=2).decode())
    elif views:
        table([_row(view) for view in views], ("CASE", "OPENED", "RUN", "VERDICT", "TITLE"))
    else:
        tell("no cases yet; `investigator investigate --help` says how to open one")


@verb(app, "show", "investigator show 482915503617")
def show(options: Show) -> None:
    """Show one case: its report, or how far it is."""
    from investigator.cli import deliver
    from investigator.cli.report import print_report

    investigation = options.investigation()
    view = investigation.view(options.case)
    if options.json:
        deliver.export(investigation, options.case, "json", None)
    elif view.run is RunState.FINISHED:
        print_report(investigation.document(options.case))
    else:
        _print_state(view)


@verb(app, "resume", "investigator resume 482915503617")
def resume(options: Resume) -> Exit:
    """Go on with an interrupted or paused case where it stopped."""
    from investigator.cli.conduct import conduct

    investigation = options.investigation()
    investigation.view(options.case)
    return conduct(investigation, options.case, options)


@verb(app, "answer", "investigator answer 482915503617 known_ips=198.51.100.0/24,203.0.113.7")
def answer(options: LateAnswer) -> Exit:
    """Answer questions late; only what depends on them runs again."""
    from investigator.cli.conduct import conduct

    investigation = options.investigation()
    investigation.view(options.case)
    with usage():
        investigation.answer(options.case, parsed_answers(options.answers))
    return conduct(investigation, options.case, options)


@verb(app, "export", "investigator export 482915503617 --format html --out report.html")
def export(options: Export) -> None:
    """Write a finished case as a report, as data or as a bundle."""
    from investigator.cli import deliver

    investigation = options.investigation()
    investigation.view(options.case)
    deliver.export(investigation, options.case, options.format, options.out)


@verb(app, "close", 'investigator close 482915503617 --code "False Positive"')
def close(options: Close) -> None:
    """Close a case with a closure code."""
    view = options.investigation().close(options.case, _closure(options.code))
    say(view.model_dump_json(by_alias=True, indent=2) if options.json else f"case {view.id}: {view.case.status}")


def _closure(text: str) -> ClosureCode:
    """The code, however its words are joined and spelt in case."""
    wanted = text.replace("-", " ").replace("_", " ").casefold()
    for code in ClosureCode:
        if wanted == code.casefold():
            return code
    raise Mistake(f"--code: takes {', '.join(ClosureCode)}, not {text!r}")


def _alert(file: Path) -> "JsonValue":
    from investigator.domain.plain_json import plain_json

    try:
        return plain_json(file.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise Mistake(f"--alert: {file} is not readable as JSON: {error}") from None


def _row(view: "CaseView") -> tuple[str, ...]:
    from investigator.domain.times import to_text

    opened = to_text(view.opened)[:16].replace("T", " ") if view.opened else ""
    return (view.id, opened, view.run, (view.verdict or "").replace("_", " "), view.case.title)


def _print_state(view: "CaseView") -> None:
    stage = f", in {view.stage}" if view.stage else ""
    say(f"case {view.id}: {shown(view.case.title)}")
    say(f"{view.run}{stage}")
    if view.trouble:
        say(shown(view.trouble))
    for question in view.questions:
        if question.asked:
            say(f"  {question.slot}: {shown(question.text)} (default: {shown(question.default)})")
    tell(f"`investigator resume {view.id}` goes on with it")
