"""Answering, running, stopping and following over HTTP."""

import json
from collections.abc import Iterable
from pathlib import Path

from investigator.adapters.cases import CaseDatabase
from investigator.domain.case import OpenCase
from investigator.domain.trouble import Stopped
from investigator.domain.words import Stage
from investigator.http.bodies import strict_json
from tests.http.conftest import Api, Solved
from tests.support.small_case import WORRY, small_logs

STAGES = [stage.value for stage in Stage]


def events(text: str) -> list[dict[str, object]]:
    """The server-sent events of a stream, each with its id, its name and its data."""
    blocks = [dict(line.split(": ", 1) for line in block.splitlines()) for block in text.strip().split("\n\n")]
    return [{"id": int(block["id"]), "event": block["event"], **json.loads(block["data"])} for block in blocks]


def stages(told: Iterable[dict[str, object]]) -> list[object]:
    return [event["stage"] for event in told if event["event"] == "stage"]


def test_a_run_is_started_once_for_each_call(api: Api) -> None:
    handle = api.opened()

    started = api.client.post(f"/api/cases/{handle}/run")

    assert started.status_code == 202
    assert started.json()["run"] == "running"
    assert api.launches.asked == [(handle, True), (handle, False)]


def test_questions_are_those_of_the_interview(api: Api) -> None:
    handle = api.investigation.open(OpenCase(worry=WORRY)).id
    api.investigation.prepare(handle)

    asked = api.client.get(f"/api/cases/{handle}/questions").json()

    assert api.client.get(f"/api/cases/{handle}").json()["run"] == "asking"
    assert asked
    assert all(set(question) >= {"slot", "text", "why", "default", "asked"} for question in asked)


def test_an_answer_takes_its_question_away(api: Api) -> None:
    handle = api.investigation.open(OpenCase(worry=WORRY)).id
    api.investigation.prepare(handle)
    slots = [question["slot"] for question in api.client.get(f"/api/cases/{handle}/questions").json()]

    api.client.post(f"/api/cases/{handle}/answers", json={slots[0]: "unknown"})

    assert [question["slot"] for question in api.client.get(f"/api/cases/{handle}/questions").json()] == slots[1:]
    assert api.launches.asked == []


def test_a_late_answer_starts_the_run_again(api: Api) -> None:
    handle = api.investigation.open(OpenCase(worry=WORRY, ask=False)).id
    api.investigation.run(handle)
    assert api.client.get(f"/api/cases/{handle}/document").status_code == 200

    answered = api.client.post(f"/api/cases/{handle}/answers", json={"rotated": "no"})

    assert (answered.status_code, answered.json()["run"]) == (200, "running")
    assert api.launches.asked == [(handle, False)]
    assert api.client.get(f"/api/cases/{handle}/document").status_code == 409
    api.investigation.work(handle, prepare_only=False)
    given = api.client.get(f"/api/cases/{handle}/document").json()["answers"]
    assert {"slot": "rotated", "value": "no", "source": "user"}.items() <= next(
        a for a in given if a["slot"] == "rotated"
    ).items()


def test_a_stop_asked_before_the_worker_begins_is_heeded(api: Api) -> None:
    handle = api.opened()
    api.client.post(f"/api/cases/{handle}/run")

    stopping = api.client.post(f"/api/cases/{handle}/stop")

    assert stopping.status_code == 202
    assert stops(api, handle)
    assert api.client.get(f"/api/cases/{handle}").json()["run"] == "stopped"
    assert "stopped" in api.client.get(f"/api/cases/{handle}").json()["trouble"]


def stops(api: Api, handle: str) -> bool:
    """Whether a worker that begins now stops at its first line of progress."""
    try:
        api.investigation.work(handle, prepare_only=False)
    except Stopped:
        return True
    return False


def test_the_stream_tells_every_stage_in_order_and_ends(solved: Solved) -> None:
    stream = solved.client.get(f"/api/cases/{solved.handle}/progress")

    assert stream.headers["content-type"].startswith("text/event-stream")
    told = events(stream.text)
    assert stages(told) == STAGES
    assert told[-1]["event"] == "finished"
    assert [event["id"] for event in told] == list(range(1, len(told) + 1))


def test_a_client_goes_on_after_the_last_event_it_saw(solved: Solved) -> None:
    whole = events(solved.client.get(f"/api/cases/{solved.handle}/progress").text)

    rest = solved.client.get(f"/api/cases/{solved.handle}/progress", headers={"Last-Event-ID": "5"})

    assert events(rest.text) == whole[5:]


def test_a_client_that_saw_everything_gets_an_empty_stream(solved: Solved) -> None:
    seen = {"Last-Event-ID": "9007199254740991"}

    assert solved.client.get(f"/api/cases/{solved.handle}/progress", headers=seen).text == ""


def test_the_stream_of_a_run_whose_process_died_ends(api: Api) -> None:
    handle = api.opened()
    api.client.post(f"/api/cases/{handle}/run")
    CaseDatabase(api.folder).change(handle, lambda case: case.model_copy(update={"launcher": 4194303}))

    assert api.client.get(f"/api/cases/{handle}/progress").text == ""
    assert api.client.get(f"/api/cases/{handle}").json()["run"] == "stopped"


def test_every_event_is_one_line_of_strict_json(solved: Solved) -> None:
    stream = solved.client.get(f"/api/cases/{solved.handle}/progress").text
    data = [line.removeprefix("data: ") for line in stream.splitlines() if line.startswith("data: ")]

    assert all(isinstance(strict_json(line.encode()), dict) for line in data)
    assert stream.isascii()


def test_a_document_before_the_end_is_a_conflict(api: Api) -> None:
    handle = api.opened()

    answers = [api.client.get(f"/api/cases/{handle}/{what}") for what in ("document", "timeline", "export/html")]

    assert [answer.status_code for answer in answers] == [409] * 3
    assert "run it first" in answers[0].json()["detail"]


def test_what_the_evidence_raised_is_asked_after_the_run_and_an_answer_is_taken_in(api: Api, tmp_path: Path) -> None:
    small_logs(tmp_path / "logs")
    handle = api.opened(sources=["prod"])
    api.investigation.work(handle, prepare_only=True)
    first = asked_slots(api, handle, turn=1)
    api.client.post(f"/api/cases/{handle}/run")
    api.investigation.work(handle, prepare_only=False)

    assert api.client.get(f"/api/cases/{handle}").json()["run"] == "finished"
    raised = asked_slots(api, handle, turn=2)
    assert "known_ips" in raised
    assert not set(raised) & set(first)

    api.client.post(f"/api/cases/{handle}/answers", json={"known_ips": "198.51.100.0/24"})
    api.investigation.work(handle, prepare_only=False)

    document = api.client.get(f"/api/cases/{handle}/document").json()
    assert {a["slot"]: a["source"] for a in document["answers"]}["known_ips"] == "user"
    assert document["verdict"]["value"] not in ("confirmed", "likely")
    assert "known_ips" not in asked_slots(api, handle, turn=2)


def asked_slots(api: Api, handle: str, turn: int) -> list[str]:
    questions = api.client.get(f"/api/cases/{handle}/questions").json()
    return [question["slot"] for question in questions if question["asked"] and question["round"] == turn]
