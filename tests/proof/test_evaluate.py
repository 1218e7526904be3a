"""Claims are judged on the raw records, and a wrong sentence does not pass."""

import json

import pytest

from investigator.domain.claim import Absent, Before, Claim, Count, Exists, Issued, Linked, SameCredential, StateIs
from investigator.domain.words import CellState
from investigator.proof.answers import NoAnswers, SavedAnswers
from investigator.proof.evaluate import evaluate
from investigator.proof.records import OriginalRecords
from tests.support.documents import (
    BACKUP,
    BUILD,
    KEYS,
    SESSION,
    OneFile,
    ToldCoverage,
    at,
    cells,
    claims,
    ct,
    records,
    write_answers,
    write_logs,
)

NEW_KEY = ct(5)


@pytest.fixture
def judge(tmp_path):
    """Evaluates claims against the told records, with a coverage that finds `n` records."""
    told = OriginalRecords(OneFile(write_logs(tmp_path)))
    answers = SavedAnswers(write_answers(tmp_path / "answers"))

    def evaluated(*asked, n=0, first=None, given=None):
        return evaluate(asked, given or cells(), told, answers, ToldCoverage(n=n, first=first))

    return evaluated


def observed(*predicates, evidence=(NEW_KEY,), name="c1"):
    return Claim(id=name, text="…", basis="observed", predicates=predicates, evidence=evidence)


def holds(judged):
    return [claim.holds for claim in judged]


def test_every_true_sentence_of_the_story_holds(judge):
    by_cells = ("c7", "c8")
    asked = [claim for claim in claims() if claim.id not in by_cells]

    assert all(holds(judge(*asked)))


def test_counts_come_from_the_cells(judge):
    counted = next(claim for claim in claims() if claim.id == "c7")

    assert holds(judge(counted, n=5, first=at("03:02:11"))) == [True]
    assert holds(judge(counted, n=6, first=at("03:02:11"))) == [False]
    assert holds(judge(counted, n=5, first=at("03:02:12"))) == [False]


@pytest.mark.parametrize(
    "wrong",
    [
        Exists(where="eventName=DeleteTrail"),
        Exists(where="eventName=CreateAccessKey outcome=denied"),
        Exists(where="eventName=CreateAccessKey from:2026-01-27T03:07:06Z"),
        Issued(by=ct(5), key=BUILD),
        Issued(by=ct(4), key=BACKUP),
        SameCredential(records=(ct(5), ct(6)), key=BUILD),
        Before(a=ct(5), b=ct(5)),
        Before(a=ct(6), b=ct(5)),
        Linked(parent=BUILD, child=SESSION, rule="6", through=(ct(5), ct(6))),
        Linked(parent=BUILD, child=BACKUP, rule="1", through=(ct(5),)),
        Linked(parent=BUILD, child=BACKUP, rule="11", through=(ct(5),)),
        StateIs(answer=KEYS, path=f"AccessKeyMetadata[AccessKeyId={BACKUP}].Status", value="Inactive"),
        StateIs(answer=KEYS, path="", value="Active"),
    ],
)
def test_a_wrong_predicate_does_not_hold(judge, wrong):
    assert holds(judge(observed(wrong))) == [False]


@pytest.mark.parametrize(
    "column", [f"key={BUILD}", "name=CreateAccessKey", "CreateAccessKey", "eventName~Create.*", ""]
)
def test_a_claim_may_not_rest_on_columns_words_or_patterns(judge, column):
    assert holds(judge(observed(Exists(where=column)))) == [False]


def test_absence_by_column_never_holds_for_want_of_a_match(judge):
    assert holds(judge(observed(Absent(where="key=AKIA", cells=("v1",), scope="given")), n=0)) == [False]


def test_all_predicates_of_a_claim_must_hold(judge):
    right, wrong = Issued(by=ct(5), key=BACKUP), Before(a=ct(6), b=ct(5))

    assert holds(judge(observed(right, wrong))) == [False]


def test_an_observed_claim_without_predicates_does_not_hold(judge):
    assert holds(judge(observed())) == [False]


def test_a_cited_record_that_cannot_be_read_again_fails_its_claim(judge):
    assert holds(judge(observed(Issued(by=ct(5), key=BACKUP), evidence=(ct(5), "ct:gone")))) == [False]


def test_inference_holds_when_all_that_it_rests_on_holds(judge):
    right = observed(Issued(by=ct(5), key=BACKUP))
    wrong = observed(Issued(by=ct(5), key=BUILD), name="c2")
    good = Claim(id="c3", text="…", basis="inferred", rests_on=("c1",))
    bad = Claim(id="c4", text="…", basis="inferred", rests_on=("c3", "c2"))
    above = Claim(id="c5", text="…", basis="inferred", rests_on=("c4",))

    assert holds(judge(above, right, wrong, good, bad)) == [False, True, False, True, False]


def test_inferences_that_rest_on_each_other_or_on_nothing_do_not_hold(judge):
    one = Claim(id="c1", text="…", basis="inferred", rests_on=("c2",))
    other = Claim(id="c2", text="…", basis="inferred", rests_on=("c1",))
    alone = Claim(id="c3", text="…", basis="inferred")
    dangling = Claim(id="c4", text="…", basis="inferred", rests_on=("c99",))

    assert holds(judge(one, other, alone, dangling)) == [False] * 4


def absent(where, *names):
    return observed(Absent(where=where, cells=names, scope="window"), evidence=())


def test_absence_in_a_window_needs_every_cell_seen_and_confined_to_what_it_says(judge):
    named = f"userIdentity.accessKeyId={BUILD} eventName=RunInstances"

    assert holds(judge(absent(named, "v2"))) == [True]
    assert holds(judge(absent(named, "v2"), n=1)) == [False]
    assert holds(judge(absent(named, "v1"))) == [False]
    assert holds(judge(absent(named, "v2", "v7"))) == [False]
    assert holds(judge(absent("eventName=RunInstances", "v2"))) == [False]
    assert holds(judge(absent("awsRegion=us-east-1 eventCategory=Management", "v2"))) == [False]
    assert holds(judge(absent(f"userIdentity.accessKeyId={BUILD}", "v2"))) == [False]
    assert holds(judge(absent(f"userIdentity.accessKeyId={BUILD} eventName=GetObject", "v2"))) == [False]
    assert holds(judge(absent(f"userIdentity.accessKeyId={BUILD} eventCategory=Management", "v2"))) == [True]
    assert holds(judge(absent(f"-userIdentity.accessKeyId={BUILD} eventName=RunInstances", "v2"))) == [False]


def test_completeness_without_a_known_cell_does_not_hold(judge):
    assert holds(judge(observed(Count(where="eventName=X", n=0, cells=()), evidence=()))) == [False]
    assert holds(judge(observed(Count(where="eventName=X", n=0, cells=("v99",)), evidence=()))) == [False]


def test_seen_cells_of_another_state_are_told_apart(judge):
    unseen = tuple(cell.model_copy(update={"state": CellState.INCOMPLETE}) for cell in cells())
    where = f"userIdentity.accessKeyId={BUILD} eventName=RunInstances"

    assert holds(judge(absent(where, "v2"), given=unseen)) == [False]


def test_a_repeated_key_counts_with_each_of_its_values(tmp_path):
    text = json.dumps(records()[0]).replace('"awsRegion"', '"awsRegion": "eu-west-3", "awsRegion"')
    path = tmp_path / "log.json"
    path.write_text(text)
    asked = tuple(observed(Exists(where=f"awsRegion={name}"), evidence=(ct(1),)) for name in ("eu-west-3", "us-east-1"))

    judged = evaluate(asked, (), OriginalRecords(OneFile(path)), NoAnswers(), ToldCoverage())

    assert holds(judged) == [True, True]
