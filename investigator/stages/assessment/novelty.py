"""Why the use of a credential is strange, in proven words: what was not seen before, and where that was looked.

Absence is said of a time only where every cell of it was seen whole; else it is said of the records given, and the
sentence names the Gap that is left (specification G5).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from investigator.domain.claim import Absent, First, Issued, Predicate
from investigator.domain.coverage import LOG_FILES, Cell
from investigator.domain.event import Event
from investigator.domain.gap import Gap
from investigator.domain.ids import EvidenceId
from investigator.domain.search import Search, any_of, equals
from investigator.domain.words import CellState
from investigator.proof.completeness import not_whole
from investigator.stages.assessment.conclusion import recorded
from investigator.stages.assessment.record_terms import principal_terms
from investigator.stages.assessment.taint import Reason, Tainted
from investigator.stages.assessment.usual import BASELINE, is_address
from investigator.stages.assessment.wording import MOST_ADDRESSES, call, clock, listed, some, who
from investigator.stages.matter import Matter, in_order


@dataclass(frozen=True, slots=True)
class Strange:
    """From where a credential was used and why that is strange: words, what carries them, what they leave open."""

    place: str
    why: str = ""
    predicates: tuple[Predicate, ...] = ()
    told: tuple[EvidenceId, ...] = ()
    """Answers of people, and records of others, that it leans on."""
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class _Use:
    taint: Tainted
    matter: Matter
    cells: tuple[Cell, ...]

    @property
    def first(self) -> Event:
        return self.taint.events[0]

    @property
    def start(self) -> datetime:
        return self.matter.window.start

    @property
    def addresses(self) -> tuple[str, ...]:
        """What forwarding services wrote in the address's place is left out, unless there is nothing else."""
        found = tuple(dict.fromkeys(event.ip for event in self.taint.events if event.ip))
        return tuple(filter(is_address, found)) or found

    @property
    def place(self) -> str:
        return f"from {some(self.addresses, MOST_ADDRESSES)}" if self.addresses else "from an unknown address"

    @property
    def logs(self) -> tuple[str, ...]:
        return tuple(cell.id for cell in self.cells if cell.source == LOG_FILES)

    @property
    def earlier(self) -> Search:
        """The caller's calls of the 30 days before the case."""
        return Search(terms=tuple(principal_terms(self.first))).within(self.start - BASELINE, self.start)


def strange_use(taint: Tainted, matter: Matter, cells: tuple[Cell, ...]) -> Strange:
    """Why these records are the intruder's."""
    return _TOLD[taint.reason](_Use(taint, matter, cells))


def _new_address(use: _Use) -> Strange:
    where = use.earlier.also(equals("sourceIPAddress", *use.addresses))
    whole = _seen_whole(use)
    if whole:
        regions = listed(sorted({cell.region for cell in whole}), len(whole))
        by_key = where.also(equals("userIdentity.accessKeyId", use.first.key), equals("eventCategory", "Management"))
        absent = Absent(where=str(by_key), cells=tuple(cell.id for cell in whole), scope="window")
        why = f"; no management event of this key in {regions} came from there in the 30 days before"
        return Strange(use.place, why, (absent,))
    if not use.logs or not use.addresses:
        return Strange(use.place)
    gap = _earlier_calls(use.start)
    absent = Absent(where=str(where), cells=use.logs, scope="given")
    return Strange(
        use.place,
        f"; no call of the same caller from there is in the records given of the 30 days before (gap {gap.id})",
        (absent,),
        gaps=(gap,),
    )


def _seen_whole(use: _Use) -> tuple[Cell, ...]:
    """Cells of management events that were seen whole over the 30 days; none when they leave a part of them open."""
    key = use.first.key
    terms = (equals("userIdentity.accessKeyId", key), equals("eventCategory", "Management"))
    kinds = [cell for cell in use.cells if cell.events == "management" and _is_of(cell, key)]
    cells = tuple(cell for cell in kinds if cell.state is CellState.SEEN)
    unseen = {(cell.account, cell.region) for cell in kinds} - {(cell.account, cell.region) for cell in cells}
    where = Search(terms=terms).within(use.start - BASELINE, use.start)
    return () if not key or not cells or unseen or not_whole(where, cells) else cells


def _is_of(cell: Cell, key: str) -> bool:
    return not cell.filter or cell.filter == {"AccessKeyId": key}


def _earlier_calls(start: datetime) -> Gap:
    return Gap.of(
        what=f"calls of the 30 days before {clock(start)} that are not in the records given",
        why="files of those days may be missing, and no unbroken digest chain shows that those given are whole",
        effect="that an address is new for a credential is said of the records given alone",
        close="add the CloudTrail files of those days, of all accounts and Regions, with their digests; or use --aws",
    )


def _no_history(use: _Use) -> Strange:
    if not use.logs:
        return Strange(use.place)
    cells = tuple(cell for cell in use.cells if cell.source == LOG_FILES)
    before = use.matter.store.extent(use.earlier, cells)
    where, gap = str(use.earlier), _earlier_calls(use.start)
    if before.first is None:
        why = f"; no call of the same caller is in the records given of the 30 days before (gap {gap.id})"
        return Strange(use.place, why, (Absent(where=where, cells=use.logs, scope="given"),), gaps=(gap,))
    why = f"; its caller's first call in the records given of the 30 days before is of {clock(before.first)}"
    return Strange(use.place, why, (First(where=where, time=before.first, cells=use.logs),))


def _after_leaving(use: _Use) -> Strange:
    left = use.matter.answers["left_at"].value
    return Strange(use.place, f"; the access was said to have ended at {left}", told=("answer:left_at",))


def _left_behind(use: _Use) -> Strange:
    made = _witnesses(use)
    why = f"; {who(made[0])} had made it at {clock(made[0].time)}, before the access of its maker ended" if made else ""
    issued = tuple(Issued(by=event.id, key=use.taint.credential.id) for event in made)
    return Strange(use.place, why, (*map(recorded, made), *issued), (*(event.id for event in made), "answer:left_at"))


def _back_door(use: _Use) -> Strange:
    opening, taking = _witnesses(use)
    why = (
        f"; the role was taken from {taking.ip} at {clock(taking.time)}, after {who(opening)} had called "
        f"{call(opening)} at {clock(opening.time)}"
    )
    return Strange(use.place, why, (recorded(opening), recorded(taking)), (opening.id, taking.id))


def _his_code(use: _Use) -> Strange:
    [ran] = _witnesses(use)
    names = equals("eventName", *sorted({event.name for event in use.taint.events}))
    where = use.earlier.also(names, equals("outcome", "success"))
    if not use.logs:
        return Strange(use.place, "", (recorded(ran),), (ran.id,))
    why = (
        f"; {who(ran)} had called {call(ran)} at {clock(ran.time)}, and no successful call of these kinds by it is in "
        "the records given of the 30 days before"
    )
    absent = Absent(where=str(where), cells=use.logs, scope="given")
    return Strange(use.place, why, (recorded(ran), absent), (ran.id,))


def _witnesses(use: _Use) -> tuple[Event, ...]:
    """The records that prove it, in time order."""
    return in_order(use.matter.store.events(any_of("id", use.taint.witness)))


def _disowned(use: _Use) -> Strange:
    return Strange(use.place, "; the person is said not to recognise the sign-in", told=("answer:mfa",))


def _off_machine(use: _Use) -> Strange:
    if not use.taint.sure:
        return Strange(use.place, "; a person called from there too")
    session = (equals("userIdentity.arn", use.first.arn), equals("sourceIPAddress", *use.addresses))
    absent = Absent(where=str(Search(terms=session).within(None, use.start)), cells=use.logs, scope="given")
    if not use.logs or not use.first.arn:
        return Strange(use.place)
    why = "; no earlier call of the same session in the records given came from there"
    return Strange(use.place, why, (absent,))


def _issued(use: _Use) -> Strange:
    return Strange(use.place)


_TOLD: Mapping[Reason, Callable[[_Use], Strange]] = {
    Reason.NEW_NETWORK: _new_address,
    Reason.NOVELTY: _new_address,
    Reason.NO_HISTORY: _no_history,
    Reason.AFTER_LEAVING: _after_leaving,
    Reason.LEFT_BEHIND: _left_behind,
    Reason.BACK_DOOR: _back_door,
    Reason.HIS_CODE: _his_code,
    Reason.DISOWNED: _disowned,
    Reason.OFF_MACHINE: _off_machine,
    Reason.ISSUED: _issued,
}
