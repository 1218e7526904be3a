"""Properties of what is concluded from a store: more records take no hit away, and no chain of sessions is endless."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from investigator.detections.detect import detect
from investigator.detections.loader import load_rules
from investigator.domain.credential import Credential
from investigator.domain.entity import EntityRef
from investigator.domain.words import EntityKind
from investigator.evidence.library import EvidenceLibrary
from investigator.stages.chains.limits import HOPS
from investigator.stages.linking import link

from .trails import ALICE, Json, record, session, trail

SETS, TOGETHER = (2_000, 40) if os.environ.get("INVESTIGATOR_SOAK") else (12, 4)
"""Pairs of event sets that are drawn, and how many of them share an example."""
PACK = load_rules()
ROLE = "arn:aws:iam::111122223333:role/deploy"
CALLS: tuple[tuple[str, str, Json, Json | None], ...] = (
    ("cloudtrail", "StopLogging", {"name": "main"}, None),
    ("cloudtrail", "StartLogging", {"name": "main"}, None),
    ("iam", "CreateUser", {"userName": "svc"}, None),
    ("iam", "AttachUserPolicy", {"userName": "svc", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}, None),
    ("iam", "CreateAccessKey", {"userName": "svc"}, {"accessKey": {"accessKeyId": "AKIASVC"}}),
    ("iam", "DeleteUser", {"userName": "svc"}, None),
    ("iam", "UpdateAccessKey", {"userName": "svc", "status": "Inactive"}, None),
    ("iam", "ListUsers", {}, None),
    ("ec2", "CreateSnapshot", {"volumeId": "vol-1"}, {"snapshotId": "snap-1"}),
    ("ec2", "CreateVolume", {"snapshotId": "snap-1"}, {"volumeId": "vol-2"}),
    ("ec2", "RunInstances", {}, None),
    ("s3", "PutBucketPolicy", {"bucketName": "logs"}, None),
    ("secretsmanager", "GetSecretValue", {"secretId": "one"}, None),
    ("signin", "ConsoleLogin", {}, {"ConsoleLogin": "Failure"}),
    ("signin", "ConsoleLogin", {}, {"ConsoleLogin": "Success"}),
)
"""Calls that rules, bursts and sequences look for, alone or together."""
ALL_CALLS = st.tuples(st.sampled_from(CALLS), st.integers(0, 40), st.sampled_from("ab"), st.booleans())
SOME = st.lists(ALL_CALLS, min_size=1, max_size=14)
PAIRS = st.lists(st.tuples(SOME, SOME), min_size=TOGETHER, max_size=TOGETHER)
Told = tuple[tuple[str, str, Json, Json | None], int, str, bool]
Trace = tuple[str, ...]


def called(told: Told, number: int, account: str) -> Json:
    """The record of one call by user a or b of an account, which has keys and an address of its own."""
    (service, name, request, response), minute, user, denied = told
    arn = f"arn:aws:iam::{account}:user/{user}"
    identity = {**ALICE, "arn": arn, "accountId": account, "userName": user, "accessKeyId": f"AKIA{user}{account}"}
    return record(
        number,
        eventID=f"{account}-{number}",
        eventTime=f"2025-03-01T10:{minute:02}:00Z",
        eventSource=f"{service}.amazonaws.com",
        eventName=name,
        userIdentity=identity,
        sourceIPAddress=f"2001:db8::{int(account)}",
        requestParameters=request,
        responseElements=None if denied and service != "signin" else response,
        readOnly=name.startswith(("List", "Get")),
        recipientAccountId=account,
        **({"errorCode": "AccessDenied"} if denied and service != "signin" else {}),
    )


def hits(files: Sequence[bytes]) -> set[Trace]:
    """What the rules say of each event alone, and what bursts and sequences say of somebody."""
    single = {rule.name for rule in PACK}
    with tempfile.TemporaryDirectory() as folder:
        library = stored(Path(folder), files)
        found = detect(library.open(library.everything()), PACK)
    alone = {(h.name, h.principal, h.account, h.outcome, id_) for h in found if h.name in single for id_ in h.event_ids}
    return alone | {(hit.name, hit.principal, hit.account) for hit in found}


def stored(folder: Path, files: Sequence[bytes]) -> EvidenceLibrary:
    logs = folder / "logs"
    logs.mkdir()
    for number, content in enumerate(files):
        (logs / str(number)).write_bytes(content)
    library = EvidenceLibrary(folder / "stores")
    library.pin([logs])
    return library


@given(PAIRS)
@settings(
    max_examples=SETS // TOGETHER,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    database=None,
)
def test_more_records_take_no_hit_away(pairs: list[tuple[list[Told], list[Told]]]) -> None:
    """Each pair stands in an account of its own; where a key's first use or home is told, others may take its place."""
    some, more = [], []
    for account, pair in enumerate(pairs, 1):
        first, then = ([called(told, n, f"{account:012}") for n, told in enumerate(part)] for part in pair)
        some.append(trail(*first))
        more.append(trail(*({**one, "eventID": f"more-{one['eventID']}"} for one in then)))

    before, after = hits(some), hits([*some, *more])

    assert before - after == set()


def test_the_calls_of_the_property_make_rules_bursts_and_sequences_speak() -> None:
    denied = [called((call, n, "a", True), n, f"{1:012}") for n, call in enumerate(CALLS)]
    done = [called((call, n, "a", False), n + 50, f"{1:012}") for n, call in enumerate(CALLS)]

    spoken = {trace[0] for trace in hits([trail(*denied, *done)])}

    assert {"logging-stopped", "denied-burst", "identity-made-and-armed", "identity-made-and-removed"} <= spoken


def assumed(number: int, caller: Json, key: str, name: str) -> Json:
    """A session of the role deploy that a caller was handed."""
    return record(
        number,
        eventSource="sts.amazonaws.com",
        eventName="AssumeRole",
        userIdentity=caller,
        requestParameters={"roleArn": ROLE, "roleSessionName": name},
        responseElements={
            "credentials": {"accessKeyId": key},
            "assumedRoleUser": {"arn": f"arn:aws:sts::111122223333:assumed-role/deploy/{name}"},
        },
        readOnly=False,
    )


def ring(length: int) -> bytes:
    """Sessions that issue one another in a circle, the first of them also by alice."""
    keys = [f"ASIA{n:016}" for n in range(length)]
    callers = [session(name=f"s{n}") | {"accessKeyId": key} for n, key in enumerate(keys)]
    turns = [assumed(n, callers[n - 1], keys[n], f"s{n}") for n in range(length)]
    return trail(assumed(length, ALICE, keys[0], "s0"), *turns)


def hub(size: int) -> bytes:
    """One key that issues very many sessions, each used once."""
    issues = [assumed(n, ALICE, f"ASIA{n:016}", f"s{n}") for n in range(size)]
    uses = [record(size + n, userIdentity=session(name=f"s{n}") | {"accessKeyId": f"ASIA{n:016}"}) for n in range(size)]
    return trail(*issues, *uses)


def linked(content: bytes) -> tuple[tuple[Credential, ...], int]:
    """What alice's key issued, and how many Gaps say that there is more."""
    with tempfile.TemporaryDirectory() as folder:
        library = stored(Path(folder), [content])
        found = link(
            [EntityRef(kind=EntityKind.ACCESS_KEY, value=ALICE["accessKeyId"])], library.open(library.everything())
        )
    return found.credentials, len(found.gaps)


def test_a_ring_and_a_hub_of_sessions_end() -> None:
    (of_ring, ring_gaps), (of_hub, hub_gaps) = linked(ring(400)), linked(hub(3_000))

    parents = {credential.id: credential.parent for credential in of_ring}
    assert ring_gaps
    assert len(parents) > HOPS
    assert all(is_rooted(name, parents) for name in parents)
    assert len(of_hub) == 3_001
    assert {credential.parent for credential in of_hub} == {None, ALICE["accessKeyId"]}
    assert not hub_gaps


def is_rooted(name: str, parents: dict[str, str | None]) -> bool:
    """Whether the way up from a credential ends."""
    seen: set[str] = set()
    at: str | None = name
    while at is not None and at not in seen:
        seen.add(at)
        at = parents.get(at)
    return at is None
