"""A small finished case, told by us: a leaked key, a second key made with it, logging stopped."""

from datetime import UTC, datetime, timedelta

from pydantic import JsonValue

from investigator.domain.action import Action
from investigator.domain.case import Header
from investigator.domain.claim import Before, Claim, Exists, Issued
from investigator.domain.coverage import Cell
from investigator.domain.credential import Credential
from investigator.domain.entity import Entity
from investigator.domain.finding import Finding
from investigator.domain.gap import Gap
from investigator.domain.question import Answer, Question
from investigator.domain.report import CaseDocument, Judgement, Measures, ProducedBy, Summary
from investigator.domain.timeline import HourCount, Origin, Place, TimelineActor, TimelineEntry
from investigator.domain.times import Window
from investigator.domain.words import (
    CaseStatus,
    CellState,
    Confidence,
    Outcome,
    Role,
    Scenario,
    Severity,
    Tactic,
    Verdict,
)

ACCOUNT = "111122223333"
START = datetime(2026, 1, 27, 19, 0, tzinfo=UTC)
LEAKED, SECOND, SESSION = "AKIAIOSFODNN7EXAMPLE", "AKIAI44QH8DHBEXAMPLE", "ASIAQX7EXAMPLESESSION"
BUILD, BACKUP = f"arn:aws:iam::{ACCOUNT}:user/build", f"arn:aws:iam::{ACCOUNT}:user/backup"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/deploy"
TOLD = (
    (0, "sts:GetCallerIdentity", "success", LEAKED, BUILD, (), "discovery", "first suspicious"),
    (2, "iam:ListUsers", "success", LEAKED, BUILD, (), "discovery", "discovery"),
    (5, "iam:CreateUser", "denied", LEAKED, BUILD, (f"arn:aws:iam::{ACCOUNT}:user/support",), "persistence", "persistence"),
    (7, "iam:CreateAccessKey", "success", LEAKED, BUILD, (BACKUP, SECOND), "persistence", "persistence"),
    (12, "sts:AssumeRole", "success", SECOND, BACKUP, (ROLE,), "privilege-escalation", "escalation"),
    (15, "s3:ListBuckets", "success", SESSION, ROLE, (), "discovery", "discovery"),
    (18, "cloudtrail:StopLogging", "success", SESSION, ROLE, ("management-events",), "defense-evasion", "impact"),
)  # fmt: skip
QUESTIONS = (
    Question(slot="key", text="Which access key ids?", why="Each key is looked up exactly, and so is every session it issued.",
             default="all keys of the principal", asked=True),
    Question(slot="known_ips", text="Which networks are yours?", why="Calls from elsewhere weigh more, calls from there less.",
             default="none configured", asked=True),
    Question(slot="change", text="Was a change or a test planned then?", why="It may be the benign explanation.",
             default="none", asked=True),
)  # fmt: skip


def evidence_id(number: int) -> str:
    return f"ct:0000000{number}-aaaa-4bbb-8ccc-000000000000"


def raw_record(number: int) -> JsonValue:
    """The CloudTrail record behind entry `number` (from 1)."""
    minute, action, outcome, key, arn, on, _, _ = TOLD[number - 1]
    service, name = action.split(":")
    record: dict[str, JsonValue] = {
        "eventVersion": "1.11",
        "userIdentity": {"type": "IAMUser", "arn": arn, "accountId": ACCOUNT, "accessKeyId": key},
        "eventTime": f"2026-01-27T19:{minute:02d}:07Z",
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "awsRegion": "us-east-1",
        "sourceIPAddress": "198.51.100.7",
        "userAgent": "aws-cli/2.15.0 md/awscrt#0.19.19 ua/2.0 os/linux#6.1 md/arch#x86_64 lang/python#3.11.6",
        "requestParameters": {"userName": on[0].rpartition("/")[2]} if on else None,
        "responseElements": None,
        "eventID": evidence_id(number).removeprefix("ct:"),
        "recipientAccountId": ACCOUNT,
    }
    if outcome == "denied":
        record["errorCode"] = "AccessDenied"
    if name == "CreateAccessKey":
        record["responseElements"] = {
            "accessKey": {
                "userName": "backup",
                "accessKeyId": SECOND,
                "status": "Active",
                "createDate": "2026-01-27T19:07:07Z",
            }
        }
    return record


def timeline(copies: int = 1) -> tuple[TimelineEntry, ...]:
    """The told entries, repeated a day apart `copies` times."""
    entries = (_entry(number, day) for day in range(copies) for number in range(1, len(TOLD) + 1))
    return tuple(entry.model_copy(update={"id": f"e{nth}"}) for nth, entry in enumerate(entries, 1))


def _entry(number: int, day: int) -> TimelineEntry:
    minute, action, outcome, key, arn, on, tactic, phase = TOLD[number - 1]
    return TimelineEntry(
        id="",
        time=START + timedelta(days=day, minutes=minute, seconds=7),
        source="cloudtrail",
        action=action,
        outcome=Outcome(outcome),
        actor=TimelineActor(kind="role" if arn == ROLE else "iam_user", arn=arn),
        credential=key,
        origin=Origin(ip="198.51.100.7", agent="aws-cli/2.15.0"),
        on=on,
        place=Place(account=ACCOUNT, region="us-east-1"),
        tactic=Tactic(tactic),
        phase=phase,
        evidence=(evidence_id(number),),
        why="f1" if number == 4 else "f2" if number == 7 else LEAKED,
    )


def document(handle: str = "482915503617", *, copies: int = 1, answers: tuple[Answer, ...] = ()) -> CaseDocument:
    return CaseDocument(
        case=Header(
            id="3f9a6c1b20d47e85",
            name="ir-5b0c1f22a9d4",
            title="Access key of user build was pushed to GitHub",
            description="The access key of user build was pushed to GitHub",
            status=CaseStatus.DETECTION,
            as_of=START + timedelta(days=1),
            scenario=(Scenario.LEAKED_ACCESS_KEY,),
            accounts=(ACCOUNT,),
            regions=("us-east-1",),
            window=Window(start=START - timedelta(days=14), end=START + timedelta(days=1)),
        ),
        questions=QUESTIONS,
        answers=answers or _defaults(),
        verdict=Judgement(
            value=Verdict.CONFIRMED,
            confidence=Confidence.HIGH,
            supports=("f1", "f2"),
            unknown=(GAPS[0].id,),
            would_change_it=("The owner of user build recognises 198.51.100.7.",),
        ),
        summary=Summary(overview=("c1", "c2", "c3"), notes=("Assumed: none of your networks was named.",)),
        claims=_claims(),
        findings=_findings(),
        timeline=timeline(copies),
        timeline_rest=tuple(HourCount(hour=START + timedelta(hours=hour), records=120) for hour in range(5)),
        gaps=GAPS,
        actions=_actions(),
        entities=_entities(),
        credentials=_credentials(),
        coverage=_coverage(),
        measures=Measures(case=handle, opened=START + timedelta(days=1), records_read=2900, seconds=1.2),
        produced_by=ProducedBy(version="0.1.0", rules_sha256="0" * 64, playbook_sha256="0" * 64),
    )


def _defaults() -> tuple[Answer, ...]:
    return tuple(Answer(slot=question.slot, value=question.default, source="default") for question in QUESTIONS)


def _claims() -> tuple[Claim, ...]:
    made, stopped = evidence_id(4), evidence_id(7)
    return (
        Claim(
            id="c1",
            text=f"The leaked key {LEAKED} made a second access key, {SECOND}, for user backup.",
            basis="observed",
            predicates=(
                Exists(where=f"eventName=CreateAccessKey userIdentity.accessKeyId={LEAKED}"),
                Issued(by=made, key=SECOND),
            ),
            evidence=(made,),
            holds=True,
        ),
        Claim(
            id="c2",
            text="Eleven minutes later a session of role deploy stopped the trail management-events.",
            basis="observed",
            predicates=(Exists(where="eventName=StopLogging outcome=success"), Before(a=made, b=stopped)),
            evidence=(made, stopped),
            holds=True,
        ),
        Claim(
            id="c3",
            text="Somebody who is not the owner uses the credentials of user build.",
            basis="inferred",
            rests_on=("c1", "c2"),
            holds=True,
        ),
    )


def _findings() -> tuple[Finding, ...]:
    return (
        Finding(id="f1", claims=("c1",), confidence=Confidence.HIGH, severity=Severity.HIGH, tactic=Tactic.PERSISTENCE,
                techniques=("T1098.001",), rules=("C02",), entities=(LEAKED, SECOND), evidence=(evidence_id(4),)),
        Finding(id="f2", claims=("c2",), confidence=Confidence.HIGH, severity=Severity.CRITICAL, tactic=Tactic.DEFENSE_EVASION,
                techniques=("T1562.008",), rules=("F01",), entities=(ROLE,), evidence=(evidence_id(7),)),
    )  # fmt: skip


GAPS = (
    Gap.of(what="S3 object reads", why="no trail logs S3 data events", effect="which objects were read cannot be told",
           close="search the server access logs of the buckets"),
    Gap.of(what="Calls after 19:18 UTC", why="the trail management-events was stopped", effect="later calls may be missing",
           close="look the key up with LookupEvents"),
)  # fmt: skip


def _actions() -> tuple[Action, ...]:
    def key_off(user: str, key: str) -> str:
        return f"aws iam update-access-key --user-name '{user}' --access-key-id '{key}' --status Inactive"

    return tuple(
        Action(
            id=f"a{number}",
            phase="contain",
            code="KEY-OFF",
            on=key,
            account=ACCOUNT,
            region="us-east-1",
            command=key_off(user, key),
            effect=f"Calls signed with {key} are refused.",
            side_effects=(f"Whatever user {user} runs with this key stops.", "Sessions that the key issued live on."),
            verify=f"aws iam list-access-keys --user-name '{user}'",
            undo=key_off(user, key).replace("Inactive", "Active"),
            loses_evidence=False,
            needs=("f1",),
            risk="low",
        )
        for number, (user, key) in enumerate((("build", LEAKED), ("backup", SECOND)), 1)
    )


def _entities() -> tuple[Entity, ...]:
    return (
        Entity(kind="access_key", value=LEAKED, role=Role.COMPROMISED, evidence=(evidence_id(1),)),
        Entity(kind="access_key", value=SECOND, role=Role.CREATED_BY_ACTOR, evidence=(evidence_id(4),)),
        Entity(kind="ip", value="198.51.100.7", role=Role.HOSTILE, evidence=(evidence_id(1), evidence_id(4))),
        Entity(kind="principal", value=BUILD, role=Role.COMPROMISED, evidence=(evidence_id(1),)),
        Entity(kind="principal", value=ROLE, role=Role.TOUCHED, evidence=(evidence_id(5),)),
    )


def _credentials() -> tuple[Credential, ...]:
    return (
        Credential(id=LEAKED, issued_to=BUILD),
        Credential(
            id=SECOND, issued_to=BACKUP, parent=LEAKED, by=evidence_id(4), rule="1", start=START + timedelta(minutes=7)
        ),
        Credential(
            id=SESSION, issued_to=ROLE, parent=SECOND, by=evidence_id(5), rule="2", start=START + timedelta(minutes=12)
        ),
    )


def _coverage() -> tuple[Cell, ...]:
    window = Window(start=START - timedelta(days=14), end=START + timedelta(days=1))
    return (
        Cell(id="v1", source="logs", account=ACCOUNT, region="us-east-1", events="management", window=window, records=2900,
             state=CellState.UNVERIFIED),
        Cell(id="v2", source="logs", account=ACCOUNT, region="us-east-1", events="data:s3", window=window, records=0,
             state=CellState.NOT_RECORDED, gap=GAPS[0].id),
    )  # fmt: skip
