"""Which techniques of ATT&CK the pack looks for, and with which rules."""

from collections.abc import Iterable

from investigator.detections.bursts import BURSTS
from investigator.detections.sequences import SEQUENCES
from scripts.attack import Attack
from scripts.rule_files import RuleFile

MANY = (*BURSTS, *SEQUENCES)
"""What looks at many events together."""


def rules_of(files: Iterable[RuleFile]) -> dict[str, tuple[str, ...]]:
    """Names of rules, bursts and sequences by technique id of either numbering, in order."""
    named = [*((file.name, file.techniques) for file in files), *((one.name, one.techniques) for one in MANY)]
    ids = sorted({id_ for _, techniques in named for id_ in techniques})
    return {id_: tuple(sorted(name for name, techniques in named if id_ in techniques)) for id_ in ids}


def of_version(attack: Attack, files: Iterable[RuleFile]) -> dict[str, tuple[str, ...]]:
    """The same without the ids that only the next version has; each has its twin."""
    later = {one.id for one in attack.later}
    return {id_: names for id_, names in rules_of(files).items() if id_ not in later}


def missing(attack: Attack, files: Iterable[RuleFile]) -> tuple[str, ...]:
    """Techniques of the cloud list that no rule names, neither themselves nor, for a parent, a part of them."""
    found = of_version(attack, files)
    seen = {*found, *(id_.partition(".")[0] for id_ in found)}
    return tuple(one.id for one in attack.techniques if one.cloud and one.id not in seen)
