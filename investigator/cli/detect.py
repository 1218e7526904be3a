"""The detection rules over log files, without a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from investigator.cli.app import app
from investigator.cli.logs import ReadingFiles, read_in
from investigator.cli.mistakes import Mistake
from investigator.cli.output import say, shown, table, tell
from investigator.cli.verbs import verb
from investigator.domain.exits import Exit

if TYPE_CHECKING:  # a verb imports what it needs when it runs
    from investigator.domain.hit import Hit, Line
    from investigator.wiring import Detector

REFUSED = 40
"""Rules that are not run, as many as are listed on a screen."""
MOST_FOLDED = 4
"""Rules that a line names besides its own."""


@dataclass(frozen=True, kw_only=True)
class Detecting(ReadingFiles):
    rules: Annotated[
        Path | None,
        typer.Option(
            "--rules",
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="A folder of Sigma rules, to run in place of the shipped ones.",
        ),
    ] = None


@verb(app, "detect", "investigator detect ./AWSLogs --json")
def detect(options: Detecting) -> Exit:
    """Run the detection rules over log files and list the hits."""
    from investigator import wiring
    from investigator.domain.outcome import is_damaged

    detector = wiring.detector(options.settings(), options.rules)
    if options.rules and not (detector.count or detector.refused):
        raise Mistake(f"--rules: {options.rules} holds no file that ends in .yml or .yaml")
    library = options.library()
    report = read_in(library, options.paths)
    hits, left_out = detector.run(library.open(library.pin(options.paths)))
    if options.json:
        say(_document(hits, detector if options.rules else None))
    else:
        _print(hits, detector, report.distinct)
    if left_out:
        tell(f"hits left out by the setting rule_modes: {left_out:,}")
    unreadable = any(refusal.damaged for refusal in detector.refused)
    return Exit.DAMAGED if is_damaged(report) or unreadable else Exit.FINISHED


def _document(hits: Sequence["Hit"], detector: "Detector | None") -> str:
    """The hits; with rules of the user's in an object, beside the rules that are not run."""
    from pydantic import TypeAdapter

    told: list[dict[str, object]] = [_told(hit) for hit in hits]
    if detector is None:
        return TypeAdapter(list[dict[str, object]]).dump_json(told, indent=2).decode()
    refused = [{"path": refusal.path, "reason": refusal.reason} for refusal in detector.refused]
    found: dict[str, object] = {"hits": told, "rules": detector.count, "refused": refused}
    return TypeAdapter(dict[str, object]).dump_json(found, indent=2).decode()


def _print(hits: Sequence["Hit"], detector: "Detector", events: int) -> None:
    if hits:
        from investigator.domain.hit import lines

        table([_row(line) for line in lines(hits)], ("LEVEL", "FIRST", "COUNT", "PRINCIPAL", "RULE"))
    else:
        tell(f"none of {detector.count:,} rules matches any of {events:,} events")
    if detector.refused:
        tell(f"{len(detector.refused):,} rules are not run:")
        for refusal in detector.refused[:REFUSED]:
            tell(f"  {shown(refusal.path)}: {shown(refusal.reason)}")
    if len(detector.refused) > REFUSED:
        tell(f"  … and {len(detector.refused) - REFUSED:,} more that --json lists")


def _told(hit: "Hit") -> dict[str, object]:
    """A hit as `detect --json` gives it: with the records' own event ids."""
    ids = [evidence.removeprefix("ct:").partition("@")[0] for evidence in hit.event_ids]
    return {**hit.model_dump(mode="json", exclude={"harmful"}), "event_ids": ids}


def _row(line: "Line") -> tuple[str, ...]:
    from investigator.domain.times import to_text

    hit, also = line.hit, [one.name or one.rule_id for one in line.also]
    first = to_text(hit.first)[:19].replace("T", " ") if hit.first else "no time"
    others = [*also[:MOST_FOLDED], *([f"{len(also) - MOST_FOLDED} more"] if len(also) > MOST_FOLDED else [])]
    rules = f"{hit.title} (also {', '.join(others)})" if also else hit.title
    return (hit.level, first, f"{hit.count:,}", shown(hit.principal), shown(rules))
