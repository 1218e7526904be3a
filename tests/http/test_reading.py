"""What a finished case shows over HTTP."""

import csv
import io
import json
import zipfile

import pytest

from investigator.domain.report import CaseDocument
from tests.http.conftest import Solved
from tests.support.story import key_of

SUPPORT_KEY = "AKIASUPPORT00000EXAM"


def test_the_document_is_that_of_the_investigation(solved: Solved) -> None:
    shown = solved.client.get(f"/api/cases/{solved.handle}/document")

    assert shown.headers["content-type"] == "application/json"
    assert CaseDocument.model_validate_json(shown.content) == solved.investigation.document(solved.handle)
    assert shown.json()["measures"]["case"] == solved.handle


def test_the_case_shows_its_verdict(solved: Solved) -> None:
    view = solved.client.get(f"/api/cases/{solved.handle}").json()

    assert (view["run"], view["verdict"]) == ("finished", "confirmed")
    assert solved.client.get("/api/cases", params={"verdict": "confirmed"}).json() == [view]
    assert solved.client.get("/api/cases", params={"verdict": "benign"}).json() == []


def timeline(solved: Solved, **query: object) -> list[dict[str, object]]:
    answer = solved.client.get(f"/api/cases/{solved.handle}/timeline", params=query)
    assert answer.status_code == 200
    return answer.json()


def test_pages_of_the_timeline_cover_each_entry_once(solved: Solved) -> None:
    whole, paged = timeline(solved), []

    while page := timeline(solved, limit=2, after=paged[-1]["id"] if paged else ""):
        paged += page

    assert len(whole) >= 4
    assert paged == whole == solved.client.get(f"/api/cases/{solved.handle}/document").json()["timeline"]


def test_the_timeline_is_searched(solved: Solved) -> None:
    found = timeline(solved, filter=f"key={SUPPORT_KEY}")

    assert [entry["action"] for entry in found] == ["s3:ListBuckets", "cloudtrail:StopLogging"]
    assert timeline(solved, filter=f"key={SUPPORT_KEY}", after=found[0]["id"]) == found[1:]
    assert timeline(solved, filter="name~^Stop.*g$") == found[1:]
    assert timeline(solved, filter="to:2026-01-27T03:07") == [
        e for e in timeline(solved) if e["time"] < "2026-01-27T03:07"
    ]


@pytest.mark.parametrize(
    "wrong", ["nofield=1", 'name="x', "name~(", "from:yesterday", "name~(?=x)", "name~a{1000}{1000}"]
)
def test_what_is_no_search_is_a_422(solved: Solved, wrong: str) -> None:
    refused = solved.client.get(f"/api/cases/{solved.handle}/timeline", params={"filter": wrong})

    assert refused.status_code == 422
    assert wrong not in refused.text


def test_an_expression_made_to_hang_does_not(solved: Solved) -> None:
    assert timeline(solved, filter="name~^(([a-z])+.)+[A-Z]([a-z])+$ agent~(x+x+)+y") == []


@pytest.mark.parametrize(
    "query", [{"after": "e999999"}, {"after": "../e1"}, {"limit": 0}, {"limit": 501}, {"filter": "x" * 2001}]
)
def test_a_page_of_nowhere_is_a_422(solved: Solved, query: dict[str, object]) -> None:
    assert solved.client.get(f"/api/cases/{solved.handle}/timeline", params=query).status_code == 422


def test_every_cited_record_is_shown(solved: Solved) -> None:
    cited = {id_ for entry in timeline(solved) for id_ in entry["evidence"]}

    records = {id_: solved.client.get(f"/api/cases/{solved.handle}/records/{id_}").json() for id_ in cited}

    assert len(records) >= 4
    assert all(
        record["id"] == id_ and record["record"]["eventID"] == id_.removeprefix("ct:")
        for id_, record in records.items()
    )
    assert {record["record"]["userIdentity"]["accessKeyId"] for record in records.values()} <= {
        key_of("alice"),
        SUPPORT_KEY,
    }


@pytest.mark.parametrize(
    "evidence",
    [
        "ct:999",
        "aws:0000000000000000",
        "alert:1",
        "answer:nothing",
        "x",
        "ct:",
        "..%2f..%2fetc%2fpasswd",
        "%00",
        "ct:1@zz",
    ],
)
def test_evidence_that_the_case_does_not_hold_is_a_404(solved: Solved, evidence: str) -> None:
    assert solved.client.get(f"/api/cases/{solved.handle}/records/{evidence}").status_code == 404


EXPORTS = {
    "markdown": ("text/markdown; charset=utf-8", "md"),
    "html": ("text/html; charset=utf-8", "html"),
    "json": ("application/json", "json"),
    "csv": ("text/csv; charset=utf-8", "csv"),
    "bundle": ("application/zip", "zip"),
    "runbook": ("text/x-shellscript; charset=utf-8", "sh"),
}


@pytest.mark.parametrize("form", EXPORTS)
def test_an_export_has_its_media_type_and_is_a_file(solved: Solved, form: str) -> None:
    exported = solved.client.get(f"/api/cases/{solved.handle}/export/{form}")

    media, ending = EXPORTS[form]
    assert exported.headers["content-type"] == media
    name = solved.investigation.view(solved.handle).case.name
    assert exported.headers["content-disposition"] == f'attachment; filename="{name}.{ending}"'
    assert exported.content == b"".join(solved.investigation.export(solved.handle, form)) or form == "bundle"


def test_exports_are_what_they_say(solved: Solved) -> None:
    def content(form: str) -> bytes:
        return solved.client.get(f"/api/cases/{solved.handle}/export/{form}").content

    assert json.loads(content("json"))["schema"] == "investigator.case/1"
    assert len(list(csv.reader(io.StringIO(content("csv").decode())))) == len(timeline(solved)) + 1
    assert "manifest.json" in zipfile.ZipFile(io.BytesIO(content("bundle"))).namelist()
