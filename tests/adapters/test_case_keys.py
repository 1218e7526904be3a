"""Which case a request leads to: the one of its idempotency key, or the open one of its alert."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from investigator.adapters.cases import CaseDatabase
from investigator.domain.case import Case, Header, OpenCase
from investigator.domain.trouble import KeyReused
from investigator.domain.words import ClosureCode

FIRST, SECOND, THIRD = "1" * 12, "2" * 12, "3" * 12


@pytest.fixture
def shelf(tmp_path: Path) -> CaseDatabase:
    return CaseDatabase(tmp_path)


def an_alert(handle: str = FIRST, alert: str | None = "alert-1", key: str | None = None, **more: object) -> Case:
    header = Header(name="ir-0", title="t", description="t")
    request = OpenCase(worry="an alert", idempotency_key=key, **more)
    return Case(
        handle=handle, request=request, header=header, opened=datetime(2026, 1, 27, tzinfo=UTC), alert_key=alert
    )


def closed(shelf: CaseDatabase, handle: str) -> None:
    shelf.change(handle, lambda case: case.model_copy(update={"closure": ClosureCode.COMPLETED}))


def test_the_same_alert_gives_its_open_case(shelf: CaseDatabase) -> None:
    shelf.add(an_alert())

    assert shelf.add(an_alert(SECOND)).handle == FIRST
    assert [case.handle for case in shelf.all()] == [FIRST]


def test_another_alert_opens_another_case(shelf: CaseDatabase) -> None:
    shelf.add(an_alert())

    assert shelf.add(an_alert(SECOND, alert="alert-2")).handle == SECOND


def test_words_alone_always_open_a_case(shelf: CaseDatabase) -> None:
    shelf.add(an_alert(alert=None))

    assert shelf.add(an_alert(SECOND, alert=None)).handle == SECOND


def test_an_alert_whose_case_is_closed_opens_a_new_one_that_has_it_from_then_on(shelf: CaseDatabase) -> None:
    shelf.add(an_alert())
    closed(shelf, FIRST)

    assert shelf.add(an_alert(SECOND)).handle == SECOND
    assert shelf.add(an_alert(THIRD)).handle == SECOND


def test_a_case_anew_has_the_alert_from_then_on(shelf: CaseDatabase) -> None:
    shelf.add(an_alert())

    assert shelf.add(an_alert(SECOND, anew=True)).handle == SECOND
    assert shelf.add(an_alert(THIRD)).handle == SECOND


def test_a_key_that_came_with_a_known_alert_leads_there_even_when_the_case_is_closed(shelf: CaseDatabase) -> None:
    shelf.add(an_alert(key="k-1"))
    shelf.add(an_alert(SECOND, key="k-2"))
    closed(shelf, FIRST)

    assert shelf.add(an_alert(THIRD, key="k-2")).handle == FIRST


def test_a_key_that_came_with_a_known_alert_is_refused_for_another_request(shelf: CaseDatabase) -> None:
    shelf.add(an_alert(key="k-1"))
    shelf.add(an_alert(SECOND, key="k-2"))

    with pytest.raises(KeyReused):
        shelf.add(an_alert(THIRD, alert="alert-2", key="k-2", playbook="general"))


def test_many_racing_with_one_alert_open_one_case(tmp_path: Path) -> None:
    CaseDatabase(tmp_path)

    def race(number: int) -> str:
        return CaseDatabase(tmp_path).add(an_alert(f"{number:012}", key=f"k-{number}")).handle

    with ThreadPoolExecutor(8) as pool:
        handles = set(pool.map(race, range(24)))

    assert len(handles) == 1


def test_a_database_of_before_keeps_its_cases_and_their_keys(tmp_path: Path) -> None:
    CaseDatabase(tmp_path).add(an_alert(key="k-1"))
    with sqlite3.connect(tmp_path / "cases.sqlite") as db:
        db.executescript("DROP TABLE keys; UPDATE alembic_version SET version_num = '0001'")
    db.close()

    shelf = CaseDatabase(tmp_path)

    assert shelf.add(an_alert(SECOND, key="k-1")).handle == FIRST
    assert shelf.add(an_alert(THIRD)).handle == THIRD, "alerts of before were not remembered"
