"""How well the pack and whole cases do on recorded evidence that lies beside the checkout.

`python -m benchmarks.scores [FOLDER]` prints every figure; FOLDER holds the data sets, else `INVESTIGATOR_TEST_DATA`
names it, else it is `../shared/data`.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from investigator.domain.words import Severity
from tests.support.investigations import Room, worry
from tests.support.scoring import Day, Scored, blanked, examples_named, techniques_missed, truth_of

INCIDENTS = ("leaked-credentials-meridian", "ec2-role-theft-s3", "multi-technique-stratus")
QUIET = ("service_noise", "other_user_benign_or_unknown")


def pack(data: Path) -> Iterator[str]:
    """The rules alone."""
    missed = techniques_missed(data / "stratus-techniques")
    yield f"stratus-techniques     not named: {', '.join(missed) or 'none'}"
    for scored in ("event", "attempt"):
        yield f"traildiscover-kb       {scored}s named: {examples_named(data / 'traildiscover-kb', scored)}"
    day = Day(data / "multi-technique-stratus")
    lost = day.executions_missed()
    yield f"multi-technique        executions hit: {day.executions - len(lost)} of {day.executions}; not {lost}"
    for label in sorted(set(day.labels.values())):
        at = ", ".join(f"{level} {day.labelled(label, level)}" for level in (Severity.LOW, Severity.MEDIUM))
        yield f"multi-technique        {label}: {at}"


def cases(data: Path, room: Path) -> Iterator[str]:
    """A whole case over each incident, and over its copy without user agents."""
    for name in INCIDENTS:
        folder = data / name
        for kind, logs in (("as it is", folder / "data"), ("no agents", blanked(folder, room / "blank" / name))):
            description = str(truth_of(folder)["incident_description"])
            told = Scored(Room(room / f"{name} {kind}").run(worry(description, logs)), folder)
            yield f"{name:27} {kind:9} verdict {told.document.verdict.value}"
            yield f"{'':37} key events {told.recall}, precision {told.precision}"
            yield f"{'':37} persistence missed {told.persistence_missed()}, gaps untold {told.gaps_untold()}"


def main() -> None:
    """Print every figure."""
    named = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("INVESTIGATOR_TEST_DATA", "../shared/data")
    data = Path(named)
    with tempfile.TemporaryDirectory() as room:
        for lines in (pack(data), cases(data, Path(room))):
            for line in lines:
                print(line, flush=True)


if __name__ == "__main__":
    main()
