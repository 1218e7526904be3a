"""Text from data becomes Content that a terminal cannot act on."""

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from investigator.tui.inert import copyable, fitted, inert, inert_lines, joined, shown
from investigator.tui.safe_filter import SafeFilter
from tests.doubles.hostile import HOSTILE, acts_on_a_terminal


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_terminal_would_act_on_is_shown_instead(text: str):
    assert not acts_on_a_terminal(inert(text).plain)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_several_lines_keeps_them_and_nothing_else(text: str):
    assert not acts_on_a_terminal(inert_lines(f"one\n{text}").plain.replace("\n", ""))


def test_markup_is_never_read():
    content = inert("[/bold] [red]x[/red] [@click=app.quit]y[/]")

    assert content.plain == "[/bold] [red]x[/red] [@click=app.quit]y[/]"
    assert not content.spans


def test_a_line_break_in_one_line_is_an_escape():
    assert inert("a\nb").plain == "a\\x0ab"


def test_a_fitted_text_has_exactly_that_width_also_with_wide_letters():
    assert fitted(inert("漢字漢字"), 5).cell_length == 5
    assert fitted(inert("ab"), 5).plain == "ab   "


def test_parts_that_are_empty_leave_no_separator():
    assert joined(inert("a"), inert(""), inert("b"), between=" · ").plain == "a · b"


def test_a_command_with_a_hidden_character_is_not_copyable():
    assert copyable("aws iam list-users \\\n  --output json")
    assert not copyable("aws iam list-users\x1b[201~; rm -rf /")
    assert not copyable("aws iam get-user --user-name 'a\u202eb'")


def test_a_copyable_command_is_shown_as_it_is_and_another_one_with_escapes():
    assert shown("a \\\n b").plain == "a \\\n b"
    assert shown("a\x1b[31m").plain == "a\\x1b[31m"


def test_the_last_wall_drops_control_characters_and_links():
    segment = Segment("a\x1b]0;x\x07b\u202e", Style(link="https://example.com"))

    [safe] = SafeFilter().apply([segment], Color(0, 0, 0))

    assert safe.text == "a]0;xb"
    assert safe.style is not None
    assert safe.style.link is None


def test_the_last_wall_keeps_what_textual_itself_draws():
    segment = Segment("▸ │ ━ ✓ … ×3", None)

    assert SafeFilter().apply([segment], Color(0, 0, 0))[0].text == "▸ │ ━ ✓ … ×3"
