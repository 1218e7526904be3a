"""CloudTrail records in the forms that other products keep them in, made from the records."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

Json = dict[str, Any]


def compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def struct_text(value: object) -> str:
    """A value as Athena prints a row: `{key=value, …}` with its keys in lower case."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key.lower()}={struct_text(member)}" for key, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(struct_text, value)) + "]"
    return "null" if value is None else str(value)


def athena_row(record: Json) -> dict[str, str | None]:
    """A row of the usual Athena table: names in lower case, service values as JSON text, truths as text."""

    def cell(key: str, value: object) -> str | None:
        if value is None or isinstance(value, str):
            return value
        if key in ("userIdentity", "resources", "tlsDetails"):
            return struct_text(value)
        return compact(value)

    return {key.lower(): cell(key, value) for key, value in record.items()}


def lake_row(record: Json) -> dict[str, str | None]:
    """A row of CloudTrail Lake: as Athena's, but its times are timestamps."""
    row = athena_row(record)
    moment = datetime.fromisoformat(record["eventTime"])
    return {**row, "eventtime": moment.strftime("%Y-%m-%d %H:%M:%S.000")}


def python_row(record: Json) -> dict[str, str | None]:
    """A row as a script writes it that prints dictionaries, with names for people."""
    spaced = {"eventTime": "Event DateTime", "sourceIPAddress": "Source IP", "userIdentity": "User ID",
              "userAgent": "Request User Agent", "eventName": "Event Name", "eventID": "Event ID",
              "requestID": "Request ID", "requestParameters": "Request Parameters", "eventType": "Event Type"}  # fmt: skip
    return {spaced.get(key, key): value if isinstance(value, str) else str(value) for key, value in record.items()}


def flat_row(record: Mapping[str, Any], above: str = "") -> dict[str, str | None]:
    """A row whose columns are paths."""
    row: dict[str, str | None] = {}
    for key, value in record.items():
        if isinstance(value, dict) and value:
            row |= flat_row(value, f"{above}{key}.")
        elif value is not None:
            row[above + key] = value if isinstance(value, str) else compact(value)
    return row


def typed_row(record: Json) -> Json:
    """A row of Parquet with types: structures lower-cased, times and truths as themselves, the rest as JSON text."""
    lowered = json.loads(
        compact(record["userIdentity"]), object_hook=lambda one: {key.lower(): one[key] for key in one}
    )
    typed: Json = {**athena_row(record), "useridentity": lowered, "readonly": record["readOnly"]}
    return {**typed, "eventtime": datetime.fromisoformat(record["eventTime"])}


def csv_text(rows: Sequence[Mapping[str, object]], **dialect: Any) -> bytes:
    """A table with the columns of all rows, in their order."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", **dialect)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def parquet(rows: Sequence[Mapping[str, object]], schema: pa.Schema | None = None, **how: Any) -> bytes:
    columns = dict.fromkeys(name for row in rows for name in row)
    packed = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([{**columns, **row} for row in rows], schema), packed, **how)
    return packed.getvalue()


def ocsf(record: Json) -> Json:
    """The OCSF 1.1.0 event that Security Lake makes of a record; what it has no place for is `unmapped`."""
    identity = record["userIdentity"]
    context = identity.get("sessionContext", {})
    issuer, attributes = context.get("sessionIssuer", {}), context.get("attributes", {})
    rest = {f"userIdentity.sessionContext.sessionIssuer.{key}": issuer[key] for key in issuer if key != "arn"}
    rest |= {key: compact(record[key]) for key in ("readOnly", "managementEvent") if key in record}
    rest |= {"recipientAccountId": record["recipientAccountId"], "sharedEventID": ""}
    return {
        "metadata": {
            "product": {"name": "CloudTrail", "vendor_name": "AWS", "version": record["eventVersion"],
                        "feature": {"name": record["eventCategory"]}},
            "uid": record["eventID"], "event_code": record["eventType"], "version": "1.1.0",
            "profiles": ["cloud", "datetime"],
        },
        "class_uid": 6003, "class_name": "API Activity", "severity_id": 1, "type_uid": 600302,
        "time": int(datetime.fromisoformat(record["eventTime"]).timestamp() * 1000),
        "cloud": {"provider": "AWS", "region": record["awsRegion"]},
        "api": {
            "operation": record["eventName"], "service": {"name": record["eventSource"]},
            "request": {"uid": record["requestID"], "data": text_or_none(record["requestParameters"])},
            "response": {"error": record.get("errorCode"), "message": record.get("errorMessage"),
                         "data": text_or_none(record["responseElements"])},
        },
        "actor": {
            "user": {"type": identity["type"], "uid": identity["arn"], "uid_alt": identity["principalId"],
                     "name": identity.get("userName"), "credential_uid": identity["accessKeyId"],
                     "account": {"uid": identity["accountId"]}},
            "session": {"issuer": issuer.get("arn"), "created_time_dt": attributes.get("creationDate"),
                        "is_mfa": {"true": True, "false": False}.get(attributes.get("mfaAuthenticated"))},
        },
        "src_endpoint": {"ip": record["sourceIPAddress"]}, "http_request": {"user_agent": record["userAgent"]},
        "unmapped": rest, "status": "Success",
    }  # fmt: skip


def text_or_none(value: object) -> str | None:
    return None if value is None else compact(value)


def security_lake(records: Sequence[Json]) -> bytes:
    """A Security Lake object: OCSF as Parquet, `unmapped` a map."""
    table = pa.Table.from_pylist([{**ocsf(record), "unmapped": None} for record in records])
    pairs = [list(ocsf(record)["unmapped"].items()) for record in records]
    maps = pa.array(pairs, pa.map_(pa.string(), pa.string()))
    packed = io.BytesIO()
    pq.write_table(table.set_column(table.schema.get_field_index("unmapped"), "unmapped", maps), packed)
    return packed.getvalue()


def athena_answer(rows: Sequence[Mapping[str, str | None]]) -> Json:
    """The answer of Athena's GetQueryResults."""
    names = list(rows[0])
    texts = [dict(zip(names, names, strict=True)), *rows]
    cells = [
        {"Data": [{"VarCharValue": row[name]} if row[name] is not None else {} for name in names]} for row in texts
    ]
    return {"ResultSet": {"Rows": cells, "ResultSetMetadata": {"ColumnInfo": [{"Name": name} for name in names]}}}


def lake_answer(rows: Sequence[Mapping[str, str | None]]) -> Json:
    """The answer of CloudTrail Lake's GetQueryResults."""
    cells = [[{name: value} for name, value in row.items() if value is not None] for row in rows]
    return {"QueryStatus": "FINISHED", "QueryResultRows": cells}
