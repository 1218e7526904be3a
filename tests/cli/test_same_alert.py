"""An alert given to the command line again goes on with its case."""

import json
from pathlib import Path

import pytest

from investigator.__main__ import main
from investigator.domain.case import CaseView, Header, OpenCase
from investigator.domain.words import RunState
from tests.cli.command import Command, Told
from tests.doubles.fake_investigation import HANDLE
from tests.support.small_case import ALERT, small_logs


class HasIt(Told):
    """Its case of the alert is finished."""

    def open(self, request: OpenCase) -> CaseView:
        self.opened.append(request)
        header = Header(name="ir-0", title="Tor exit node", description="Tor exit node")
        self._views[HANDLE] = CaseView(id=HANDLE, case=header, run=RunState.FINISHED)
        return self._views[HANDLE]


@pytest.fixture
def alert(tmp_path: Path) -> str:
    (tmp_path / "alert.json").write_text(json.dumps(ALERT))
    return str(tmp_path / "alert.json")


def test_the_user_is_told_that_the_alert_has_a_case_and_how_to_open_another(command: Command, alert: str) -> None:
    command.investigation = HasIt()

    ran = command("investigate", "--alert", alert)

    assert (ran.code, command.investigation.opened[0].anew) == (0, False)
    assert "this alert has that case already; `--new` opens another" in ran.err


def test_a_new_case_is_not_called_an_old_one(command: Command) -> None:
    assert "already" not in command("investigate", "the key of build leaked").err


def test_another_case_is_opened_when_asked_for(command: Command, alert: str) -> None:
    command("investigate", "see the alert", "--alert", alert, "--new")

    assert command.investigation.opened[0].anew is True


def test_the_same_alert_twice_is_one_case_with_one_report(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, alert: str
) -> None:
    logs = small_logs(tmp_path / "logs")
    words = ["investigate", "--alert", alert, "--logs", str(logs), "--json", "--case-dir", str(tmp_path / "home")]

    def handle(*more: str) -> str:
        capsys.readouterr()
        main([*words, *more])
        return json.loads(capsys.readouterr().out)["measures"]["case"]

    first, again, anew = handle(), handle(), handle("--new")

    assert first == again != anew


def test_an_alert_is_read_as_the_other_faces_read_it(command: Command, tmp_path: Path) -> None:
    (tmp_path / "alert.json").write_text('{"id": 123456789012345678901234567890, "severity": 8.0}')

    command("investigate", "see the alert", "--alert", str(tmp_path / "alert.json"))

    assert command.investigation.opened[0].alert == {"id": "123456789012345678901234567890", "severity": 8.0}


@pytest.mark.parametrize("text", ["{", "[" * 100_000, "\x00", ""])
def test_an_alert_that_is_no_json_is_a_mistake_of_usage(command: Command, tmp_path: Path, text: str) -> None:
    (tmp_path / "alert.json").write_text(text)

    ran = command("investigate", "x", "--alert", str(tmp_path / "alert.json"))

    assert (ran.code, "not readable as JSON" in ran.err) == (2, True)
