"""A verb is a function of one frozen dataclass; its fields are the options and arguments of the command line."""

import inspect
import os
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_type_hints

import typer

from investigator.domain.exits import Exit

if TYPE_CHECKING:  # `--help` and usage errors need no stage and no settings
    from investigator.investigation import Investigation
    from investigator.settings import Settings

    Build = Callable[[Settings], Investigation]
    """How a verb gets its investigation; tests hand over one of their own."""


@dataclass(frozen=True, kw_only=True)
class Common:
    """Options of every verb."""

    case_dir: Annotated[
        Path | None, typer.Option("--case-dir", metavar="DIR", help="Where cases and evidence stores live.")
    ] = None
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="A settings file in place of the user's own.")
    ] = None
    no_color: Annotated[bool, typer.Option("--no-color", help="No colour, also on a terminal.")] = False
    build: "Build" = field(repr=False)

    def flags(self) -> Mapping[str, object]:
        """The settings that these options give."""
        return {"case_dir": self.case_dir}

    def settings(self) -> "Settings":
        """The settings in force; raises BadSettings."""
        from investigator.settings import load

        return load(self.flags(), self.config)

    def investigation(self) -> "Investigation":
        return self.build(self.settings())


Options = TypeVar("Options", bound=Common)
Verb = Callable[[Options], Exit | None]


def verb(app: typer.Typer, name: str, example: str) -> Callable[[Verb[Options]], Verb[Options]]:
    """Register a function as a verb: its docstring and `example` are its help, its parameter's fields the options."""

    def register(run: Verb[Options]) -> Verb[Options]:
        options: type[Options] = next(iter(get_type_hints(run).values()))
        app.command(name, help=run.__doc__, epilog=f"Example: {example}")(_command(run, options))
        return run

    return register


def _command(run: Verb[Options], options: type[Options]) -> Callable[..., int]:
    def command(context: typer.Context, **values: Any) -> int:
        given = options(build=context.obj, **values)
        if given.no_color:
            os.environ["NO_COLOR"] = "1"
        return run(given) or Exit.FINISHED

    signature = inspect.Signature(_parameters(options))
    command.__signature__ = signature  # pyright: ignore[reportFunctionMemberAccess]  (what typer reads)
    command.__annotations__.clear()
    return command


def _parameters(options: type[Common]) -> list[inspect.Parameter]:
    """One for each option; those of the verb itself come before those that verbs share."""
    by_name = {option.name: option for option in fields(options) if option.name != "build"}
    own_first = [name for owner in options.__mro__ for name in inspect.get_annotations(owner) if name in by_name]
    context = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    return [context, *(_parameter(by_name[name]) for name in dict.fromkeys(own_first))]


def _parameter(option: "Field[object]") -> inspect.Parameter:
    default = inspect.Parameter.empty if option.default is MISSING else option.default
    if option.default_factory is not MISSING:
        default = option.default_factory()
    return inspect.Parameter(option.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=option.type)
