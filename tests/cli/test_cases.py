"""Verbs of a case: what they print, and what they exit with."""

import json
from pathlib import Path

import pytest

from investigator.domain.case import CaseView, Header
from investigator.domain.index_report import FileReport
from investigator.domain.trouble import CaseBusy, NoCredentials, Stopped
from investigator.domain.words import RunState, Verdict
from tests.cli.command import Command, Told
from tests.doubles import fake_case
from tests.doubles.fake_investigation import HANDLE, finished

HOSTILE = "a key\x1b]0;owned\x07 leaked\u202e"


def test_a_worry_becomes_a_report(command: Command) -> None:
    ran = command("investigate", "the key of build leaked")

    assert ran.code == 0
    assert "CONFIRMED (high confidence)" in ran.out
    assert "made a second access key" in ran.out
    assert "aws iam update-access-key --user-name 'build'" in ran.out


def test_progress_goes_to_standard_error(command: Command) -> None:
    ran = command("investigate", "the key of build leaked")

    assert "gap: S3 object reads" in ran.err
    assert "gathering" not in ran.out


def test_json_is_the_export_and_nothing_else(command: Command) -> None:
    ran = command("investigate", "the key of build leaked", "--json")

    assert ran.out == f"<!doctype html><title>json of {HANDLE}</title>"


def test_what_was_typed_reaches_the_case(command: Command, tmp_path: Path) -> None:
    roles = tmp_path / "roles.yaml"
    roles.write_text("012345678901: arn:aws:iam::012345678901:role/Reader\n")

    command("investigate", "leak", "--answer", "key=AKIAIOSFODNN7EXAMPLE", "--now", "2026-01-28T00:00:00+01:00",
            "--aws", "--profile", "ir", "--regions", "eu-west-1, us-east-1", "--roles", str(roles), "--model", "a:b",
            "--playbook", "general")  # fmt: skip

    [request] = command.investigation.opened
    assert request.answers == {"key": "AKIAIOSFODNN7EXAMPLE"}
    assert request.now is not None
    assert request.now.isoformat() == "2026-01-27T23:00:00+00:00"
    assert request.sources.regions == ("eu-west-1", "us-east-1")
    assert request.sources.roles == {"012345678901": "arn:aws:iam::012345678901:role/Reader"}
    assert (request.sources.profile, request.model, request.playbook) == ("ir", "a:b", "general")
    assert request.ask is False, "without a terminal nobody is asked"


@pytest.mark.parametrize(
    "text", ["", "- reader", "1: arn:aws:iam::012345678901:role/Reader", "012345678901: Reader", "a: [b"]
)
def test_a_file_of_roles_that_is_none_says_how_its_lines_look(command: Command, tmp_path: Path, text: str) -> None:
    roles = tmp_path / "roles.yaml"
    roles.write_text(text)

    ran = command("investigate", "leak", "--aws", "--roles", str(roles))

    assert ran.code == 2
    assert f"--roles: {roles} must hold lines such as 111122223333: arn:aws:iam::" in ran.err
    assert command.investigation.opened == []


def test_an_alert_is_read_from_its_file(command: Command, tmp_path: Path) -> None:
    alert = tmp_path / "alert.json"
    alert.write_text('{"detail": {"type": "UnauthorizedAccess"}}')

    command("investigate", "see the alert", "--alert", str(alert))

    assert command.investigation.opened[0].alert == {"detail": {"type": "UnauthorizedAccess"}}


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["investigate"], "say what happened"),
        (["investigate", "x", "--logs", "/no/such/folder"], "--logs"),
        (["investigate", "x", "--profile", "ir"], "--profile: needs --aws"),
        (["investigate", "x", "--answer", "AKIA"], "SLOT=VALUE"),
        (["investigate", "x", "--now", "yesterday"], "--now"),
        (["investigate", "x", "--fail-on", "benign"], "--fail-on: takes confirmed, likely, inconclusive"),
        (["investigate", "x", "--json", "--format", "html"], "--format"),
        (["export", HANDLE], "--format: takes html, markdown"),
        (["close", HANDLE, "--code", "done"], "--code: takes Investigation Completed"),
        (["show", "000000000000"], "no case 000000000000"),
        (["logs", "search", "name=x"], "say where to search"),
        (["no-such-verb"], "no-such-verb"),
    ],
)
def test_wrong_usage_names_the_option(command: Command, words: list[str], named: str) -> None:
    command.investigation = Told(finished())

    ran = command(*words)

    assert ran.code == 2
    assert named in ran.err
    assert ran.out == ""


def test_the_verdict_sets_the_exit_code_when_asked(command: Command) -> None:
    assert command("investigate", "x", "--fail-on", "likely").code == 10


def test_a_better_verdict_than_the_bar_is_fine(command: Command) -> None:
    made = fake_case.document()
    better = made.verdict.model_copy(update={"value": Verdict.LIKELY_BENIGN})
    command.investigation = Told(document=made.model_copy(update={"verdict": better}))

    assert command("investigate", "x", "--fail-on", "inconclusive").code == 0


def test_a_cut_log_file_outranks_the_verdict(command: Command) -> None:
    cut = FileReport(path="a.json.gz", status="partial", records=3, reason="gzip_truncated")
    command.investigation = Told(files=(cut,))

    assert command("investigate", "x", "--fail-on", "confirmed").code == 4


def test_a_claim_that_does_not_hold_outranks_damage(command: Command) -> None:
    made = fake_case.document()
    false = made.claims[0].model_copy(update={"holds": False})
    cut = FileReport(path="a.json.gz", status="reject", reason="not_cloudtrail")
    command.investigation = Told(document=made.model_copy(update={"claims": (false,)}), files=(cut,))

    assert command("investigate", "x").code == 5


@pytest.mark.parametrize("trouble", [NoCredentials("log in"), CaseBusy("pid 7 runs it"), OSError(28, "No space left")])
def test_the_environment_is_exit_3(command: Command, trouble: Exception) -> None:
    command.investigation = Told(trouble=trouble)

    ran = command("investigate", "x")

    assert ran.code == 3
    assert str(trouble) in ran.err


@pytest.mark.parametrize("trouble", [Stopped("stopped"), KeyboardInterrupt()])
def test_a_stopped_run_says_how_to_go_on(command: Command, trouble: Exception) -> None:
    command.investigation = Told(trouble=trouble)

    ran = command("investigate", "x")

    assert ran.code == 130
    assert f"`investigator resume {HANDLE}`" in ran.err


def test_a_bug_is_exit_1_and_shows_no_secret(command: Command) -> None:
    command.investigation = Told(
        trouble=RuntimeError("SecretAccessKey=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY \x1b[2J")
    )

    ran = command("investigate", "x")

    assert ran.code == 1
    assert "this is a bug of version" in ran.err
    assert "wJalr" not in ran.err
    assert "\x1b" not in ran.err


def test_cases_lists_handles_and_verdicts(command: Command) -> None:
    command.investigation = Told(finished())

    ran = command("cases")

    assert ran.out.splitlines()[1].split()[:5] == [HANDLE, "2026-01-27", "19:00", "finished", "confirmed"]


def test_cases_as_json_is_one_document(command: Command) -> None:
    command.investigation = Told(finished())

    [view] = json.loads(command("cases", "--json").out)

    assert view["id"] == HANDLE


def test_no_cases_is_an_empty_list(command: Command) -> None:
    assert json.loads(command("cases", "--json").out) == []


def test_an_unfinished_case_shows_how_far_it_is(command: Command) -> None:
    header = Header(name="ir-0", title=HOSTILE, description=HOSTILE)
    command.investigation = Told(
        CaseView(id=HANDLE, case=header, run=RunState.ASKING, questions=fake_case.QUESTIONS, trouble="no \x07 login")
    )

    ran = command("show", HANDLE)

    assert ran.code == 0
    assert "asking" in ran.out
    assert fake_case.QUESTIONS[0].text in ran.out
    assert not set("\x1b\x07\u202e") & set(ran.out)


def test_a_late_answer_is_taken_and_the_case_runs_on(command: Command) -> None:
    command.investigation = Told(finished())

    ran = command("answer", HANDLE, "known_ips=198.51.100.0/24,203.0.113.7", "mfa=no")

    assert ran.code == 0
    assert command.investigation.answers == {"known_ips": "198.51.100.0/24,203.0.113.7", "mfa": "no"}
    assert command.investigation.ran == [HANDLE]


def test_an_export_knows_its_format_from_the_file_name(command: Command, tmp_path: Path) -> None:
    command.investigation = Told(finished())
    out = tmp_path / "report.html"

    ran = command("export", HANDLE, "--out", str(out))

    assert ran.out == f"wrote {out}\n"
    assert "html of" in out.read_text()


def test_closing_takes_the_code_in_any_spelling(command: Command) -> None:
    command.investigation = Told(finished())

    assert "Closed" in command("close", HANDLE, "--code", "false-positive").out


def test_hostile_text_of_a_report_stays_inert(command: Command) -> None:
    made = fake_case.document()
    claim = made.claims[0].model_copy(update={"text": f"{HOSTILE}\r\nVERDICT: benign"})
    case = made.case.model_copy(update={"title": HOSTILE})
    command.investigation = Told(
        finished(title=HOSTILE), document=made.model_copy(update={"claims": (claim,), "case": case})
    )

    ran = command("show", HANDLE)

    assert not set("\x1b\x07\u202e\r") & set(ran.out)
    assert "\\x1b]0;owned" in ran.out
