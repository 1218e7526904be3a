"""From an element of an answer to a State whose every value can be looked up again by its path."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from investigator.domain.entity import EntityRef
from investigator.domain.paths import first_text, parse_path, select, text_of
from investigator.domain.state import State
from investigator.domain.times import parse_instant
from investigator.domain.words import EntityKind
from investigator.ports.aws import Aws, Page


def elements(body: JsonValue, path: str) -> Iterator[JsonValue]:
    """Every element at the path, a list spread into its elements."""
    for value in select(body, path):
        yield from value if isinstance(value, list) else (value,)


def ref(kind: EntityKind, value: str) -> EntityRef:
    """The entity of that kind and value."""
    return EntityRef(kind=kind, value=value)


def pick(path: str, key: str, value: str) -> str:
    """The path of those elements of a list whose `key` has that text."""
    return f"{path}[{key}={value}]"


def is_missing(page: Page) -> bool:
    """Whether AWS answered that the thing asked about does not exist."""
    return bool(first_text(page.body, "Error.Code"))


@dataclass(frozen=True, slots=True)
class Seen:
    """A page, and where it was asked for."""

    page: Page
    aws: Aws

    def state(self, kind: str, entity: EntityRef, path: str = "", keys: Iterable[str] = ()) -> State:
        """The values at `keys` below `path`; a key that is absent or null is left out.

        A page that says "not there" gives `Error.Code` alone.
        """
        path, keys = ("", ("Error.Code",)) if is_missing(self.page) else (path, keys)
        return State(
            answer=self.page.answer,
            path=path,
            entity=entity,
            kind=kind,
            account=self.aws.account,
            region=self.aws.region,
            values=dict(self._values(path, keys)) if _readable(path) else {},
            seen=parse_instant(self.page.fetched),
        )

    def _values(self, path: str, keys: Iterable[str]) -> Iterator[tuple[str, str]]:
        for key in keys:
            found = select(self.page.body, f"{path}.{key}" if path else key)
            if found and found[0] is not None:
                yield key, text_of(found[0])


def _readable(path: str) -> bool:
    """Whether the path can be written: a name with a bracket cannot stand in it."""
    try:
        return not path or bool(parse_path(path))
    except ValueError:
        return False
