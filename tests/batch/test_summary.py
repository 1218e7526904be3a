"""The summary of a batch is right, and inert whatever stands in it."""

import base64
import csv
import hashlib
import io
import re
from html.parser import HTMLParser

import pytest

from investigator.batch.summary import COLUMNS, Row, as_csv, as_html, with_report
from investigator.domain.exits import Exit
from tests.doubles import fake_case
from tests.support.hostile import HOSTILE

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


def row(**more: object) -> Row:
    return Row(**{"name": "build-key", "entry": "0" * 16, "case": "482915503617", "exit": Exit.FINISHED, **more})


def cells(*rows: Row) -> list[list[str]]:
    return list(csv.reader(io.StringIO(as_csv(rows))))


def test_a_finished_case_has_its_figures() -> None:
    document = fake_case.document()

    [header, line] = cells(with_report(row(), document))

    assert header == list(COLUMNS)
    assert dict(zip(header, line, strict=True)) == {
        "name": "build-key", "verdict": "confirmed", "confidence": "high", "informational": "0", "low": "0", "medium": "0",
        "high": "1", "critical": "1", "gaps": "2", "open questions": "3", "seconds": "1.2", "trouble": "",
    }  # fmt: skip


class Page(HTMLParser):
    """Which elements, attributes and texts a page has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.texts: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_trouble_is_inert(text: str) -> None:
    harmless, hostile = (Page(as_html([row(exit=Exit.ENVIRONMENT, trouble=words)])) for words in ("x", text))
    written = as_csv([row(exit=Exit.ENVIRONMENT, trouble=text)])

    assert hostile.tags == harmless.tags
    assert hostile.links == []
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u202e]", as_html([row(trouble=text)]) + written)
    assert not re.match(r"\s*[=+\-@|%]", list(csv.reader(io.StringIO(written)))[1][-1])


def test_a_secret_in_trouble_is_redacted() -> None:
    troubled = [row(trouble=f"secret access key {SECRET}")]

    assert SECRET not in as_html(troubled) + as_csv(troubled)


def test_only_finished_cases_lead_to_a_report() -> None:
    page = Page(as_html([with_report(row(), fake_case.document()), row(name="other", trouble="no credentials")]))

    assert page.links == ["build-key/report.html"]


def test_the_page_allows_its_own_style_and_nothing_else() -> None:
    page = as_html([])
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)

    assert style is not None
    allowed = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{allowed}'\"" in page
