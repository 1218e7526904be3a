"""The batch files that the documentation shows are batch files."""

import json
import re
from pathlib import Path

import pytest

from investigator.batch.entries import entries
from tests.support.small_case import ALERT

PAGE = Path(__file__).parents[2] / "docs/batch.md"


@pytest.mark.parametrize("kind", ["yaml", "jsonl", "csv"])
def test_the_example_reads_as_two_cases(tmp_path: Path, kind: str) -> None:
    [text] = re.findall(rf"```{kind}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "logs").mkdir()
    (tmp_path / "finding.json").write_text(json.dumps(ALERT))
    (tmp_path / f"night.{kind}").write_text(text)

    worry, alert = entries([tmp_path / f"night.{kind}"])

    assert (worry.name, worry.logs) == ("build-key", (tmp_path / "logs",))
    assert (alert.name, alert.alert) == ("guardduty-1", ALERT)
