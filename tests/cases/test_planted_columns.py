"""A wrong column in the evidence store makes every claim on that record fail: proof reads the record itself."""

import os
import random
from dataclasses import dataclass, replace
from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from investigator.domain.search import COLUMNS, Search, equals, parse_search, search
from investigator.domain.words import Actor, Outcome, Verdict
from investigator.proof.columns import Described, described_otherwise
from investigator.proof.matching import matches, read_where
from investigator.proof.record import Record
from investigator.settings import Settings
from investigator.stages.assessment.conclusion import record_search
from investigator.stages.assessment.record_terms import absent_terms
from investigator.wiring import library
from tests.support.incidents import WORRY, leak, leak_logs
from tests.support.investigations import Room, content, worry
from tests.support.log_files import record_of

PLANTED = {
    "source": "sso.amazonaws.com",
    "name": "PlantedCall",
    "account": "999988887777",
    "region": "ap-south-2",
    "ip": "192.0.2.99",
    "agent": "planted/1.0",
    "error": "PlantedError",
    "error_message": "planted",
    "outcome": "failed",
    "actor": "service",
    "read_only": True,
    "identity": "Root",
    "arn": "arn:aws:iam::111122223333:user/planted",
    "user": "planted",
    "key": "AKIAPLANTED000000000",
    "principal": "arn:aws:iam::111122223333:user/planted",
    "issuer": "arn:aws:iam::111122223333:role/planted",
    "session": "planted",
    "session_start": "2026-01-01T00:00:00Z",
    "mfa": "true",
    "source_identity": "planted",
    "invoked_by": "planted.amazonaws.com",
    "category": "Planted",
    "event_type": "PlantedEvent",
    "request_id": "planted",
    "shared_id": "planted",
    "vpce": "vpce-0planted",
    "issued_key": "AKIAPLANTED000000000",
}
SOAK = bool(os.environ.get("INVESTIGATOR_SOAK"))
WHOLE_CASES = ("time", *PLANTED) if SOAK else ("actor", "read_only", random.Random(9).choice(("time", *PLANTED)))
TYPES = {"outcome": Outcome, "actor": Actor}
VICTIM = "ct:4"
"""The creation of the second key, which several claims cite."""


@pytest.fixture(scope="module")
def indexed(tmp_path_factory):
    """The incident's events as a store reads them, beside their original records."""
    folder = tmp_path_factory.mktemp("indexed")
    store = library(Settings(case_dir=folder / "room"), None)
    logs = leak_logs(folder / "logs")
    snapshot = store.open(store.pin([logs]))
    originals = {f"ct:{record['eventID']}": record for record in map(record_of, leak())}
    return [(event, Record(b"", originals[event.id])) for event in snapshot.events(Search())]


def test_every_record_is_as_its_columns_say(indexed):
    for event, record in indexed:
        assert matches(record, read_where(str(record_search(event)))), event.id


@pytest.mark.parametrize("column", PLANTED)
def test_a_planted_value_is_noticed_on_every_record(indexed, column):
    planted = TYPES.get(column, lambda value: value)(PLANTED[column])
    for event, record in indexed:
        if getattr(event, column) == planted:
            continue
        wrong = replace(event, **{column: planted})

        assert not matches(record, read_where(str(record_search(wrong)))), (event.id, column)


def test_a_planted_time_is_noticed_on_every_record(indexed):
    for event, record in indexed:
        wrong = replace(event, time=event.time + timedelta(seconds=1))

        assert not matches(record, read_where(str(record_search(wrong)))), event.id


@pytest.mark.parametrize("column", sorted({*PLANTED} - {"outcome"}))
def test_an_emptied_column_is_noticed_on_every_record(indexed, column):
    nothing = {"actor": Actor.UNKNOWN, "read_only": None}.get(column, "")
    for event, record in indexed:
        if getattr(event, column) == nothing:
            continue
        wrong = replace(event, **{column: nothing})

        assert not matches(record, read_where(str(whole(wrong)))), (event.id, column)


@pytest.mark.parametrize("part", ["user_identity", "request", "response", "additional", "resources"])
@pytest.mark.parametrize("planted", [None, {"planted": "value"}, [{"planted": 1}]])
def test_a_planted_part_is_noticed_on_every_record(indexed, part, planted):
    for event, record in indexed:
        if getattr(event, part) == planted:
            continue
        wrong = replace(event, **{part: planted})

        assert described_otherwise({event.id: Described(wrong, whole(wrong))}, Given(record)), (event.id, part)


def test_no_column_of_the_store_is_forgotten():
    assert {*PLANTED, "time", "id", "flags"} == {*COLUMNS}


@dataclass
class Given:
    """The record that is read again, whichever is asked for."""

    record: Record

    def read(self, ids):
        return dict.fromkeys(ids, self.record)


def whole(event):
    """Everything that is said of an event, and what is said to be absent."""
    return record_search(event).also(*absent_terms(event))


@pytest.mark.parametrize("agent", ['one " quote', "back\\slash", 'both \\" \n from:2020-01-01T00:00:00Z', "-", ""])
def test_whatever_a_caller_calls_his_agent_the_claim_reads_it_back(agent):
    where = search(equals("userAgent", agent), equals("outcome", "success"))

    assert parse_search(str(where)) == where


@pytest.mark.parametrize("column", WHOLE_CASES)
def test_nothing_of_a_whole_case_rests_on_a_record_with_a_planted_column(column, tmp_path):
    document = planted_case(tmp_path, column, PLANTED.get(column))

    assert [claim.text for claim in document.claims if claim.holds and VICTIM in claim.evidence] == []
    assert any(not claim.holds for claim in document.claims)
    assert [finding.id for finding in document.findings if VICTIM in finding.evidence] == []
    assert any(VICTIM in gap.what and "did not hold" in gap.why for gap in document.gaps)
    assert document.verdict.value is not Verdict.LIKELY_BENIGN


def test_an_emptied_column_is_noticed_too(tmp_path):
    document = planted_case(tmp_path, "agent", "")

    assert [finding.id for finding in document.findings if VICTIM in finding.evidence] == []


def test_no_word_of_a_document_comes_from_the_flags(tmp_path):
    """Flags say how a file was read; nothing in the document is drawn from them."""
    untouched = Room(tmp_path / "untouched").run(worry(WORRY, leak_logs(tmp_path / "same" / "logs")))

    planted = planted_case(tmp_path / "planted", "flags", "id_conflict bad_time")

    assert content(planted) == content(untouched)


def planted_case(folder, column, value):
    """The document of the incident when one cell of the evidence store was changed before."""
    logs = leak_logs(folder / "logs")
    room = Room(folder / "room")
    store = library(Settings(case_dir=folder / "room"), None)
    store.pin([logs])
    parts = list((folder / "room" / "stores" / "parts").glob("*.parquet"))
    assert sum(plant(part, column, value) for part in parts) == 1
    return room.run(worry(WORRY, logs))


def plant(part, column, value):
    """Rewrite one cell of a part; gives how many rows were changed."""
    table = pq.read_table(part)
    place = table.column_names.index(column)
    hit = pc.equal(table["id"].cast(pa.string()), VICTIM).combine_chunks()
    old = table[column].combine_chunks()
    plain = old.cast(pa.string()) if pa.types.is_dictionary(old.type) else old
    wrong = pa.scalar(old[0].as_py() - timedelta(hours=1), old.type) if column == "time" else value
    new = pc.if_else(hit, pa.scalar(wrong, plain.type), plain)
    pq.write_table(table.set_column(place, column, new.cast(old.type)), part)
    return pc.sum(hit).as_py() or 0
