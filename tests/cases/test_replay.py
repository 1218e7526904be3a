"""What AWS answered once and was saved gives the same document again, without AWS."""

from dataclasses import replace
from datetime import timedelta

import pytest

pytest.importorskip("moto", reason="the extra `demo` is not installed")

from investigator.demo.company import HOME
from investigator.demo.incident import incident
from investigator.demo.world import serve_world
from investigator.demo.world.credentials import made_up_credentials
from investigator.demo.world.pace import Pace
from investigator.domain.case import OpenCase, Sources
from investigator.investigation import Investigation
from tests.support.investigations import Room, content

TOLD = incident("leaked-key")


class Unhurried(Pace):
    """Lets every request through."""

    def allows(self, region: str) -> bool:
        return True


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """The same case twice: asked of AWS with its answers saved, and of the saved answers."""
    folder = tmp_path_factory.mktemp("replay")
    room, again = Room(folder / "room"), Room(folder / "again")
    asked = OpenCase(
        worry="EC2 costs far more than before",
        playbook="cost-spike",
        answers={"regions": HOME},
        now=TOLD.as_of,
        ask=False,
    )
    with serve_world(TOLD, pace=Unhurried()) as endpoint, made_up_credentials():
        live = Sources(aws=True, endpoint=endpoint, regions=(HOME,), save_responses=folder / "saved")
        first = room.run(asked.model_copy(update={"sources": live}))
    saved = Sources(responses=folder / "saved")
    return first, again.run(asked.model_copy(update={"sources": saved}))


def test_the_replay_gives_the_same_document_byte_by_byte(runs):
    live, replayed = runs

    assert content(replayed) == content(live)


@pytest.fixture(scope="module")
def resumed(tmp_path_factory):
    """A case that was resumed when CloudTrail had delivered everything, before and after; and its replay."""
    folder = tmp_path_factory.mktemp("resumed")
    clock = [TOLD.as_of]
    room, again = Room(folder / "room"), Room(folder / "again")
    there = Investigation(replace(room.equipment, clock=lambda: clock[0]))
    asked = OpenCase(
        worry="EC2 costs far more than before",
        playbook="cost-spike",
        answers={"regions": HOME},
        now=TOLD.as_of,
        ask=False,
    )
    with serve_world(TOLD, pace=Unhurried()) as endpoint, made_up_credentials():
        live = Sources(aws=True, endpoint=endpoint, regions=(HOME,), save_responses=folder / "saved")
        handle = there.open(asked.model_copy(update={"sources": live})).id
        documents, saved = [], []
        for minutes in (0, 5, 20, 40):
            clock[0] = TOLD.as_of + timedelta(minutes=minutes)
            there.run(handle)
            documents.append(there.document(handle))
            saved.append(sorted(path.read_bytes() for path in (folder / "saved").glob("**/*LookupEvents/*.jsonl")))
    replayed = again.run(asked.model_copy(update={"sources": Sources(responses=folder / "saved")}))
    return documents, saved, replayed


def test_the_last_minutes_are_asked_again_once_when_all_was_delivered(resumed):
    _, (first, early, late, later), _ = resumed

    assert first == early
    assert len(late) > len(early)
    assert any((TOLD.as_of - timedelta(minutes=15)).strftime("%Y-%m-%dT%H:%M:%SZ").encode() in page for page in late)
    assert late == later


def test_what_was_asked_again_is_replayed_byte_by_byte(resumed):
    documents, _, replayed = resumed

    assert content(replayed) == content(documents[-1])


def test_the_live_run_did_learn_something(runs):
    live, _ = runs

    assert live.measures.aws_calls > 0
    assert live.findings


def test_what_was_saved_holds_no_credentials(runs, tmp_path_factory):
    saved = tmp_path_factory.getbasetemp()
    texts = [file.read_bytes() for file in saved.glob("replay*/saved/**/*") if file.is_file()]

    assert texts
    assert not any(b"X-Amz-Signature" in text or b"aws4_request" in text for text in texts)
