"""CloudTrail records in memory: the columns that rules are compiled for, in a DuckDB table."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import duckdb
from pydantic import JsonValue

from investigator.domain.columns import EXTRA, IDENTITY_COLUMNS, JSON_COLUMNS, RECORD_COLUMNS
from investigator.domain.event import Event, Tally
from investigator.domain.expression import Crowd, Expression, Sought
from investigator.domain.paths import first_text
from investigator.domain.words import Outcome
from investigator.evidence.groups import tally, tally_sql
from tests.doubles.fake_store import FakeStore
from tests.support.crowds import crowd_sql, sought_sql

Record = Mapping[str, JsonValue]
COLUMNS = (
    "id",
    *dict.fromkeys((*RECORD_COLUMNS.values(), *IDENTITY_COLUMNS.values())),
    "outcome",
    "principal",
    "session",
    "actor",
    EXTRA,
)
AT_ONCE = 50
"""Rows that one statement inserts."""


class Records(FakeStore):
    """The evidence that detection asks, over records; each gets the id `ct:<eventID>`, or its number."""

    def __init__(self, *records: Record) -> None:
        self._of_id = {event.id: event for event in map(to_event, records, range(len(records)))}
        super().__init__(self._of_id.values())
        self._db = duckdb.connect()
        columns = ", ".join(f'"{column}" {_type(column)}' for column in COLUMNS)
        self._db.execute(f"CREATE TABLE events ({columns})")
        rows = [row(record, number) for number, record in enumerate(records)]
        for begin in range(0, len(rows), AT_ONCE):
            self._insert(rows[begin : begin + AT_ONCE])

    def _insert(self, rows: Sequence[Sequence[object]]) -> None:
        marks = f"({', '.join('?' * len(COLUMNS))})"
        values = [value for row in rows for value in row]
        self._db.execute(f"INSERT INTO events VALUES {', '.join([marks] * len(rows))}", values)

    def matching(self, predicate: str) -> Iterator[Event]:
        """The events for which the predicate holds, in time order."""
        rows = self._db.cursor().execute(f"SELECT id FROM events WHERE {predicate} ORDER BY time, id").fetchall()
        yield from (self._of_id[key] for (key,) in rows)

    def matches(self, sought: Sequence[Sought], by: Sequence[Expression]) -> Iterator[Sequence[Tally]]:
        """The events sought; clauses and the sketch decide as the predicate does, where they decide."""
        for one in sought:
            clauses = sought_sql(replace(one, names=None, predicate="true"))
            sketch = one.sketch.sql if one.sketch else "true"
            wrong = f"SELECT id FROM events WHERE (({clauses}) AND ({sketch})) <> ({one.predicate})"
            assert self._db.cursor().execute(wrong).fetchall() == []
            rows = f"SELECT * FROM events WHERE {sought_sql(one)}"
            yield list(self.tallies(rows, [expression.sql for expression in by]))

    def crowded(self, crowd: Crowd, by: Sequence[Expression]) -> Sequence[Tally]:
        """The events of a crowd."""
        return list(self.tallies(crowd_sql(crowd), [expression.sql for expression in by]))

    def tallies(self, rows: str, by: Sequence[str]) -> Iterator[Tally]:
        """The rows of a query in groups that share values."""
        return map(tally, self._db.cursor().execute(tally_sql(rows, by)).fetchall())


def _type(column: str) -> str:
    return {"read_only": "BOOLEAN", "time": "TIMESTAMP"}.get(column, "VARCHAR")


def row(record: Record, number: int) -> list[object]:
    """The columns of one record; what it does not say is null."""
    known = {column: record.get(key) for key, column in RECORD_COLUMNS.items()}
    known |= {column: first_text(dict(record), path) or None for path, column in IDENTITY_COLUMNS.items()}
    known["name"] = plain_name(record)
    known[EXTRA] = {key: value for key, value in record.items() if key not in RECORD_COLUMNS}
    known |= {"id": f"ct:{record.get('eventID', number)}", "outcome": _outcome(record).value}
    known |= {"principal": _principal(record), "session": _session(record), "actor": "role"}
    return [
        json.dumps(known[column]) if column in JSON_COLUMNS and known[column] is not None else known[column]
        for column in COLUMNS
    ]


def to_event(record: Record, number: int) -> Event:
    """The record as the store would hand it out, with the fields that detection looks at."""
    identity = {column: first_text(dict(record), path) for path, column in IDENTITY_COLUMNS.items()}
    read_only = record.get("readOnly")
    return Event(
        id=f"ct:{record.get('eventID', number)}",
        time=datetime.fromisoformat(str(record["eventTime"])) if "eventTime" in record else None,
        source=str(record.get("eventSource", "")),
        name=plain_name(record),
        account=str(record.get("recipientAccountId", "")),
        region=str(record.get("awsRegion", "")),
        ip=str(record.get("sourceIPAddress", "")),
        agent=str(record.get("userAgent", "")),
        event_type=str(record.get("eventType", "")),
        outcome=_outcome(record),
        principal=_principal(record),
        session=_session(record),
        issued_key=first_text(dict(record), "responseElements.accessKey.accessKeyId")
        or first_text(dict(record), "responseElements.credentials.accessKeyId"),
        read_only=read_only if isinstance(read_only, bool) else None,
        request=record.get("requestParameters"),
        response=record.get("responseElements"),
        **identity,
    )


def plain_name(record: Record) -> str:
    """The event name without its date suffix."""
    return re.sub(r"(19|20)\d{6}(v\d+)?$", "", str(record.get("eventName", "")))


def _outcome(record: Record) -> Outcome:
    if first_text(dict(record), "responseElements.ConsoleLogin") == "Failure":
        return Outcome.FAILED
    if not record.get("errorCode"):
        return Outcome.SUCCESS
    return Outcome.DENIED if "Denied" in str(record["errorCode"]) else Outcome.FAILED


def _principal(record: Record) -> str:
    return first_text(dict(record), "userIdentity.arn") or "unknown"


def _session(record: Record) -> str:
    arn = first_text(dict(record), "userIdentity.arn")
    return arn.rpartition("/")[2] if ":assumed-role/" in arn else ""


def call(action: str, **fields: JsonValue) -> dict[str, JsonValue]:
    """A record of `service:Name` by user build of account 111122223333; fields replace what it says."""
    service, _, name = action.partition(":")
    return {
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "eventTime": "2026-01-27T19:21:00Z",
        "recipientAccountId": "111122223333",
        "awsRegion": "us-east-1",
        "sourceIPAddress": "198.51.100.7",
        "userIdentity": {
            "type": "IAMUser",
            "arn": "arn:aws:iam::111122223333:user/build",
            "userName": "build",
            "accessKeyId": "AKIAIOSFODNN7EXAMPLE",
        },
        "readOnly": False,
        **fields,
    }
