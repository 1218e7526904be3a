"""Several questions in one tool: what one of them is refused, the others still tell."""

from collections.abc import Iterator

from investigator.domain.observation import Observation
from investigator.ports.aws import Refused


def together(*parts: Iterator[Observation]) -> Iterator[Observation]:
    """Everything that every part yields; then raises the first refusal, the others stand as Gaps."""
    first: Refused | None = None
    for part in parts:
        try:
            yield from part
        except Refused as refusal:
            if first is not None:
                yield refusal.gap
            first = first or refusal
    if first is not None:
        raise first
