"""The OpenAPI document describes what the API does, with examples that work."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter

from investigator.domain.case import CaseView
from investigator.domain.playbook import Playbook
from investigator.domain.question import Question
from investigator.domain.report import CaseDocument
from investigator.domain.timeline import TimelineEntry
from investigator.http.bodies import Close, NewCase
from investigator.http.menus import ToolLine
from investigator.http.reading import Record
from investigator.http.routes import Health
from tests.http.conftest import Api, Solved

CONTRACT = {
    "get /api/cases", "post /api/cases", "get /api/cases/{id}", "get /api/cases/{id}/questions", "post /api/cases/{id}/answers",
    "post /api/cases/{id}/run", "post /api/cases/{id}/stop", "get /api/cases/{id}/progress", "get /api/cases/{id}/document",
    "get /api/cases/{id}/timeline", "get /api/cases/{id}/records/{evidence_id}", "get /api/cases/{id}/export/{form}",
    "post /api/cases/{id}/close", "get /api/tools", "get /api/playbooks", "get /healthz",
}  # fmt: skip
MODELS: dict[str, type[BaseModel]] = {
    model.__name__: model
    for model in (CaseView, Question, CaseDocument, TimelineEntry, Record, ToolLine, Playbook, Health)
}


@pytest.fixture
def described(api: Api) -> dict[str, Any]:
    return api.client.get("/openapi.json").json()


def operations(described: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in described["paths"].items():
        for method, operation in item.items():
            yield f"{method} {path}", operation


def references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from ([value["$ref"]] if isinstance(value.get("$ref"), str) else [])
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_every_call_of_the_contract_is_described(described: dict[str, Any]) -> None:
    assert {name for name, _ in operations(described)} == CONTRACT
    assert described["openapi"].startswith("3.1")


def test_every_call_says_what_it_does_and_how_it_refuses(described: dict[str, Any]) -> None:
    for name, operation in operations(described):
        assert operation["description"], name
        assert "application/problem+json" in operation["responses"]["4XX"]["content"], name
        assert "422" not in operation["responses"], name


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    found = set(references(described))

    assert found
    assert all(ref.removeprefix("#/components/schemas/") in described["components"]["schemas"] for ref in found)


def test_paths_and_parameters_agree(described: dict[str, Any]) -> None:
    for name, operation in operations(described):
        inside = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
        assert inside == set(re.findall(r"{(\w+)}", name)), name


def test_every_body_has_examples_that_are_taken(api: Api, described: dict[str, Any]) -> None:
    bodies = {
        name: op["requestBody"]["content"]["application/json"]
        for name, op in operations(described)
        if "requestBody" in op
    }
    examples = {name: [example["value"] for example in body["examples"].values()] for name, body in bodies.items()}

    assert set(examples) == {"post /api/cases", "post /api/cases/{id}/answers", "post /api/cases/{id}/close"}
    for body in examples["post /api/cases"]:
        assert api.client.post("/api/cases", json=body).status_code == 201
    handle = api.opened()
    for body in examples["post /api/cases/{id}/answers"]:
        assert api.client.post(f"/api/cases/{handle}/answers", json=body).status_code == 200
    for body in examples["post /api/cases/{id}/close"]:
        assert api.client.post(f"/api/cases/{handle}/close", json=body).status_code == 200


def test_every_answer_has_an_example_of_its_own_form(described: dict[str, Any]) -> None:
    for name, operation in operations(described):
        status = next(status for status in operation["responses"] if status.startswith("2"))
        for media, content in operation["responses"][status]["content"].items():
            if media == "application/json" and "schema" in content:
                model = MODELS[next(references(content["schema"])).rpartition("/")[2]]
                kind = TypeAdapter(list[model]) if content["schema"].get("type") == "array" else TypeAdapter(model)
                assert name == "get /healthz" or kind.validate_python(content["example"]), name
            assert name == "get /healthz" or media == "application/zip" or content["example"], (name, media)


def test_the_scheme_of_the_token_is_described(described: dict[str, Any]) -> None:
    secured = {name for name, operation in operations(described) if operation.get("security")}

    assert described["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"
    assert secured == CONTRACT - {"get /healthz"}


def test_the_catalog_is_listed(api: Api) -> None:
    tools, playbooks = (api.client.get(f"/api/{what}").json() for what in ("tools", "playbooks"))

    assert {"calls_by_key", "caller"} <= {tool["name"] for tool in tools}
    assert all(tool["question"] and tool["where"] for tool in tools)
    assert {"general", "leaked-access-key"} <= {playbook["name"] for playbook in playbooks}


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["key", "unknown", "Duplicate", "prod"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
words = st.text(max_size=40) | st.sampled_from(
    ["", "1", "ct:1", "html", "json", "0" * 12, "name~(", "key=AKIA", "finished", "../..", "\x00"]
)
fields = {name for model in (NewCase, Close) for name in model.model_fields}
bodies = values | st.dictionaries(st.sampled_from(sorted(fields)) | st.text(max_size=8), values | words, max_size=5)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_request_is_a_server_error(solved: Solved, data: st.DataObject) -> None:
    described = solved.client.app.openapi()  # type: ignore[attr-defined]
    name, operation = data.draw(st.sampled_from([*operations(described)]))
    method, path = name.split()
    filled = re.sub(
        r"{(\w+)}",
        lambda m: solved.handle if m[1] == "id" and data.draw(st.booleans()) else quote(data.draw(words), safe=""),
        path,
    )
    query = {
        p["name"]: data.draw(words)
        for p in operation.get("parameters", [])
        if p["in"] == "query" and data.draw(st.booleans())
    }

    body = data.draw(bodies) if method == "post" else None
    answer = solved.client.request(
        method, filled, params=query, content=_raw(body), headers={"Content-Type": "application/json"}
    )

    assert answer.status_code < 500
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"


def _raw(body: object) -> bytes:
    return json.dumps(body).encode()
