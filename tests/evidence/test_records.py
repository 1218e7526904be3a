"""Odd records: nothing is rounded, dropped or silently one of two, and each oddity has its word."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from investigator.domain.canonical import digest, loads
from investigator.domain.event import Event
from investigator.domain.search import parse_search
from investigator.ports.store import Snapshot

from .trails import compact, record, texts, write

Read = Callable[..., list[Event]]


@pytest.fixture
def one(tmp_path: Path, read: Read) -> Callable[[str], Event]:
    """The one event of a file that holds this record beside two usual ones."""

    def of(raw: str) -> Event:
        usual = [compact(record(number, eventName="Usual")) for number in (100, 200)]
        path = write(tmp_path / "log.json", texts([usual[0], raw, usual[1]]))
        [event] = [event for event in read(path) if event.name != "Usual"]
        return event

    return of


One = Callable[[str], Event]


def with_request(request: str) -> str:
    return compact(record()).replace('"requestParameters":null', f'"requestParameters":{request}')


def test_a_usual_record_has_no_flags(one: One) -> None:
    assert one(compact(record())).flags == ()


def test_of_a_repeated_key_all_values_are_kept(one: One, tmp_path: Path, opened: Callable[..., Snapshot]) -> None:
    event = one(
        compact(record()).replace('"eventName":"ListUsers"', '"eventName":"ListUsers","eventName":"DeleteUser"')
    )

    assert (event.name, event.flags) == ("DeleteUser", ("duplicate_key",))
    found = opened(tmp_path / "log.json").group(parse_search("eventName=ListUsers"))
    assert found.count == 1


def test_a_key_that_is_repeated_deep_inside_is_found_too(one: One) -> None:
    event = one(with_request('{"bucketName":"shown","policy":{"a":1,"a":2},"bucketName":"hidden"}'))

    assert event.flags == ("duplicate_key",)
    assert event.request == {"bucketName": ["shown", "hidden"], "policy": {"a": [1, 2]}}


def test_a_repeated_key_does_not_hide_behind_longer_numbers(one: One) -> None:
    """The doubled member makes the record longer by as much as nothing else can make it shorter."""
    event = one(compact(record()).replace('"readOnly":true', '"readOnly":false,"readOnly":true'))

    assert event.flags == ("duplicate_key",)


def test_keys_that_differ_in_case_are_separate(one: One) -> None:
    event = one(
        compact(record()).replace('"eventName":"ListUsers"', '"eventName":"ListUsers","EventName":"DeleteUser"')
    )

    assert (event.name, event.flags) == ("ListUsers", ())


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "18446744073709551616", "9" * 5000])
def test_a_number_that_readers_round_is_kept_as_text(number: str, one: One) -> None:
    event = one(with_request(f'{{"size":{number}}}'))

    assert (event.request, event.flags) == ({"size": number}, ("number",))


@pytest.mark.parametrize("number", ["0", "-17", "1.5", "9007199254740993", "1152921504606846976"])
def test_other_numbers_stay_numbers(number: str, one: One) -> None:
    event = one(with_request(f'{{"size":{number}}}'))

    assert (json.dumps(event.request), event.flags) == (f'{{"size": {number}}}', ())


def test_a_lone_surrogate_is_visible(one: One) -> None:
    event = one(compact(record(userAgent="AGENT")).replace("AGENT", "a\\ud800b"))

    assert (event.agent, event.flags) == ("a\\ud800b", ("surrogate",))


def test_a_nul_is_visible_and_cuts_nothing(one: One) -> None:
    event = one(with_request('{"name":"a\\u0000b"}').replace("aws-cli/2.15", "c\\u0000d"))

    assert (event.agent, event.request, event.flags) == ("c\\x00d", {"name": "a\\x00b"}, ("nul",))


def test_a_raw_control_character_is_accepted(one: One) -> None:
    event = one(compact(record(userAgent="AGENT")).replace("AGENT", "a\x1b[2Jb"))

    assert (event.agent, event.flags) == ("a\x1b[2Jb", ("control_character",))


def test_bytes_that_are_no_text_are_replaced(tmp_path: Path, read: Read) -> None:
    content = texts([compact(record(userAgent="AGENT"))]).replace(b"AGENT", b"a\xffb")

    [event] = read(write(tmp_path / "log.json", content))

    assert (event.agent, event.flags) == ("a\ufffdb", ("encoding_replaced",))


def test_a_record_without_an_id_is_named_by_its_content(one: One) -> None:
    raw = compact(record(eventID=...))

    event = one(raw)

    assert (event.id, event.flags) == (f"sha256:{digest(loads(raw))}", ("no_event_id",))


@pytest.mark.parametrize("time", ["yesterday", "", "0", "1970-01-01T00:00:00Z", "2025-13-45T99:00:00Z", None, 5, ...])
def test_a_bad_time_is_undated(time: object, one: One) -> None:
    event = one(compact(record(eventTime=time)))

    assert (event.time, event.flags) == (None, ("bad_time",))


@pytest.mark.parametrize("time", ["2025-03-01T12:00:01+02:00", "2025-03-01T10:00:01Z", "2025-03-01T10:00:01.000Z"])
def test_a_time_is_the_same_in_every_form(time: str, one: One) -> None:
    event = one(compact(record(eventTime=time)))

    assert event.time and event.time.isoformat() == "2025-03-01T10:00:01+00:00"


def test_an_account_written_as_a_number_is_padded(one: One) -> None:
    event = one(compact(record(recipientAccountId=1234567)))

    assert (event.account, event.flags) == ("000001234567", ("account_number",))


def test_an_unknown_version_is_stored_and_flagged(one: One) -> None:
    event = one(compact(record(eventVersion="2.0")))

    assert (event.name, event.flags) == ("ListUsers", ("unknown_version",))


@pytest.mark.parametrize("identity", [None, "alice"])
def test_an_identity_that_is_no_object_is_unknown(identity: object, one: One) -> None:
    event = one(compact(record(userIdentity=identity)))

    assert (event.principal, event.actor, event.flags) == ("unknown", "unknown", ("bad_identity",))


def test_paths_in_values_are_plain_text(one: One) -> None:
    event = one(compact(record(awsRegion="../../etc", eventID="a/../b")))

    assert (event.region, event.id) == ("../../etc", "ct:a/../b")


def test_unknown_keys_are_kept(one: One, tmp_path: Path, opened: Callable[..., Snapshot]) -> None:
    one(compact(record(newKey={"deep": ["value"]})))

    assert opened(tmp_path / "log.json").group(parse_search("newKey.deep=value")).count == 1
