"""A folder of Sigma rules of others: rules and the correlations over them, and what cannot be run with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from investigator.detections.correlating import correlation_of
from investigator.detections.correlation import Correlation
from investigator.detections.documents import LARGEST, Damaged, Plain, documents
from investigator.detections.fields import Unsupported
from investigator.detections.parsing import rule_of
from investigator.detections.rule import Refusal, Rule


@dataclass(frozen=True, slots=True)
class RuleFile:
    """One file of the folder; without content when it is no regular file, cannot be read or is too large."""

    path: Path
    shown: str
    content: bytes = b""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class _Document:
    """One document of a file."""

    path: Path
    """Of the file; its stem tells documents of one file apart."""
    shown: str
    said: Plain


def rule_file(path: Path, root: Path) -> RuleFile:
    """Reads a file of at most LARGEST bytes; anything else is the file's trouble."""
    shown = path.relative_to(root).as_posix()
    try:
        if not path.is_file():
            return RuleFile(path, shown, trouble="not a regular file")
        if path.stat().st_size > LARGEST:
            return RuleFile(path, shown, trouble=f"a file of more than {LARGEST:,} bytes")
        return RuleFile(path, shown, path.read_bytes())
    except OSError as error:
        return RuleFile(path, shown, trouble=error.strerror or "it cannot be read")


class Foreign:
    """The rules of some files, each compiled once."""

    def __init__(self, files: Sequence[RuleFile]) -> None:
        self.refused: list[Refusal] = []
        self._rules: dict[str, Rule] = {}
        self._named: dict[str, list[str]] = {}
        self._correlations: list[_Document] = []
        for file in files:
            self._read(file)
        made = [found for document in self._correlations if (found := self._correlated(document)) is not None]
        self.correlations = tuple(correlation for correlation, _ in made)
        within = {shown for _, parts in made for shown in parts}
        self.rules = tuple(rule for shown, rule in self._rules.items() if shown not in within)
        self.refused.sort(key=lambda refusal: refusal.path)

    def _read(self, file: RuleFile) -> None:
        if file.trouble:
            self.refused.append(Refusal(file.shown, file.trouble, damaged=True))
            return
        try:
            found = documents(file.content)
        except Unsupported as error:
            self.refused.append(Refusal(file.shown, str(error), damaged=isinstance(error, Damaged)))
            return
        if not found:
            self.refused.append(Refusal(file.shown, "a file without a rule", damaged=True))
        for number, said in enumerate(found, 1):
            one = len(found) == 1
            path = file.path if one else file.path.with_stem(f"{file.path.stem}-{number}")
            self._take(_Document(path, file.shown if one else f"{file.shown}#{number}", said))

    def _take(self, document: _Document) -> None:
        for name in {str(document.said[key]).lower() for key in ("id", "name") if document.said.get(key)}:
            self._named.setdefault(name, []).append(document.shown)
        if "correlation" in document.said:
            self._correlations.append(document)
            return
        try:
            _check_kind(document.said)
            self._rules[document.shown] = rule_of(document.said, document.path, foreign=True)
        except Unsupported as error:
            self.refused.append(Refusal(document.shown, str(error)))

    def _correlated(self, document: _Document) -> tuple[Correlation, Sequence[str]] | None:
        """The correlation, and where the rules stand that run for it alone."""
        try:
            compiled, rules, generate = correlation_of(document.said, document.path, self._find)
        except Unsupported as error:
            self.refused.append(Refusal(document.shown, str(error)))
            return None
        return compiled, () if generate else [self._place(name) for name in rules]

    def _find(self, name: str) -> Rule:
        place = self._place(name)
        if place in self._rules:
            return self._rules[place]
        kind = "a correlation" if any(one.shown == place for one in self._correlations) else "a rule that is not run"
        raise Unsupported(f"it builds on {name}, {kind}")

    def _place(self, name: str) -> str:
        found = self._named.get(name.lower(), [])
        if len(found) != 1:
            raise Unsupported(f"it builds on {name}, a name or id of {'no' if not found else 'more than one'} rule")
        return found[0]


def _check_kind(said: Plain) -> None:
    """Raises Unsupported for a document that is neither a rule nor a correlation."""
    odd = [key for key in ("filter", "action") if key in said]
    if odd:
        raise Unsupported(f"a document with `{odd[0]}`")
