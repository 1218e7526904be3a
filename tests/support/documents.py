"""One told incident: its raw records, the answers of AWS, and the whole case document about it."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from investigator.domain.action import Action
from investigator.domain.answers import SavedPage, answer_id, answer_path
from investigator.domain.case import Header
from investigator.domain.claim import (
    Absent,
    Before,
    Claim,
    Count,
    Exists,
    First,
    Issued,
    Linked,
    MeasureIs,
    SameCredential,
    StateIs,
)
from investigator.domain.coverage import Cell
from investigator.domain.credential import Credential
from investigator.domain.entity import Entity
from investigator.domain.event import EventGroup
from investigator.domain.finding import Finding
from investigator.domain.gap import Gap
from investigator.domain.ids import EvidenceId
from investigator.domain.places import Place
from investigator.domain.question import Answer, Question
from investigator.domain.report import CaseDocument, Judgement, Measures, ProducedBy, Summary
from investigator.domain.search import Search
from investigator.domain.timeline import HourCount, Origin, TimelineActor, TimelineEntry
from investigator.domain.timeline import Place as Spot
from investigator.domain.times import Window, parse_instant
from investigator.domain.words import (
    CellState,
    Confidence,
    Done,
    EntityKind,
    Outcome,
    Role,
    Scenario,
    Severity,
    Tactic,
    Verdict,
)

ACCOUNT = "111122223333"
BUILD, BACKUP, SESSION = "AKIAIOSFODNN7EXAMPLE", "AKIAI44QH8DHBEXAMPLE", "ASIAQHEXAMPLE0DEPLOY"
INTRUDER, OFFICE = "198.51.100.7", "203.0.113.40"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/deploy"
DAY = "2026-01-27T"
WINDOW = Window(start=parse_instant("2026-01-26T00:00:00Z"), end=parse_instant("2026-01-28T00:00:00Z"))


def at(clock: str) -> datetime:
    return parse_instant(f"{DAY}{clock}Z")


def user(name: str, key: str) -> dict:
    return {
        "type": "IAMUser",
        "principalId": f"AIDA{name.upper()}EXAMPLE",
        "arn": f"arn:aws:iam::{ACCOUNT}:user/{name}",
        "accountId": ACCOUNT,
        "accessKeyId": key,
        "userName": name,
    }


def role_session(key: str) -> dict:
    return {
        "type": "AssumedRole",
        "principalId": "AROADEPLOYEXAMPLE:nightly",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/nightly",
        "accountId": ACCOUNT,
        "accessKeyId": key,
        "sessionContext": {
            "sessionIssuer": {"type": "Role", "arn": ROLE, "accountId": ACCOUNT, "userName": "deploy"},
            "attributes": {"creationDate": f"{DAY}03:09:30Z", "mfaAuthenticated": "false"},
        },
    }


def call(number: int, clock: str, action: str, identity: dict, **more: object) -> dict:
    source, name = action.split(":")
    return {
        "eventVersion": "1.10",
        "userIdentity": identity,
        "eventTime": f"{DAY}{clock}Z",
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "awsRegion": "us-east-1",
        "sourceIPAddress": INTRUDER,
        "userAgent": "aws-cli/2.15.8 Python/3.11.6 Linux/6.5.0",
        "requestParameters": None,
        "responseElements": None,
        "requestID": f"00000000-0000-4000-8000-{number:012d}",
        "eventID": f"6f1c0000-0000-4000-8000-{number:012d}",
        "readOnly": name.startswith(("Get", "List", "Describe")),
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "eventCategory": "Management",
        "recipientAccountId": ACCOUNT,
        **more,
    }


def records() -> list[dict]:
    """The leaked key looks around, makes a second key, takes a role, stops the trail and opens a bucket."""
    build, backup, deploy = user("build", BUILD), user("backup", BACKUP), role_session(SESSION)
    denied = {"errorCode": "AccessDenied", "errorMessage": "User build is not authorized to perform iam:CreateUser"}
    return [
        call(1, "03:02:11", "sts:GetCallerIdentity", build),
        call(2, "03:02:40", "iam:ListUsers", build),
        call(3, "03:02:58", "s3:ListBuckets", build),
        call(4, "03:06:40", "iam:CreateUser", build, requestParameters={"userName": "svc-sync"}, **denied),
        call(
            5,
            "03:07:05",
            "iam:CreateAccessKey",
            build,
            requestParameters={"userName": "backup"},
            responseElements={
                "accessKey": {
                    "accessKeyId": BACKUP,
                    "userName": "backup",
                    "status": "Active",
                    "secretAccessKey": SECRET,
                }
            },
        ),
        call(
            6,
            "03:09:30",
            "sts:AssumeRole",
            backup,
            requestParameters={"roleArn": ROLE, "roleSessionName": "nightly"},
            responseElements={
                "credentials": {
                    "accessKeyId": SESSION,
                    "expiration": "Jan 27, 2026, 4:09:30 AM",
                    "sessionToken": "FwoGZXIvYXdzE" + "Ab1" * 40,
                },
                "assumedRoleUser": {"arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/nightly"},
            },
        ),
        call(7, "03:12:00", "cloudtrail:StopLogging", deploy, requestParameters={"name": "main"}),
        call(
            8,
            "03:14:02",
            "s3:PutBucketPolicy",
            deploy,
            requestParameters={"bucketName": "acme-data", "bucketPolicy": {"Statement": [{"Principal": "*"}]}},
        ),
        call(
            9,
            "08:31:00",
            "iam:UpdateAccessKey",
            user("dana", "AKIADANAEXAMPLE00001"),
            sourceIPAddress=OFFICE,
            requestParameters={"userName": "build", "accessKeyId": BUILD, "status": "Inactive"},
        ),
    ]


def ct(number: int) -> EvidenceId:
    return f"ct:6f1c0000-0000-4000-8000-{number:012d}"


COST = answer_id("ce.GetCostAndUsage", ACCOUNT, "us-east-1", {"Granularity": "DAILY"})
KEYS = answer_id("iam.ListAccessKeys", ACCOUNT, "us-east-1", {"UserName": "backup"})


def cost_page() -> SavedPage:
    def day(date: str, amount: str) -> dict:
        return {
            "TimePeriod": {"Start": date, "End": date},
            "Total": {"UnblendedCost": {"Amount": amount, "Unit": "USD"}},
        }

    quiet = [day(f"2026-01-{number:02d}", "4.10") for number in range(13, 27)]
    return SavedPage(
        parameters={"Granularity": "DAILY"},
        request_id="c0",
        body={"ResultsByTime": [*quiet, day("2026-01-27", "310.60")]},
    )


def key_page() -> SavedPage:
    body = {"AccessKeyMetadata": [{"UserName": "backup", "AccessKeyId": BACKUP, "Status": "Active"}]}
    return SavedPage(parameters={"UserName": "backup"}, request_id="k0", body=body)


def answers() -> Mapping[EvidenceId, bytes]:
    return {COST: f"{cost_page()}\n".encode(), KEYS: f"{key_page()}\n".encode()}


def write_logs(folder: Path, told: Sequence[dict] | None = None) -> Path:
    """The records in one file as CloudTrail delivers them."""
    path = folder / "111122223333_CloudTrail_us-east-1.json"
    path.write_text(json.dumps({"Records": records() if told is None else told}))
    return path


def write_answers(folder: Path) -> Path:
    for operation, page in (("ce.GetCostAndUsage", cost_page()), ("iam.ListAccessKeys", key_page())):
        path = folder / answer_path(operation, ACCOUNT, "us-east-1", page.parameters)
        path.parent.mkdir(parents=True)
        path.write_text(f"{page}\n")
    return folder


class OneFile:
    """Places for every record of one file, found by nothing but its path."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def places(self, ids: Sequence[EvidenceId]) -> Mapping[EvidenceId, tuple[Place, ...]]:
        return {name: (Place(path=self._path, row=0),) for name in ids}


class ToldCoverage:
    """What the evidence store would say about completeness."""

    def __init__(self, n: int = 0, first: datetime | None = None, last: datetime | None = None) -> None:
        self._n, self._first, self._last = n, first, last

    def cells(self) -> tuple[Cell, ...]:
        return ()

    def count(self, where: Search, over: str, cells: Sequence[Cell]) -> int:
        return self._n

    def extent(self, where: Search, cells: Sequence[Cell]) -> EventGroup:
        return EventGroup(where=str(where), count=self._n, first=self._first, last=self._last)


def cells() -> tuple[Cell, ...]:
    def cell(name: str, source: str, events: str, state: CellState, records: int, **more: object) -> Cell:
        return Cell(
            id=name,
            source=source,
            account=ACCOUNT,
            region="us-east-1",
            events=events,
            window=WINDOW,
            records=records,
            state=state,
            **more,
        )

    return (
        cell("v1", "logs", "management", CellState.UNVERIFIED, 9),
        cell("v2", "lookup_events", "management", CellState.SEEN, 4, filter={"AccessKeyId": BUILD}),
        cell("v3", "logs", "data:s3", CellState.NOT_RECORDED, 0, gap="g0000000000000d1"),
        cell("v4", "cost", "answer", CellState.SEEN, 15),
        cell("v5", "iam", "answer", CellState.SEEN, 1),
        cell("v6", "guardduty", "answer", CellState.DISABLED, 0, gap="g0000000000000d2"),
        cell("v7", "lookup_events", "management", CellState.DENIED, 0, gap="g0000000000000d3").model_copy(
            update={"region": "eu-west-1"}
        ),
    )


def claims() -> tuple[Claim, ...]:
    by_key = f"userIdentity.accessKeyId={BUILD}"
    return (
        Claim(
            id="c1",
            text=f"Access key {BUILD} of user build was used from {INTRUDER}, an address it had not used before.",
            basis="observed",
            predicates=(
                SameCredential(records=(ct(1), ct(4)), key=BUILD),
                Exists(where=f"{by_key} sourceIPAddress={INTRUDER} outcome=success"),
            ),
            evidence=(ct(1), ct(2), ct(3), ct(4)),
        ),
        Claim(
            id="c2",
            text=f"With that key the intruder made a second access key, {BACKUP}, for user backup.",
            basis="observed",
            predicates=(
                Issued(by=ct(5), key=BACKUP),
                Linked(parent=BUILD, child=BACKUP, rule="6", through=(ct(5),)),
                Before(a=ct(1), b=ct(5)),
            ),
            evidence=(ct(5),),
        ),
        Claim(
            id="c3",
            text=f"Key {BACKUP} took the role deploy: session {SESSION}, valid for one hour.",
            basis="observed",
            predicates=(
                Issued(by=ct(6), key=SESSION),
                Linked(parent=BACKUP, child=SESSION, rule="1", through=(ct(6),)),
            ),
            evidence=(ct(6),),
        ),
        Claim(
            id="c4",
            text="The session stopped the trail main at 03:12, before it opened bucket acme-data to everybody.",
            basis="observed",
            predicates=(
                Exists(where="eventName=StopLogging requestParameters.name=main outcome=success"),
                Exists(where="eventName=PutBucketPolicy requestParameters.bucketName=acme-data outcome=success"),
                Before(a=ct(7), b=ct(8)),
            ),
            evidence=(ct(7), ct(8)),
        ),
        Claim(
            id="c5",
            text=f"Key {BACKUP} is still active.",
            basis="observed",
            predicates=(StateIs(answer=KEYS, path=f"AccessKeyMetadata[AccessKeyId={BACKUP}].Status", value="Active"),),
            evidence=(KEYS,),
        ),
        Claim(
            id="c6",
            text="On 27 January the account cost at least USD 306 more than usual.",
            basis="observed",
            predicates=(
                MeasureIs(
                    answer=COST,
                    path="ResultsByTime.Total.UnblendedCost.Amount",
                    agg="excess",
                    window=Window(
                        start=parse_instant("2026-01-27T00:00:00Z"), end=parse_instant("2026-01-28T00:00:00Z")
                    ),
                    op=">=",
                    value="306",
                ),
            ),
            evidence=(COST,),
        ),
        Claim(
            id="c7",
            text="The leaked key made 5 calls in the records given, the first at 03:02:11.",
            basis="observed",
            predicates=(
                Count(where=by_key, n=5, cells=("v1",)),
                First(where=by_key, time=at("03:02:11"), cells=("v1",)),
            ),
            evidence=(ct(1),),
        ),
        Claim(
            id="c8",
            text="No DeleteObject call stands in the records given.",
            basis="observed",
            predicates=(Absent(where="eventName=DeleteBucket", cells=("v1",), scope="given"),),
        ),
        Claim(
            id="c9",
            text="An intruder holds the key of user build and works towards taking data.",
            basis="inferred",
            rests_on=("c1", "c2", "c4"),
        ),
    )


def findings() -> tuple[Finding, ...]:
    high = Confidence.HIGH
    return (
        Finding(
            id="f1",
            claims=("c1", "c7"),
            confidence=high,
            severity=Severity.HIGH,
            tactic=Tactic.INITIAL_ACCESS,
            techniques=("T1078.004",),
            rules=("A10",),
            entities=(BUILD, INTRUDER),
            evidence=(ct(1), ct(2), ct(3)),
        ),
        Finding(
            id="f2",
            claims=("c2", "c5"),
            confidence=high,
            severity=Severity.HIGH,
            tactic=Tactic.PERSISTENCE,
            techniques=("T1098.001",),
            rules=("C02",),
            entities=(BACKUP,),
            evidence=(ct(5), KEYS),
        ),
        Finding(
            id="f3",
            claims=("c3",),
            confidence=high,
            severity=Severity.MEDIUM,
            tactic=Tactic.LATERAL_MOVEMENT,
            techniques=("T1550.001",),
            entities=(SESSION, ROLE),
            evidence=(ct(6),),
        ),
        Finding(
            id="f4",
            claims=("c4",),
            confidence=high,
            severity=Severity.CRITICAL,
            tactic=Tactic.DEFENSE_EVASION,
            techniques=("T1562.008",),
            rules=("E01",),
            entities=("main", "acme-data"),
            evidence=(ct(7), ct(8)),
        ),
        Finding(
            id="f5",
            claims=("c6",),
            confidence=Confidence.MEDIUM,
            severity=Severity.MEDIUM,
            tactic=Tactic.IMPACT,
            techniques=("T1496",),
            entities=(ACCOUNT,),
            evidence=(COST,),
            outcome=Done.DONE,
        ),
    )


def timeline() -> tuple[TimelineEntry, ...]:
    tactics = {
        1: Tactic.DISCOVERY,
        2: Tactic.DISCOVERY,
        3: Tactic.DISCOVERY,
        4: Tactic.PERSISTENCE,
        5: Tactic.PERSISTENCE,
        6: Tactic.LATERAL_MOVEMENT,
        7: Tactic.DEFENSE_EVASION,
        8: Tactic.EXFILTRATION,
        9: Tactic.RESPONSE,
    }
    targets = {4: "user svc-sync", 5: f"arn:aws:iam::{ACCOUNT}:user/backup", 6: ROLE, 7: "trail main", 8: "acme-data"}
    whys = {1: "f1", 2: "f1", 3: "f1", 4: "c1", 5: "f2", 6: "f3", 7: "f4", 8: "f4", 9: BUILD}
    return tuple(
        TimelineEntry(
            id=f"e{number}",
            time=parse_instant(record["eventTime"]),
            source="cloudtrail",
            action=f"{record['eventSource'].split('.')[0]}:{record['eventName']}",
            outcome=Outcome.DENIED if "errorCode" in record else Outcome.SUCCESS,
            actor=TimelineActor(kind=record["userIdentity"]["type"], arn=record["userIdentity"]["arn"]),
            credential=record["userIdentity"]["accessKeyId"],
            origin=Origin(ip=record["sourceIPAddress"], agent=record["userAgent"]),
            on=(targets[number],) if number in targets else (),
            place=Spot(account=ACCOUNT, region="us-east-1"),
            tactic=tactics[number],
            phase="response" if number == 9 else "discovery" if number < 4 else "impact",
            evidence=(ct(number),),
            why=whys[number],
            count=3 if number == 2 else 1,
            last=at("03:02:55") if number == 2 else None,
        )
        for number, record in enumerate(records(), start=1)
    )


def actions() -> tuple[Action, ...]:
    key_off = "aws iam update-access-key --user-name 'backup' --access-key-id '%s' --status %s"
    return (
        Action(
            id="a02c000000000001",
            phase="contain",
            code="KEY-OFF",
            on=BACKUP,
            account=ACCOUNT,
            region="us-east-1",
            save="aws iam list-access-keys --user-name 'backup' > 'ir-5b0c1f22a9d4-backup-keys.json'",
            command=key_off % (BACKUP, "Inactive"),
            effect="The key stops working within minutes.",
            side_effects=(
                "Whatever uses this key stops working.",
                "Sessions that it issued go on until they are revoked.",
            ),
            verify="aws iam list-access-keys --user-name 'backup'",
            undo=key_off % (BACKUP, "Active"),
            loses_evidence=False,
            needs=("f2",),
            risk="low",
        ),
        Action(
            id="a02c000000000002",
            phase="contain",
            code="ROLE-REVOKE",
            on=ROLE,
            account=ACCOUNT,
            command="T=$(date -u +%Y-%m-%dT%H:%M:%SZ)\naws iam put-role-policy --role-name 'deploy' --policy-name AWSRevokeOlderSessions \\\n"
            '  --policy-document "{\\"Version\\":\\"2012-10-17\\",\\"Statement\\":[]}"',
            effect="Ends all sessions of the role that were issued before the command ran.",
            side_effects=("Hosts work again after they have taken the role anew.",),
            verify="aws iam get-role-policy --role-name 'deploy' --policy-name AWSRevokeOlderSessions",
            undo="aws iam delete-role-policy --role-name 'deploy' --policy-name AWSRevokeOlderSessions",
            loses_evidence=False,
            needs=("f3",),
            risk="medium",
        ),
        Action(
            id="a02c000000000003",
            phase="recover",
            code="LOG-ON",
            on="main",
            account=ACCOUNT,
            region="us-east-1",
            command="aws cloudtrail start-logging --name 'main'",
            effect="The trail records again.",
            verify="aws cloudtrail get-trail-status --name 'main'",
            undo="aws cloudtrail stop-logging --name 'main'",
            loses_evidence=False,
            needs=("f4",),
            risk="low",
        ),
    )


def gaps() -> tuple[Gap, ...]:
    return (
        Gap(
            id="g0000000000000d1",
            what="S3 object reads",
            why="no trail logs S3 data events",
            effect="it cannot be told which objects of acme-data were read",
            close="search the server access logs of bucket acme-data",
        ),
        Gap(
            id="g0000000000000d2",
            what="GuardDuty alerts",
            why="GuardDuty is not enabled in 111122223333, us-east-1",
            effect="no second opinion of a detector",
            close="turn GuardDuty on",
        ),
        Gap(
            id="g0000000000000d3",
            what="calls in eu-west-1",
            why="cloudtrail:LookupEvents was refused there",
            effect="use of the key in that Region is not known",
            close="grant cloudtrail:LookupEvents to the reader role",
        ),
    )


def entities() -> tuple[Entity, ...]:
    def entity(kind: EntityKind, value: str, role: Role, *cited: EvidenceId) -> Entity:
        return Entity(kind=kind, value=value, role=role, evidence=cited)

    return (
        entity(EntityKind.ACCESS_KEY, BUILD, Role.COMPROMISED, ct(1)),
        entity(EntityKind.ACCESS_KEY, BACKUP, Role.CREATED_BY_ACTOR, ct(5)),
        entity(EntityKind.IP, INTRUDER, Role.HOSTILE, ct(1), ct(8)),
        entity(EntityKind.PRINCIPAL, f"arn:aws:iam::{ACCOUNT}:user/build", Role.COMPROMISED, ct(1)),
        entity(EntityKind.BUCKET, "acme-data", Role.TOUCHED, ct(8)),
        entity(EntityKind.PRINCIPAL, f"arn:aws:iam::{ACCOUNT}:user/dana", Role.RESPONDER, ct(9)),
    )


def credentials() -> tuple[Credential, ...]:
    def credential(name: str, to: str, parent: str | None, by: int | None, rule: str | None) -> Credential:
        by_id = ct(by) if by else None
        return Credential(id=name, issued_to=to, parent=parent, by=by_id, rule=rule)

    return (
        credential(BUILD, f"arn:aws:iam::{ACCOUNT}:user/build", None, None, None),
        credential(BACKUP, f"arn:aws:iam::{ACCOUNT}:user/backup", BUILD, 5, "6"),
        credential(SESSION, f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/nightly", BACKUP, 6, "1").model_copy(
            update={"start": at("03:09:30"), "end": at("04:09:30")}
        ),
    )


def document(**changes: object) -> CaseDocument:
    """The whole case, every claim held; `changes` replace top-level parts."""
    told = CaseDocument(
        case=Header(
            id="3f9a6c1b20d47e85",
            name="ir-5b0c1f22a9d4",
            title="Leaked access key of user build",
            description=f"The credentials of user build were committed to GitHub, key {BUILD}.",
            as_of=at("09:00:00"),
            scenario=(Scenario.LEAKED_ACCESS_KEY,),
            accounts=(ACCOUNT,),
            regions=("us-east-1", "eu-west-1"),
            window=WINDOW,
        ),
        questions=(
            Question(
                slot="rotated",
                text="Already deactivated, rotated or deleted? When?",
                why="Events after that are worse; sessions outlive keys",
                default="read from IAM",
                asked=True,
            ),
        ),
        answers=(
            Answer(slot="key", value=BUILD, source="description"),
            Answer(slot="rotated", value="2026-01-27T08:31:00Z", source="user"),
            Answer(slot="usual", value="unknown", source="default", note="learnt from the 30 days before"),
        ),
        verdict=Judgement(
            value=Verdict.CONFIRMED,
            confidence=Confidence.HIGH,
            supports=("f1", "f2", "f4"),
            unknown=("g0000000000000d1",),
            would_change_it=("a named change or test that used the key from 198.51.100.7",),
        ),
        summary=Summary(
            overview=("c9", "c1", "c2", "c3", "c4", "c6"),
            notes=("Assumed: the Regions in use are those seen in the 30 days before.",),
        ),
        claims=tuple(claim.model_copy(update={"holds": True}) for claim in claims()),
        findings=findings(),
        timeline=timeline(),
        timeline_rest=(HourCount(hour=at("02:00:00"), records=120), HourCount(hour=at("03:00:00"), records=47)),
        gaps=gaps(),
        actions=actions(),
        entities=entities(),
        credentials=credentials(),
        coverage=cells(),
        measures=Measures(case="482915503617", opened=at("09:01:00"), records_read=2900, seconds=1.2),
        produced_by=ProducedBy(version="0.1.0", rules_sha256="ab" * 32, playbook_sha256="cd" * 32),
    )
    return told.model_copy(update=changes)
