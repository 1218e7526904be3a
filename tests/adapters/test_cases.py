"""The case database: cases, results, steps, progress, leases and rates, shared by processes."""

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from investigator.adapters.cases import CaseDatabase
from investigator.domain.case import Case, Header, OpenCase
from investigator.domain.progress import Progress
from investigator.domain.stage_results import Proposed
from investigator.domain.trouble import CaseBusy, CaseLost, NoSuchCase
from investigator.domain.words import RunState, Stage


@pytest.fixture
def shelf(tmp_path):
    return CaseDatabase(tmp_path, patience=0.1)


def a_case(handle="1" * 12, worry="a key leaked", key=None):
    header = Header(name="ir-0", title=worry, description=worry)
    request = OpenCase(worry=worry, idempotency_key=key)
    return Case(handle=handle, request=request, header=header, opened=datetime(2026, 1, 27, tzinfo=UTC))


def test_a_case_is_found_again_by_another_process(shelf, tmp_path):
    shelf.add(a_case())

    assert CaseDatabase(tmp_path).get("1" * 12) == a_case()


def test_an_unknown_handle_says_how_to_list_cases(shelf):
    with pytest.raises(NoSuchCase, match="investigator cases"):
        shelf.get("9" * 12)


def test_the_same_idempotency_key_gives_the_same_case(shelf):
    shelf.add(a_case(key="alert-1"))

    assert shelf.add(a_case("2" * 12, key="alert-1")).handle == "1" * 12


def test_the_same_key_for_another_request_is_refused(shelf):
    shelf.add(a_case(key="alert-1"))

    with pytest.raises(ValueError, match="another request"):
        shelf.add(a_case("2" * 12, worry="something else", key="alert-1"))


def test_many_racing_for_one_key_open_one_case(tmp_path):
    CaseDatabase(tmp_path)

    def race(number):
        return CaseDatabase(tmp_path).add(a_case(f"{number:012}", key="alert-1")).handle

    with ThreadPoolExecutor(8) as pool:
        handles = set(pool.map(race, range(24)))

    assert len(handles) == 1


def test_forgetting_a_stage_forgets_all_later_ones(shelf):
    for stage in Stage:
        shelf.save("1" * 12, stage, Proposed())

    shelf.forget_from("1" * 12, Stage.LINKING)

    kept = [stage for stage in Stage if shelf.load("1" * 12, stage)]
    assert kept == [Stage.INTAKE, Stage.CLARIFYING, Stage.PLANNING, Stage.GATHERING]


def test_a_follower_gets_only_what_is_new(shelf):
    for text in ("one", "two", "three"):
        shelf.append("1" * 12, Progress(kind="step", text=text))

    assert [row.progress.text for row in shelf.after("1" * 12, 1)] == ["two", "three"]


def test_a_living_holder_keeps_the_lease_and_is_named(shelf):
    shelf.take("1" * 12, f"{os.getpid()}/a")

    with pytest.raises(CaseBusy, match=str(os.getpid())):
        shelf.take("1" * 12, f"{os.getpid()}/b")


def test_a_dead_holder_loses_the_lease_at_once(shelf):
    shelf.take("1" * 12, "4194303/a")

    shelf.take("1" * 12, "1/b")


def test_hostile_text_survives_the_database(shelf):
    worry = "\x00 \x1b]52;c;x\x07 '; DROP TABLE cases; -- \u202e"
    shelf.add(a_case(worry=worry))

    assert shelf.get("1" * 12).request.worry == worry


def test_a_newer_database_is_refused_with_the_reason(shelf, tmp_path):
    with sqlite3.connect(tmp_path / "cases.sqlite") as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.close()

    with pytest.raises(ValueError, match="newer version"):
        CaseDatabase(tmp_path)


def test_a_change_is_kept(shelf):
    shelf.add(a_case())
    shelf.change(a_case().handle, lambda case: case.model_copy(update={"run": RunState.FINISHED}))

    assert shelf.get("1" * 12).run is RunState.FINISHED


OUTRUN, OTHER = "4194302/outrun", "1/other"
WRITES = {
    "a change": lambda held: held.change("1" * 12, lambda case: case.model_copy(update={"run": RunState.FINISHED})),
    "a change with its last line": lambda held: held.change(
        "1" * 12, lambda case: case.model_copy(update={"run": RunState.FINISHED}), Progress(kind="finished")
    ),
    "the result of a stage": lambda held: held.save("1" * 12, Stage.ASSESSING, Proposed()),
    "to forget stages": lambda held: held.forget_from("1" * 12, Stage.INTAKE),
    "a finished step": lambda held: held.keep("1" * 12, "0" * 16, "{}"),
    "a line of progress": lambda held: held.append("1" * 12, Progress(kind="step", text="late")),
    "a request to stop": lambda held: held.ask_to_stop("1" * 12, stop=True),
    "to hold the case for longer": lambda held: held.renew("1" * 12, OUTRUN),
}


@pytest.fixture
def begun(shelf):
    """A case with something to lose, held by a process that sleeps."""
    shelf.add(a_case())
    shelf.save("1" * 12, Stage.INTAKE, Proposed())
    shelf.keep("1" * 12, "a" * 16, "{}")
    shelf.append("1" * 12, Progress(kind="step", text="on time"))
    shelf.take("1" * 12, OUTRUN)
    return shelf


def rows(folder):
    with sqlite3.connect(folder / "cases.sqlite") as database:
        return [line for line in database.iterdump() if line.startswith("INSERT")]


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_holder_writes_as_long_as_the_case_is_its_own(write, begun, tmp_path):
    before = rows(tmp_path)

    write(begun.held_by(OUTRUN))

    assert rows(tmp_path) != before


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_holder_whose_case_was_taken_over_writes_nothing(write, begun, tmp_path):
    begun.take("1" * 12, OTHER)
    before = rows(tmp_path)

    with pytest.raises(CaseLost):
        write(begun.held_by(OUTRUN))

    assert rows(tmp_path) == before


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_nor_when_the_one_who_took_it_is_done_with_it(write, begun, tmp_path):
    begun.take("1" * 12, OTHER)
    begun.release("1" * 12, OTHER)
    before = rows(tmp_path)

    with pytest.raises(CaseLost):
        write(begun.held_by(OUTRUN))

    assert rows(tmp_path) == before


def test_a_lease_that_ran_out_and_nobody_took_is_renewed(tmp_path):
    hasty = CaseDatabase(tmp_path, patience=0, lease=0.0)
    hasty.add(a_case())
    hasty.take("1" * 12, f"{os.getpid()}/a")

    CaseDatabase(tmp_path).renew("1" * 12, f"{os.getpid()}/a")

    with pytest.raises(CaseBusy):
        hasty.take("1" * 12, f"{os.getpid()}/b")


def test_a_change_that_changes_nothing_adds_no_line(shelf):
    shelf.add(a_case())

    shelf.change("1" * 12, lambda case: case, Progress(kind="finished"))

    assert shelf.after("1" * 12, 0) == ()
