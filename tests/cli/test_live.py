"""Progress lines."""

import io
import os
import signal

import pytest

from investigator.cli.live import Live, line, live
from investigator.domain.progress import Progress
from investigator.domain.trouble import Stopped
from investigator.domain.words import Stage

COUNT = Progress(
    kind="progress",
    stage=Stage.GATHERING,
    text="reading iam",
    done=12,
    total=1_400,
    unit="calls",
    rate=3.2,
    seconds_left=65,
)


class Screen(io.StringIO):
    """A terminal that remembers what was written."""

    def isatty(self) -> bool:
        return True


def test_a_line_holds_counts_pace_and_what_is_left() -> None:
    assert line(COUNT) == "gathering: reading iam, 12 of 1,400 calls, 3 a second, 1 min 05 s left"


def test_a_bare_stage_is_one_word() -> None:
    assert line(Progress(kind="stage", stage=Stage.LINKING)) == "linking"


def test_a_gap_is_named_as_one() -> None:
    told = Progress(kind="gap", stage=Stage.GATHERING, text="S3 object reads: no trail logs S3 data events")

    assert line(told) == "gap: S3 object reads: no trail logs S3 data events"


def test_elsewhere_counts_come_seldom_and_lines_are_whole(capsys: pytest.CaptureFixture[str]) -> None:
    seconds = iter((0.0, 0.0, 1.0, 2.0, 6.0, 6.0))
    sink = Live(io.StringIO(), clock=lambda: next(seconds))

    for _ in range(4):
        sink(COUNT)

    assert capsys.readouterr().err.count("reading iam") == 2


def test_on_a_terminal_one_line_changes() -> None:
    screen = Screen()
    seconds = iter(float(second) for second in range(100))
    sink = Live(screen, clock=lambda: next(seconds))

    sink(COUNT)
    sink(COUNT)

    assert screen.getvalue().count("\r\x1b[K") == 2
    assert "\n" not in screen.getvalue()


def test_evidence_in_a_progress_text_is_inert() -> None:
    assert "\x1b" not in line(Progress(kind="step", text="bucket \x1b[2J"))


def test_ctrl_c_stops_the_work_at_its_next_report(capsys: pytest.CaptureFixture[str]) -> None:
    with live() as sink:
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(Stopped):
            sink(COUNT)

    assert "Ctrl-C again stops at once" in capsys.readouterr().err


def test_a_second_ctrl_c_stops_at_once() -> None:
    with pytest.raises(KeyboardInterrupt), live():
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)


def test_a_stage_is_not_said_twice() -> None:
    assert line(Progress(kind="stage", stage=Stage.INTAKE, text="intake")) == "intake"
