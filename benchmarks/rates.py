"""How often each rule hits in the everyday noise, and what a case over it says: the page docs/noise.md."""

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.noise import SEED, write
from investigator.detections.bursts import BURSTS
from investigator.detections.detect import detect
from investigator.detections.loader import load_rules
from investigator.detections.sequences import SEQUENCES
from investigator.domain.case import OpenCase, Sources
from investigator.domain.hit import Hit
from investigator.domain.report import CaseDocument
from investigator.domain.search import Search
from investigator.domain.words import Severity
from investigator.evidence.library import EvidenceLibrary
from investigator.investigation import Investigation
from investigator.ports.progress import quiet
from investigator.settings import Settings
from investigator.wiring import equipment

PAGE = Path(__file__).parents[1] / "docs" / "noise.md"
WORRY = "We want to know whether anything is wrong in our accounts."
LEVELS = tuple(reversed(Severity))
PER = 100_000


@dataclass(frozen=True, slots=True)
class Everyday:
    """What the product makes of a noise."""

    events: int
    hits: tuple[Hit, ...]
    document: CaseDocument
    in_window: int
    """Events of the time that the case is about."""

    @property
    def findings(self) -> Counter[Severity]:
        """The case's findings by severity."""
        return Counter(finding.severity for finding in self.document.findings)

    @property
    def weighty(self) -> int:
        """Findings at medium or above."""
        return sum(number for level, number in self.findings.items() if level.number >= Severity.MEDIUM.number)


def everyday(folder: Path, events: int, seed: int = SEED) -> Everyday:
    """Write a noise of about so many events into the folder, run the rules on it, and a case of the last two weeks."""
    logs = folder / "logs"
    for _ in write(logs, events, seed=seed):
        pass
    library = EvidenceLibrary(folder / "evidence")
    number = library.index([logs], quiet).distinct
    store = library.open(library.pin([logs]))
    hits = detect(store, load_rules())
    investigation = Investigation(equipment(Settings(case_dir=folder / "cases")))
    handle = investigation.open(OpenCase(worry=WORRY, sources=Sources(logs=(logs,)), ask=False)).id
    investigation.run(handle)
    document = investigation.document(handle)
    window = document.case.window
    inside = store.group(Search().within(window.start, window.end)).count
    return Everyday(number, hits, document, inside)


def tell(events: int) -> None:
    """Write the page from a noise of so many events."""
    with tempfile.TemporaryDirectory() as folder:
        seen = everyday(Path(folder), events)
    PAGE.write_text("\n".join(_page(seen)) + "\n")
    print(f"wrote {PAGE.name}: {seen.events:,} events, {len(seen.hits):,} hits, {seen.weighty} weighty findings")


def _page(seen: Everyday) -> Iterator[str]:
    verdict = seen.document.verdict.value
    yield "# Everyday noise"
    yield ""
    yield (
        f"Written by `python -m benchmarks.noise --rates` on {datetime.now(UTC):%Y-%m-%d}, from {seen.events:,} "
        f"events of seed {SEED}: a month of ten accounts\nin which nothing happens. Workloads, a deploy pipeline with "
        "applies and refreshes, scanners, administrators, support, new employees,\nbackups and log shipping call what "
        "they always call; the near misses and legitimate uses of every rule\n(`tests/detections/ordinary/`) are "
        "among them, each so often in a million events. How often is our judgement of such companies,\nnot measured "
        "in one."
    )
    yield ""
    yield (
        f"A case over its last two weeks ({seen.in_window:,} events) ends as `{verdict}`, with {seen.weighty} findings "
        f"at medium or above: {_told(seen.findings)}.\nThe promise is at most 10 in {PER:,} events, none critical."
    )
    yield ""
    yield (
        f"Records that each rule hits in {PER:,} events, by the level of the hit. A hit is not yet a finding: that "
        "takes a suspicious\ncredential or an effect that is harmful by itself."
    )
    yield ""
    yield from _rows(seen.hits, seen.events)


def _told(findings: Counter[Severity]) -> str:
    return ", ".join(f"{findings[level]} {level}" for level in LEVELS if findings[level]) or "none at all"


def _rows(hits: Sequence[Hit], events: int) -> Iterator[str]:
    counted: Counter[tuple[str, Severity]] = Counter()
    for hit in hits:
        counted[hit.name, hit.level] += hit.count
    yield f"| rule | {' | '.join(LEVELS)} |"
    yield f"|---|{'---:|' * len(LEVELS)}"
    names = [*(rule.name for rule in load_rules()), *(one.name for one in (*BURSTS, *SEQUENCES))]
    silent = [name for name in names if not any(counted[name, level] for level in LEVELS)]
    for name in sorted(set(names) - set(silent)):
        cells = (f"{counted[name, level] * PER / events:.1f}" if counted[name, level] else "" for level in LEVELS)
        yield f"| `{name}` | {' | '.join(cells)} |"
    yield ""
    yield f"No hit: {', '.join(f'`{name}`' for name in sorted(silent)) or 'none'}."
