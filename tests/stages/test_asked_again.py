"""The last minutes of an event history are asked for again, once, and only where more may have come."""

from datetime import timedelta
from itertools import count

import pytest

from investigator.domain.words import CellState
from tests.doubles.fake_accounts import FakeAccounts, refusal
from tests.doubles.fake_store import FakeStore
from tests.stages.test_gathering import ALICE, HOME, NOW, QUESTIONS, asked, case, run, world
from tests.stages.test_leads import BOB_KEY, INTRUSION
from tests.stages.test_planning import asks
from tests.support.story import told, without

LOOKUP = "cloudtrail.LookupEvents"
KEY_USE = (asks("calls_by_key", for_each="key"),)
TAIL = NOW - timedelta(minutes=15)


class Answers(FakeAccounts):
    """AWS that answers the first look-up, and the second one otherwise."""

    def __init__(self, *second) -> None:
        super().__init__((HOME,), {})
        self._second = second

    def at(self, account, region):
        aws = super().at(account, region)
        self.replies = {LOOKUP: self._second} if self._lookups else {}
        return aws

    @property
    def _lookups(self) -> int:
        return sum(name == LOOKUP for name, *_ in self.asked)


def minutes_pass():
    """A clock on which a minute passes between two looks."""
    minutes = count(step=60.0)
    return lambda: next(minutes)


def lookups(accounts) -> int:
    return sum(name == LOOKUP for name, *_ in accounts.asked)


def test_after_a_while_they_are_asked_for_once_more():
    accounts = Answers({})

    gathered = run(
        case(key=ALICE), world(*KEY_USE, cells=(HOME,)), accounts=accounts, again_after=60.0, seconds=minutes_pass()
    )

    assert lookups(accounts) == 2
    first, again = gathered.steps
    assert again.step.inputs["window"].startswith(TAIL.strftime("%Y-%m-%dT%H:%M:%SZ/"))
    assert first.step.inputs["window"].endswith(again.step.inputs["window"].partition("/")[2])


def test_every_minute_is_in_one_cell():
    accounts = Answers({})

    gathered = run(
        case(key=ALICE), world(*KEY_USE, cells=(HOME,)), accounts=accounts, again_after=60.0, seconds=minutes_pass()
    )

    [whole, late] = sorted(gathered.cells, key=lambda cell: cell.window.start)
    assert (whole.state, late.state) == (CellState.SEEN, CellState.PARTIAL)
    assert whole.window.end == late.window.start == TAIL


@pytest.mark.parametrize(
    ("again_after", "seconds"),
    [(60.0, lambda: 0.0), (None, minutes_pass())],
    ids=["at once the answer is the same", "what was delivered at opening"],
)
def test_where_nothing_can_have_come_nobody_asks(again_after, seconds):
    accounts = Answers({})

    run(case(key=ALICE), world(*KEY_USE, cells=(HOME,)), accounts=accounts, again_after=again_after, seconds=seconds)

    assert lookups(accounts) == 1


def test_a_refusal_then_changes_nothing():
    once = run(case(key=ALICE), world(*KEY_USE, cells=(HOME,)), accounts=Answers({}))

    for state in (CellState.NOT_SAVED, CellState.DENIED, CellState.INCOMPLETE):
        refused = Answers(refusal("again", state))
        twice = run(case(key=ALICE), world(*KEY_USE, cells=(HOME,)), accounts=refused, again_after=0)

        assert lookups(refused) == 2
        assert twice.model_dump(exclude={"aws_calls"}) == once.model_dump(exclude={"aws_calls"})


def test_what_an_earlier_run_asked_again_is_not_asked_a_third_time():
    accounts, kept = Answers({}), {}
    facts, there = case(key=ALICE), world(*KEY_USE, cells=(HOME,))

    for _ in range(3):
        last = run(
            facts, there, accounts=accounts, again_after=60.0, seconds=lambda: 0.0,
            kept=dict(kept), keep=lambda report: kept.update({report.step.id: report}),
        )  # fmt: skip

    assert lookups(accounts) == 2
    assert len(last.steps) == 2


def test_a_record_that_came_late_is_followed():
    late = "ct:2"
    stores = iter([FakeStore(without(told(INTRUSION), late)), *[FakeStore(told(INTRUSION))] * 9])
    there = world(*QUESTIONS, cells=(HOME,), minutes=100_000)

    gathered = run(
        case(key=ALICE),
        there,
        accounts=Answers({}),
        refresh=lambda: next(stores),
        again_after=60.0,
        seconds=minutes_pass(),
    )

    assert ("calls_by_key", BOB_KEY) in asked(gathered)
    assert {report.step.lead for report in gathered.steps if report.step.inputs.get("key") == BOB_KEY} == {late}


def test_when_it_came_leaves_no_trace():
    """The same records, late in one case and in time in the other."""
    there = world(*QUESTIONS, cells=(HOME,), minutes=100_000)
    late = iter([FakeStore(without(told(INTRUSION), "ct:2")), *[FakeStore(told(INTRUSION))] * 9])

    live = run(
        case(key=ALICE),
        there,
        accounts=Answers({}),
        refresh=lambda: next(late),
        again_after=60.0,
        seconds=minutes_pass(),
    )
    replayed = run(
        case(key=ALICE), there, accounts=Answers({}), refresh=lambda: FakeStore(told(INTRUSION)), again_after=0
    )

    assert [report.step for report in live.steps] == [report.step for report in replayed.steps]
    assert (live.leads, live.gaps, live.cells) == (replayed.leads, replayed.gaps, replayed.cells)
