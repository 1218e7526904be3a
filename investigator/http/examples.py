"""Bodies and examples for the OpenAPI document: bodies are read strictly, so FastAPI does not see their models."""

from typing import Any

from pydantic import BaseModel

from investigator.http.bodies import Close, NewCase


def _body(schema: dict[str, Any], **examples: object) -> dict[str, Any]:
    shown = {name: {"value": value} for name, value in examples.items()}
    return {
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema, "examples": shown}}},
        "responses": {"4XX": {"description": "A refusal", "content": {"application/problem+json": {}}}},
    }


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


NEW_CASE = _body(
    _schema(NewCase),
    worry={
        "worry": "The access key AKIAIOSFODNN7EXAMPLE was committed to a public repository",
        "sources": ["prod"],
    },
    alert={"alert": {"source": "aws.guardduty", "detail-type": "GuardDuty Finding", "detail": {"id": "…"}}},
)
ANSWERS = _body(
    {"type": "object", "additionalProperties": {"type": "string"}},
    two={"known_ips": "198.51.100.0/24", "disrupt": "no"},
)
CLOSE = _body(_schema(Close), finished={"code": "Investigation Completed"})
