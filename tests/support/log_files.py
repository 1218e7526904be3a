"""Told events as CloudTrail log files, as AWS delivers them."""

import gzip
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import JsonValue

from investigator.domain.event import Event
from investigator.domain.times import to_text


def record_of(event: Event) -> dict[str, JsonValue]:
    """The CloudTrail record that reads as this event; fields that it says nothing about are left out."""
    record = {
        "eventVersion": "1.10",
        "userIdentity": _without_empty(_identity(event)),
        "eventTime": to_text(event.time) if event.time else None,
        "eventSource": event.source,
        "eventName": event.name,
        "awsRegion": event.region,
        "sourceIPAddress": event.ip,
        "userAgent": event.agent,
        "errorCode": event.error,
        "errorMessage": event.error_message,
        "requestID": event.request_id,
        "eventID": event.id.removeprefix("ct:"),
        "readOnly": event.read_only,
        "eventType": event.event_type or "AwsApiCall",
        "managementEvent": event.category != "Data",
        "eventCategory": event.category or "Management",
        "recipientAccountId": event.account,
        "sharedEventID": event.shared_id,
        "resources": event.resources,
        "additionalEventData": event.additional,
    }
    return {**_without_empty(record), "requestParameters": event.request, "responseElements": event.response}


def _identity(event: Event) -> dict[str, JsonValue]:
    issuer = _without_empty({"type": "Role" if event.issuer else "", "arn": event.issuer, "accountId": event.account})
    attributes = _without_empty({"creationDate": event.session_start, "mfaAuthenticated": event.mfa})
    context = _without_empty({"sessionIssuer": issuer if event.issuer else None, "attributes": attributes})
    return {
        "type": event.identity,
        "principalId": f"AROAEXAMPLE:{event.session}" if event.session else "AIDAEXAMPLE",
        "arn": event.arn,
        "accountId": event.account,
        "accessKeyId": event.key,
        "userName": event.user,
        "invokedBy": event.invoked_by,
        "sessionContext": context,
    }


def _without_empty(fields: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {name: value for name, value in fields.items() if value not in ("", None, {})}


def write_log(folder: Path, events: Iterable[Event], name: str = "log.json") -> Path:
    """One log file of `{"Records": […]}`, gzipped when its name says so; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    content = json.dumps({"Records": [record_of(event) for event in events]}).encode()
    (folder / name).write_bytes(gzip.compress(content, mtime=0) if name.endswith(".gz") else content)
    return folder
