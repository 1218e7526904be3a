"""What a case may be asked: requests and answers are checked before anything is kept."""

import json
import secrets
from collections.abc import Collection, Iterable
from datetime import datetime

from investigator.domain.alerts.reading import alert_key, alert_text
from investigator.domain.case import Case, Header, OpenCase
from investigator.domain.facts import SLOTS
from investigator.domain.ids import digest16, handle_name
from investigator.domain.safe_text import redact

_DELIVERY = {"alert", "ask", "idempotency_key", "anew"}
"""What may differ between two requests for the same case: the envelope of the alert, and who sends it."""


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


def key_of_alert(request: OpenCase) -> str | None:
    """What a request with the same alert, about the same evidence and answers, has in common with every repetition."""
    if request.alert is None:
        return None
    asked = json.dumps(request.model_dump(mode="json", exclude=_DELIVERY), sort_keys=True)
    return f"{alert_key(request.alert)}-{digest16(asked)}"


def new_case(request: OpenCase, opened: datetime) -> Case:
    """The case that a checked request opens, under a random handle; nothing secret stands in its head."""
    alert = "" if request.alert is None else alert_text(request.alert)
    words = redact(request.worry.strip() or alert)
    header = Header(name=handle_name(request.worry, alert), title=_title(words), description=words)
    handle = f"{secrets.randbelow(10**12):012d}"
    return Case(handle=handle, request=request, header=header, opened=opened, alert_key=key_of_alert(request))


def _title(words: str) -> str:
    """The first line of a description, at most 100 characters."""
    first = words.strip().splitlines()[0] if words.strip() else "Untitled case"
    return first if len(first) <= 100 else first[:99].rstrip() + "…"
