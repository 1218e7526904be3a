"""The HTML report: one inert file in which every sentence leads to its proof."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from investigator.domain.safe_text import visible
from investigator.domain.words import Verdict
from tests.support.bundles import ToldEvidence, exported
from tests.support.documents import BACKUP, SECRET, claims, document, records
from tests.support.hostile import HOSTILE, HostileEvidence, poisoned

ELEMENTS = frozenset(
    """html head meta title style body a nav p ol ul li span main header section article h1 h2 h3 dl div dt dd blockquote
    code pre em strong small br figure figcaption svg line text circle table thead tbody tr th td label input select
    option output details summary b i mark footer script""".split()
)
ATTRIBUTES = frozenset(
    """lang charset http-equiv content name id class href aria-label aria-labelledby aria-live title role tabindex scope
    hidden type autocomplete value data-tactic data-outcome viewbox x y x1 x2 y1 y2 cx cy r""".split()
)


class Parsed(HTMLParser):
    """Elements, attributes and words of a page, as a browser would find them."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.raw: dict[str, str] = {}
        self._open = ""
        self.feed(page.decode())

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._open = tag

    def handle_endtag(self, tag):
        self._open = ""

    def handle_data(self, data):
        if self._open in ("style", "script"):
            self.raw[self._open] = data
        else:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def values(self, attribute: str) -> list[str]:
        return [attrs[attribute] or "" for _, attrs in self.elements if attribute in attrs]


@pytest.fixture(scope="module")
def report():
    return exported("html", document())


def test_every_sentence_of_the_summary_leads_to_its_proof(report):
    page = Parsed(report)

    assert {f"#{name}" for name in ("c9", "c1", "c2", "c3", "c4", "c6")} <= set(page.values("href"))
    assert f"linking rule 6 leads from AKIAIOSFODNN7EXAMPLE to {BACKUP}" in page.text


def test_the_sections_stand_in_their_order(report):
    headings = re.findall(r'<h2 id="(\w+)-title"', report.decode())

    assert headings == "summary findings timeline credentials entities actions questions coverage gaps evidence".split()


def test_every_link_is_an_anchor_that_exists_and_every_id_is_its_own(report):
    page = Parsed(report)
    ids = page.values("id")

    assert len(ids) == len(set(ids))
    assert {href[:1] for href in page.values("href")} == {"#"}
    assert {href[1:] for href in page.values("href")} <= set(ids)


def test_only_its_own_style_and_script_may_run(report):
    page = Parsed(report)
    [policy] = [attrs["content"] for _, attrs in page.elements if attrs.get("http-equiv") == "Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "img-src data:" in policy
    for kind in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(page.raw[kind].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"url\(|@import|https?:", page.raw["style"] + page.raw["script"])


def test_a_claim_that_does_not_hold_is_not_shown_nor_is_a_finding_without_any():
    untrue = tuple(claim.model_copy(update={"holds": claim.id != "c6"}) for claim in claims())
    page = Parsed(exported("html", document(claims=untrue)))

    assert "USD 306" not in page.text
    assert "f5" not in page.values("id")
    assert "f4" in page.values("id")


def test_a_case_without_anything_is_still_a_report():
    parts = (
        "claims findings timeline gaps actions entities credentials coverage questions answers timeline_rest".split()
    )
    page = Parsed(exported("html", document(**dict.fromkeys(parts, ()))))

    assert "No sentence could be proved" in page.text
    assert "None found in the accounts, Regions, window and sources" in page.text


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_words(verdict):
    judged = document().verdict.model_copy(update={"value": verdict})

    assert verdict.value.split("_")[0] in Parsed(exported("html", document(verdict=judged))).text.lower()


def test_no_secret_is_shown(report):
    assert SECRET.encode() not in report
    assert b"[redacted: secretAccessKey, 40]" in report


def test_a_secret_in_any_field_is_redacted():
    told = document()
    leaky = told.case.model_copy(update={"description": f"the secret access key is {SECRET}, help"})

    assert SECRET.encode() not in exported("html", told.model_copy(update={"case": leaky}))


def test_the_report_reads_no_clock_and_no_measure(report):
    busy = document().measures.model_copy(update={"seconds": 99.5, "aws_calls": 1234, "case": "999999999999"})

    assert exported("html", document(measures=busy)) == report


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text):
    page = exported("html", poisoned(document(), text), HostileEvidence(text))
    parsed = Parsed(page)

    assert {tag for tag, _ in parsed.elements} <= ELEMENTS
    assert {name for _, attrs in parsed.elements for name in attrs} <= ATTRIBUTES
    assert parsed.values("href")
    assert {href[:1] for href in parsed.values("href")} == {"#"}
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]", page.decode())
    assert " ".join(visible(text).split())[:200] in parsed.text
    assert [tag for tag, _ in parsed.elements].count("script") == 1


def test_a_lone_surrogate_in_a_record_is_shown_as_its_escape():
    told = records()
    told[0]["userAgent"] = "odd \ud800 agent"

    assert b"odd \\ud800 agent" in exported("html", document(), ToldEvidence(told))


def test_a_huge_record_is_cut_and_says_so():
    told = records()
    told[0]["requestParameters"] = {f"key{number}": "value" * 20 for number in range(5_000)}
    page = exported("html", document(), ToldEvidence(told))

    assert b"the rest stands in the bundle" in page
    assert len(page) < 400_000


def test_a_chain_of_400_credentials_is_drawn():
    one = document().credentials[1]
    chain = tuple(one.model_copy(update={"id": f"ASIA{n:016d}", "parent": f"ASIA{n - 1:016d}"}) for n in range(400))
    ring = (
        one.model_copy(update={"id": "AKIARING1", "parent": "AKIARING2"}),
        one.model_copy(update={"id": "AKIARING2", "parent": "AKIARING1"}),
    )

    page = Parsed(exported("html", document(credentials=chain + ring)))

    assert page.text.count("linking rule 6") >= 400
