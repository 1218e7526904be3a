"""The rule files of the pack as they are written, for what checks and lists them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
from msgspec import Struct

Value = str | int | bool | None
Fields = dict[str, Value | list[Value]]
Selection = Fields | list[Fields] | str
"""Fields that all hold, lists of which one holds, or the condition."""
RULES = Path(__file__).resolve().parent.parent / "investigator" / "detections" / "rules"


class Ours(Struct, forbid_unknown_fields=True):
    """The part `investigator`: the row, and how the rule weighs."""

    row: str = ""
    harmful: bool = False
    attempts_count: bool = False
    fixed: bool = False
    services: bool = False


class RuleText(Struct, forbid_unknown_fields=True):
    """The keys that a rule file may have; all without a default are required."""

    title: str
    id: str
    logsource: dict[str, str]
    detection: dict[str, Selection]
    falsepositives: list[str]
    level: str
    tags: list[str]
    name: str = ""
    investigator: Ours = msgspec.field(default_factory=Ours)


@dataclass(frozen=True, slots=True)
class RuleFile:
    """One rule with the file that it stands in."""

    path: Path
    text: RuleText

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def tactic(self) -> str:
        return self.path.parent.name

    @property
    def techniques(self) -> tuple[str, ...]:
        """ATT&CK ids in the order of the file, such as T1562.008."""
        return tuple(tag.removeprefix("attack.").upper() for tag in self.text.tags if tag.startswith("attack.t1"))

    def selections(self) -> Iterator[tuple[str, tuple[Fields, ...]]]:
        """Each selection by name, as the alternatives of fields of which one has to hold."""
        for name, selection in self.text.detection.items():
            if not isinstance(selection, str):
                yield name, (selection,) if isinstance(selection, dict) else tuple(selection)


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that is no rule as we write them, and why."""

    path: Path
    reason: str


def rule_files(root: Path = RULES) -> tuple[RuleFile | Unread, ...]:
    """Every rule below a folder, in path order."""
    return tuple(map(read, sorted(root.rglob("*.yml"))))


def read(path: Path) -> RuleFile | Unread:
    """One rule file, or what is wrong with it: an unknown key, a key left out, a value of another kind."""
    try:
        return RuleFile(path, msgspec.yaml.decode(path.read_bytes(), type=RuleText))
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        return Unread(path, str(error))
