"""Reaches: the searches that find the records of credentials, asked together and told apart again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from investigator.domain.event import Event
from investigator.domain.search import Search, Term, equals

NULL = "null"


def together(searches: Iterable[Search]) -> tuple[Search, ...]:
    """One search for all of the same shape; it finds what they find, and perhaps more, which `Holders` tells apart.

    Their terms are values of columns, none of them negated.
    """
    return tuple(map(joined, alike(searches)))


def alike(searches: Iterable[Search]) -> Iterator[Sequence[Search]]:
    """The searches by their shape: which columns they name, and which of these shall hold nothing."""
    shapes: dict[tuple[tuple[str, bool], ...], list[Search]] = defaultdict(list)
    for where in searches:
        shapes[tuple((term.field, NULL in term.values) for term in where.terms)].append(where)
    return iter(shapes.values())


def joined(searches: Sequence[Search]) -> Search:
    """One search for searches of the same shape."""
    terms = (_any(terms) for terms in zip(*(where.terms for where in searches), strict=True))
    starts = [where.start for where in searches if where.start]
    ends = [where.end for where in searches if where.end]
    return Search(
        terms=tuple(terms),
        start=min(starts) if len(starts) == len(searches) else None,
        end=max(ends) if len(ends) == len(searches) else None,
    )


def _any(terms: Sequence[Term]) -> Term:
    return equals(terms[0].field, *dict.fromkeys(value for term in terms for value in term.values))


class Holders:
    """Which credentials a record belongs to, by their searches."""

    def __init__(self, reaches: Mapping[str, Sequence[Search]]) -> None:
        self._by_value: dict[tuple[str, str], list[tuple[str, Search]]] = defaultdict(list)
        for credential, searches in reaches.items():
            for where in searches:
                for value in where.terms[0].values:
                    self._by_value[where.terms[0].field, value].append((credential, where))
        self._fields = sorted({field for field, _ in self._by_value})

    def of(self, event: Event) -> Iterator[str]:
        """The credentials whose searches find the record; an access key comes before a session."""
        for field in reversed(self._fields):
            for credential, where in self._by_value.get((field, _text(event, field)), ()):
                if _finds(where, event):
                    yield credential


def _finds(where: Search, event: Event) -> bool:
    if (where.start or where.end) and event.time is None:
        return False
    early = where.start and event.time and event.time < where.start
    late = where.end and event.time and event.time >= where.end
    return not early and not late and all((_text(event, term.field) or NULL) in term.values for term in where.terms)


def _text(event: Event, column: str) -> str:
    return str(getattr(event, column))
