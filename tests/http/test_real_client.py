"""A client of `investigator serve`: create, answer, run, follow, read; the document is that of the same run in process."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from investigator.domain.case import OpenCase, Sources
from investigator.domain.report import CaseDocument
from investigator.settings import Settings
from investigator.wiring import build
from tests.http.test_runs import events, stages
from tests.support.small_case import WORRY, small_logs

ANSWERS = {"known_ips": "203.0.113.0/24", "usual": "unknown"}
PATIENCE = 120.0
TOKEN = "correct-horse-battery-staple"
ALL_STAGES = "intake clarifying planning gathering linking assessing proposing reporting".split()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def waited(client: httpx.Client, handle: str, *runs: str) -> dict:
    """The case, once its run is in one of these states."""
    until = time.monotonic() + PATIENCE
    while (view := client.get(f"/api/cases/{handle}").json())["run"] not in runs and time.monotonic() < until:
        time.sleep(0.1)
    assert view["run"] in runs, view
    return view


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server in a process of its own, started from a folder whose files must not matter, with one source named."""
    folder, port = tmp_path_factory.mktemp("served"), free_port()
    small_logs(folder / "logs")
    (folder / "tokens").write_text(TOKEN)
    (folder / "json.py").write_text("raise SystemExit('evidence was run as code')")
    shutil.copytree(folder / "logs", folder / "investigator")
    command = [
        sys.executable,
        "-P",
        "-m",
        "investigator",
        "serve",
        "--port",
        str(port),
        "--source",
        f"prod={folder / 'logs'}",
    ]
    checkout = str(Path(__file__).parents[2])
    env = {
        **os.environ,
        "INVESTIGATOR_CASE_DIR": str(folder / "data"),
        "INVESTIGATOR_WORKERS": "2",
        "PYTHONPATH": checkout,
    }
    server = subprocess.Popen(
        [*command, "--token-file", str(folder / "tokens")], cwd=folder, env=env, stderr=subprocess.PIPE, text=True
    )
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(
        base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=PATIENCE, trust_env=False
    ) as client:
        until = time.monotonic() + PATIENCE
        while not _healthy(client) and server.poll() is None and time.monotonic() < until:
            time.sleep(0.1)
        yield client
    server.send_signal(signal.SIGINT)
    assert server.wait(30) in (0, 130), server.stderr.read()


def _healthy(client: httpx.Client) -> bool:
    try:
        return client.get("/healthz").status_code == 200
    except httpx.ConnectError:
        return False


@pytest.fixture(scope="module")
def finished(served: httpx.Client) -> str:
    """The id of a case that was created, answered, run at once and followed to its end."""
    handle = served.post("/api/cases", json={"worry": WORRY, "sources": ["prod"]}).json()["id"]
    waited(served, handle, "asking", "ready")
    assert served.post(f"/api/cases/{handle}/answers", json=ANSWERS).status_code == 200
    assert served.post(f"/api/cases/{handle}/run").status_code == 202
    return handle


def test_the_stream_is_followed_to_the_end(served: httpx.Client, finished: str) -> None:
    with served.stream("GET", f"/api/cases/{finished}/progress") as stream:
        text = "".join(stream.iter_text())

    told = events(text)
    assert stages(told)[-6:] == ALL_STAGES[2:]
    assert set(stages(told)) == set(ALL_STAGES)
    assert told[-1]["event"] == "finished"
    assert served.get(f"/api/cases/{finished}").json()["run"] == "finished"


def test_a_stream_that_broke_goes_on(served: httpx.Client, finished: str) -> None:
    waited(served, finished, "finished")
    whole = events(served.get(f"/api/cases/{finished}/progress").text)

    rest = served.get(f"/api/cases/{finished}/progress", headers={"Last-Event-ID": str(whole[3]["id"])})

    assert events(rest.text) == whole[4:]


def test_the_document_is_that_of_the_same_run_in_process(served: httpx.Client, finished: str, tmp_path: Path) -> None:
    waited(served, finished, "finished")
    here = build(Settings(case_dir=tmp_path / "data"))
    request = OpenCase(worry=WORRY, sources=Sources(logs=(small_logs(tmp_path / "logs"),)), answers=ANSWERS)
    handle = here.open(request).id
    here.run(handle)

    over_http = CaseDocument.model_validate_json(served.get(f"/api/cases/{finished}/document").content)

    assert over_http.verdict.value == "confirmed"
    assert without_measures(over_http) == without_measures(here.document(handle))


def without_measures(document: CaseDocument) -> object:
    return json.loads(document.model_dump_json(exclude={"measures"}))


def test_a_run_asked_for_at_once_waits_for_the_preparation(served: httpx.Client) -> None:
    handle = served.post("/api/cases", json={"worry": WORRY, "sources": ["prod"], "answers": ANSWERS}).json()["id"]

    assert served.post(f"/api/cases/{handle}/run").status_code == 202

    text = served.get(f"/api/cases/{handle}/progress").text
    assert stages(events(text)) == ALL_STAGES
    assert waited(served, handle, "finished")["trouble"] is None


def test_curl_reads_the_report(served: httpx.Client, finished: str) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed")
    waited(served, finished, "finished")
    url = f"{served.base_url}/api/cases/{finished}/export/markdown"

    report = subprocess.run(
        [curl, "-sf", "--noproxy", "*", "-H", f"Authorization: Bearer {TOKEN}", url], capture_output=True, check=True
    )

    assert report.stdout.startswith(b"#")


def test_a_server_with_a_token_lets_nobody_else_in(served: httpx.Client) -> None:
    assert served.get("/api/cases", headers={"Authorization": ""}).status_code == 401


def test_ten_megabytes_and_lies_about_length_leave_the_server_standing(served: httpx.Client) -> None:
    host, port = served.base_url.host, served.base_url.port
    for raw in (
        b"Content-Length: 10000000\r\n\r\n" + b"x" * 100,
        b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\nx",
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"Content-Length: -1\r\n\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    ):
        start = f"POST /api/cases HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n"
        with socket.create_connection((host, port), timeout=20) as connection:
            connection.sendall(start.encode() + raw)
            connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(4096)
        assert not answer.startswith(b"HTTP/1.1 5") and not answer.startswith(b"HTTP/1.1 2"), answer

    assert served.get("/healthz").status_code == 200
