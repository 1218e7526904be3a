"""The first page: the steps of one intrusion stand before what everybody does now and then."""

from datetime import UTC, datetime, timedelta

from investigator.detections.ranking import ranked
from investigator.domain.hit import Hit, lines
from investigator.domain.words import Severity, Tactic

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
            rule_id="X1", title=name, name=name, principal=principal, account="1", first=when, last=when, count=1,
            techniques=(), **{"level": Severity.MEDIUM, "tactic": Tactic.IMPACT, "event_ids": (event,), **fields},
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


def test_principals_that_share_an_address_with_few_are_one_and_an_office_is_not():
    few, office = Told(), Told()
    for place, tactic in enumerate(TACTICS[:6]):
        few.hit(f"step {place}", f"eve {place // 2}", tactic=tactic, address="198.51.100.7")
        office.hit(f"step {place}", f"person {place}", tactic=tactic, address="192.0.2.1")
    for told in (few, office):
        told.hit("lone", "other", 3, level=Severity.HIGH)

    assert few.names()[-1] == "lone"
    assert office.names()[0] == "lone"


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

    [first, second] = lines([whole, part, wider])
    assert (first.hit, first.also) == (whole, (part,))
    assert (second.hit, second.also) == (wider, ())
