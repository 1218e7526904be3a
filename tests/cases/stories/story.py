"""A story with its benign twin: the same calls in other hands, and how a case about each should end."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import JsonValue

from investigator.demo.files import write_logs
from investigator.domain.case import OpenCase, Sources
from investigator.domain.times import to_text
from investigator.domain.words import Scenario, Verdict
from tests.cases.stories.company import DAYS, Company
from tests.cases.stories.scene import Player, Scene
from tests.detections.ordinary.life import Record

MISUSE = frozenset({Verdict.CONFIRMED, Verdict.LIKELY})
CERTAIN = frozenset({Verdict.CONFIRMED})
HARMLESS = frozenset({Verdict.BENIGN, Verdict.LIKELY_BENIGN, Verdict.INCONCLUSIVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How the case about a story should end."""

    verdicts: frozenset[Verdict] = MISUSE
    accused: tuple[str, ...] = ()
    """Keys and ARNs that must be accused."""
    spared: tuple[str, ...] = ()
    """Keys and ARNs that must not."""
    found: tuple[str, ...] = ()
    """What was left behind or harmed: each is named by a finding."""
    gaps: tuple[str, ...] = ()
    """Words, each in what some gap says."""
    actions: tuple[str, ...] = ()
    """Codes of actions, each proposed."""


class Story(ABC):
    """One story; `twin` tells its benign twin. The same seed gives the same records."""

    scenario: Scenario
    clock = "02:10"
    """When it happens, on the day of the deed."""

    def __init__(self, seed: int = 0, *, twin: bool = False) -> None:
        self.twin = twin
        self.scene = Scene(f"{type(self).__name__}/{seed}")
        self.company = Company(self.scene)
        self.abroad = self.scene.network()
        """A network that nobody of the company uses."""
        self.prepare()
        self.company.live()
        self.before()
        hand = self.owner() if twin else self.thief()
        self.begun = self.scene.time
        begin = len(self.scene.records)
        self.deed(hand)
        self.done = tuple(
            f"ct:{record['eventID']}" for record in self.scene.records[begin:] if not is_of_service(record)
        )
        """The ids of the deed's records, but for what AWS did for itself."""
        self.after(hand)

    @property
    def name(self) -> str:
        return f"{self.scenario}: {type(self).__name__}{' (twin)' if self.twin else ''}"

    @property
    def as_of(self) -> datetime:
        """When the case is opened: the second day after."""
        return self.scene.day + timedelta(days=1, hours=9)

    def prepare(self) -> None:  # noqa: B027
        """Name what the story is about."""

    def before(self) -> None:  # noqa: B027
        """What happened in the month before, beside the company's ordinary life."""

    @abstractmethod
    def thief(self) -> Player:
        """Who does it in the story."""

    @abstractmethod
    def owner(self) -> Player:
        """Who does the same in its twin."""

    @abstractmethod
    def deed(self, hand: Player) -> None:
        """The calls."""

    def after(self, hand: Player) -> None:  # noqa: B027
        """What others did about it."""

    @abstractmethod
    def worry(self) -> str:
        """What the reporter says."""

    def alert(self) -> JsonValue:
        """The alert that opens the case instead."""
        return None

    def guardduty(self, kind: str, resource: JsonValue, severity: float = 8) -> JsonValue:
        """A finding of GuardDuty about the deed, as EventBridge hands it on."""
        scene, seen = (
            self.scene,
            {"eventFirstSeen": to_text(self.begun), "eventLastSeen": to_text(self.scene.time), "count": 1},
        )
        detail: JsonValue = {"schemaVersion": "2.0", "id": f"{scene.pick.getrandbits(128):032x}", "type": kind, "severity": severity,
                             "accountId": scene.account, "region": scene.home, "resource": resource, "service": seen}  # fmt: skip
        return {
            "source": "aws.guardduty",
            "detail-type": "GuardDuty Finding",
            "account": scene.account,
            "region": scene.home,
            "detail": detail,
        }

    def answers(self) -> Mapping[str, str]:
        """What the reporter answers to questions."""
        return {}

    @abstractmethod
    def ending(self) -> Ending:
        """How the case about the story, not its twin, should end."""

    def request(self, folder: Path, days: int = DAYS) -> OpenCase:
        """The request for a case over the records of so many days before the deed, which are written into the folder."""
        since = to_text(self.scene.day - timedelta(days=days))
        kept = [record for record in self.scene.records if str(record["eventTime"]) >= since]
        write_logs(folder, self.scene.account, kept)
        sources = Sources(logs=(folder,))
        return OpenCase(
            worry=self.worry(), alert=self.alert(), sources=sources, answers=self.answers(), ask=False, now=self.as_of
        )


def is_of_service(record: Record) -> bool:
    """Whether a service of AWS made the call."""
    identity = record["userIdentity"]
    return isinstance(identity, dict) and identity["type"] == "AWSService"
