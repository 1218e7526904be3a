"""Real evidence that the project does not hold: tests skip, saying so, where it is absent."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def real_data(name: str) -> Path:
    """The folder of one data set; its place comes from INVESTIGATOR_TEST_DATA, else it lies beside the checkout."""
    folder = Path(os.environ.get("INVESTIGATOR_TEST_DATA") or ROOT.parent / "shared" / "data") / name
    if not folder.is_dir():
        pytest.skip(f"the data set {name} is absent; INVESTIGATOR_TEST_DATA names the folder that holds it")
    return folder
