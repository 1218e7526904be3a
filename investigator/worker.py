"""A run in a process of its own: `python -m investigator.worker SETTINGS prepare|run HANDLE`.

Its progress, its trouble and its end are rows of the case database; nobody reads its output.
"""

import sys

from investigator.ports.aws import NoCredentials
from investigator.ports.cases import CaseBusy
from investigator.ports.progress import Stopped
from investigator.settings import Settings
from investigator.wiring import build


def main(settings: str, mode: str, handle: str) -> int:
    """Run or prepare one case; the exit codes are those of the command line."""
    investigation = build(Settings.model_validate_json(settings))
    try:
        investigation.prepare(handle) if mode == "prepare" else investigation.run(handle)
    except Stopped:
        return 130
    except (NoCredentials, CaseBusy, OSError):
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
