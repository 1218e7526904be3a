"""The rule pack, or a folder of rules of others: every YAML file, compiled or refused with its reason."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from investigator.detections.correlation import Correlation
from investigator.detections.fields import Unsupported
from investigator.detections.rule import Refusal, Rule


@dataclass(frozen=True, slots=True)
class Rules:
    """Compiled rules in path order, what was refused, and the SHA-256 of all files."""

    rules: tuple[Rule, ...]
    refused: tuple[Refusal, ...]
    sha256: str
    correlations: tuple[Correlation, ...] = ()
    sequences: bool = False
    """Bursts and sequences run too: they belong to our own pack."""

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)


def load_rules(folder: Path | None = None) -> Rules:
    """Our own rules, or those of a folder of others; what cannot be run as written is refused, never guessed."""
    return _own() if folder is None else _of_others(folder)


def _own() -> Rules:
    root = own_rules()
    loaded = [(path, _load(path, root)) for path in _files(root)]
    return Rules(
        rules=tuple(rule for _, rule in loaded if isinstance(rule, Rule)),
        refused=tuple(refusal for _, refusal in loaded if isinstance(refusal, Refusal)),
        sha256=_digest((path.relative_to(root).as_posix(), path.read_bytes()) for path, _ in loaded),
        sequences=True,
    )


def _of_others(root: Path) -> Rules:
    from investigator.detections.foreign import Foreign, rule_file  # noqa: PLC0415

    files = [rule_file(path, root) for path in _files(root)]
    found = Foreign(files)
    return Rules(
        rules=found.rules,
        refused=tuple(found.refused),
        sha256=_digest((file.shown, file.content) for file in files),
        correlations=found.correlations,
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


def _digest(files: Iterable[tuple[str, bytes]]) -> str:
    digest = hashlib.sha256()
    for name, content in files:
        digest.update(name.encode("utf-8", "surrogateescape") + b"\0" + content + b"\0")
    return digest.hexdigest()
