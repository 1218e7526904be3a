"""The independent reader finds the original record whatever is wrapped around it, and recognises it by its content."""

import gzip
import json
import os
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from investigator.domain.canonical import digest, loads
from investigator.domain.places import Place
from investigator.proof.reader import file_records, originals_in
from investigator.proof.record import issued_key, outcome_of, time_of
from investigator.proof.records import OriginalRecords
from investigator.proof.wrappings import records_in
from tests.support.data import real_data
from tests.support.documents import BACKUP, OneFile, ct, records

ONE, TWO = records()[:2]
ROW = {"EventId": ONE["eventID"], "EventTime": "2026-01-27 14:02:11+11:00", "CloudTrailEvent": json.dumps(ONE)}
PAGE = {"parameters": {}, "call": 1, "page": 1, "status": 200, "request_id": "x", "body": {"Events": [ROW, ROW]}}
WRAPPED = {
    "delivered": json.dumps({"Records": [ONE, TWO]}),
    "array": json.dumps([ONE, TWO], indent=2),
    "one": json.dumps(ONE),
    "lines": f"{json.dumps(ONE)}\n{json.dumps(TWO)}\n",
    "search hits": json.dumps({"took": 3, "hits": {"total": 2, "hits": [{"_id": "1", "_source": ONE}]}}),
    "lookup rows": json.dumps(ROW) + "\n" + json.dumps(ROW),
    "lookup answer": json.dumps({"Events": [ROW]}),
    "saved answer": json.dumps(PAGE) + "\n",
    "event bus": json.dumps({"version": "0", "detail-type": "AWS API Call via CloudTrail", "detail": ONE}),
    "log group": json.dumps({"logEvents": [{"id": "1", "timestamp": 1769482931000, "message": json.dumps(ONE)}]}),
    "twice": json.dumps({"Records": [TWO]})[:-1] + f', "Records": [{json.dumps(ONE)}]}}',
    "after a broken line": '{"eventID": "x", \n' + json.dumps(ONE) + "\n",
    "before a cut": json.dumps({"Records": [ONE, TWO]})[:-40],
    "between strangers": f'[1, null, "x", {json.dumps(ONE)}, [], {{}}]',
}


def read(path, evidence=None):
    wanted = evidence or ct(1)
    return OriginalRecords(OneFile(path)).read([wanted]).get(wanted)


@pytest.fixture
def written(tmp_path):
    def write(content, name="log.json"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
        return path

    return write


@pytest.mark.parametrize("wrapping", WRAPPED)
def test_a_record_is_found_in_every_wrapping(written, wrapping):
    found = read(written(WRAPPED[wrapping]))

    assert json.loads(found.original) == ONE


@pytest.mark.parametrize("wrapping", WRAPPED)
def test_a_packed_file_reads_like_the_plain_one(written, wrapping):
    packed = gzip.compress(WRAPPED[wrapping].encode())

    assert json.loads(read(written(packed)).original) == ONE
    assert json.loads(read(written(gzip.compress(packed))).original) == ONE


def test_the_original_bytes_are_those_of_the_file(written):
    odd = b'{"Records" : [ { "eventName":"A",  "eventID" : "x\\u0041", "size": 1.50 , "agent": "\xff\xfe" } ]}'
    found = read(written(odd), "ct:xA")

    assert found.original == b'{ "eventName":"A",  "eventID" : "x\\u0041", "size": 1.50 , "agent": "\xff\xfe" }'
    assert found.value["size"] == "1.50"


@pytest.mark.parametrize("coded", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_read(written, coded):
    assert json.loads(read(written(json.dumps(ONE).encode(coded))).original) == ONE


def test_what_stands_before_a_damage_of_the_packing_is_read(written):
    noise = [{**TWO, "eventID": f"n{n}", "requestID": os.urandom(8).hex()} for n in range(400)]
    packed = gzip.compress(json.dumps({"Records": [ONE, *noise]}).encode())

    assert read(written(packed[: len(packed) // 2])) is not None
    assert read(written(packed[:-8] + b"\0" * 8)) is not None
    assert read(written(packed[:-8] + b"\0" * 8), "ct:n399") is not None
    assert read(written(packed + b"trailing")) is not None


def test_members_of_one_file_are_all_read(written):
    halves = [gzip.compress(json.dumps(record).encode() + b"\n") for record in (TWO, ONE)]

    assert read(written(b"".join(halves))) is not None


def test_a_place_leads_to_the_record_and_a_wrong_one_misleads_nobody(written):
    text = json.dumps({"Records": [ONE, TWO]})
    path = written(text)
    start = text.index(json.dumps(TWO))

    class At:
        def __init__(self, offset):
            self.offset = offset

        def places(self, ids):
            return {name: (Place(path=path, row=1, offset=self.offset, length=len(json.dumps(TWO))),) for name in ids}

    for offset in (start, 0, 7, 10**9):
        assert json.loads(OriginalRecords(At(offset)).read([ct(2)])[ct(2)].original) == TWO


def test_a_record_without_an_id_is_found_by_its_digest(written):
    nameless = {key: value for key, value in ONE.items() if key != "eventID"}
    name = "sha256:" + digest(loads(json.dumps(nameless)))

    assert json.loads(read(written(json.dumps([TWO, nameless])), name).original) == nameless


def test_records_that_share_an_id_are_told_apart_by_their_digest(written):
    other = {**ONE, "sourceIPAddress": "192.0.2.9"}
    name = f"{ct(1)}@{digest(loads(json.dumps(other)))[:8]}"

    assert read(written(json.dumps([ONE, other])), name).text("sourceIPAddress") == "192.0.2.9"


def test_of_copies_the_fullest_is_read(written):
    poor = {key: value for key, value in ONE.items() if key != "userAgent"}

    assert "userAgent" in read(written(json.dumps([poor, ONE, poor]))).value


def test_a_file_that_is_gone_gives_nothing(tmp_path):
    assert read(tmp_path / "gone.json") is None


def test_what_is_no_record_is_not_taken_for_one():
    notice = {"Records": [{"eventVersion": "2.1", "eventSource": "aws:s3", "eventTime": "2026-01-01T00:00:00Z"}]}
    catalogue = [{"eventName": "CreateUser", "description": "…"}]

    assert list(records_in(json.dumps(notice) + json.dumps(catalogue))) == []


def test_hostile_nesting_and_endless_strings_end():
    assert list(records_in("[" * 100_000)) == []
    assert list(records_in('{"Records":' * 50_000)) == []
    assert list(records_in('{"a": "' + "x" * 100_000)) == []


@given(st.binary(max_size=300))
def test_no_bytes_are_too_odd(content):
    assert all(isinstance(piece.text, str) for piece in records_in(content.decode("utf-8", "surrogateescape")))


@given(st.text(alphabet='{}[]",:\\ \n"eventIDName1', max_size=120))
def test_no_broken_json_is_too_odd(text):
    assert all(piece.text in text or "\\" in text for piece in records_in(text))


def test_links_and_folders_are_walked_without_following_links(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one.json").write_text(json.dumps(ONE))
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "also.json").symlink_to(tmp_path / "a" / "one.json")

    assert [path.name for path in originals_in(tmp_path)] == ["one.json"]


def only(text, tmp_path):
    path = tmp_path / "one.json"
    path.write_text(text)
    return next(file_records(path))


def moment(hour, minute, second):
    return datetime(2026, 1, 27, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize(
    ("own", "wrapper", "expected"),
    [
        ("2026-01-27T03:02:11Z", None, moment(3, 2, 11)),
        ("2026-01-27T14:02:11+11:00", None, moment(3, 2, 11)),
        (None, "2026-01-27 14:02:11+11:00", moment(3, 2, 11)),
        ("soon", "2026-01-27T03:02:11Z", moment(3, 2, 11)),
        ("2026-01-27", "2026-01-27T03:02:11Z", moment(3, 2, 11)),
        ("0001-01-01T00:00:00Z", None, None),
        (None, None, None),
        (12, None, None),
    ],
)
def test_the_time_is_the_records_own_or_else_its_wrappers(tmp_path, own, wrapper, expected):
    record = {**ONE, "eventTime": own}
    row = {"CloudTrailEvent": json.dumps(record)} | ({"EventTime": wrapper} if wrapper else {})

    assert time_of(only(json.dumps(row), tmp_path)) == expected


def test_a_collectors_time_beside_the_fields_counts_when_there_is_no_other(tmp_path):
    undated = {key: value for key, value in ONE.items() if key != "eventTime"}

    assert time_of(only(json.dumps({**undated, "@timestamp": "2026-01-27T03:02:11.000Z"}), tmp_path)) == moment(
        3, 2, 11
    )
    assert time_of(only(json.dumps({**undated, "timestamp": 1769482931000}), tmp_path)) == moment(3, 2, 11)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "success"),
        ({"errorCode": None}, "success"),
        ({"errorCode": "AccessDenied"}, "denied"),
        ({"errorCode": "Client.UnauthorizedOperation"}, "denied"),
        ({"errorCode": "403"}, "denied"),
        ({"errorCode": "NoSuchEntityException"}, "failed"),
        ({"eventName": "ConsoleLogin", "responseElements": {"ConsoleLogin": "Success"}}, "success"),
        ({"eventName": "ConsoleLogin", "responseElements": {"ConsoleLogin": "Failure"}}, "failed"),
        ({"eventName": "a.b[c", "responseElements": {"ConsoleLogin": "Failure"}}, "failed"),
    ],
)
def test_outcome_is_what_the_error_code_or_the_sign_in_says(tmp_path, fields, expected):
    record = {**ONE, "eventSource": "signin.amazonaws.com", **fields}

    assert outcome_of(only(json.dumps(record), tmp_path)).value == expected


def test_only_a_successful_call_hands_out_a_key(tmp_path):
    made = records()[4]

    assert issued_key(only(json.dumps(made), tmp_path)) == BACKUP
    assert issued_key(only(json.dumps({**made, "errorCode": "LimitExceeded"}), tmp_path)) == ""


@pytest.mark.parametrize(
    ("name", "count"),
    [("leaked-credentials-meridian", 17), ("ec2-role-theft-s3", 103), ("multi-technique-stratus", 2900)],
)
def test_real_records_are_all_found_each_with_a_time(name, count):
    found = [record for path in originals_in(real_data(name) / "data") for record in file_records(path)]

    assert len(found) == count
    assert all(time_of(record) is not None for record in found)
