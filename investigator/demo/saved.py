"""Writes saved answers."""

from pathlib import Path

from investigator.demo.incident import Incident


def write_answers(folder: Path, told: Incident) -> None:
    folder.mkdir(parents=True, exist_ok=True)
