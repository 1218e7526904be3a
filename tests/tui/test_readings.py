"""Pure readings of a case: records as lines, marks, trees, runs, interviews, paths."""

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import JsonValue

from investigator.domain.claim import Absent, Claim, Count, First, Linked, MeasureIs, SameCredential, StateIs
from investigator.domain.credential import Credential
from investigator.domain.progress import Progress, ProgressRow
from investigator.domain.times import Window
from investigator.domain.words import Stage
from investigator.tui.cited import Marks, marks
from investigator.tui.forest import forest
from investigator.tui.hanging import Hanging, fact
from investigator.tui.inert import inert
from investigator.tui.interview import Interview, remark
from investigator.tui.json_text import MAX_LINES, json_lines
from investigator.tui.lookup import Lookup
from investigator.tui.path_completion import completion, fault
from investigator.tui.predicates import in_words
from investigator.tui.run_picture import RunPicture, folded
from investigator.tui.screens.export import write_new
from investigator.tui.widgets.rows import Column, widths
from investigator.tui.words import duration
from tests.doubles.fake_case import LEAKED, QUESTIONS, SECOND, START, document, evidence_id, raw_record

# ---- records


def marked(value: JsonValue, marks: Marks) -> list[str]:
    return [line.key + line.value for line in json_lines(value, marks) if line.cited]


def test_a_record_reads_as_json():
    lines = json_lines({"a": [1, {"b": "x"}], "c": None}, Marks())

    assert ["  " * line.indent + line.key + line.value for line in lines] == [
        "{", '  "a": [', "    1,", "    {", '      "b": "x"', "    }", "  ],", '  "c": null', "}",
    ]  # fmt: skip


def test_a_control_character_of_a_record_is_an_escape_and_a_quote_is_quoted():
    assert json_lines('a\x1b"b', Marks())[0].value == '"a\\x1b\\"b"'


def test_a_record_as_deep_as_an_attack_is_cut():
    deep: JsonValue = "end"
    for _ in range(5_000):
        deep = {"a": deep}

    assert json_lines(deep, Marks())[40].value == "… deeper levels are not shown"


def test_a_record_of_a_million_elements_is_cut():
    lines = json_lines(list(range(1_000_000)), Marks())

    assert len(lines) == MAX_LINES + 1
    assert "too long for a screen" in lines[-1].value


def test_the_fields_that_claims_speak_of_are_marked():
    shown = marked(raw_record(4), marks(document().claims, evidence_id(4)))

    assert f'"accessKeyId": "{LEAKED}"' in shown
    assert '"eventName": "CreateAccessKey",' in shown
    assert f'"accessKeyId": "{SECOND}",' in shown
    assert not any("userAgent" in line for line in shown)


def test_a_record_that_no_claim_cites_has_no_mark():
    assert marks(document().claims, evidence_id(2)) == Marks()


def test_a_path_of_an_answer_is_marked_however_deep_its_page_nests_it():
    claim = Claim(
        id="c9",
        text="The key is active.",
        basis="observed",
        predicates=(StateIs(answer="aws:1", path="AccessKeyMetadata[AccessKeyId=A].Status", value="Active"),),
        evidence=("aws:1",),
    )
    page: JsonValue = {"pages": [{"AccessKeyMetadata": [{"AccessKeyId": "A", "Status": "Active"}]}]}

    assert marked(page, marks((claim,), "aws:1")) == ['"Status": "Active"']


def test_an_expression_that_cannot_be_read_marks_nothing():
    claim = Claim(id="c9", text="…", basis="observed", predicates=(Absent(where='a="', cells=(), scope="given"),), evidence=("ct:1",))  # fmt: skip

    assert marks((claim,), "ct:1") == Marks()


@pytest.mark.parametrize(
    ("predicate", "words"),
    [
        (Count(where="eventName=X", n=1, cells=()), "Exactly 1 record match  eventName=X"),
        (Count(where="x=1", over="sourceIPAddress", n=3, cells=()), "Exactly 3 distinct values of sourceIPAddress"),
        (First(where="x=1", time=START, cells=()), "The earliest match is at 2026-01-27 19:00:00"),
        (SameCredential(records=("ct:1", "ct:2"), key=LEAKED), f"2 records signed with {LEAKED}"),
        (Linked(parent=LEAKED, child=SECOND, rule="1", through=("ct:1",)), "Linking rule 1 leads from"),
        (Absent(where="x=1", cells=(), scope="given"), "No record matches in the records given"),
        (
            MeasureIs(answer="aws:1", path="p", agg="sum", window=Window(start=START, end=START), op=">=", value="3"),
            "sum of p >= 3 from 2026-01-27",
        ),
    ],
)
def test_a_predicate_in_words(predicate, words: str):
    assert in_words(predicate).startswith(words)


# ---- credentials


def credential(name: str, parent: str | None = None, minute: int = 0) -> Credential:
    return Credential(id=name, issued_to="x", parent=parent, start=START + timedelta(minutes=minute))


def test_credentials_grow_as_a_tree_in_the_order_of_time():
    grown = forest((credential("c", "a", 3), credential("a"), credential("b", "a", 1), credential("d", "b", 2)))

    assert [branch.guides + branch.credential.id for branch in grown] == ["a", "├─ b", "│  └─ d", "└─ c"]


def test_branches_that_lead_to_an_accused_credential_come_first():
    grown = forest((credential("a"), credential("b", "a", 1), credential("c", "a", 2), credential("d", "c", 3)), {"d"})

    assert [branch.credential.id for branch in grown] == ["a", "c", "d", "b"]


def test_a_circle_of_credentials_shows_each_once():
    grown = forest((credential("a", "b"), credential("b", "a"), credential("c", "c")))

    assert sorted(branch.credential.id for branch in grown) == ["a", "b", "c"]


def test_an_unknown_parent_starts_a_tree():
    assert forest((credential("a", "elsewhere"),))[0].guides == ""


def test_a_chain_longer_than_the_stack_is_shown():
    chain = [credential("0"), *(credential(str(n), str(n - 1), n) for n in range(1, 3_000))]

    assert len(forest(chain)) == 3_000


# ---- the run


def rows(*progress: Progress) -> list[ProgressRow]:
    return [ProgressRow(number=number, progress=row) for number, row in enumerate(progress, 1)]


def stage(name: Stage) -> Progress:
    return Progress(kind="stage", stage=name)


def step(text: str, done: int, unit: str = "steps") -> Progress:
    return Progress(kind="step", stage=Stage.GATHERING, text=text, done=done, total=9, unit=unit)


def test_a_run_is_folded_from_its_rows():
    gap = Progress(kind="gap", text="no data events")
    picture = folded(RunPicture(), rows(stage(Stage.GATHERING), step("one", 1), gap, gap, step("two", 2)))

    assert picture.step == "two"
    assert picture.counts == {"steps": 2}
    assert picture.gaps == ("no data events",)
    assert picture.passed(Stage.PLANNING)
    assert not picture.passed(Stage.GATHERING)


def test_rows_that_are_known_change_nothing():
    once = folded(RunPicture(), rows(stage(Stage.GATHERING), step("one", 1)))

    assert folded(once, rows(stage(Stage.INTAKE), step("x", 9))) == once


def test_a_run_that_plans_again_starts_a_new_picture():
    ran = folded(RunPicture(), rows(stage(Stage.GATHERING), Progress(kind="gap", text="old"), stage(Stage.REPORTING), stage(Stage.PLANNING)))  # fmt: skip

    assert ran.gaps == ()
    assert ran.stage is Stage.PLANNING


@pytest.mark.parametrize(("seconds", "words"), [(0, "0 s"), (42.4, "42 s"), (185, "3 min 05 s"), (4_200, "1 h 10 min")])
def test_a_duration_in_words(seconds: float, words: str):
    assert duration(seconds) == words


# ---- the interview


def test_answering_goes_on_to_the_next_open_question():
    interview = Interview(QUESTIONS).answered("AKIAIOSFODNN7EXAMPLE").answered("")

    assert interview.answers == {"key": "AKIAIOSFODNN7EXAMPLE"}
    assert interview.skipped == {"known_ips"}
    assert interview.at == 2
    assert not interview.complete


def test_a_skipped_question_can_be_answered_after_all():
    interview = Interview(QUESTIONS).answered("").moved(-1).answered("AKIAIOSFODNN7EXAMPLE")

    assert interview.skipped == frozenset()
    assert interview.answers == {"key": "AKIAIOSFODNN7EXAMPLE"}


def test_going_back_stops_at_the_first_question():
    assert Interview(QUESTIONS).moved(-1).at == 0


@pytest.mark.parametrize("answer", ["", "unknown", "192.0.2.0/24", "192.0.2.7, 198.51.100.0/24"])
def test_an_answer_that_fits_has_no_remark(answer: str):
    assert remark("known_ips", answer) is None


def test_an_answer_that_does_not_fit_is_remarked():
    assert remark("known_ips", "192.0.2.7, home") == "takes an IP address or a CIDR such as 198.51.100.0/24"


def test_an_unknown_slot_takes_any_answer():
    assert remark("nothing of ours", "x") is None


# ---- paths and files


def test_a_path_is_completed_as_far_as_a_folder_goes(tmp_path: Path):
    (tmp_path / "cloudtrail").mkdir()
    (tmp_path / "cloudtrail" / "a.json.gz").touch()

    assert completion(f"{tmp_path}/clo") == f"{tmp_path}/cloudtrail/"
    assert completion(f"{tmp_path}/cloudtrail/a") == f"{tmp_path}/cloudtrail/a.json.gz"


def test_hidden_files_are_not_offered_unasked(tmp_path: Path):
    (tmp_path / ".secret").touch()

    assert completion(f"{tmp_path}/") is None
    assert completion(f"{tmp_path}/.s") == f"{tmp_path}/.secret"


@pytest.mark.parametrize("text", ["", "/nowhere/at/all/x", "\0"])
def test_what_cannot_be_completed_is_left_alone(text: str):
    assert completion(text) is None


def test_a_path_that_is_not_there_is_named(tmp_path: Path):
    assert fault(str(tmp_path / "x")) == f"there is no {tmp_path / 'x'}"
    assert fault(str(tmp_path)) is None
    assert fault("") is None


def test_a_file_is_no_folder(tmp_path: Path):
    (tmp_path / "x").touch()

    assert "a folder is needed" in (fault(str(tmp_path / "x"), folder=True) or "")


def test_an_export_that_breaks_leaves_no_file(tmp_path: Path):
    def chunks():
        yield b"half"
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_new(tmp_path / "report.html", chunks())
    assert not (tmp_path / "report.html").exists()


# ---- layout


def test_columns_share_what_the_fixed_ones_leave():
    assert widths((Column("a", 10), Column("b"), Column("c")), 50) == (10, 18, 18)


def test_a_column_for_wide_lists_is_left_out_of_a_narrow_one():
    columns = (Column("a"), Column("b", 10, from_width=60), Column("c", 4, to_width=60))

    assert widths(columns, 40) == (34, 0, 4)
    assert widths(columns, 60) == (48, 10, 0)


def test_a_long_value_hangs_under_its_beginning():
    visual = Hanging([fact("Why", inert("one two three four"), 6)])

    assert visual.get_height({}, 20) == 2


def test_a_reference_is_told_in_words():
    lookup = Lookup(document())

    assert lookup.why("f1").startswith("f1: The leaked key")
    assert lookup.why("c3").startswith("c3: Somebody")
    assert lookup.why(LEAKED) == f"done by {LEAKED}, compromised"
    assert lookup.why("nothing") == "nothing"
