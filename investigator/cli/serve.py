"""Faces without a person at the keyboard: the case API, and many cases from a file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from investigator.cli.app import app
from investigator.cli.mistakes import Mistake, usage
from investigator.cli.output import tell
from investigator.cli.verbs import Common, verb
from investigator.domain.exits import Exit
from investigator.domain.trouble import Stopped


@dataclass(frozen=True, kw_only=True)
class Serve(Common):
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Where to listen.")] = "127.0.0.1"
    port: Annotated[int, typer.Option("--port", metavar="PORT", min=1, max=65535, help="The port there.")] = 8420
    token_file: Annotated[
        Path | None, typer.Option("--token-file", metavar="FILE", exists=True, help="Bearer tokens, one a line.")
    ] = None
    source: Annotated[
        list[str], typer.Option("--source", metavar="NAME=PATH", help="Log files that clients may name; repeatable.")
    ] = field(default_factory=list[str])
    responses: Annotated[
        list[str], typer.Option("--responses", metavar="NAME=DIR", help="Saved answers that clients may name.")
    ] = field(default_factory=list[str])
    aws: Annotated[
        list[str], typer.Option("--aws", metavar="NAME=PROFILE", help="Live accounts that clients may name.")
    ] = field(default_factory=list[str])

    def flags(self) -> Mapping[str, object]:
        return {**super().flags(), "token_file": self.token_file}


@dataclass(frozen=True, kw_only=True)
class Batch(Common):
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", exists=True, help="YAML, JSON lines or CSV; or a folder of alerts."),
    ]
    playbook: Annotated[
        str | None, typer.Option("--playbook", metavar="NAME", help="For the cases that name none.")
    ] = None
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the cases' reports go.")] = Path("cases")


@verb(app, "batch", "investigator batch alerts.yaml --out ./reports")
def batch(options: Batch) -> Exit:
    """Investigate many cases without a person."""
    from investigator.batch import NotABatch, run_batch
    from investigator.cli.live import live

    try:
        with live() as sink:
            return Exit(run_batch(options.investigation(), options.files, options.playbook, options.out, sink))
    except NotABatch as error:
        raise Mistake(f"FILE: {error}") from None
    except (Stopped, KeyboardInterrupt):
        raise Stopped("the batch is stopped; the same command goes on where it stopped") from None


@verb(app, "serve", "investigator serve --source prod=/var/log/AWSLogs --token-file tokens.txt")
def serve(options: Serve) -> None:
    """Serve the case API until Ctrl-C."""
    from investigator.http.server import ServeOptions
    from investigator.http.server import serve as serve_api

    chosen = ServeOptions(
        host=options.host,
        port=options.port,
        token_file=options.settings().token_file,
        sources=_folders("--source", options.source),
        responses=_folders("--responses", options.responses),
        aws=_named("--aws", options.aws),
        names=options.settings().host_names,
    )
    tell(f"the case API listens on http://{options.host}:{options.port}; Ctrl-C ends it")
    with usage():
        serve_api(options.investigation(), chosen)


def _named(option: str, pairs: Iterable[str]) -> Mapping[str, str]:
    """Raises Mistake."""
    named: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not (name and equals and value):
            raise Mistake(f"{option}: takes NAME=VALUE, not {pair!r}")
        if name in named:
            raise Mistake(f"{option}: {name} is given twice")
        named[name] = value
    return named


def _folders(option: str, pairs: Iterable[str]) -> Mapping[str, Path]:
    """Raises Mistake, also for a path that is not there."""
    folders = {name: Path(text).expanduser().absolute() for name, text in _named(option, pairs).items()}
    for path in folders.values():
        if not path.exists():
            raise Mistake(f"{option}: {path} is not there")
    return folders
