"""Writes docs/rules.md: what the rule pack looks for, by tactic, and the techniques of ATT&CK that it covers."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from investigator.detections.burst import Burst
from investigator.detections.sequences import Lookout, Sequence
from investigator.domain.words import Severity, Tactic
from scripts.attack import Attack, attack
from scripts.coverage import MANY, missing, of_version
from scripts.lint_rules import uncovered
from scripts.rule_files import RuleFile, rule_files

PAGE = Path(__file__).resolve().parent.parent / "docs" / "rules.md"
NOTES = Path(__file__).with_name("many_events.yml")
HEAD = """# What it looks for

Written by `make docs` from the rules themselves, which `python -m scripts.lint_rules` checks against AWS, CloudTrail
and ATT&CK. The **row** is the id that reports and playbooks show. A call that was denied or failed counts at the level
under **tried**. For root and long-term keys both are one higher, or low at least for a read, except where `=` says that
the level speaks of the caller already. What a service does on the caller's behalf counts one lower, and not at all when
it only reads. A hit is not yet a finding: the last column says what harmless thing it may be.
"""
TITLES = {Tactic.DEFENSE_EVASION: "Defence evasion"}


def page(files: Iterable[RuleFile]) -> str:
    """The whole page."""
    rules = tuple(files)
    parts = [HEAD, *(_of_tactic(tactic, rules) for tactic in Tactic), _many(), _coverage(attack(), rules), _rows(rules)]
    return "\n".join(part for part in parts if part)


def notes() -> dict[str, str]:
    """What harmless thing a burst or sequence may be, by name."""
    return msgspec.yaml.decode(NOTES.read_bytes(), type=dict[str, str])


def _of_tactic(tactic: Tactic, rules: Iterable[RuleFile]) -> str:
    own = [_cells(rule) for rule in rules if rule.tactic == tactic]
    heads = ("rule", "row", "level", "tried", "ATT&CK", "harmless when")
    return _section(TITLES.get(tactic) or tactic.value.replace("-", " ").capitalize(), heads, own) if own else ""


def _cells(rule: RuleFile) -> tuple[str, ...]:
    ours = rule.text.investigator
    level = Severity(rule.text.level)
    tried = level if ours.attempts_count else level.lowered()
    mark = " `=`" if ours.fixed else ""
    techniques = ", ".join(rule.techniques)
    note = " ".join(rule.text.falsepositives)
    return (f"`{rule.name}`<br>{rule.text.title}", ours.row, level.value + mark, tried.value, techniques, note)


def _many() -> str:
    heads = ("rule", "row", "level", "within", "ATT&CK", "harmless when")
    told = notes()
    cells = [
        (
            f"`{one.name}`<br>{one.title}",
            one.id,
            one.level.value,
            _within(one),
            ", ".join(one.techniques),
            told[one.name],
        )
        for one in MANY
    ]
    return _section("Many events together", heads, cells)


def _within(one: Burst | Lookout | Sequence) -> str:
    """How much of a burst within how long; a sequence says it in its title."""
    if not isinstance(one, Burst):
        return "a sequence"
    return f"{' and '.join(str(measure.least) for measure in one.measures)} in {one.minutes} min"


def _coverage(of: Attack, rules: tuple[RuleFile, ...]) -> str:
    names = of.names()
    cells = [
        (id_, of.renumbered.get(id_, ""), names[id_], str(len(found)), ", ".join(f"`{name}`" for name in found))
        for id_, found in of_version(of, rules).items()
    ]
    heads = (f"ATT&CK {of.version}", "next version", "technique", "rules", "which")
    without = ", ".join(f"{id_} ({names[id_]})" for id_ in missing(of, rules))
    said = f"Techniques of the cloud list (IaaS) that no rule names: {without}.\n\n{of.licence}\n"
    return f"{_section('Techniques of ATT&CK', heads, cells)}\n{said}"


def _rows(rules: tuple[RuleFile, ...]) -> str:
    return f"Rows that nothing looks for yet: {', '.join(uncovered(rules)) or 'none'}.\n"


def _section(title: str, heads: tuple[str, ...], cells: Iterable[tuple[str, ...]]) -> str:
    return f"## {title}\n\n{''.join(_lines(heads, cells))}"


def _lines(heads: tuple[str, ...], cells: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |\n"
    yield f"|{'---|' * len(heads)}\n"
    yield from (f"| {' | '.join(one)} |\n" for one in cells)


def whole_files() -> tuple[RuleFile, ...]:
    """The rules of the pack; raises ValueError for one that cannot be read."""
    found = rule_files()
    rules = tuple(one for one in found if isinstance(one, RuleFile))
    if len(rules) < len(found):
        raise ValueError("a rule cannot be read; python -m scripts.lint_rules says which")
    return rules


if __name__ == "__main__":
    PAGE.write_text(page(whole_files()), encoding="utf-8")
    print(f"wrote {PAGE.name}")
