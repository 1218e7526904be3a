"""Hit: events that one detection rule matched. A hit is not a finding."""

from investigator.domain.ids import EvidenceId
from investigator.domain.times import Instant
from investigator.domain.value import Value
from investigator.domain.words import Done, Severity, Tactic


class Hit(Value):
    """All matches of one rule by one principal in one account; every matching event's id is listed."""

    rule_id: str
    """The row of our rule catalogue, such as C02; else the Sigma name or id."""
    title: str
    level: Severity
    tactic: Tactic
    techniques: tuple[str, ...]
    principal: str
    account: str
    first: Instant | None
    last: Instant | None
    count: int
    event_ids: tuple[EvidenceId, ...]
    harmful: bool = False
    """The effect is harmful whoever did it: logging stopped, public access opened, share with an outside account."""
    name: str = ""
    """The name of the rule or sequence, as playbooks say it: `access-key-for-another-user`."""
    outcome: Done = Done.DONE
    """`tried` for a hit made of denied and failed calls."""
