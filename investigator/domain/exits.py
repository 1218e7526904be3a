"""Exit codes: what a script may rely on."""

from collections.abc import Iterable
from enum import IntEnum

from investigator.domain.words import Verdict


class Exit(IntEnum):
    FINISHED = 0
    BUG = 1
    USAGE = 2
    ENVIRONMENT = 3
    """No or expired credentials, disk full, store locked."""
    DAMAGED = 4
    """Finished, but something that the user named was damaged, cut or unreadable."""
    INTEGRITY = 5
    """A hash, digest, chain or claim does not hold."""
    VERDICT = 10
    """Finished, and the verdict reaches `--fail-on`."""
    STOPPED = 130


PRECEDENCE = (Exit.BUG, Exit.ENVIRONMENT, Exit.INTEGRITY, Exit.DAMAGED, Exit.VERDICT)
REACHABLE = (Verdict.CONFIRMED, Verdict.LIKELY, Verdict.INCONCLUSIVE)
"""What `--fail-on` takes, worst first."""


def worst(codes: Iterable[Exit]) -> Exit:
    """The one that the program exits with when several hold."""
    held = set(codes)
    return next((code for code in PRECEDENCE if code in held), Exit.FINISHED)


def reaches(verdict: Verdict, bar: Verdict) -> bool:
    """True when the verdict is at least as bad as the bar."""
    return list(Verdict).index(verdict) <= list(Verdict).index(bar)
