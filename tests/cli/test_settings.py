"""Settings: flags, then environment, then file, then defaults."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from investigator.domain.trouble import BadSettings
from investigator.settings import load, origins


@contextmanager
def environment(**values: str) -> Iterator[None]:
    """The process environment of one test."""
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def written(folder: Path, text: str) -> Path:
    file = folder / "investigator.toml"
    file.write_text(text)
    return file


def test_a_flag_beats_the_environment_and_that_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, 'model = "a:file"\nworkers = 3\nresponders = ["file"]\n')

    with environment(INVESTIGATOR_MODEL="a:environment", INVESTIGATOR_WORKERS="4"):
        settings = load({"model": "a:flag"}, file)
        came_from = origins({"model": "a:flag"}, file)

    assert (settings.model, settings.workers, settings.responders) == ("a:flag", 4, ("file",))
    assert (came_from["model"], came_from["workers"]) == ("flag", "environment")
    assert (came_from["responders"], came_from["store"]) == (str(file), "default")


def test_lists_in_the_environment_are_separated_by_commas() -> None:
    with environment(INVESTIGATOR_KNOWN_NETWORKS="198.51.100.0/24, 203.0.113.7"):
        assert load().known_networks == ("198.51.100.0/24", "203.0.113.7")


def test_an_empty_variable_says_nothing() -> None:
    with environment(INVESTIGATOR_MODEL=""):
        assert load().model is None


def test_paths_of_the_file_start_at_its_folder(tmp_path: Path) -> None:
    file = written(tmp_path, 'case_dir = "cases"\nstore = "/var/store"\n')

    settings = load(config=file)

    assert (settings.case_dir, settings.store) == (tmp_path / "cases", Path("/var/store"))


def test_a_settings_file_in_the_current_folder_is_not_read(tmp_path: Path) -> None:
    written(tmp_path, 'model = "evil:model"\n')
    written(tmp_path, 'model = "evil:model"\n').rename(tmp_path / ".env")
    before = Path.cwd()
    os.chdir(tmp_path)
    try:
        assert load().model is None
    finally:
        os.chdir(before)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("modle = 'a:b'", "no setting 'modle'"),
        ("workers = 'many'", "workers"),
        ("workers = 1000", "workers"),
        ("not toml", "cannot be read as settings"),
        ("case_dir = 7", "case_dir"),
    ],
)
def test_a_bad_file_is_named_with_what_is_wrong(tmp_path: Path, text: str, complaint: str) -> None:
    file = written(tmp_path, text)

    with pytest.raises(BadSettings) as trouble:
        load(config=file)

    assert complaint in str(trouble.value)
    assert str(file) in str(trouble.value)


def test_a_config_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="cannot be read"):
        load(config=tmp_path / "none.toml")
