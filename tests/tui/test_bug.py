"""A bug ends the app with an inert traceback."""

import pytest

from tests.doubles.fake_investigation import HANDLE, FakeInvestigation, finished
from tests.doubles.hostile import ATTACK, acts_on_a_terminal
from tests.support.screens import SMALL, app_over, until_shown


class Buggy(FakeInvestigation):
    def document(self, handle: str):
        raise RuntimeError("bug with evidence " + ATTACK)


async def test_a_bug_ends_the_app_and_its_traceback_acts_on_no_terminal(capsys: pytest.CaptureFixture[str]):
    app = app_over(Buggy(finished()), HANDLE)

    with pytest.raises(Exception, match="bug with evidence"):
        async with app.run_test(size=SMALL) as pilot:
            await until_shown(pilot, "never shown")

    told = capsys.readouterr().err
    assert "bug with evidence" in told
    assert not any(acts_on_a_terminal(line) for line in told.split("\n"))
