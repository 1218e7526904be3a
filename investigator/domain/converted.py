"""Records that another form of table or event stands for, as the JSON of the record, with a word for the form."""

from collections.abc import Mapping

from pydantic import JsonValue

from investigator.domain.canonical import TooDeep, canonical
from investigator.domain.ocsf import is_ocsf, record_of_event
from investigator.domain.record_words import SCALARS
from investigator.domain.table_row import may_hold_records, record_of, record_text

OCSF = "from_ocsf"
QUERY_RESULT = "from_query_result"
CSV = "from_csv"
PARQUET = "from_parquet"

Converted = tuple[bytes, str]
"""The JSON of a record, and the word for the form that it was read from."""
_LOWERED = frozenset(name.lower() for name in SCALARS)


def of_row(row: Mapping[str, JsonValue], form: str) -> tuple[bytes, tuple[str, ...]] | None:
    """The record of a table's row, and words for its forms; None for a row of something else. Raises TooDeep."""
    try:
        if is_ocsf(row):
            event = of_event(row)
            return (event, (OCSF, form)) if event else None
        text = record_text(row)
    except RecursionError:
        raise TooDeep from None
    return (text, (form,)) if text else None


def of_object(value: Mapping[str, JsonValue]) -> Converted | None:
    """The record of a JSON object that is an OCSF event, or a query's row with lowered names. Raises TooDeep."""
    try:
        if is_ocsf(value):
            event = of_event(value)
            return (event, OCSF) if event else None
        lowered = _LOWERED & value.keys()
        if "eventname" in lowered and "eventName" not in value and may_hold_records(value):
            return canonical(record_of(value)), QUERY_RESULT
    except RecursionError:
        raise TooDeep from None
    return None


def of_event(event: Mapping[str, JsonValue]) -> bytes | None:
    """The record of an OCSF event: the text that it kept, else the mapping taken back."""
    record = record_of_event(event)
    if record is None:
        return None
    kept = event.get("raw_data")
    if isinstance(kept, str) and kept.lstrip().startswith("{") and '"eventName"' in kept:
        return kept.strip().encode("utf-8", "backslashreplace")
    return canonical(record)
