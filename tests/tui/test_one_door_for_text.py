"""The two layers cannot be walked around: Content is made in one file, and only two widgets show it."""

import re
from pathlib import Path

import pytest

import investigator.tui

ROOM = Path(investigator.tui.__file__).parent
FILES = sorted(ROOM.rglob("*.py"))
MAKERS = re.compile(r"\bContent(\(|\.)|\bfrom_markup\b|\bfrom_rich_text\b|markup=True|\bText\(")
SINKS = re.compile(
    r"from textual\.widgets import .*\b(Static|Label|DataTable|Tree|RichLog|Log|Markdown|MarkdownViewer|Header|Pretty|Digits)\b"
)
TITLES = re.compile(r"border_title|border_subtitle|\.tooltip|sub_title|app\.title|placeholder\s*=\s*[^\"'\s]")


def named(path: Path) -> str:
    return path.relative_to(ROOM).as_posix()


def code(path: Path) -> str:
    """The file without docstrings and comments."""
    text = re.sub(r'""".*?"""', "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"#.*", "", text)


@pytest.mark.parametrize("path", FILES, ids=named)
def test_content_is_made_by_inert_alone(path: Path):
    allowed = {"inert.py", "app.py"}
    assert named(path) in allowed or not MAKERS.search(code(path))


@pytest.mark.parametrize("path", FILES, ids=named)
def test_prose_is_shown_by_words_alone(path: Path):
    assert named(path) == "widgets/words.py" or not SINKS.search(code(path))


@pytest.mark.parametrize("path", FILES, ids=named)
def test_no_title_tooltip_or_placeholder_comes_from_data(path: Path):
    assert named(path) == "widgets/path_input.py" or not TITLES.search(code(path))


@pytest.mark.parametrize("path", FILES, ids=named)
def test_toasts_are_told_by_the_app_alone(path: Path):
    assert named(path) == "app.py" or ".notify(" not in code(path)


def test_the_app_tells_visible_text_without_markup_in_one_place():
    app = code(ROOM / "app.py")
    assert app.count(".notify(") == 1
    assert app.count("markup=False") == 1


@pytest.mark.parametrize("path", FILES, ids=named)
def test_colours_are_theme_names(path: Path):
    assert named(path) == "themes.py" or not re.search(r"#[0-9a-fA-F]{6}\b", path.read_text(encoding="utf-8"))


def test_the_layout_names_no_colour():
    for sheet in (ROOM / "styles").glob("*.tcss"):
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
        for value in re.findall(r"(?:color|background|tint): ([^;]+);", text):
            assert value.startswith("$"), value


def test_the_checks_can_fail():
    assert MAKERS.search('yield Words(Content.from_markup(f"{name}"))')
    assert SINKS.search("from textual.widgets import Footer, Label")
    assert TITLES.search("self.border_title = name")
