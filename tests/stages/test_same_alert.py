"""When two requests are about the same alert: whatever its envelope, and with the same evidence and answers."""

import copy
from pathlib import Path

import pytest

from investigator.domain.case import OpenCase, Sources
from investigator.stages.running.requests import key_of_alert
from tests.support.small_case import ALERT

REQUEST = OpenCase(alert=ALERT, sources=Sources(logs=(Path("/logs"),)), answers={"eu": "no", "change": "none"})


def changed(**more: object) -> OpenCase:
    return REQUEST.model_copy(update=more)


def test_a_worry_has_no_alert_to_go_by() -> None:
    assert key_of_alert(OpenCase(worry="a key leaked")) is None


@pytest.mark.parametrize(
    "again",
    [
        changed(alert=ALERT | {"id": "another envelope", "time": "2026-01-27T09:00:00Z"}),
        changed(alert=ALERT["detail"]),
        changed(answers={"change": "none", "eu": "no"}),
        changed(ask=False),
        changed(idempotency_key="k-2"),
        changed(anew=True),
    ],
    ids=["envelope", "bare", "order", "ask", "key", "anew"],
)
def test_the_same_alert_is_known_again(again: OpenCase) -> None:
    assert key_of_alert(again) == key_of_alert(REQUEST)


def updated() -> dict:
    alert = copy.deepcopy(ALERT)
    alert["detail"]["updatedAt"] = "2026-01-27T12:00:00Z"
    return alert


@pytest.mark.parametrize(
    "other",
    [
        changed(alert=updated()),
        changed(sources=Sources(logs=(Path("/other"),))),
        changed(answers={"eu": "yes"}),
        changed(playbook="general"),
        changed(worry="look at the bill too"),
    ],
    ids=["update", "evidence", "answers", "playbook", "words"],
)
def test_what_would_change_the_report_is_another_case(other: OpenCase) -> None:
    assert key_of_alert(other) != key_of_alert(REQUEST)
