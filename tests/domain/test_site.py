"""What the operator says of his own accounts."""

import pytest

from investigator.domain.hit import Hit
from investigator.domain.site import Does, Site, mode
from investigator.domain.words import Severity, Tactic

ONE, OTHER = "111122223333", "444455556666"


def hit(account: str = ONE, principal: str = "eve", name: str = "assume-role", level: Severity = Severity.HIGH) -> Hit:
    return Hit(
        rule_id="G01", name=name, title="t", level=level, tactic=Tactic.IMPACT, techniques=(), principal=principal,
        account=account, first=None, last=None, count=1, event_ids=("ct:1",), harmful=True,
    )  # fmt: skip


def does(*modes: str, **fields: object) -> Does:
    told = list(Site(modes=[*map(mode, modes)]).judged([hit(**fields)]))
    if not told:
        return Does.OFF
    return Does.COUNT if told[0].level is Severity.INFORMATIONAL and not told[0].harmful else Does.REPORT


def test_without_a_word_everything_is_reported():
    assert does() is Does.REPORT


def test_an_account_rests_and_others_do_not():
    assert does(f"{ONE}=off") is Does.OFF
    assert does(f"{ONE}=off", account=OTHER) is Does.REPORT


def test_a_rule_is_named_by_its_name_or_its_row():
    assert does(f"{ONE}/assume-role=count") is Does.COUNT
    assert does(f"{ONE}/G01=count") is Does.COUNT
    assert does(f"{ONE}/other=count") is Does.REPORT


@pytest.mark.parametrize("order", [1, -1])
def test_the_most_exact_word_holds_in_any_order(order):
    assert does(*["*=off", f"{ONE}=count"][::order]) is Does.COUNT
    assert does(*[f"{ONE}=off", f"{ONE}/G01=report"][::order]) is Does.REPORT
    assert does(*[f"{ONE}=count", "*/G01=off"][::order]) is Does.COUNT


def test_among_equals_the_last_word_holds():
    assert does(f"{ONE}=off", f"{ONE}=count") is Does.COUNT


def test_what_rests_or_is_counted_is_known_to_rest():
    site = Site(modes=[mode(f"{ONE}=off"), mode(f"{OTHER}=count")])
    hits = [hit(), hit(OTHER), hit("777788889999")]

    assert list(site.resting(hits)) == hits[:2]


@pytest.mark.parametrize("listed", ["deploy", "arn:aws:iam::111122223333:role/deploy"])
def test_a_listed_role_weighs_a_level_less_and_never_nothing(listed):
    site = Site(automation=frozenset({listed}))
    by = "arn:aws:iam::111122223333:role/deploy"

    assert [one.level for one in site.judged([hit(principal=by)])] == [Severity.MEDIUM]
    for other in ("arn:aws:iam::1:role/other", "arn:aws:iam::111122223333:user/deploy"):
        assert [one.level for one in site.judged([hit(principal=other)])] == [Severity.HIGH]
    lowest = hit(principal=by, level=Severity.INFORMATIONAL)
    assert list(site.judged([lowest])) == [lowest]


@pytest.mark.parametrize("text", ["", "off", f"{ONE}", f"{ONE}=maybe", "1=off", f"{ONE}/a b=off", f"{ONE}/x=off=count"])
def test_what_is_no_mode_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="111122223333/assume-role=count"):
        mode(text)
