"""Exactly what a sentence says is what its predicates prove, here and again from the bundle and the original files."""

from dataclasses import replace

import pytest

from investigator.domain.claim import Absent, Count
from investigator.proof.verify import verify
from tests.support.carried import uncarried
from tests.support.incidents import WORRY, leak
from tests.support.investigations import Room, worry
from tests.support.log_files import write_log

AGAIN = replace(next(event for event in leak() if event.id == "ct:7"), id="ct:again", request_id="again")
"""One more read of the intruder, between two others."""


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """The incident's room and document, with the bundle that was exported of it."""
    folder = tmp_path_factory.mktemp("proven")
    room = Room(folder / "room")
    handle = room.handle(worry(WORRY, write_log(folder / "logs", leak())))
    (folder / "case.zip").write_bytes(b"".join(room.investigation.export(handle, "bundle")))
    return room.investigation.document(handle), folder / "case.zip"


def test_every_number_time_address_and_absence_is_carried(case):
    document, _ = case

    assert uncarried(document) == []
    assert any(isinstance(predicate, Count) for claim in document.claims for predicate in claim.predicates)


def test_a_number_that_is_not_carried_would_be_named(case):
    document, _ = case
    claim = next(claim for claim in document.claims if "times" in claim.text or "twice" in claim.text)
    bare = claim.model_copy(update={"predicates": ()})

    assert uncarried(document.model_copy(update={"claims": (bare,)}))


def test_a_new_address_is_said_of_the_records_given_and_names_the_gap(case):
    document, _ = case
    [claim] = [claim for claim in document.claims if "no call of the same caller from there" in claim.text]
    [absent] = [predicate for predicate in claim.predicates if isinstance(predicate, Absent)]

    assert absent.scope == "given"
    assert "in the records given" in claim.text
    assert [gap.id for gap in document.gaps if gap.id in claim.text] != []


def test_the_untouched_files_confirm_every_sentence(case, tmp_path):
    document, bundle = case

    found = verify(bundle, write_log(tmp_path / "logs", leak()))

    assert found.holds, found.faults
    assert found.claims.held == len(document.claims)


def test_one_record_less_in_the_files_breaks_the_numbers(case, tmp_path):
    """The read in the middle is neither the first nor the last of anything, and is told by a number alone."""
    _, bundle = case
    fewer = [event for event in leak() if event.id != "ct:6"]

    assert verify(bundle, write_log(tmp_path / "logs", fewer)).claims.failed


def test_one_record_more_in_the_files_breaks_the_numbers(case, tmp_path):
    document, bundle = case

    found = verify(bundle, write_log(tmp_path / "logs", (*leak(), AGAIN)))

    texts = [claim.text for claim in document.claims if claim.id in found.claims.failed]
    assert any("times" in text or "twice" in text for text in texts)


def test_an_earlier_call_from_the_new_address_breaks_its_newness(case, tmp_path):
    document, bundle = case
    first = next(event for event in leak() if event.id == "ct:1")
    earlier = replace(leak()[0], ip=first.ip, id="ct:earlier", request_id="earlier")

    found = verify(bundle, write_log(tmp_path / "logs", (*leak(), earlier)))

    assert any("no call of the same caller" in c.text for c in document.claims if c.id in found.claims.failed)
