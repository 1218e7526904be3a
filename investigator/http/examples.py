"""Examples for the OpenAPI document."""

from collections.abc import Mapping
from typing import Any

from fastapi.openapi.models import Example
from pydantic import JsonValue

Responses = dict[int | str, dict[str, Any]]

_HEADER: Mapping[str, JsonValue] = {
    "id": "",
    "name": "ir-5b0c1f22a9d4",
    "title": "The access key of build was pushed to a public repository",
    "description": "The access key of build was pushed to a public repository",
    "status": "Detection and Analysis",
    "as_of": "2026-01-28T00:00:00Z",
    "scenario": ["leaked-access-key"],
    "accounts": ["111122223333"],
    "regions": ["us-east-1"],
    "window": {"from": "2026-01-14T00:00:00Z", "to": "2026-01-28T00:00:00Z"},
}
QUESTION: dict[str, JsonValue] = {
    "slot": "known_ips",
    "text": "Which networks are yours?",
    "why": "Calls from elsewhere weigh more, calls from there less.",
    "default": "none",
    "asked": True,
    "round": 1,
}
CASE: dict[str, JsonValue] = {
    "id": "482915503617",
    "case": dict(_HEADER),
    "run": "asking",
    "stage": "clarifying",
    "questions": [QUESTION],
    "answers": [{"slot": "key", "value": "AKIAIOSFODNN7EXAMPLE", "source": "description"}],
    "verdict": None,
    "opened": "2026-01-28T08:15:00Z",
    "trouble": None,
}
ENTRY: dict[str, JsonValue] = {
    "id": "e4",
    "time": "2026-01-27T19:07:07Z",
    "source": "cloudtrail",
    "action": "iam:CreateAccessKey",
    "outcome": "success",
    "actor": {"kind": "iam_user", "arn": "arn:aws:iam::111122223333:user/build"},
    "credential": "AKIAIOSFODNN7EXAMPLE",
    "from": {"ip": "198.51.100.7", "agent": "aws-cli/2.15.0"},
    "on": ["arn:aws:iam::111122223333:user/backup", "AKIAI44QH8DHBEXAMPLE"],
    "place": {"account": "111122223333", "region": "us-east-1"},
    "tactic": "persistence",
    "phase": "persistence",
    "evidence": ["ct:00000004-aaaa-4bbb-8ccc-000000000000"],
    "more": 0,
    "why": "f1",
    "count": 1,
    "last": None,
}
REPORT: dict[str, JsonValue] = {
    "schema": "investigator.case/1",
    "case": {**_HEADER, "id": "3f9a6c1b20d47e85"},
    "verdict": {"value": "confirmed", "confidence": "high", "for": ["f1"], "against": [], "unknown": []},
    "summary": {"overview": ["c1"], "notes": []},
    "timeline": [ENTRY],
    "measures": {"case": "482915503617", "opened": "2026-01-28T08:15:00Z", "records_read": 2900, "seconds": 1.2},
    "produced_by": {"version": "0.1.0", "rules_sha256": "0" * 64, "playbook_sha256": "0" * 64},
}
RECORD: dict[str, JsonValue] = {
    "id": "ct:00000004-aaaa-4bbb-8ccc-000000000000",
    "record": {"eventName": "CreateAccessKey", "eventSource": "iam.amazonaws.com", "awsRegion": "us-east-1"},
}
TOOL: dict[str, JsonValue] = {
    "name": "calls_by_key",
    "source": "cloudtrail",
    "question": "Which API calls were made with this access key?",
    "needs": ["key"],
    "permissions": ["cloudtrail:LookupEvents"],
    "where": "every region",
}
PLAYBOOK: dict[str, JsonValue] = {
    "name": "leaked-access-key",
    "title": "An access key is known to somebody else",
    "scenario": "leaked-access-key",
    "when": ["access_key"],
    "slots": ["key", "start"],
    "steps": [{"tool": "calls_by_key", "for_each": "key", "with": {}, "because": "every call that the key signed"}],
}
_FINDING: JsonValue = {
    "schemaVersion": "2.0",
    "id": "6ab1f3d2c0",
    "type": "UnauthorizedAccess:IAMUser/TorIPCaller",
    "severity": 8,
    "accountId": "111122223333",
    "region": "us-east-1",
    "title": "An API was called from a Tor exit node",
    "resource": {"resourceType": "AccessKey", "accessKeyDetails": {"accessKeyId": "AKIAIOSFODNN7EXAMPLE"}},
    "service": {"eventFirstSeen": "2026-01-27T19:00:00Z", "eventLastSeen": "2026-01-27T19:20:00Z", "count": 3},
}
NEW_CASE: dict[str, Example] = {
    "worry": {
        "summary": "In words",
        "value": {
            "worry": "The access key AKIAIOSFODNN7EXAMPLE was pushed to a public repository",
            "sources": ["prod"],
            "answers": {"known_ips": "203.0.113.0/24"},
        },
    },
    "alert": {
        "summary": "An alert",
        "value": {
            "alert": {"source": "aws.guardduty", "detail-type": "GuardDuty Finding", "detail": _FINDING},
            "sources": ["prod"],
        },
    },
}
ANSWERS: dict[str, Example] = {"two": {"value": {"known_ips": "203.0.113.0/24, 198.51.100.9", "change": "unknown"}}}
CLOSE: dict[str, Example] = {"finished": {"value": {"code": "Investigation Completed"}}}


def shown(status: int, example: JsonValue) -> Responses:
    """The example of a JSON answer."""
    return {status: {"content": {"application/json": {"example": example}}}}


_TEXT = {"schema": {"type": "string"}}
_EVENT = 'id: 7\nevent: step\ndata: {"kind": "step", "text": "calls by key", "done": 3, "total": 12}\n\n'
_PROBLEM: dict[str, JsonValue] = {
    "type": "about:blank",
    "title": "Not Found",
    "status": 404,
    "detail": "there is no such case",
}
_PROBLEM_SCHEMA: dict[str, JsonValue] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What to do; never what was sent."},
    },
}
STREAM: Responses = {
    200: {
        "description": "Events `stage`, `step`, `progress`, `gap`, `finished`, each with a number as its id",
        "content": {"text/event-stream": {**_TEXT, "example": _EVENT}},
    }
}
EXPORTED: Responses = {
    200: {
        "description": "The file",
        "content": {
            "text/markdown": {**_TEXT, "example": "# The access key of build was pushed to a public repository\n"},
            "text/html": {**_TEXT, "example": "<!doctype html>"},
            "text/csv": {**_TEXT, "example": '"time","action"\n'},
            "text/x-shellscript": {**_TEXT, "example": "# contain\n"},
            "application/json": {"example": REPORT},
            "application/zip": {"schema": {"type": "string", "contentMediaType": "application/zip"}},
        },
    }
}
REFUSED: Responses = {
    status: {
        "description": "A refusal, or a bug: problem+json, which never holds what was sent",
        "content": {"application/problem+json": {"schema": _PROBLEM_SCHEMA, "example": _PROBLEM}},
    }
    for status in ("4XX", "5XX")
}
