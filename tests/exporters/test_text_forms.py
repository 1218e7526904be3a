"""Markdown, CSV, JSON and runbook: the same case, inert in each form."""

import csv
import io
import json
import re

import pytest
from markdown_it import MarkdownIt

from investigator.domain.report import CaseDocument
from investigator.exporters import FORMATS, SUFFIXES, exporter
from investigator.exporters.text import cell, code, entities, fence
from tests.support.bundles import exported
from tests.support.documents import SECRET, claims, document
from tests.support.hostile import HOSTILE, HostileEvidence, poisoned

UNSAFE = re.compile("[\x00-\x09\x0b-\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
TAGS = frozenset("h1 h2 h3 p ul ol li strong em code pre blockquote table thead tbody tr th td".split())


def test_every_format_is_loaded_by_its_name():
    assert {name: callable(exporter(name)) for name in FORMATS} == dict.fromkeys(SUFFIXES, True)


def test_an_unknown_format_names_those_there_are():
    with pytest.raises(LookupError, match="bundle, csv, html, json, markdown, runbook"):
        exporter("docx")


def test_json_is_the_document():
    told = document()

    assert CaseDocument.model_validate_json(exported("json", told)) == told
    assert json.loads(exported("json", told))["schema"] == "investigator.case/1"


@pytest.mark.parametrize("form", ["json", "markdown", "csv", "runbook"])
@pytest.mark.parametrize("text", HOSTILE)
def test_no_form_holds_a_character_that_a_screen_interprets(form, text):
    out = exported(form, poisoned(document(), text), HostileEvidence(text)).decode()

    assert not UNSAFE.search(out)
    assert "\r" not in out.replace("\r\n", "") or form != "csv"


@pytest.mark.parametrize("text", HOSTILE)
def test_json_keeps_hostile_text_to_the_letter(text):
    told = poisoned(document(), text)

    assert json.loads(exported("json", told))["timeline"][0]["from"]["ip"].startswith(text[:20])


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_renders_hostile_text_as_text(text):
    rendered = MARKDOWN.render(exported("markdown", poisoned(document(), text), HostileEvidence(text)).decode())
    plain = MARKDOWN.render(exported("markdown", document()).decode())

    assert set(re.findall(r"<([a-z0-9]+)", rendered)) <= TAGS
    assert rendered.count("<h3>") == plain.count("<h3>")
    assert rendered.count("<tr>") == plain.count("<tr>")


def test_markdown_shows_only_what_holds():
    untrue = tuple(claim.model_copy(update={"holds": claim.id != "c6"}) for claim in claims())

    assert b"USD 306" not in exported("markdown", document(claims=untrue))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_the_csv_is_a_formula_and_every_row_is_whole(text):
    rows = list(csv.reader(io.StringIO(exported("csv", poisoned(document(), text)).decode(), newline="")))

    assert [len(row) for row in rows] == [18] * 10
    assert not [value for row in rows for value in row if value.lstrip().startswith(tuple("=+-@\t|%"))]


def test_what_a_person_reads_is_the_same_in_csv():
    rows = list(csv.DictReader(io.StringIO(exported("csv", document()).decode(), newline="")))

    assert (rows[4]["action"], rows[4]["time"]) == ("iam:CreateAccessKey", "2026-01-27T03:07:05Z")
    assert rows[1]["count"] == "3"


@pytest.mark.parametrize("form", ["json", "markdown", "csv", "runbook"])
def test_secrets_are_redacted(form):
    told = poisoned(document(), f" aws_secret_access_key={SECRET} ")

    assert SECRET.encode() not in exported(form, told)


@pytest.mark.parametrize("form", ["markdown", "csv", "runbook"])
def test_reports_hold_no_measure(form):
    busy = document().measures.model_copy(update={"seconds": 99.5, "case": "999999999999"})

    assert exported(form, document(measures=busy)) == exported(form, document())


def test_code_spans_and_fences_outlast_the_backticks_inside():
    assert code("a`b``c") == "```a`b``c```"
    assert code("`x`") == "`` `x` ``"
    assert fence("a\n````\nb").splitlines()[0] == "`````"


def test_entities_leave_ordinary_words_readable():
    assert entities("Key AKIA was used at 03:12, 4 times.") == "Key AKIA was used at 03:12, 4 times."
    assert entities("<b>") == "&#60;b&#62;"


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@A1", " =1", "\t=1", "\uff1d1"])
def test_formula_characters_are_quoted(formula):
    assert cell(formula)[0] in "'\\"
