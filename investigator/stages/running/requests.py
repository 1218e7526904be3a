"""What a case may be asked: requests and answers are checked before anything is kept."""

from collections.abc import Collection, Iterable

from investigator.domain.alerts.reading import alert_text
from investigator.domain.case import OpenCase
from investigator.domain.facts import SLOTS


def check(request: OpenCase, playbooks: Collection[str]) -> None:
    """Raises ValueError for a request that names nothing to look into, or what does not exist."""
    if not request.worry.strip() and request.alert is None:
        raise ValueError("say what happened, or give an alert")
    if request.alert is not None:
        alert_text(request.alert)
    check_slots(request.answers)
    if request.playbook is not None and request.playbook not in playbooks:
        raise ValueError(f"no playbook {request.playbook}; there are {', '.join(playbooks)}")


def check_slots(slots: Iterable[str]) -> None:
    """Raises ValueError for a slot that no question has."""
    for slot in slots:
        if slot not in SLOTS:
            raise ValueError(f"no question {slot!r}; there are {', '.join(SLOTS)}")


def title_of(words: str) -> str:
    """The first line of a description, at most 100 characters."""
    first = words.strip().splitlines()[0] if words.strip() else "Untitled case"
    return first if len(first) <= 100 else first[:99].rstrip() + "…"
