"""What the evidence at hand says about slots before anybody is asked."""

from collections.abc import Mapping, Sequence

from investigator.domain.coverage import Cell
from investigator.domain.search import any_of
from investigator.domain.slots import values_of
from investigator.domain.stage_results import Intake
from investigator.ports.store import Store

MOST_ACCOUNTS = 50


def evidence_facts(store: Store, cells: Sequence[Cell], intake: Intake) -> Mapping[str, str]:
    """Slot to value: the accounts of the log files, the user that a key belongs to, the keys that a user signs with."""
    told = {answer.slot: values_of(answer.value) for answer in intake.answers}
    names = [name.rpartition("/")[2] for name in told.get("principal", ()) if ":" not in name or ":user/" in name]
    found = {
        "account": _accounts(cells),
        "principal": _seen(store, ("key", told.get("key", ())), "principal", ":user/"),
        "key": _seen(store, ("user", names), "key", "AKIA"),
    }
    return {slot: ", ".join(values) for slot, values in found.items() if values and slot not in told}


def _accounts(cells: Sequence[Cell]) -> tuple[str, ...]:
    accounts = sorted({cell.account for cell in cells if cell.account.isdigit()})
    return tuple(accounts) if len(accounts) <= MOST_ACCOUNTS else ()


def _seen(store: Store, by: tuple[str, Sequence[str]], column: str, mark: str) -> tuple[str, ...]:
    """The values of a column in the records of a key or user, if they hold the mark of a long-term identity."""
    name, values = by
    found = tuple(store.distinct(any_of(name, values), name, column)) if values else ()
    return tuple(dict.fromkeys(seen for value in values for by, seen in found if by == value and mark in seen))
