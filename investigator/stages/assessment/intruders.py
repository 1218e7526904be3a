"""Which tainted credentials are in the same hands: what strangers do apart does not add up to one misuse."""

from collections.abc import Iterator, Mapping, Sequence

from investigator.domain.ids import EvidenceId
from investigator.stages.assessment.conclusion import Conclusion
from investigator.stages.assessment.taint import Tainted, Trace
from investigator.stages.assessment.usual import is_address, network_of


def by_intruder(effects: Sequence[Conclusion], trace: Trace) -> tuple[tuple[Conclusion, ...], ...]:
    """The effects that one intruder had, for each; an effect on the records of two counts for both."""
    whose = _whose(trace)
    joined: dict[int, list[Conclusion]] = {}
    for effect in effects:
        for one in dict.fromkeys(whose[id_] for id_ in effect.core if id_ in whose) or (-1,):
            joined.setdefault(one, []).append(effect)
    return tuple(map(tuple, joined.values()))


def _whose(trace: Trace) -> Mapping[EvidenceId, int]:
    """Each tainted record with the number of its intruder."""
    groups: list[tuple[set[str], list[Tainted]]] = []
    for taint in trace.tainted:
        marks, taints = set(_marks(taint)), [taint]
        for group in [group for group in groups if not marks.isdisjoint(group[0])]:
            groups.remove(group)
            marks |= group[0]
            taints += group[1]
        groups.append((marks, taints))
    return {event.id: n for n, (_, taints) in enumerate(groups) for taint in taints for event in taint.events}


def _marks(taint: Tainted) -> Iterator[str]:
    """What shows the same hands: the credential, the one that issued it, the principal, and the networks."""
    yield taint.credential.id
    if taint.credential.parent:
        yield taint.credential.parent
    for event in taint.events:
        yield event.principal
        if is_address(event.ip):
            yield network_of(event.ip)
