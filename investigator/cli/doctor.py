"""What is missing on this machine, in this account, for this model; and where each setting comes from."""

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

import investigator
from investigator.cli.app import app
from investigator.cli.output import paint, say, table
from investigator.cli.verbs import Common, verb
from investigator.domain.exits import Exit
from investigator.domain.trouble import NoCredentials

if TYPE_CHECKING:  # a verb imports what it needs when it runs
    from investigator.settings import Settings

MIN_FREE_GB = 2.0
EXTRAS = {
    "demo": "moto",
    "anthropic": "langchain-anthropic",
    "bedrock": "langchain-aws",
    "ollama": "langchain-ollama",
    "openai": "langchain-openai",
}


class Check(NamedTuple):
    """One thing that was looked at; `needed` and not good is an environment error."""

    what: str
    good: bool
    found: str
    needed: bool = True


@dataclass(frozen=True, kw_only=True)
class Doctor(Common):
    aws: Annotated[bool, typer.Option("--aws", help="Ask AWS who you are; one read-only call.")] = False
    profile: Annotated[str | None, typer.Option("--profile", metavar="NAME", help="With --aws: this profile.")] = None
    model: Annotated[bool, typer.Option("--model", help="Ask the configured model for one word.")] = False


@verb(app, "doctor", "investigator doctor --aws")
def doctor(options: Doctor) -> Exit:
    """Say what is missing here, and where each setting comes from."""
    from investigator.settings import origins

    settings = options.settings()
    checks = [
        *_machine(settings),
        *(_account(settings, options.profile) if options.aws else ()),
        *(_model(settings) if options.model else ()),
    ]
    for check in checks:
        mark = paint("ok  ", "green") if check.good else paint("no  ", "red" if check.needed else "yellow")
        say(f"{mark} {check.what}: {paint(check.found)}")
    say()
    came_from = origins(options.flags(), options.config)
    table(
        [(name, _value(getattr(settings, name)), came_from[name]) for name in came_from], ("SETTING", "VALUE", "FROM")
    )
    return Exit.FINISHED if all(check.good for check in checks if check.needed) else Exit.ENVIRONMENT


def _machine(settings: "Settings") -> Iterator[Check]:
    yield Check(
        "program",
        True,
        f"{investigator.__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}",
    )
    yield _data_folder(settings.case_dir)
    yield Check("terminal", sys.stdout.isatty(), os.environ.get("TERM", "none"), needed=False)
    for extra, package in EXTRAS.items():
        yield _extra(extra, package)


def _data_folder(folder: Path) -> Check:
    import tempfile

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free / 1e9
    except OSError as error:
        return Check("data folder", False, f"{folder}: {error}")
    return Check("data folder", free >= MIN_FREE_GB, f"{folder}, {free:.1f} GB free")


def _extra(extra: str, package: str) -> Check:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return Check(f"extra {extra}", True, f"{package} {version(package)}", needed=False)
    except PackageNotFoundError:
        return Check(f"extra {extra}", False, f"{package} is not installed; only needed when you use it", needed=False)


def _account(settings: "Settings", profile: str | None) -> Iterator[Check]:
    from investigator import wiring
    from investigator.ports.aws import Refused

    try:
        yield Check("AWS account", True, wiring.check_aws(settings, profile))
    except (NoCredentials, Refused) as error:
        yield Check("AWS account", False, str(error))


def _model(settings: "Settings") -> Iterator[Check]:
    from investigator import wiring

    if settings.model is None:
        yield Check("model", False, "none is configured; set `model` to PROVIDER:NAME", needed=False)
        return
    trouble = wiring.check_model(settings, settings.model)
    yield Check("model", trouble is None, f"{settings.model}: {trouble or 'it answers'}")


def _value(value: Path | str | int | tuple[str, ...] | None) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return "none" if value is None else str(value)
