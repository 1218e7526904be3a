"""Recorded logs: every record is found, and the store knows of it what its manifest says."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from investigator.domain.index_report import IndexReport
from investigator.domain.search import Search, parse_search
from investigator.ports.store import Snapshot
from tests.support.data import real_data

from .slow_reader import slow_ids

SETS = {
    "leaked-credentials-meridian": (17, 17),
    "ec2-role-theft-s3": (103, 103),
    "multi-technique-stratus": (2_900, 2_900),
    "traildiscover-kb": (563, 314),
    "parser-samples": (2, 2),
    "parser-samples-lookup-events": (6, 6),
    "s3-open-bucket-scans": (301, 301),
    "stratus-2022-datadog-export": (15, 15),
}
"""Records, and distinct events among them: the manifest's counts, but for the broken export, which it salvages in part."""


@pytest.mark.parametrize("name", SETS)
def test_all_records_are_found(name: str, index: Callable[[Path], IndexReport]) -> None:
    report = index(real_data(name) / "data")

    assert (report.records, report.distinct) == SETS[name]


@pytest.mark.parametrize("name", ["leaked-credentials-meridian", "ec2-role-theft-s3", "multi-technique-stratus"])
def test_issued_keys_are_those_of_the_truth(name: str, opened: Callable[..., Snapshot]) -> None:
    folder = real_data(name)
    truth = json.loads((folder / "ground_truth.json").read_text("utf-8"))
    store = opened(folder / "data")

    for link in truth["links"]:
        issuer = link.get("issued_by") or link.get("event_id") or ""
        for event in store.events(parse_search(f'eventID="{issuer}"')) if issuer else ():
            assert event.issued_key or event.name in ("ConsoleLogin", "GetSigninToken", "SwitchRole")


def test_every_place_holds_its_record(opened: Callable[..., Snapshot]) -> None:
    store = opened(real_data("multi-technique-stratus") / "data")
    ids = [event.id for event in store.events(Search())]

    for id_, [place] in store.places(ids).items():
        there = place.path.read_bytes()[place.offset : (place.offset or 0) + (place.length or 0)]
        assert f"ct:{json.loads(there)['eventID']}" == id_


def test_times_of_a_collector_are_flagged(opened: Callable[..., Snapshot]) -> None:
    store = opened(real_data("ec2-role-theft-s3") / "data")

    assert store.group(parse_search("flags=time_from_wrapper")).count == 103


def test_neighbours_are_named(index: Callable[[Path], IndexReport]) -> None:
    rows = {row.path: row for row in index(real_data("leaked-credentials-meridian") / "data").files}

    assert (rows["vpc/flowlogs.csv"].status, rows["vpc/flowlogs.csv"].reason) == ("skip", "flow_log")


@pytest.mark.parametrize("name", SETS)
def test_a_slow_reader_counts_the_same_events(name: str, opened: Callable[..., Snapshot]) -> None:
    folder = real_data(name) / "data"
    files = [path for path in folder.rglob("*") if path.is_file()]

    slowly = set().union(*(slow_ids(path.read_text("utf-8", "replace")) for path in files))

    found = {event.id.removeprefix("ct:").partition("@")[0] for event in opened(folder).events(Search())}
    assert {id_ for id_ in found if not id_.startswith("sha256:")} == slowly


def test_the_scans_of_a_bucket_are_read_from_their_table(opened: Callable[..., Snapshot]) -> None:
    folder = real_data("s3-open-bucket-scans")
    truth = json.loads((folder / "ground_truth.json").read_text("utf-8"))
    store = opened(folder / "data")

    assert store.group(parse_search("flags=from_csv userIdentity.accountId=ANONYMOUS_PRINCIPAL")).count == 284
    assert {name: store.group(parse_search(f"name={name}")).count for name in truth["event_counts"]} == truth[
        "event_counts"
    ]
    for write in truth["writes"]:
        [event] = store.events(parse_search(f'eventID="{write["event_id"]}"'))
        assert (event.ip, event.account, event.agent) == (write["ip"], write["account"], write["ua"])


def test_a_broken_export_keeps_its_records(index: Callable[[Path], IndexReport]) -> None:
    report = index(real_data("stratus-2022-datadog-export") / "data")

    assert [(row.status, row.quarantined) for row in report.files] == [("ok", 0)] * 4
