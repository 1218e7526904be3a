"""Checking a bundle on any machine, offline."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from investigator.cli.app import app
from investigator.cli.mistakes import usage
from investigator.cli.output import paint, say, shown
from investigator.cli.verbs import Common, verb
from investigator.domain.exits import Exit

if TYPE_CHECKING:  # a verb imports what it needs when it runs
    from investigator.cli.verified import Verified


@dataclass(frozen=True, kw_only=True)
class Verify(Common):
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", exists=True, dir_okay=False, help="The zip of `export`.")]
    originals: Annotated[
        Path | None,
        typer.Option("--originals", metavar="DIR", exists=True, help="Check against the untouched log files too."),
    ] = None
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False


@verb(app, "verify", "investigator verify case.zip --originals ./AWSLogs")
def verify(options: Verify) -> Exit:
    """Evaluate every claim of a bundle again, offline."""
    from investigator import wiring
    from investigator.cli.verified import Verified

    with usage("BUNDLE"):
        found = wiring.verify(options.bundle, options.originals)
    verified = Verified.model_validate(found.model_dump(mode="json", by_alias=True))
    if options.json:
        say(verified.model_dump_json(indent=2))
    else:
        _print(verified)
    return Exit.FINISHED if verified.holds else Exit.INTEGRITY


def _print(verified: "Verified") -> None:
    claims = verified.claims
    say(paint("holds", "green", bold=True) if verified.holds else paint("DOES NOT HOLD", "red", bold=True))
    say(f"{claims.held:,} claims held, {len(claims.failed):,} failed")
    for claim in claims.failed:
        say(f"  failed: {shown(claim)}")
    for fault in verified.faults:
        say(f"  {fault.kind} {shown(fault.what)}: {shown(fault.reason)}")
    if claims.needs_originals:
        say(f"{len(claims.needs_originals):,} claims speak of all records; --originals DIR checks those too")
