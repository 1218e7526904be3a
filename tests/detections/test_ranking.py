"""The first page: the steps of one intrusion stand before what everybody does now and then."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import pytest

from investigator.detections.detect import detect
from investigator.detections.loader import load_rules
from investigator.detections.ranking import for_reading, ranked
from investigator.domain.hit import Hit, lines
from investigator.domain.words import Severity, Tactic
from tests.detections.records import Records, call

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
TACTICS = list(Tactic)


class Told:
    """Hits and where their events were seen."""

    def __init__(self) -> None:
        self.hits: list[Hit] = []
        self.seen: dict[str, tuple[datetime, str]] = {}

    def hit(self, name: str, principal: str, day: float = 0, **fields: object) -> Hit:
        """A hit of one event, of medium level unless told otherwise."""
        event, when = f"ct:{len(self.seen)}", START + timedelta(days=day)
        self.seen[event] = (when, str(fields.pop("address", f"192.0.2.{len(self.seen)}")))
        hit = Hit(
            rule_id="X1", title=name, name=name, principal=principal, first=when, last=when, count=1,
            techniques=(), **{"account": "1", "level": Severity.MEDIUM, "tactic": Tactic.IMPACT, "event_ids": (event,), **fields},
        )  # fmt: skip
        self.hits.append(hit)
        return hit

    def names(self) -> list[str]:
        return [hit.name for hit in ranked(self.hits, self.seen)]


def test_several_tactics_of_one_day_stand_before_a_lone_weightier_call():
    told = Told()
    told.hit("lone", "admin", level=Severity.HIGH)
    for place, tactic in enumerate(TACTICS[:5]):
        told.hit(f"step {place}", "eve", 9 + place / 24, tactic=tactic)

    assert told.names()[-1] == "lone"


def test_the_same_tactics_over_a_month_are_no_chain():
    told = Told()
    for place, tactic in enumerate(TACTICS[:5]):
        told.hit(f"step {place}", "admin", 5 * place, tactic=tactic)
    told.hit("lone", "other", level=Severity.HIGH)

    assert told.names()[0] == "lone"


def test_principals_from_one_address_are_one_however_many_and_an_office_is_not():
    """An office is known by those who call from it on other days."""
    intruder, office = Told(), Told()
    for place, tactic in enumerate(TACTICS[:8]):
        intruder.hit(f"step {place}", f"eve {place}", tactic=tactic, address="198.51.100.7")
        office.hit(f"step {place}", f"person {place}", tactic=tactic, address="192.0.2.1")
        office.hit("everyday", f"person {place}", 9, level=Severity.LOW, address="192.0.2.1")
    for told in (intruder, office):
        told.hit("lone", "other", 3, level=Severity.HIGH)

    assert intruder.names()[-1] == "lone"
    assert office.names()[0] == "lone"


def test_one_role_in_many_accounts_is_one_caller_of_an_address():
    told = Told()
    for place, tactic in enumerate(TACTICS[:8]):
        told.hit(f"step {place}", f"arn:aws:iam::{place:012}:role/Admin", tactic=tactic, address="198.51.100.7")
        told.hit("before", f"arn:aws:iam::{place:012}:role/Admin", 1, level=Severity.LOW, address="198.51.100.7")
    told.hit("lone", "other", 3, level=Severity.HIGH)

    assert "lone" not in told.names()[:8]


@pytest.mark.parametrize("nobody", ["unknown", "anonymous", "config.amazonaws.com"])
def test_a_principal_that_stands_for_many_joins_nothing(nobody):
    told = Told()
    for place, tactic in enumerate(TACTICS[:5]):
        told.hit(f"step {place}", nobody, tactic=tactic)
    told.hit("lone", "other", level=Severity.HIGH)

    assert told.names()[0] == "lone"


def test_the_same_principal_in_two_accounts_is_two():
    told = Told()
    for place, tactic in enumerate(TACTICS[:4]):
        told.hit(f"step {place}", "eve", tactic=tactic, account=str(place))
    told.hit("lone", "other", level=Severity.HIGH)

    assert told.names()[0] == "lone"


def test_whoever_shows_as_many_tactics_on_other_days_is_at_his_usual_work():
    told = Told()
    for day in (1, 8, 15):
        for place, tactic in enumerate(TACTICS[:5]):
            told.hit(f"step {place}", "deploy", day, tactic=tactic)
    told.hit("lone", "other", level=Severity.HIGH)
    assert told.names()[0] == "lone"

    for place, tactic in enumerate(TACTICS[:9]):
        told.hit(f"worse {place}", "deploy", 20, tactic=tactic)
    assert {name[:5] for name in told.names()[:9]} == {"worse"}


def test_harm_by_itself_comes_before_the_same_weight_without():
    told = Told()
    told.hit("plain", "a")
    told.hit("harm", "b", 1, harmful=True)

    assert told.names() == ["harm", "plain"]


def test_small_things_make_no_chain():
    """Looks of low weight are of many tactics every day."""
    told = Told()
    for place, tactic in enumerate(TACTICS[:6]):
        told.hit(f"look {place}", "admin", tactic=tactic, level=Severity.LOW)
    told.hit("lone", "other")

    assert told.names()[0] == "lone"


def test_tactics_beyond_six_add_nothing():
    def places(tactics: int) -> list[str]:
        told = Told()
        for place, tactic in enumerate(TACTICS[:tactics]):
            told.hit(f"step {place}", "eve", tactic=tactic, level=Severity.LOW if place > 6 else Severity.MEDIUM)
        told.hit("lone", "other", level=Severity.CRITICAL, harmful=True)
        return told.names()

    assert places(7)[0] == places(9)[0]


def test_habits_stand_behind_everything_else():
    told = Told()
    told.hit("habit", "role", level=Severity.INFORMATIONAL)
    for number in range(40):
        told.hit("low", f"role {number}", number / 50, level=Severity.LOW)

    assert told.names()[-1] == "habit"


def test_hits_are_told_apart_by_habit_first_and_then_the_site_has_its_word():
    """A high hit that the site makes medium has not become a habit."""
    records = [
        {**call("iam:CreateUser", requestParameters={"userName": "x"}), "eventTime": f"2026-01-{day:02}T03:00:00Z", "eventID": f"{day}"}
        for day in (1, 2, 3, 4, 20, 25)
    ]  # fmt: skip
    store = Records(*records)
    hits = detect(store, load_rules())

    def lowered(found: Iterable[Hit]) -> list[Hit]:
        return [hit.model_copy(update={"level": hit.level.lowered()}) for hit in found]

    def made(judged: Callable[[Iterable[Hit]], Iterable[Hit]], *, habits: bool) -> set[Severity]:
        return {hit.level for hit in for_reading(hits, store, judged, habits=habits) if hit.name == "create-user"}

    plain = made(list, habits=False)
    assert plain == {Severity.HIGH}
    assert made(lowered, habits=True) == {Severity.MEDIUM}


def test_a_habit_is_told_apart_only_where_that_is_wanted():
    """The rules of a user's own folder keep their levels."""
    records = [
        {**call("sts:GetCallerIdentity"), "eventTime": f"2026-01-{day:02}T03:00:00Z", "eventID": f"{day}"}
        for day in (1, 2, 3, 4, 20, 25)
    ]
    store = Records(*records)
    hits = detect(store, load_rules())

    def levels(*, habits: bool) -> set[Severity]:
        return {hit.level for hit in for_reading(hits, store, list, habits=habits) if hit.name == "caller-identity"}

    assert Severity.LOW in levels(habits=False)
    assert Severity.LOW not in levels(habits=True)


def test_a_services_name_joins_nobody():
    told = Told()
    for place, tactic in enumerate(TACTICS[:4]):
        told.hit(f"step {place}", f"role {place % 2}", tactic=tactic, address="cloudformation.amazonaws.com")
    told.hit("lone", "other", 3, level=Severity.HIGH)

    assert told.names()[0] == "lone"


def test_what_hits_one_caller_stands_before_what_hits_all():
    told = Told()
    for number in range(5):
        told.hit("everywhere", f"role {number}", number)
    told.hit("rare", "role 9", 9)

    assert told.names()[0] == "rare"


def test_nothing_is_lost_and_equal_hits_stand_in_time_order():
    told = Told()
    for number in (3, 1, 2):
        told.hit("same", f"role {number}", number, level=Severity.INFORMATIONAL)

    assert [hit.principal for hit in ranked(told.hits, told.seen)] == ["role 1", "role 2", "role 3"]


def test_rules_that_tell_of_the_same_events_again_have_no_line_of_their_own():
    told = Told()
    whole = told.hit("burst", "eve", event_ids=("ct:a", "ct:b", "ct:c"))
    part = told.hit("single", "eve", event_ids=("ct:a",), level=Severity.LOW)
    wider = told.hit("wider", "eve", event_ids=("ct:c", "ct:d"), level=Severity.LOW)
    heavier = told.hit("heavier", "eve", event_ids=("ct:b",), level=Severity.HIGH)
    other = told.hit("other", "eve", event_ids=("ct:a",), tactic=Tactic.DISCOVERY)
    same = told.hit("same", "eve", event_ids=("ct:c", "ct:b", "ct:a"), tactic=Tactic.DISCOVERY)
    empty = told.hit("empty", "eve", event_ids=())

    shown = lines([whole, part, wider, heavier, other, same, empty])
    assert [(line.hit, line.also) for line in shown] == [
        (whole, (part, same)),
        (wider, ()),
        (heavier, ()),
        (other, ()),
        (empty, ()),
    ]
