"""A case with an attack in every field: nothing reaches the terminal, and nothing crashes."""

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

from investigator.domain.progress import Progress
from investigator.domain.words import RunState
from tests.doubles import fake_case
from tests.doubles.fake_investigation import HANDLE, FakeInvestigation, finished
from tests.doubles.hostile import ATTACK, acts_on_a_terminal, attacked, attacked_record, attacked_view
from tests.support.screens import SMALL, app_over, lines, text, until, until_shown

LARGE = (140, 60)
ROOT = Path(__file__).parents[2]


def hostile_fake() -> FakeInvestigation:
    records = {fake_case.evidence_id(n): attacked_record(fake_case.raw_record(n)) for n in range(1, 8)}
    return FakeInvestigation(attacked_view(finished()), document=attacked(fake_case.document()), records=records)


def assert_inert(app) -> None:
    for line in lines(app):
        assert not acts_on_a_terminal(line), line


async def test_no_tab_shows_a_control_character():
    app = app_over(hostile_fake(), HANDLE)
    async with app.run_test(size=(120, 50), notifications=True) as pilot:
        await until_shown(pilot, "INCIDENT CONFIRMED")
        for key in "12345678":
            await pilot.press(key)
            await pilot.pause(0.3)
            assert_inert(app)


async def test_no_list_dialog_or_help_shows_a_control_character():
    app = app_over(hostile_fake())
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until_shown(pilot, "1 case")
        assert_inert(app)
        await pilot.press("c")
        await until_shown(pilot, "Closing is final")
        assert_inert(app)
        await pilot.press("escape", "enter")
        await until_shown(pilot, "INCIDENT CONFIRMED")
        for key in ("question_mark", "ctrl+p", "x"):
            await pilot.press(key)
            await pilot.pause(0.3)
            assert_inert(app)
            await pilot.press("escape")


async def test_proof_and_record_show_no_control_character():
    app = app_over(hostile_fake(), HANDLE)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until_shown(pilot, "INCIDENT CONFIRMED")
        await pilot.press("enter")
        await until_shown(pilot, "eventVersion")
        assert_inert(app)
        await pilot.press("enter")
        await until_shown(pilot, "Record  ct:")
        await until_shown(pilot, "eventVersion")
        assert_inert(app)


async def test_a_run_and_its_trouble_show_no_control_character():
    view = attacked_view(finished()).model_copy(update={"run": RunState.STOPPED, "trouble": "disk " + ATTACK})
    fake = FakeInvestigation(view)
    fake.report(Progress(kind="gap", text="gap " + ATTACK), Progress(kind="step", text="step " + ATTACK))
    app = app_over(fake, HANDLE)
    async with app.run_test(size=LARGE, notifications=True) as pilot:
        await until_shown(pilot, "disk ")
        await until_shown(pilot, "gap ")
        assert_inert(app)


async def test_questions_show_no_control_character():
    question = fake_case.QUESTIONS[0]
    changes = {"text": question.text + ATTACK, "why": ATTACK, "default": ATTACK}
    view = finished().model_copy(update={"run": RunState.ASKING, "questions": (question.model_copy(update=changes),)})
    app = app_over(FakeInvestigation(view), HANDLE)
    async with app.run_test(size=LARGE, notifications=True) as pilot:
        await until_shown(pilot, "1 of 1")
        assert_inert(app)


async def test_trouble_in_a_toast_shows_no_control_character():
    app = app_over(FakeInvestigation(finished()), "0" + ATTACK)
    async with app.run_test(size=LARGE, notifications=True) as pilot:
        await until_shown(pilot, "pwned")
        assert_inert(app)


async def test_a_command_with_hidden_characters_is_never_copied():
    app = app_over(hostile_fake(), HANDLE)
    async with app.run_test(size=LARGE, notifications=True) as pilot:
        await until_shown(pilot, "INCIDENT CONFIRMED")
        await pilot.press("6")
        await until_shown(pilot, "hidden characters")
        await pilot.press("y")
        await until_shown(pilot, "was not copied")
        assert app.clipboard == ""


async def test_every_tab_of_a_hostile_case_shows_its_plain_part():
    app = app_over(hostile_fake(), HANDLE)
    async with app.run_test(size=LARGE, notifications=True) as pilot:
        await until_shown(pilot, "INCIDENT CONFIRMED")
        await pilot.press("7")
        await until(pilot, lambda: "reads\\x1b]0;pwned" in text(app))


SCRIPT = """
import sys
sys.path.insert(0, {root!r})
from tests.tui.test_hostile_case import hostile_fake
from tests.support.screens import app_over
from tests.doubles.fake_investigation import HANDLE
app_over(hostile_fake(), HANDLE).run()
"""


def test_the_bytes_on_a_terminal_hold_none_of_the_attacks(tmp_path: Path):
    script = tmp_path / "hostile.py"
    script.write_text(SCRIPT.format(root=str(ROOT)))

    sent = _on_a_terminal([sys.executable, str(script)], keys=(b"2", b"3", b"\r", b"\x1b", b"6", b"7", b"\x11"))

    assert b"INCIDENT CONFIRMED" in sent
    for attack in (b"pwned\x07", b"\x1b]52;c;cHdu", b"\x1bP+q", b"\x1b_G", "\u202e".encode(), b"\x9b31m"):
        assert attack not in sent


def _on_a_terminal(command: list[str], keys: tuple[bytes, ...]) -> bytes:
    """Everything that a program writes to a terminal of 80 by 24 while these keys are pressed, one a half second."""
    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}
    program = subprocess.Popen(command, stdin=follower, stdout=follower, stderr=follower, env=environment)
    os.close(follower)
    sent, waiting = b"", list(keys)
    deadline = time.monotonic() + 60
    while program.poll() is None and time.monotonic() < deadline:
        sent += _read(leader, 0.5)
        if b"INCIDENT CONFIRMED" in sent and waiting:
            os.write(leader, waiting.pop(0))
    program.kill()
    program.wait()
    sent += _read(leader, 0.5)
    os.close(leader)
    return sent


def _read(terminal: int, wait: float) -> bytes:
    """What was written, until nothing came for `wait` seconds."""
    received = b""
    while select.select([terminal], [], [], wait)[0]:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:
            return received
        if not chunk:
            return received
        received += chunk
    return received
