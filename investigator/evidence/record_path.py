"""Dotted record paths as DuckDB SQL: the texts at a path, any element through lists, as `domain.paths.texts` gives."""

from dataclasses import dataclass

from investigator.domain.columns import EXTRA, IDENTITY_COLUMNS, JSON_COLUMNS, RECORD_COLUMNS
from investigator.domain.paths import parse_path
from investigator.domain.search import NotASearch

MACROS = (
    "CREATE MACRO elements(v) AS CASE WHEN json_type(v) = 'ARRAY' THEN json_extract(v, '$[*]') ELSE [v] END",
    "CREATE MACRO opened(vs) AS flatten(list_transform(flatten(list_transform(vs, lambda v: elements(v))),"
    " lambda v: elements(v)))",
    "CREATE MACRO spread(vs) AS list_transform([opened(vs)], lambda two: CASE WHEN"
    " len(list_filter(two, lambda v: json_type(v) = 'ARRAY')) = 0 THEN two ELSE opened(opened(opened(two))) END)[1]",
    "CREATE MACRO at_key(vs, pointer) AS list_filter(list_transform(spread(vs), lambda v: json_extract(v, pointer)),"
    " lambda v: v IS NOT NULL)",
    "CREATE MACRO leaves(vs) AS list_transform(list_filter(spread(vs),"
    " lambda v: json_type(v) NOT IN ('OBJECT', 'NULL', 'ARRAY')), lambda v: v ->> '$')",
)
"""Made once for each connection. Lists directly inside lists are followed eight levels deep."""
_DERIVED = {
    "eventTime": "strftime(time, '%Y-%m-%dT%H:%M:%SZ')",
    "eventID": "CASE WHEN starts_with(id, 'ct:') THEN regexp_replace(substr(id, 4), '@[0-9a-f]{8}$', '') END",
}
Picks = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Texts:
    """SQL of one text, null when there is none, or of a list of texts."""

    sql: str
    many: bool = False


def texts_at(path: str) -> Texts:
    """SQL for the texts at a record path; raises NotASearch for a path that cannot be read."""
    try:
        keys = parse_path(path)
    except ValueError as unreadable:
        raise NotASearch(str(unreadable)) from None
    if path in IDENTITY_COLUMNS:
        return Texts(IDENTITY_COLUMNS[path])
    first, picks = keys[0]
    column = RECORD_COLUMNS.get(first)
    if len(keys) == 1 and not picks and (first in _DERIVED or column not in (None, *JSON_COLUMNS)):
        return _top_level(first, _DERIVED.get(first, f"{column}::VARCHAR"))
    if column in JSON_COLUMNS:
        return _walked(column, f"[{column}::JSON]", picks, keys[1:])
    return _walked(EXTRA, f"[{EXTRA}::JSON]", (), keys)


def _top_level(key: str, column: str) -> Texts:
    """What `extra` has under the key (all values of a repeated key, a name as written), else the column."""
    kept = f"json_extract({EXTRA}, {_literal(_pointer(key))})"
    written = f"contains(coalesce({EXTRA}, ''), {_literal(chr(34) + key + chr(34))}) AND {kept} IS NOT NULL"
    single = f"CASE WHEN {column} IS NULL THEN [] ELSE [{column}] END"
    return Texts(f"CASE WHEN {written} THEN leaves([{kept}]) ELSE {single} END", many=True)


def _walked(column: str, values: str, picks: Picks, keys: tuple[tuple[str, Picks], ...]) -> Texts:
    values = _picked(values, picks)
    for key, chosen in keys:
        values = _picked(f"at_key({values}, {_literal(_pointer(key))})", chosen)
    present = " AND ".join(
        [f"{column} IS NOT NULL", *(f"contains({column}, {_literal(key)})" for key, _ in keys if key.isalnum())]
    )
    return Texts(f"CASE WHEN {present} THEN leaves({values}) ELSE [] END", many=True)


def _picked(values: str, picks: Picks) -> str:
    """Only the elements whose keys have these texts; a list counts as its texts joined by commas."""
    for key, wanted in picks:
        at = f"json_extract(v, {_literal(_pointer(key))})"
        joined = f"list_aggregate(leaves([{at}]), 'string_agg', ',')"
        text = f"CASE WHEN json_type({at}) = 'ARRAY' THEN {joined} ELSE {at} ->> '$' END"
        values = f"list_filter(spread({values}), lambda v: {text} = {_literal(wanted)})"
    return values


def _pointer(key: str) -> str:
    """The JSON pointer of a key (RFC 6901)."""
    return "/" + key.replace("~", "~0").replace("/", "~1")


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
