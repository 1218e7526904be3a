"""Writes a scenario to a folder: log files and saved answers, as a user would have them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from investigator.demo.files import write_logs
from investigator.demo.incident import incident
from investigator.demo.saved import write_answers


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCase:
    """What opens the case: the worry, where the evidence lies, and what the user answers."""

    worry: str
    logs: Path
    responses: Path
    now: datetime
    answers: Mapping[str, str]


def write_case(folder: Path, scenario: str = "leaked-key") -> DemoCase:
    """Write the scenario below the folder, apart from what another version wrote there; raises LookupError."""
    told = incident(scenario)
    home = folder / told.fingerprint
    logs, responses = home / "logs", home / "responses"
    write_logs(logs, told.account, told.logged())
    write_answers(responses, told)
    return DemoCase(worry=told.worry, logs=logs, responses=responses, now=told.as_of, answers=told.answers)
