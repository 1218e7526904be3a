"""Opening, listing and closing cases over HTTP."""

from concurrent.futures import ThreadPoolExecutor

from investigator.domain.case import OpenCase
from investigator.http.examples import NEW_CASE
from tests.http.conftest import Api
from tests.support.small_case import WORRY

ALERT = NEW_CASE["alert"]["value"]["alert"]


def test_a_worry_opens_a_case_whose_preparation_begins(api: Api) -> None:
    made = api.client.post("/api/cases", json={"worry": WORRY, "sources": ["prod"]})

    assert made.status_code == 201
    assert set(made.json()) >= {"id", "case", "run", "stage", "questions", "verdict"}
    assert (made.json()["run"], made.json()["case"]["title"], made.json()["verdict"]) == ("opening", WORRY, None)
    assert api.launches.asked == [(made.json()["id"], True)]


def test_an_alert_opens_a_case(api: Api) -> None:
    made = api.client.post("/api/cases", json={"alert": ALERT})

    assert made.status_code == 201
    assert made.json()["case"]["name"].startswith("ir-")


def test_the_id_is_twelve_digits_and_shows_the_case(api: Api) -> None:
    handle = api.opened()

    assert len(handle) == 12
    assert handle.isdecimal()
    assert api.client.get(f"/api/cases/{handle}").json()["id"] == handle


def test_a_secret_in_the_worry_is_shown_nowhere(api: Api) -> None:
    secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

    handle = api.opened(worry=f"leaked: secret access key {secret}")

    assert secret not in api.client.get(f"/api/cases/{handle}").text
    assert secret not in api.client.get("/api/cases").text


def test_the_same_key_and_body_give_the_same_case(api: Api) -> None:
    same = {"headers": {"Idempotency-Key": "alert-1"}, "json": {"worry": WORRY}}

    first, second = (api.client.post("/api/cases", **same) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    assert len(api.client.get("/api/cases").json()) == 1


def test_an_alert_that_is_delivered_twice_gives_one_case(api: Api) -> None:
    bodies = [{"alert": ALERT, "sources": ["prod"]}, {"alert": ALERT | {"id": "again"}, "sources": ["prod"]}]
    keys = [{"Idempotency-Key": "delivery-1"}, {"Idempotency-Key": "delivery-2"}]

    made = [api.client.post("/api/cases", json=body, headers=key) for body, key in zip(bodies, keys, strict=True)]

    assert [response.status_code for response in made] == [201, 201]
    assert len({response.json()["id"] for response in made}) == 1
    assert len(api.client.get("/api/cases").json()) == 1


def test_an_alert_may_be_opened_anew(api: Api) -> None:
    first, second = (api.client.post("/api/cases", json={"alert": ALERT, "new": new}) for new in (False, True))

    assert first.json()["id"] != second.json()["id"]


def test_an_alert_whose_case_is_closed_opens_a_new_case(api: Api) -> None:
    first = api.client.post("/api/cases", json={"alert": ALERT}).json()["id"]
    api.client.post(f"/api/cases/{first}/close", json={"code": "Duplicate"})

    assert api.client.post("/api/cases", json={"alert": ALERT}).json()["id"] != first


def test_many_deliveries_at_once_open_one_case(api: Api) -> None:
    def deliver(number: int) -> str:
        return api.client.post("/api/cases", json={"alert": ALERT | {"id": f"e-{number}"}}).json()["id"]

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(deliver, range(16)))) == 1


def test_the_same_key_with_another_body_is_a_conflict(api: Api) -> None:
    key = {"Idempotency-Key": "alert-1"}
    api.client.post("/api/cases", headers=key, json={"worry": WORRY})

    refused = api.client.post("/api/cases", headers=key, json={"worry": "something else"})

    assert refused.status_code == 409


def test_sixteen_clients_with_one_key_make_one_case(api: Api) -> None:
    def post(_: int) -> str:
        made = api.client.post("/api/cases", headers={"Idempotency-Key": "race"}, json={"worry": WORRY})
        return f"{made.status_code} {made.json().get('id')}"

    with ThreadPoolExecutor(16) as threads:
        answers = set(threads.map(post, range(48)))

    assert len(answers) == 1
    assert next(iter(answers)).startswith("201 ")
    assert len(api.client.get("/api/cases").json()) == 1


def test_keys_of_clients_and_of_batches_never_meet(api: Api) -> None:
    ours = api.investigation.open(OpenCase(worry=WORRY, idempotency_key="batch-1")).id

    made = api.client.post("/api/cases", headers={"Idempotency-Key": "batch-1"}, json={"worry": WORRY})

    assert made.status_code == 201
    assert made.json()["id"] != ours


def test_only_names_that_the_operator_gave_are_sources(api: Api) -> None:
    refused = api.client.post("/api/cases", json={"worry": WORRY, "sources": ["/etc/passwd"]})

    assert refused.status_code == 422
    assert "/etc/passwd" not in refused.text
    assert "prod" in refused.json()["detail"]


def test_pages_cover_each_case_once_while_cases_come_in(api: Api) -> None:
    before = [api.opened() for _ in range(7)]
    seen: list[str] = []

    while page := api.client.get("/api/cases", params={"limit": 3, "after": seen[-1] if seen else ""}).json():
        seen += [case["id"] for case in page]
        api.opened()

    assert seen == before[::-1]


def test_the_list_is_narrowed_by_status_and_verdict(api: Api) -> None:
    closed, left = api.opened(), api.opened()
    api.client.post(f"/api/cases/{closed}/close", json={"code": "Duplicate"})

    def ids(**query: str) -> list[str]:
        return [case["id"] for case in api.client.get("/api/cases", params=query).json()]

    assert ids(status="Closed") == [closed]
    assert ids(status="Submitted") == [left]
    assert ids(status="opening") == [left, closed]
    assert ids(verdict="confirmed") == []


def test_a_closed_case_stays_closed(api: Api) -> None:
    handle = api.opened()

    shut = api.client.post(f"/api/cases/{handle}/close", json={"code": "False Positive"})

    assert shut.json()["case"]["status"] == "Closed"
    assert api.client.get(f"/api/cases/{handle}").json()["case"]["status"] == "Closed"
    later = ("close", {"code": "Duplicate"}), ("answers", {"key": "unknown"}), ("run", {})
    assert [api.client.post(f"/api/cases/{handle}/{what}", json=body).status_code for what, body in later] == [409] * 3


def test_a_page_after_no_case_is_refused(api: Api) -> None:
    api.opened()

    assert api.client.get("/api/cases", params={"after": "000000000000"}).status_code == 422
