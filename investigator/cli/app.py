"""The program `investigator` and what it does without a verb."""

import os
from typing import Annotated

import typer

import investigator
from investigator.domain.exits import Exit

app = typer.Typer(
    name="investigator",
    help="Investigates AWS security incidents. Without a verb it opens the terminal UI.",
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"investigator {investigator.__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def program(
    context: typer.Context,
    no_color: Annotated[bool, typer.Option("--no-color", help="No colour, also on a terminal.")] = False,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print it.")] = False,
) -> int:
    if no_color:
        os.environ["NO_COLOR"] = "1"
    if context.invoked_subcommand is None:
        from investigator.settings import load
        from investigator.tui.app import run

        run(context.obj(load()))
    return Exit.FINISHED
