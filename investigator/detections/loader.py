"""The rule pack: every YAML file of a folder, compiled or refused with its reason."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from investigator.detections.fields import Unsupported
from investigator.detections.rule import Rule


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule file that is not run, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rules:
    """Compiled rules in path order, what was refused, and the SHA-256 of all files."""

    rules: tuple[Rule, ...]
    refused: tuple[Refusal, ...]
    sha256: str
    sequences: bool = False
    """Bursts and sequences run too: they belong to our own pack."""

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)


def load_rules(folder: Path | None = None) -> Rules:
    """The rules of a folder, or our own; a file that cannot be run as written is refused, never guessed."""
    root = folder or own_rules()
    loaded = [(path, _load(path, root)) for path in _files(root)]
    return Rules(
        rules=tuple(rule for _, rule in loaded if isinstance(rule, Rule)),
        refused=tuple(refusal for _, refusal in loaded if isinstance(refusal, Refusal)),
        sha256=_digest(root, [path for path, _ in loaded]),
        sequences=folder is None,
    )


def own_rules() -> Path:
    """The folder of the pack that ships with the product."""
    with resources.as_file(resources.files("investigator.detections") / "rules") as folder:
        return folder


def _files(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*.y*ml") if path.suffix in {".yml", ".yaml"})


def _load(path: Path, root: Path) -> Rule | Refusal:
    # pySigma takes a sixth of a second to import, and most verbs need no rules.
    from investigator.detections.parsing import parse_rule  # noqa: PLC0415

    try:
        return parse_rule(path.read_bytes(), path)
    except Unsupported as error:
        return Refusal(path.relative_to(root).as_posix(), str(error))


def _digest(root: Path, paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
