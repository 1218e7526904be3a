"""Checks the rule pack against AWS, CloudTrail and ATT&CK: `python -m scripts.lint_rules` prints what is wrong.

A rule is in order when AWS has its calls, CloudTrail its fields, its id is unique, its techniques stand in both
numberings, its row exists, and the tests have a record that it means and one that it does not.
"""

import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from uuid import UUID

from investigator.detections.bursts import BURSTS
from investigator.detections.sequences import SEQUENCES
from investigator.domain.words import Severity, Tactic
from scripts.attack import attack
from scripts.known_events import calls
from scripts.lint_detections import event_sources, unknown
from scripts.rows import rows, without_rule
from scripts.rule_files import RuleFile, Unread, rule_files


def problems(found: Iterable[RuleFile | Unread]) -> Iterator[str]:
    """Everything that is wrong with rules, one line each, with the rule's name in front."""
    files = tuple(found)
    read = tuple(file for file in files if isinstance(file, RuleFile))
    yield from (f"{file.path.stem}: {file.reason}" for file in files if isinstance(file, Unread))
    for id_, many in Counter(file.text.id for file in read).items():
        if many > 1:
            yield f"{many} rules have the id {id_}"
    sources = event_sources(read)
    for file in read:
        yield from (f"{file.name}: {problem}" for problem in (*_heading(file), *unknown(file, sources)))


def untested(names: Iterable[str], tested: Collection[str]) -> Iterator[str]:
    """Rules, bursts and sequences without a record that they mean and one that looks like it."""
    yield from (f"{name}: the tests have no hit and no near miss" for name in names if name not in tested)


def unknown_names(files: Iterable[RuleFile | Unread]) -> Iterator[str]:
    """Event names of bursts that no service of the pack has."""
    sources = event_sources(file for file in files if isinstance(file, RuleFile))
    for burst in BURSTS:
        for name in burst.names or ():
            if all(calls(source, name) == () for source in sources):
                yield f"{burst.name}: no service of the pack has the event {name}"


def uncovered(files: Iterable[RuleFile | Unread]) -> tuple[str, ...]:
    """Rows that no rule, burst or sequence looks for."""
    of_rules = (file.text.investigator.row for file in files if isinstance(file, RuleFile))
    return without_rule([*of_rules, *(one.id for one in (*BURSTS, *SEQUENCES))])


def _heading(file: RuleFile) -> Iterator[str]:
    text = file.text
    if text.level not in list(Severity):
        yield f"the level {text.level}"
    if not _is_uuid(text.id):
        yield f"the id {text.id} is no UUID"
    if file.tactic not in list(Tactic) or f"attack.{file.tactic}" not in text.tags:
        yield f"no tag for its folder's tactic {file.tactic}"
    if not file.techniques:
        yield "no technique"
    yield from attack().problems(file.techniques)
    if text.investigator.row not in ("", *rows()):
        yield f"the row {text.investigator.row}"
    if not text.investigator.row and text.name != file.name:
        yield "neither a row nor its own name"
    if not all(note.endswith(".") and len(note.split()) > 3 for note in text.falsepositives) or not text.falsepositives:
        yield "no sentence about false positives"


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def tested_names() -> frozenset[str]:
    """The names that the detection tests hold a hit and a near miss for."""
    from tests.detections.test_rules import CASES, PLAIN  # noqa: PLC0415
    from tests.detections.test_rules_lint import HELD  # noqa: PLC0415

    return frozenset((*CASES, *PLAIN, *HELD))


def main() -> int:
    """Prints every problem, then the rows that nothing looks for; 1 when there is a problem."""
    files = rule_files()
    names = [*(file.path.stem for file in files), *(one.name for one in (*BURSTS, *SEQUENCES))]
    wrong = [*problems(files), *unknown_names(files), *untested(names, tested_names())]
    print("".join(f"{problem}\n" for problem in wrong), end="")
    print(f"{len(files)} rules, {len(wrong)} problems; rows without a rule: {', '.join(uncovered(files)) or 'none'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
