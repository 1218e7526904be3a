"""Who may call the case API."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from investigator.http.access import Access, read_tokens
from investigator.http.routes import api as application
from investigator.http.server import ServeOptions, serve
from investigator.http.sources import NamedSources
from tests.http.conftest import HOST, Api

TOKEN, OTHER = "correct-horse-battery-staple", "a-second-token-of-a-client"


@pytest.fixture
def locked(tmp_path: Path) -> Api:
    return Api(tmp_path / "data", tokens=(TOKEN, OTHER))


def paths(api: Api) -> list[tuple[str, str]]:
    """Every route there is, from the router itself."""
    described = api.client.app.openapi()["paths"]  # type: ignore[attr-defined]
    return [
        (method.upper(), path.replace("{", "").replace("}", "")) for path, item in described.items() for method in item
    ]


def test_every_route_but_the_health_check_asks_for_a_token(locked: Api) -> None:
    asked = [*paths(locked), ("GET", "/openapi.json"), ("GET", "/nowhere"), ("POST", "/api/cases/1/nothing")]

    answers = {path: locked.client.request(method, path).status_code for method, path in asked}

    assert len(answers) > 15
    assert {path for path, status in answers.items() if status != 401} == {"/healthz"}


def test_a_refusal_says_which_scheme(locked: Api) -> None:
    refused = locked.client.get("/api/cases")

    assert refused.headers["www-authenticate"] == "Bearer"
    assert refused.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("token", [TOKEN, OTHER])
def test_each_token_opens(locked: Api, token: str) -> None:
    assert locked.client.get("/api/cases", headers={"Authorization": f"bearer {token}"}).status_code == 200


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Bearer",
        f"Basic {TOKEN}",
        f"Bearer {TOKEN[:-1]}",
        f"Bearer {TOKEN}x",
        TOKEN,
        f"Bearer {TOKEN} {OTHER}",
        "Bearer \xff",
    ],
)
def test_nothing_else_opens(locked: Api, value: str) -> None:
    refused = locked.client.get("/api/cases", headers={"Authorization": value.encode("latin-1")})

    assert refused.status_code == 401
    assert TOKEN not in refused.text


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8420", "127.0.0.1.evil.example", "", "[::2]", "2130706433"]
)
def test_another_host_is_not_served(api: Api, host: str) -> None:
    refused = api.client.get("/api/cases", headers={"Host": host})

    assert refused.status_code == 421
    assert "evil" not in refused.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8420", "127.0.0.1", "[::1]:8420"])
def test_loopback_is_served(api: Api, host: str) -> None:
    assert api.client.get("/api/cases", headers={"Host": host}).status_code == 200


def test_a_name_that_was_given_is_served(api: Api) -> None:
    app = application(api.investigation, NamedSources(), Access((), {"IR.example"}))

    assert TestClient(app, base_url="http://ir.example").get("/api/cases").status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9999", "http://[", "file://"])
def test_pages_of_other_sites_may_not_call(api: Api, origin: str) -> None:
    assert api.client.post("/api/cases/1/run", headers={"Origin": origin}).status_code == 403
    assert api.client.get("/api/cases", headers={"Origin": origin}).status_code == 403


def test_no_answer_invites_other_sites(api: Api) -> None:
    preflight = {"Origin": HOST, "Access-Control-Request-Method": "POST"}

    answers = [
        api.client.get("/api/cases", headers={"Origin": HOST}),
        api.client.options("/api/cases", headers=preflight),
    ]

    assert not [name for answer in answers for name in answer.headers if name.startswith("access-control")]


def test_nobody_keeps_guesses_or_runs_an_answer(api: Api) -> None:
    headers = api.client.get("/api/cases").headers

    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")
    assert headers["content-security-policy"] == "sandbox"
    assert "set-cookie" not in headers


def test_the_health_check_needs_nothing(locked: Api) -> None:
    healthy = locked.client.get("/healthz", headers={"Host": "10.0.0.7"})

    assert healthy.status_code == 200
    assert healthy.json()["status"] == "ok"


@pytest.mark.parametrize("content", ["", "\n  \n", "short\n", "correct-horse-battery-staple\nshort\n"])
def test_a_token_file_without_good_tokens_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "tokens").write_text(content)

    with pytest.raises(ValueError, match="at least 16"):
        read_tokens(tmp_path / "tokens")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_a_port_for_others_needs_a_token_file(api: Api, host: str) -> None:
    with pytest.raises(ValueError, match="token-file"):
        serve(api.investigation, ServeOptions(host=host))
