"""The files whose rows are being read, and rows of theirs that wait until there are enough to become columns."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from investigator.evidence.readers.document import RUN
from investigator.evidence.readers.finding import Finding
from investigator.evidence.readers.rows import Rows

ENOUGH = 4 * 2**20
"""Bytes of records that need not wait for more."""


@dataclass(slots=True, eq=False)
class Source:
    """One content, how many records it gave, and what was odd about it."""

    sha256: str
    finding: Finding
    records: int = 0

    def refuse(self, reason: str, offset: int) -> None:
        """One of the records could not be read after all."""
        self.records -= 1
        self.finding.refuse(reason, offset)


class Waiting:
    """Rows of one source after the other."""

    def __init__(self) -> None:
        self._rows: list[Rows] = []
        self._sources: list[Source] = []
        self._gone: Counter[int] = Counter()
        self.count = self.bytes = 0

    @property
    def is_enough(self) -> bool:
        return self.count >= RUN or self.bytes >= ENOUGH

    def add(self, source: Source, rows: Rows) -> None:
        source.records += len(rows)
        self._rows.append(rows)
        self._sources.append(source)
        self.count += len(rows)
        self.bytes += sum(map(len, rows.raws))

    def together(self) -> Rows:
        """All rows as one."""
        return self._rows[0] if len(self._rows) == 1 else _joined(self._rows)

    def refuse(self, refused: Iterable[tuple[int, str, int]]) -> None:
        """Tell the sources which of these rows were no records after all: position, reason and offset."""
        ends = list(accumulate(map(len, self._rows)))
        for position, reason, offset in refused:
            place = bisect_right(ends, position)
            self._sources[place].refuse(reason, offset)
            self._gone[place] += 1

    def counts(self) -> Iterator[tuple[str, int]]:
        """SHA-256 of each source in turn, and how many of its rows are left."""
        for place, (source, rows) in enumerate(zip(self._sources, self._rows, strict=True)):
            yield source.sha256, len(rows) - self._gone[place]


def _joined(runs: Sequence[Rows]) -> Rows:
    whole = Rows()
    for rows in runs:
        whole.extend(rows)
    return whole
