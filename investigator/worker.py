"""A worker process: it loads what a run needs, then runs the cases that come in, one a line: `run|prepare HANDLE`.

Its first line of input is the settings, as JSON. For each case it answers with one line, an exit code of the command
line; the progress, the trouble and the end of a run are rows of the case database.
"""

import os
import sys
from collections.abc import Iterator

from investigator.domain.exits import Exit
from investigator.domain.trouble import CaseBusy, CaseClosed, NoCredentials, NoSuchCase, Stopped
from investigator.investigation import Investigation
from investigator.settings import Settings
from investigator.wiring import build


def main() -> None:
    """Work until the input ends; a bug in a run ends it, too, after the case says so."""
    with os.fdopen(os.dup(sys.stdout.fileno()), "w") as answers:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
        investigation = build(Settings.model_validate_json(sys.stdin.readline()))
        investigation.warm()
        try:
            for code in _codes(investigation):
                answers.write(f"{code.value}\n")
                answers.flush()
        except BrokenPipeError:
            return  # whoever asked is gone; the case is done all the same


def _codes(investigation: Investigation) -> Iterator[Exit]:
    for line in sys.stdin:
        mode, handle = line.split()
        yield _worked(investigation, handle, prepare_only=mode == "prepare")


def _worked(investigation: Investigation, handle: str, *, prepare_only: bool) -> Exit:
    try:
        investigation.work(handle, prepare_only=prepare_only)
    except Stopped:
        return Exit.STOPPED
    except (CaseClosed, NoSuchCase):
        return Exit.USAGE
    except (NoCredentials, CaseBusy, OSError):
        return Exit.ENVIRONMENT
    return Exit.FINISHED


if __name__ == "__main__":
    main()
