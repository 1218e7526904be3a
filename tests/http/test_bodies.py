"""Bodies that attack: each is refused with problem+json that holds nothing of what was sent."""

import json
from collections.abc import Iterator

import pytest
from httpx import Response

from tests.http.conftest import Api

MARK = "hunter2-marker"
JSON = {"Content-Type": "application/json"}
HOSTILE = {
    "empty": b"",
    "no JSON": MARK.encode(),
    "cut": b'{"worry": "' + MARK.encode(),
    "NaN": b'{"worry": "hunter2-marker", "alert": NaN}',
    "Infinity": b'{"worry": "hunter2-marker", "alert": -Infinity}',
    "a float without end": b'{"worry": "hunter2-marker", "alert": 1e999}',
    "lone surrogate": b'{"worry": "hunter2-marker \\ud800"}',
    "lone surrogate in a key": b'{"worry": "hunter2-marker", "answers": {"\\udfff": "x"}}',
    "a key twice": b'{"worry": "a", "worry": "hunter2-marker"}',
    "a key twice inside": b'{"alert": {"id": 1, "id": 2}}',
    "5,000 digits": b'{"worry": "hunter2-marker", "alert": ' + b"7" * 5000 + b"}",
    "65 levels": b'{"alert": ' + b"[" * 65 + b"]" * 65 + b"}",
    "100,000 levels": b'{"alert": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "UTF-16": '{"worry": "hunter2-marker"}'.encode("utf-16"),
    "bad UTF-8": b'{"worry": "hunter2-marker \xff"}',
    "BOM": b'\xef\xbb\xbf{"worry": "hunter2-marker"}',
    "raw control": b'{"worry": "hunter2-marker \x01"}',
    "two documents": b'{"worry": "hunter2-marker"} {}',
}
WRONG = {
    "a list": ["hunter2-marker"],
    "null": None,
    "an unknown field": {"worry": "x", "hunter2-marker": 1},
    "a number for a text": {"worry": 12345},
    "nothing to look into": {"worry": "   "},
    "an unknown playbook": {"worry": "x", "playbook": MARK},
    "an unknown slot": {"worry": "x", "answers": {MARK: "1"}},
    "an answer that is no text": {"worry": "x", "answers": {"key": ["hunter2-marker"]}},
    "sources of no list": {"worry": "x", "sources": MARK},
    "an unknown source": {"worry": "x", "sources": [MARK]},
    "an alert of no kind": {"alert": {"hunter2-marker": 1}},
    "an alert that is a text": {"alert": MARK},
    "a worry too long": {"worry": MARK * 5000},
}


def refused(answer: Response, *statuses: int) -> None:
    assert answer.status_code in statuses
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json()) == {"type", "title", "status", "detail"}
    assert answer.json()["status"] == answer.status_code
    assert MARK not in answer.text


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_what_is_not_strict_json_is_a_400(api: Api, raw: bytes) -> None:
    refused(api.client.post("/api/cases", content=raw, headers=JSON), 400 if raw else 422)
    assert api.client.get("/api/cases").json() == []


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG)
def test_what_has_the_wrong_form_is_a_422(api: Api, body: object) -> None:
    refused(api.client.post("/api/cases", content=json.dumps(body), headers=JSON), 422)
    assert api.client.get("/api/cases").json() == []


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/json", ""]
)
def test_only_json_is_taken(api: Api, kind: str) -> None:
    refused(api.client.post("/api/cases", content=b'{"worry": "x"}', headers={"Content-Type": kind}), 415)


def test_a_compressed_body_is_not_taken(api: Api) -> None:
    refused(api.client.post("/api/cases", content=b"x", headers={**JSON, "Content-Encoding": "gzip"}), 415)


def test_a_body_of_ten_megabytes_is_a_413(api: Api) -> None:
    body = json.dumps({"worry": MARK * 700_000}).encode()

    refused(api.client.post("/api/cases", content=body, headers=JSON), 413)


def test_a_chunked_body_is_counted_as_it_comes(api: Api) -> None:
    def chunks() -> Iterator[bytes]:
        yield b'{"worry": "'
        for _ in range(200):
            yield b"hunter2-marker " * 1000

    refused(api.client.post("/api/cases", content=chunks(), headers=JSON), 413)


def test_a_body_that_says_it_is_short_gains_nothing(api: Api) -> None:
    lies = {**JSON, "Content-Length": "2"}

    assert api.client.post("/api/cases", content=b'{"worry": "' + b"x" * 2_000_000, headers=lies).status_code in (
        400,
        413,
    )


def test_sixty_four_levels_are_taken(api: Api) -> None:
    body = b'{"worry": "x", "alert": ' + b"[" * 62 + b"]" * 62 + b"}"

    refused(api.client.post("/api/cases", content=body, headers=JSON), 422)


def test_a_worry_with_control_characters_comes_back_as_it_was(api: Api) -> None:
    worry = "line one\nESC \x1b[2J NUL \x00 bidi \u202e <script>"

    made = api.client.post("/api/cases", json={"worry": worry})

    assert made.json()["case"]["description"] == worry
    assert api.client.get("/api/cases").json()[0]["case"]["description"] == worry
    assert b"\x1b" not in made.content


@pytest.mark.parametrize(
    "path",
    [
        "/api/cases/hunter2-marker",
        "/api/cases/%00",
        "/api/cases/..%2f..%2fetc%2fpasswd",
        "/api/cases/%ff%fe",
        "/api/cases/" + "9" * 5000,
        "/api/cases/1/hunter2-marker",
        "/api/cases/1/export/hunter2-marker",
        "/api/cases/1/records/ct:hunter2-marker",
        "/api/cases/1/records/..%2f..%2f..%2fetc%2fpasswd",
        "/api/cases/1/document",
        "/api/cases/1/timeline",
        "/api/cases/1/questions",
        "/api/cases/1/progress",
        "/hunter2-marker",
    ],
)
def test_a_path_to_nothing_is_a_404(api: Api, path: str) -> None:
    refused(api.client.get(path), 404)


@pytest.mark.parametrize("what", ["run", "stop"])
def test_no_case_no_run(api: Api, what: str) -> None:
    refused(api.client.post(f"/api/cases/000000000000/{what}"), 404)


@pytest.mark.parametrize(
    "query",
    [
        "limit=99999999999999999999",
        "limit=0",
        "limit=-1",
        "limit=hunter2-marker",
        "limit=NaN",
        "status=hunter2-marker",
        "verdict=hunter2-marker",
        "after=hunter2-marker",
        "after=%00",
        "after=" + "7" * 5000,
    ],
)
def test_a_wrong_parameter_is_a_422(api: Api, query: str) -> None:
    refused(api.client.get(f"/api/cases?{query}"), 422)


@pytest.mark.parametrize("number", ["hunter2-marker", "-1", "9" * 30, "1.5"])
def test_a_last_event_that_is_no_number_is_a_422(api: Api, number: str) -> None:
    handle = api.opened()

    refused(api.client.get(f"/api/cases/{handle}/progress", headers={"Last-Event-ID": number}), 422)


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 201, "caf\u00e9".encode("latin-1")])
def test_an_idempotency_key_is_printable_and_short(api: Api, key: str) -> None:
    refused(api.client.post("/api/cases", json={"worry": "x"}, headers={"Idempotency-Key": key}), 422)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_a_method_that_no_route_has_is_a_405(api: Api, method: str) -> None:
    refused(api.client.request(method, "/api/cases"), 405)


def test_a_bug_is_a_500_without_details(api: Api) -> None:
    def bug() -> None:
        raise RuntimeError(MARK)

    api.client.app.add_api_route("/bug", bug)  # type: ignore[attr-defined]

    refused(api.client.get("/bug"), 500)
