"""What speaks of all records: several values in one term, who called, and what cited records and cells leave open."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from investigator.domain.canonical import loads
from investigator.domain.claim import Absent, Claim, Count, Exists, First, Last
from investigator.domain.columns import JSON_COLUMNS, RECORD_COLUMNS
from investigator.domain.event import Event
from investigator.domain.search import Operator, Search, Term, equals, parse_search
from investigator.domain.words import Actor
from investigator.proof.actors import actor_of
from investigator.proof.answers import NoAnswers
from investigator.proof.columns import Described, described_otherwise
from investigator.proof.evaluate import evaluate
from investigator.proof.record import Record
from investigator.proof.records import OriginalRecords
from tests.support.documents import ACCOUNT, BUILD, WINDOW, OneFile, ToldCoverage, at, cells, ct, write_logs


@pytest.fixture
def told(tmp_path):
    return OriginalRecords(OneFile(write_logs(tmp_path)))


def holds(told, predicate, *cited, n=0, first=None, last=None, given=None):
    claim = Claim(id="c1", text="…", basis="observed", predicates=(predicate,), evidence=cited)
    [judged] = evaluate([claim], given or cells(), told, NoAnswers(), ToldCoverage(n=n, first=first, last=last))
    return judged.holds


@pytest.mark.parametrize("values", [("a", "b"), ('say "hi"', "a,b", 'x","y'), ("back\\slash", "", "two words")])
def test_a_term_of_several_values_is_read_back(values):
    where = Search(
        terms=(equals("eventName", *values), Term(field="userAgent", op=Operator.EQUALS, values=values, negated=True))
    )

    assert parse_search(str(where)) == where


def test_any_of_several_values_is_enough(told):
    several = Search(terms=(equals("eventName", "NoSuchCall", "CreateAccessKey"),))

    assert holds(told, Exists(where=str(several)), ct(5))
    assert not holds(told, Exists(where=str(several)), ct(1))


def test_cited_records_contradict_a_smaller_number(told):
    by_key = f"userIdentity.accessKeyId={BUILD}"

    assert holds(told, Count(where=by_key, n=2, cells=("v1",)), ct(1), ct(2), n=2)
    assert not holds(told, Count(where=by_key, n=1, cells=("v1",)), ct(1), ct(2), n=1)


def test_a_cited_record_contradicts_what_is_said_to_be_first_last_or_absent(told):
    by_key = f"userIdentity.accessKeyId={BUILD}"
    later, earlier = at("03:02:12"), at("03:02:10")

    assert not holds(told, First(where=by_key, time=later, cells=("v1",)), ct(1), first=later)
    assert not holds(told, Last(where=by_key, time=earlier, cells=("v1",)), ct(1), last=earlier)
    assert not holds(told, Absent(where=by_key, cells=("v1",), scope="given"), ct(1), n=0)


def test_absence_in_a_time_needs_cells_over_all_of_it(told):
    where = parse_search(f"userIdentity.accessKeyId={BUILD} eventName=RunInstances")
    inside = Absent(where=str(where.within(WINDOW.start, WINDOW.end)), cells=("v2",), scope="window")
    beyond = inside.model_copy(update={"where": str(where.within(WINDOW.start - timedelta(days=1), WINDOW.end))})

    assert holds(told, inside)
    assert not holds(told, beyond)


def test_a_hole_between_two_cells_is_not_covered(told):
    seen = next(cell for cell in cells() if cell.id == "v2")
    third = WINDOW.length / 3
    early = seen.model_copy(update={"window": WINDOW.model_copy(update={"end": WINDOW.start + third})})
    late = seen.model_copy(update={"id": "v3", "window": WINDOW.model_copy(update={"start": WINDOW.end - third})})
    where = parse_search(f"userIdentity.accessKeyId={BUILD} eventName=RunInstances").within(WINDOW.start, WINDOW.end)

    assert not holds(told, Absent(where=str(where), cells=("v2", "v3"), scope="window"), given=(early, late))


def record(**identity):
    value = {"eventID": "1", "recipientAccountId": ACCOUNT, "userIdentity": identity}
    return Record(json.dumps(value).encode(), value)


@pytest.mark.parametrize(
    ("identity", "actor"),
    [
        ({"type": "IAMUser", "accountId": ACCOUNT}, Actor.PERSON),
        ({"type": "IAMUser", "accountId": "999988887777"}, Actor.OTHER_ACCOUNT),
        ({"type": "AssumedRole", "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/web/i-0abc1234"}, Actor.WORKLOAD),
        ({"type": "AssumedRole", "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/web/me"}, Actor.ROLE),
        ({"type": "AssumedRole", "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSReservedSSO_x/me"}, Actor.PERSON),
        ({"type": "AssumedRole", "principalId": "AROA:i-0abc1234"}, Actor.WORKLOAD),
        ({"type": "AssumedRole", "sessionContext": {"ec2RoleDelivery": "2.0"}}, Actor.WORKLOAD),
        ({"type": "AWSAccount", "principalId": "Anonymous", "accountId": "ANONYMOUS_PRINCIPAL"}, Actor.ANONYMOUS),
        ({"invokedBy": "cloudformation.amazonaws.com"}, Actor.SERVICE),
        ({"type": "AWSService"}, Actor.SERVICE),
        ({}, Actor.UNKNOWN),
        ({"type": ["odd"]}, Actor.UNKNOWN),
    ],
)
def test_who_called_is_read_from_the_record_itself(identity, actor):
    assert actor_of(record(**identity)) is actor


def test_a_wrong_word_for_the_caller_does_not_hold(told):
    assert holds(told, Exists(where="actor=person"), ct(1))
    assert not holds(told, Exists(where="actor=service"), ct(1))


def described(told, id_, where, **changes):
    """The record as a store would describe it, but for some changes."""
    value = next(iter(told.read([id_]).values())).value if id_ != "ct:gone" else {}
    parts = {column: value.get(key) for key, column in RECORD_COLUMNS.items() if column in JSON_COLUMNS}
    event = Event(id=id_, time=None, source="", name="", **{**parts, **changes})
    return id_, Described(event, parse_search(where))


def test_records_that_are_described_otherwise_or_are_gone_are_named(told):
    right = f"userIdentity.accessKeyId={BUILD}"
    told_of = dict([
        described(told, ct(1), right),
        described(told, ct(5), "eventName=ListBuckets"),
        described(told, ct(6), "eventSource>=a", request={"planted": "value"}),
        described(told, "ct:gone", right),
    ])  # fmt: skip

    assert described_otherwise(told_of, told) == {ct(5), ct(6), "ct:gone"}


@pytest.mark.parametrize("stored", [5, -5, 1.5, "5", True, None, [5], {"a": 5}, {"a": [1, {"b": "é"}]}, "", 2**70])
def test_a_part_is_the_same_when_every_value_in_it_is(stored):
    read = loads(json.dumps({"requestParameters": stored}))
    others = [5, "5", True, False, None, [5], [5, 5], {"a": 5}, {"a": 6}, {"b": 5}, "x", 1.25]
    event = Event(id="ct:1", time=None, source="", name="", request=stored)

    def is_as(request):
        one = Described(replace(event, request=request), parse_search("from:2020-01-01"))
        return not described_otherwise({"ct:1": one}, Given(Record(b"", {**read, "eventTime": "2026-01-01T00:00:00Z"})))

    assert is_as(stored)
    assert [other for other in others if is_as(other)] == [x for x in others if (type(x), x) == (type(stored), stored)]


@dataclass
class Given:
    """The record that is read again, whichever is asked for."""

    record: Record

    def read(self, ids):
        return dict.fromkeys(ids, self.record)
