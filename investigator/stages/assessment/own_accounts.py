"""Shares among accounts of the same owner: those whose own logs are among the evidence."""

import json
import re

from investigator.domain.event import Event
from investigator.domain.hit import Hit
from investigator.domain.search import Search
from investigator.ports.store import Store

SHARING = "T1537"
"""Transfer of data to an account."""
_ACCOUNT = re.compile(r"(?<![0-9A-Za-z.-])\d{12}(?!\w)")
_EVERYONE = re.compile(
    r'(?i)(?:principal|aws|federated)\\*"\s*:\s*(?:\[[^\]]*)?\\*"\*|"all"|AllUsers|AuthenticatedUsers|(?:public|authenticated)-read'
)


def own_accounts(store: Store) -> frozenset[str]:
    """The accounts whose logs were given."""
    return frozenset(account for (account,) in store.distinct(Search(), "account"))


def stays_at_home(hit: Hit, event: Event, own: frozenset[str]) -> bool:
    """Whether a share reaches other accounts of the owner and nobody else; one that may reach everyone does not."""
    if SHARING not in hit.techniques or event.account not in own:
        return False
    request = json.dumps(event.request)
    named = set(_ACCOUNT.findall(request)) - {event.account}
    return bool(named) and named <= own and not _EVERYONE.search(request)
