"""Record fields as SQL over the columns of the evidence store."""

import re
from dataclasses import dataclass

from investigator.detections.statements import EVERYONE, GAP
from investigator.domain.columns import EXTRA, IDENTITY_COLUMNS, JSON_COLUMNS, RECORD_COLUMNS

_COLUMN_OF = {
    field: column for field, column in {**RECORD_COLUMNS, **IDENTITY_COLUMNS}.items() if column not in JSON_COLUMNS
}
_JSON_OF = {field: column for field, column in RECORD_COLUMNS.items() if column in JSON_COLUMNS}
_AS_TEXT = {
    "eventID": "CASE WHEN starts_with(id, 'ct:') THEN regexp_replace(substr(id, 4), '@[0-9a-f]{8}$', '') END",
    "eventTime": "strftime(time, '%Y-%m-%dT%H:%M:%SZ')",
}
"""Rules compare text; the id and the time have another form in the store."""

_ASKED_USER = "json_extract_string(request, '$.userName')"
_GRANTEE = "regexp_extract(json_extract_string(request, '$.granteePrincipal'), '^arn:[^:]*:(?:iam|sts)::(\\d{12}):', 1)"
_CALLER = "coalesce(nullif(\"user\", ''), regexp_extract(arn, '[^/]*$'))"
_EVERY_ACTION = rf'(?i)"?action\\*"{GAP}:{GAP}(?:\[{GAP})?\\*"(?:iam:)?\*\\*"'
_ACCOUNT = r"(?:^|[^0-9A-Za-z.-])(\d{12})\b"
PRIVATE = r"^(?:10|127|0|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\."
ON_INTERNET = "^[0-9.]+$|^[23][0-9a-fA-F]{3}:"
PUBLIC = f"(regexp_matches(ip, '{ON_INTERNET}') AND NOT regexp_matches(ip, '{PRIVATE}'))"
"""SQL: the address is one of the open internet, neither private nor the name of an AWS service."""
_OUTSIDE_BUCKET = (
    "account <> '' AND len(list_filter(json_extract(resources, '$[*]'), lambda one:"
    " json_extract_string(one, '$.ARN') = 'arn:aws:s3:::' || json_extract_string(request, '$.bucketName')"
    " AND json_extract_string(one, '$.accountId') <> account)) > 0"
)
"""SQL: the bucket that the request is about belongs to an account that is not the recipient."""
DERIVED = {
    "investigator.outcome": '"outcome"',
    "investigator.actor": "actor",
    "investigator.session": "session",
    "investigator.principal": "principal",
    "investigator.on_self": f"CASE WHEN coalesce({_ASKED_USER}, '') = '' OR lower({_ASKED_USER}) = lower({_CALLER})"
    " THEN 'true' ELSE 'false' END",
    "investigator.everyone": f"CASE WHEN {EVERYONE} THEN 'true' ELSE 'false' END",
    "investigator.every_action": f"CASE WHEN regexp_matches(request, '{_EVERY_ACTION}') THEN 'true' ELSE 'false' END",
    "investigator.outside_account": f"CASE WHEN account <> '' AND len(list_filter("
    f"regexp_extract_all(request, '{_ACCOUNT}', 1), lambda other: other <> account)) > 0 THEN 'true' ELSE 'false' END",
    "investigator.outside_bucket": f"CASE WHEN {_OUTSIDE_BUCKET} THEN 'true' ELSE 'false' END",
    "investigator.own_grantee": f"CASE WHEN account <> '' AND {_GRANTEE} = account THEN 'true' ELSE 'false' END",
    "investigator.public_address": f"CASE WHEN {PUBLIC} THEN 'true' ELSE 'false' END",
}
"""What a rule may ask beyond the record: outcome, kind of actor and who it is however it is signed in; whether a user
acts on itself; whether the request lets everyone in without a limit, names every action, an account that is not the
recipient, or a grantee that is of it; whether the address is public."""

_OF_ONE_COLUMN = {
    "investigator.outcome": "outcome",
    "investigator.actor": "actor",
    "investigator.session": "session",
    "investigator.principal": "principal",
    "investigator.public_address": "ip",
}
MANY_VALUED = {"request_id", "error_message"}


class Unsupported(ValueError):
    """A rule asks for something that is not compiled; the message names it."""


@dataclass(frozen=True, slots=True)
class Field:
    """A record field as SQL: a text expression, or the expression of a list of texts of which any may match.

    A null is no text: the field is absent, null, or a list without elements.
    """

    sql: str
    many: bool = False
    document: str = ""
    """The JSON column that the texts stand in."""
    exists: str = ""
    """Whether the record has the field, be it null; a top-level key of a column that is null counts as absent."""


def field_sql(name: str) -> Field:
    """The SQL of a record field of a rule; raises Unsupported for one that the store does not hold."""
    if name in DERIVED:
        return _single(DERIVED[name])
    if name.startswith("investigator."):
        raise Unsupported(f"the field {name}")
    if name in _AS_TEXT:
        return _single(_AS_TEXT[name])
    if name in _COLUMN_OF:
        return _single(_text(_COLUMN_OF[name]))
    head, _, rest = name.partition(".")
    if head not in _JSON_OF:
        return _inside(EXTRA, name)
    column = _JSON_OF[head]
    if rest or column == "resources":
        return _inside(column, rest)
    return Field(_WHOLE.format(column=column), document=column, exists=f"({column} IS NOT NULL)")


def written_name() -> Field:
    """The event name without its date suffix, and the name as it was written."""
    return Field("[\"name\", json_extract_string(extra, '$.eventName')]", many=True, exists='("name" IS NOT NULL)')


def few_valued(name: str) -> str | None:
    """The one column of few values that decides a record field of a rule, if there is one."""
    if name in _OF_ONE_COLUMN:
        return _OF_ONE_COLUMN[name]
    column = _COLUMN_OF.get(name)
    return None if name in _AS_TEXT or column in MANY_VALUED else column


def texts_sql(field: Field) -> str:
    """The texts of a field as a list; nulls in it are none."""
    return field.sql if field.many else f"[{field.sql}]"


def _single(sql: str) -> Field:
    return Field(sql, exists=f"({sql} IS NOT NULL)")


def _text(column: str) -> str:
    return "CAST(read_only AS VARCHAR)" if column == "read_only" else f'"{column}"'


_WHOLE = "CASE WHEN starts_with({column}, '\"') THEN json_extract_string({column}, '$') ELSE {column} END"


def _inside(column: str, path: str) -> Field:
    """Every text at a dotted path, lists on the way and at its end spread into their elements, two lists deep."""
    values = f"[CAST({column} AS JSON)]"
    for key in path.split(".") if path else ():
        step = _json_key(key)
        listed = f"list_concat(json_extract(v, '$[*].{step}'), json_extract(v, '$[*][*].{step}'))"
        values = _each(values, listed, f"json_extract(v, '$.{step}')")
    exists = f"coalesce(len(list_filter({values}, lambda v: v IS NOT NULL)) > 0, false)"
    return Field(_texts(values), many=True, document=column, exists=exists)


def _texts(values: str) -> str:
    """The elements of lists and all other values as text; a list that is left is one of lists of lists."""
    opened = _each(values, "list_concat(json_extract(v, '$[*]'), json_extract(v, '$[*][*]'))", "v")
    return f"list_transform({opened}, lambda v: CASE WHEN json_type(v) <> 'ARRAY' THEN json_extract_string(v, '$') END)"


def _each(values: str, of_list: str, of_other: str) -> str:
    inner = f"CASE WHEN json_type(v) = 'ARRAY' THEN {of_list} ELSE [{of_other}] END"
    return f"flatten(list_transform({values}, lambda v: {inner}))"


def _json_key(key: str) -> str:
    if not re.fullmatch(r"[\w :/@+$=,-]+", key):
        raise Unsupported(f"the field part {key!r}")
    return f'"{key}"'


def literal(text: str) -> str:
    """Text as a DuckDB string literal; raises Unsupported for a NUL, which none can hold."""
    if "\x00" in text:
        raise Unsupported("a NUL character")
    return "'" + text.replace("'", "''") + "'"
