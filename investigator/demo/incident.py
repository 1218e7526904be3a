"""Tells one scenario: its records in time order, its estate, and what really happened."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, cached_property

from investigator.demo import intrusion, planned, response
from investigator.demo.company import (
    ACCOUNT,
    AS_OF,
    BACKUP_KEY,
    FAR,
    HISTORY,
    LEAKED_KEY,
    OFFICE_NETWORK,
    REGIONS,
    SECOND_KEY,
)
from investigator.demo.estate import Estate, after_the_intrusion, after_the_run
from investigator.demo.journal import Journal, Record
from investigator.demo.people import working_day
from investigator.demo.programs import running_day
from investigator.demo.truth import Truth
from investigator.demo.uses import Use, last_uses
from investigator.domain.ids import digest16
from investigator.domain.times import to_text


@dataclass(frozen=True, kw_only=True, eq=False)
class Incident:
    """One scenario, whole: everything else of the demo is derived from it. Each is only equal to itself."""

    scenario: str
    worry: str
    answers: Mapping[str, str]
    """What the user answers when the case opens, by slot."""
    events: tuple[Record, ...]
    """Every record of the account, by time and event id, also those that no log file holds."""
    estate: Estate
    truth: Truth
    account: str = ACCOUNT
    regions: tuple[str, ...] = REGIONS
    as_of: datetime = AS_OF

    @cached_property
    def last_use(self) -> Mapping[str, Use]:
        """The last use of each access key, role (by ARN) and console sign-in (`console/<user>`)."""
        return last_uses(self.events)

    @cached_property
    def fingerprint(self) -> str:
        """16 hex digits over everything that happened."""
        return digest16(*(str(record["eventID"]) for record in self.events), to_text(self.as_of))

    def logged(self) -> Iterator[Record]:
        """The records that the trail delivered."""
        return (record for record in self.events if record["eventID"] not in self.truth.unlogged)


@cache
def incident(scenario: str) -> Incident:
    """The scenario of that name, the same in every process; raises LookupError for another name."""
    if scenario not in _TELLERS:
        raise LookupError(f"no scenario {scenario!r}; there are {', '.join(SCENARIOS)}")
    return _TELLERS[scenario]()


def _leaked_key() -> Incident:
    hostile, contained, everyday = Journal("intrusion"), Journal("response"), Journal("everyday")
    intrusion.intrude(hostile)
    response.respond(contained)
    response.reviews(everyday)
    _everyday(everyday, lambda day: BACKUP_KEY)
    kept = [record for record in everyday.records if not _after_the_key_was_off(record)]
    events = _in_order([*hostile.records, *contained.records, *kept])
    truth = Truth(
        hostile=_ids(hostile.records),
        responder=_ids(contained.records),
        noise=_ids(events) - _ids(hostile.records) - _ids(contained.records),
        unlogged=_ids([record for record in events if _unlogged(record)]),
        keys=(LEAKED_KEY, SECOND_KEY),
        sessions=tuple(_issued(hostile.records)),
        instances=tuple(machine.id for machine in intrusion.MACHINES),
        region=FAR,
        objects_read=intrusion.OBJECTS_READ,
        gap=(intrusion.STOPPED, response.STARTED),
        verdicts=("confirmed",),
    )
    return Incident(
        scenario="leaked-key",
        worry=(
            f"The access key {LEAKED_KEY} of our developer nadia.osei may have leaked: GuardDuty reports calls with it "
            "from 198.51.100.77 on Monday night, and there are GPU machines in ap-south-1 that nobody here started. "
            "What was done with it, what was taken, and can they still get in?"
        ),
        answers={"known_ips": OFFICE_NETWORK, "start": "2026-10-26T20:00:00Z"},
        events=events,
        estate=after_the_intrusion(),
        truth=truth,
    )


def _deploy_twin() -> Incident:
    everyday = Journal("everyday")
    _everyday(everyday, planned.backup_key)
    planned.trains(everyday)
    planned.renews_keys(everyday)
    response.reviews(everyday)
    events = _in_order(everyday.records)
    return Incident(
        scenario="deploy-twin",
        worry=(
            "Our cost report says that EC2 in ap-south-1 went up on Monday, a Region that the shop does not use. "
            "Somebody took roles, read the customer exports, started GPU machines there and made a new access key "
            "for svc-backup. Was that us?"
        ),
        answers={"known_ips": OFFICE_NETWORK, "start": "2026-10-26T07:00:00Z"},
        events=events,
        estate=after_the_run(),
        truth=Truth(noise=_ids(events), region=FAR, verdicts=("benign", "likely_benign")),
    )


_TELLERS: Mapping[str, Callable[[], Incident]] = {"leaked-key": _leaked_key, "deploy-twin": _deploy_twin}
SCENARIOS = tuple(_TELLERS)
"""The names of the scenarios; the first is the one that `demo` opens."""


def _everyday(journal: Journal, backup_key: Callable[[datetime], str]) -> None:
    day = HISTORY
    while day < AS_OF:
        working_day(journal, day)
        running_day(journal, day, backup_key(day))
        day += timedelta(days=1)


def _in_order(records: list[Record]) -> tuple[Record, ...]:
    seen = [record for record in records if _time(record) < _text(AS_OF - timedelta(minutes=15))]
    return tuple(sorted(seen, key=lambda record: (_time(record), str(record["eventID"]))))


def _after_the_key_was_off(record: Record) -> bool:
    """A key that is off signs nothing: the developer's everyday calls end."""
    identity = record["userIdentity"]
    assert isinstance(identity, dict)
    return identity.get("accessKeyId") == LEAKED_KEY and _time(record) > _text(response.SWITCHED_OFF)


def _unlogged(record: Record) -> bool:
    return _text(intrusion.STOPPED) < _time(record) < _text(response.STARTED)


def _issued(records: Iterable[Record]) -> Iterator[str]:
    for record in records:
        answer = record["responseElements"]
        if record["eventName"] == "AssumeRole" and isinstance(answer, dict):
            credentials = answer["credentials"]
            assert isinstance(credentials, dict)
            yield str(credentials["accessKeyId"])


def _ids(records: Iterable[Record]) -> frozenset[str]:
    return frozenset(str(record["eventID"]) for record in records)


def _time(record: Record) -> str:
    return str(record["eventTime"])


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
