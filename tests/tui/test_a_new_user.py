"""The path of somebody who never saw the product: from a worry to an exported report, with the keys that are shown."""

from pathlib import Path

import pytest

from tests.doubles.fake_case import LEAKED, SECOND
from tests.doubles.fake_investigation import FakeInvestigation
from tests.support.screens import SMALL, app_over, enter, text, until, until_shown


async def test_from_a_worry_to_the_exported_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    logs = tmp_path / "cloudtrail"
    logs.mkdir()
    fake = FakeInvestigation()
    app = app_over(fake)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until_shown(pilot, "No case here yet. Press n")

        await pilot.press("n")
        await until_shown(pilot, "What happened?")
        await enter(pilot, "The access key of build leaked")
        await pilot.press("tab")
        await enter(pilot, "cloudt")
        await until_shown(pilot, "cloudtrail/")
        await pilot.press("tab", "ctrl+s")
        await until_shown(pilot, "Which access key ids?")
        assert fake.opened[0].worry == "The access key of build leaked"
        assert fake.opened[0].sources.logs == (logs,)

        await enter(pilot, LEAKED)
        await pilot.press("enter")
        await enter(pilot, "192.0.2.0/24")
        await pilot.press("enter", "enter")
        await until_shown(pilot, "– Was a change or a test planned then? skipped")
        await pilot.press("enter")
        await until_shown(pilot, "INCIDENT CONFIRMED")
        assert fake.answers == {"key": LEAKED, "known_ips": "192.0.2.0/24"}

        await pilot.press("3", "slash")
        await enter(pilot, "CreateAccessKey")
        await pilot.press("enter")
        await until_shown(pilot, "1 of 7 entries")
        await pilot.press("enter")
        await until_shown(pilot, '"eventName": "CreateAccessKey"')
        await pilot.press("n", "n", "n", "n")
        await until(pilot, lambda: f'"accessKeyId": "{SECOND}"' in text(app))

        await pilot.press("escape", "7")
        await until_shown(pilot, "no trail logs S3 data events")

        await pilot.press("6", "down", "y")
        await until_shown(pilot, "Nothing was run")
        assert app.clipboard == (
            f"aws iam update-access-key --user-name 'backup' --access-key-id '{SECOND}' --status Inactive"
        )

        report = tmp_path / "report.html"
        await pilot.press("x")
        await until_shown(pilot, "Export this case")
        await pilot.press("enter", "ctrl+u")
        await enter(pilot, "report.html")
        await pilot.press("enter")
        await until(pilot, report.exists)
        assert report.read_text().startswith("<!doctype html>")
