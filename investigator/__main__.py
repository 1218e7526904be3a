"""The command `investigator`: runs a verb, and turns what went wrong into words and an exit code."""

import sys
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING

from typer.exceptions import Abort, TyperException

import investigator
from investigator.cli.mistakes import code_of
from investigator.cli.output import shown, tell
from investigator.domain.exits import Exit
from investigator.domain.safe_text import redact

if TYPE_CHECKING:  # a verb imports what it needs when it runs
    from investigator.cli.verbs import Build
    from investigator.investigation import Investigation
    from investigator.settings import Settings


def real(settings: "Settings") -> "Investigation":
    """The real investigation."""
    from investigator import wiring

    return wiring.build(settings)


def main(arguments: Sequence[str] | None = None, build: "Build" = real) -> int:
    """The exit code of one command line."""
    from investigator.cli.program import app

    try:
        return app(args=arguments, obj=build, prog_name="investigator", standalone_mode=False) or Exit.FINISHED
    except TyperException as mistake:
        tell(f"investigator: {shown(mistake.format_message())}")
        tell("`investigator --help` lists the verbs, `investigator VERB --help` the options")
        return mistake.exit_code
    except (KeyboardInterrupt, Abort):
        tell("investigator: stopped")
        return Exit.STOPPED
    except Exception as trouble:  # noqa: BLE001  (the one place of this face)
        return explained(trouble)


def explained(trouble: Exception) -> int:
    """Says what went wrong; for a bug, what to report."""
    code = code_of(trouble)
    if code is not None:
        tell(f"investigator: {shown(str(trouble) or type(trouble).__name__)}")
        return code
    for line in traceback.format_exception(trouble):
        tell(shown(redact(line.rstrip("\n"))))
    tell(
        f"investigator: this is a bug of version {investigator.__version__}. Please report the lines above, "
        "without names that are secret."
    )
    return Exit.BUG


if __name__ == "__main__":
    sys.exit(main())
