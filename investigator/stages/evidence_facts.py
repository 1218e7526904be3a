"""What the evidence at hand says about slots before anybody is asked."""

from collections.abc import Iterator, Mapping, Sequence

from investigator.domain.coverage import Cell
from investigator.domain.facts import values_of
from investigator.domain.search import any_of, equals
from investigator.domain.stage_results import Intake
from investigator.ports.store import Store

MOST_ACCOUNTS = 50


def evidence_facts(store: Store, cells: Sequence[Cell], intake: Intake) -> Mapping[str, str]:
    """Slot to value: the accounts of the log files, who the keys belong to, which keys the principals use."""
    told = {answer.slot: values_of(answer.value) for answer in intake.answers}
    found = {
        "account": _accounts(cells),
        "principal": _values(store, "key", told.get("key", ()), "principal"),
        "key": _values(store, "user", [name for name in told.get("principal", ()) if ":" not in name], "key"),
    }
    return {slot: ", ".join(values) for slot, values in found.items() if values and slot not in told}


def _accounts(cells: Sequence[Cell]) -> tuple[str, ...]:
    accounts = sorted({cell.account for cell in cells if cell.account.isdigit()})
    return tuple(accounts) if len(accounts) <= MOST_ACCOUNTS else ()


def _values(store: Store, by: str, values: Sequence[str], column: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found for value in values for found in _long_term(store, by, value, column)))


def _long_term(store: Store, by: str, value: str, column: str) -> Iterator[str]:
    """The values of one column in the records of a key or user; of keys, only long-term ones name their owner for good."""
    where = any_of(by, [value]).also(equals(column, "", "null", "unknown").model_copy(update={"negated": True}))
    for found in sorted(store.group(where).values.get(column, {})):
        if found and found != "unknown" and (column != "key" or found.startswith("AKIA")):
            yield found
