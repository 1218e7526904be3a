"""A seeded corpus of plausible CloudTrail files in the `AWSLogs/` layout, written by us for measuring.

A company's month: most calls are those of workloads, few names are frequent, changes are rare, every caller has its
networks and sessions. One old key is stolen on the twentieth day (`STOLEN`).
`python -m benchmarks.corpus FOLDER [EVENTS] [EVENTS_PER_FILE]`
"""

import json
import random
import sys
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import deflate

from benchmarks.company import ACCOUNTS, LETTERS, REGIONS, START, Actor, Call, Company, Json

DAYS = 30
STOLEN = "AKIA000000000SVC11X3"
"""The stolen key, of the user `svc-11-3`; the thief makes `HELD` with it."""
HELD = "AKIA00000000SYNCHELD"
_THEFT: tuple[tuple[str, Call, int, bool], ...] = (
    (STOLEN, ("sts", "GetCallerIdentity", "nothing"), 2, False),
    (STOLEN, ("iam", "ListUsers", "named"), 3, True),
    (STOLEN, ("s3", "ListBuckets", "nothing"), 1, False),
    (STOLEN, ("ec2", "DescribeInstances", "listed"), 12, False),
    (STOLEN, ("secretsmanager", "GetSecretValue", "named"), 6, True),
    (STOLEN, ("iam", "CreateUser", "made_user"), 1, False),
    (STOLEN, ("iam", "AttachUserPolicy", "attached"), 1, False),
    (STOLEN, ("iam", "CreateAccessKey", "made_key"), 1, False),
    (HELD, ("sts", "GetCallerIdentity", "nothing"), 1, False),
    (HELD, ("cloudtrail", "StopLogging", "named"), 1, True),
    (HELD, ("s3", "GetObject", "object"), 60, False),
    (HELD, ("ec2", "RunInstances", "launched"), 8, False),
)
"""Who, which call, how often, whether denied; one call in twenty seconds."""


class Corpus:
    """Records of one seed; the same seed gives the same bytes."""

    def __init__(self, seed: int, accounts: tuple[str, ...] = ACCOUNTS, *, longer: float = 1) -> None:
        """`longer` is how many times longer than usual sessions last, for a corpus of few events."""
        self._random = random.Random(seed)
        self._longer = longer
        self._company = Company(self._random, accounts)

    def record(self, account: str, region: str, time: datetime) -> Json:
        """One record of about 1.5 KB: a call, or the start of the session that its caller needs first."""
        return self._by(self._company.caller(account), region, time)

    def theft(self, account: str, region: str, begin: datetime) -> Iterator[Json]:
        """What the thief does with the stolen key and the one made with it."""
        calls = [(key, call, denied) for key, call, times, denied in _THEFT for _ in range(times)]
        for number, (key, call, denied) in enumerate(calls):
            user = self._user(account, "svc-11-3" if key == STOLEN else "sync-helper", key)
            agent, address = "python-requests/2.31.0", f"203.0.113.{7 + number % 2}"
            yield self._record(call, user, region, begin + timedelta(seconds=20 * number), (agent, address, denied))

    def _by(self, actor: Actor, region: str, time: datetime) -> Json:
        pick, issuer = self._random, actor.issuer
        if not actor.hours:
            actor.identity = actor.identity or self._user(actor.account, actor.name, self._long_term(actor.name))
        elif actor.identity is None or time >= actor.ends:
            if issuer and (issuer.identity is None or time >= issuer.ends):
                return self._by(issuer, region, time)
            return self._assume(actor, region, time)
        seen = (actor.agent, pick.choice(actor.addresses), pick.random() < 0.01)
        return self._record(actor.call(pick), actor.identity or {}, region, time, seen)

    def _assume(self, actor: Actor, region: str, time: datetime) -> Json:
        """The record of the role assumed; its key is that of the session's calls."""
        key, name = self._key("ASIA"), f"{actor.service.partition('.')[0] or 'run'}-{self._random.getrandbits(48):x}"
        actor.ends = time + timedelta(hours=actor.hours * self._longer)
        actor.identity = self._session(actor, name, key, time)
        service = {"type": "AWSService", "invokedBy": actor.service}
        by = (actor.issuer.identity if actor.issuer else None) or service
        record = self._record(("sts", "AssumeRole", "nothing"), by, region, time, (actor.service, actor.service, False))
        if actor.issuer:
            record |= {"userAgent": actor.issuer.agent, "sourceIPAddress": actor.issuer.addresses[0]}
        issued = actor.identity["sessionContext"]["sessionIssuer"]
        record["requestParameters"] = {
            "roleArn": issued["arn"], "roleSessionName": name, "durationSeconds": int(actor.hours * 3600),
        }  # fmt: skip
        record["responseElements"] = {
            "credentials": {"accessKeyId": key, "sessionToken": self._token(220), "expiration": "Mar 1, 2025, 2:14 AM"},
            "assumedRoleUser": {"assumedRoleId": actor.identity["principalId"], "arn": actor.identity["arn"]},
        }  # fmt: skip
        record["sharedEventID"] = self._uuid()
        record["recipientAccountId"] = actor.account
        return record

    def _record(self, call: Call, by: Json, region: str, time: datetime, seen: tuple[str, str, bool]) -> Json:
        (service, name, kind), (agent, address, denied) = call, seen
        account = by.get("accountId", ACCOUNTS[0])
        request, response = getattr(self, f"_{kind}")(account, region)
        record: Json = {
            "eventVersion": self._random.choice(("1.08", "1.09", "1.11")),
            "userIdentity": by,
            "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "eventSource": f"{service}.amazonaws.com",
            "eventName": name,
            "awsRegion": region,
            "sourceIPAddress": address,
            "userAgent": agent,
        }
        if denied:
            why = f"User: {by.get('arn')} is not authorized to perform: {service}:{name} because no policy allows it"
            record |= {"errorCode": "AccessDenied", "errorMessage": why}
        record |= {
            "requestParameters": request,
            "responseElements": None if denied else response,
            "requestID": self._uuid(),
            "eventID": self._uuid(),
            "readOnly": name.startswith(("Get", "List", "Describe", "Decrypt", "Head", "Lookup")),
        }
        if kind == "object":
            record |= self._of_object(request or {}, account)
        return record | {
            "eventType": "AwsApiCall",
            "managementEvent": kind != "object",
            "recipientAccountId": account,
            "eventCategory": "Data" if kind == "object" else "Management",
            "tlsDetails": {
                "tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256",
                "clientProvidedHostHeader": f"{service}.{region}.amazonaws.com",
            },
        }  # fmt: skip

    def _of_object(self, request: Json, account: str) -> Json:
        bucket = f"arn:aws:s3:::{request['bucketName']}"
        return {
            "additionalEventData": {
                "SignatureVersion": "SigV4", "CipherSuite": "ECDHE-RSA-AES128-GCM-SHA256",
                "bytesTransferredIn": 0, "bytesTransferredOut": self._random.randrange(1, 10**6),
                "AuthenticationMethod": "AuthHeader", "x-amz-id-2": self._token(76),
            },
            "resources": [
                {"type": "AWS::S3::Object", "ARN": f"{bucket}/{request['key']}"},
                {"accountId": account, "type": "AWS::S3::Bucket", "ARN": bucket},
            ],
        }  # fmt: skip

    def _uuid(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def _token(self, length: int) -> str:
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        return "".join(self._random.choices(alphabet, k=length))

    def _key(self, prefix: str) -> str:
        return prefix + "".join(self._random.choices(LETTERS, k=16))

    def _long_term(self, user: str) -> str:
        return f"AKIA{user.upper().replace('-', 'X').replace('SVCX', 'SVC'):0>16}"

    def _user(self, account: str, name: str, key: str) -> Json:
        return {
            "type": "IAMUser", "principalId": f"AIDA{name.upper().replace('-', 'X'):0>17}", "accountId": account,
            "arn": f"arn:aws:iam::{account}:user/{name}", "accessKeyId": key, "userName": name,
        }  # fmt: skip

    def _session(self, actor: Actor, name: str, key: str, time: datetime) -> Json:
        account, role = actor.account, actor.name
        principal = f"AROA{role.upper().replace('-', 'X').replace('_', 'X')[-17:]:0>17}"
        return {
            "type": "AssumedRole", "principalId": f"{principal}:{name}", "accountId": account, "accessKeyId": key,
            "arn": f"arn:aws:sts::{account}:assumed-role/{role}/{name}",
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role", "principalId": principal, "arn": f"arn:aws:iam::{account}:role/{role}",
                    "accountId": account, "userName": role,
                },
                "webIdFederationData": {},
                "attributes": {"creationDate": time.strftime("%Y-%m-%dT%H:%M:%SZ"), "mfaAuthenticated": "false"},
            },
        }  # fmt: skip

    def _nothing(self, account: str, region: str) -> tuple[Json | None, Json | None]:
        return None, None

    def _listed(self, account: str, region: str) -> tuple[Json, Json | None]:
        ids = [{"resourceId": f"r-{self._random.getrandbits(68):017x}"} for _ in range(self._random.randrange(1, 12))]
        return {"maxResults": 1000, "resourcesSet": {"items": ids}, "filterSet": {}}, None

    def _object(self, account: str, region: str) -> tuple[Json, Json]:
        pick = self._random
        month = f"{pick.randrange(2020, 2026)}/{pick.randrange(1, 13):02d}"
        bucket = f"data-{account}-{pick.randrange(12)}"
        host, key = f"{bucket}.s3.{region}.amazonaws.com", f"exports/{month}/part-{pick.getrandbits(48):012x}.parquet"
        return {"bucketName": bucket, "Host": host, "key": key}, {"x-amz-server-side-encryption": "AES256"}

    def _decrypted(self, account: str, region: str) -> tuple[Json, None]:
        key = f"arn:aws:kms:{region}:{account}:key/{self._uuid()}"
        context = {"aws:s3:arn": f"arn:aws:s3:::data-{account}-{self._random.randrange(12)}"}
        return {"encryptionContext": context, "encryptionAlgorithm": "SYMMETRIC_DEFAULT", "keyId": key}, None

    def _named(self, account: str, region: str) -> tuple[Json, Json | None]:
        name = f"resource-{self._random.getrandbits(40):010x}"
        return {"name": name, "arn": f"arn:aws:service:{region}:{account}:thing/{name}"}, {"requestId": self._uuid()}

    def _made_user(self, account: str, region: str) -> tuple[Json, Json]:
        user = {"userName": "sync-helper", "arn": f"arn:aws:iam::{account}:user/sync-helper", "path": "/"}
        return {"userName": "sync-helper"}, {"user": user}

    def _attached(self, account: str, region: str) -> tuple[Json, None]:
        return {"userName": "sync-helper", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}, None

    def _made_key(self, account: str, region: str) -> tuple[Json, Json]:
        key = {"accessKeyId": HELD, "status": "Active", "userName": "sync-helper", "createDate": "Mar 20, 2025"}
        return {"userName": "sync-helper"}, {"accessKey": key}

    def _launched(self, account: str, region: str) -> tuple[Json, Json]:
        made = {"instanceId": f"i-{self._random.getrandbits(68):017x}", "instanceType": "g5.12xlarge"}
        asked = {"instanceType": "g5.12xlarge", "minCount": 1, "maxCount": 1}
        return asked, {"instancesSet": {"items": [made]}}


def write(folder: Path, events: int, per_file: int = 2_000, seed: int = 7) -> Iterator[Path]:
    """Write gz files with about `per_file` events each, spread over accounts, Regions and thirty days."""
    corpus, pick = Corpus(seed), random.Random(seed + 1)
    theft = [*corpus.theft(ACCOUNTS[0], REGIONS[0], START + timedelta(days=20, hours=2))]
    made = min(len(theft), events)
    yield put(folder, ACCOUNTS[0], REGIONS[0], (START + timedelta(days=20, hours=2), theft[:made]), pick)
    while made < events:
        count = min(max(1, int(per_file * pick.uniform(0.5, 1.5))), events - made)
        account, (region,) = pick.choice(ACCOUNTS), pick.choices(REGIONS, (60, 25, 10, 5))
        begin = START + timedelta(days=DAYS) * (made / events)
        times = sorted(begin + timedelta(seconds=pick.randrange(900)) for _ in range(count))
        yield put(folder, account, region, (begin, (corpus.record(account, region, time) for time in times)), pick)
        made += count


def put(folder: Path, account: str, region: str, content: tuple[datetime, Iterable[Json]], pick: random.Random) -> Path:
    """Write one file: its first moment, and its records."""
    begin, records = content
    path = folder / "AWSLogs" / account / "CloudTrail" / region / begin.strftime("%Y/%m/%d")
    path.mkdir(parents=True, exist_ok=True)
    stamp = begin.strftime("%Y%m%dT%H%MZ")
    path = path / f"{account}_CloudTrail_{region}_{stamp}_{pick.getrandbits(64):016x}.json.gz"
    text = json.dumps({"Records": [*records]}, separators=(",", ":")).encode()
    path.write_bytes(deflate.gzip_compress(text))  # pyright: ignore[reportUnknownMemberType]
    return path


def main(arguments: list[str]) -> None:
    folder, events, per_file = Path(arguments[0]), int(arguments[1]), int((arguments[2:] or ["2000"])[0])
    for _ in write(folder, events, per_file):
        pass


if __name__ == "__main__":
    main(sys.argv[1:])
