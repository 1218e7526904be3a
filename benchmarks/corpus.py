"""A seeded corpus of plausible CloudTrail files in the `AWSLogs/` layout, written by us for measuring.

`python -m benchmarks.corpus FOLDER [EVENTS] [EVENTS_PER_FILE]`
"""

import json
import random
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import deflate

REGIONS = ("us-east-1", "eu-west-1", "eu-central-1", "ap-southeast-2")
ACCOUNTS = ("111122223333", "444455556666", "777788889999")
AGENTS = (
    "aws-cli/2.15.30 Python/3.11.8 Linux/5.10.205-195.807.amzn2.x86_64 exe/x86_64.amzn.2 prompt/off command/s3.cp",
    "Boto3/1.34.69 md/Botocore#1.34.69 ua/2.0 os/linux#5.10.205 md/arch#x86_64 lang/python#3.11.8",
    "console.amazonaws.com",
    "APN/1.0 HashiCorp/1.0 Terraform/1.7.5 (+https://www.terraform.io) aws-sdk-go-v2/1.25.3 os/linux lang/go#1.21.8",
    "autoscaling.amazonaws.com",
    "[S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.682 Linux/5.10.209 OpenJDK_64-Bit_Server_VM/25.402-b08]",
)
CALLS: tuple[tuple[str, str, str, int], ...] = (
    ("ec2.amazonaws.com", "DescribeInstances", "reservation", 20),
    ("s3.amazonaws.com", "GetObject", "object", 22),
    ("s3.amazonaws.com", "PutObject", "object", 8),
    ("sts.amazonaws.com", "AssumeRole", "assumed", 14),
    ("kms.amazonaws.com", "Decrypt", "decrypted", 10),
    ("logs.amazonaws.com", "CreateLogStream", "named", 5),
    ("dynamodb.amazonaws.com", "DescribeTable", "named", 4),
    ("lambda.amazonaws.com", "GetFunction20150331v2", "named", 3),
    ("iam.amazonaws.com", "ListAttachedRolePolicies", "named", 4),
    ("iam.amazonaws.com", "CreateAccessKey", "made_key", 1),
    ("ec2.amazonaws.com", "RunInstances", "named", 1),
    ("ec2.amazonaws.com", "AuthorizeSecurityGroupIngress", "named", 1),
    ("secretsmanager.amazonaws.com", "GetSecretValue", "named", 2),
    ("cloudtrail.amazonaws.com", "DescribeTrails", "nothing", 2),
    ("signin.amazonaws.com", "ConsoleLogin", "sign_in", 1),
)
START = datetime(2025, 3, 1, tzinfo=UTC)
Json = dict[str, Any]


class Corpus:
    """Records of one seed; the same seed gives the same bytes."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._sources, self._weights = CALLS, [weight for *_, weight in CALLS]
        self._users = [f"user-{number:03d}" for number in range(60)]
        self._roles = [f"role-{number:03d}" for number in range(40)]
        self._sessions: list[Json] = [self._session() for _ in range(300)]

    def record(self, account: str, region: str, time: datetime) -> Json:
        """One record of about 1.5 KB."""
        pick = self._random
        source, name, kind, _ = pick.choices(self._sources, self._weights)[0]
        if pick.random() < 0.02:
            self._sessions[pick.randrange(len(self._sessions))] = self._session()
        identity = pick.choice(self._sessions) if pick.random() < 0.85 else self._user(account)
        denied = pick.random() < 0.04
        request, response = getattr(self, f"_{kind}")(account, region)
        record: Json = {
            "eventVersion": pick.choice(("1.08", "1.09", "1.11")),
            "userIdentity": identity,
            "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "eventSource": source,
            "eventName": name,
            "awsRegion": region,
            "sourceIPAddress": f"10.{pick.randrange(4)}.{pick.randrange(16)}.{pick.randrange(250)}",
            "userAgent": pick.choice(AGENTS),
        }
        if denied:
            record["errorCode"] = "AccessDenied"
            record["errorMessage"] = (
                f"User: {identity['arn']} is not authorized to perform: {name} because no policy allows it"
            )
        record |= {
            "requestParameters": request,
            "responseElements": None if denied else response,
            "requestID": self._uuid(),
            "eventID": self._uuid(),
            "readOnly": name.startswith(("Get", "List", "Describe", "Decrypt")),
        }
        if kind == "object":
            record["additionalEventData"] = {
                "SignatureVersion": "SigV4", "CipherSuite": "ECDHE-RSA-AES128-GCM-SHA256",
                "bytesTransferredIn": 0, "bytesTransferredOut": pick.randrange(1, 10**6),
                "AuthenticationMethod": "AuthHeader", "x-amz-id-2": self._token(76),
            }  # fmt: skip
            record["resources"] = [
                {"type": "AWS::S3::Object", "ARN": f"arn:aws:s3:::{request['bucketName']}/{request['key']}"},
                {"accountId": account, "type": "AWS::S3::Bucket", "ARN": f"arn:aws:s3:::{request['bucketName']}"},
            ]
        record |= {
            "eventType": "AwsConsoleSignIn" if kind == "sign_in" else "AwsApiCall",
            "managementEvent": kind != "object",
            "recipientAccountId": account,
            "eventCategory": "Data" if kind == "object" else "Management",
            "tlsDetails": {
                "tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256",
                "clientProvidedHostHeader": f"{source.split('.')[0]}.{region}.amazonaws.com",
            },
        }  # fmt: skip
        return record

    def _uuid(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def _token(self, length: int) -> str:
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        return "".join(self._random.choices(alphabet, k=length))

    def _key(self, prefix: str) -> str:
        return prefix + "".join(self._random.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=16))

    def _user(self, account: str) -> Json:
        name = self._random.choice(self._users)
        return {
            "type": "IAMUser", "principalId": f"AIDA{name.upper():0>17}", "arn": f"arn:aws:iam::{account}:user/{name}",
            "accountId": account, "accessKeyId": f"AKIA{name.upper().replace('-', ''):0>16}", "userName": name,
        }  # fmt: skip

    def _session(self) -> Json:
        pick = self._random
        account, role = pick.choice(ACCOUNTS), pick.choice(self._roles)
        session = f"i-{pick.getrandbits(68):017x}" if pick.random() < 0.4 else f"{role}-{pick.getrandbits(40):x}"
        created = (START + timedelta(minutes=pick.randrange(40_000))).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {
            "type": "AssumedRole", "principalId": f"AROA{role.upper():0>17}:{session}",
            "arn": f"arn:aws:sts::{account}:assumed-role/{role}/{session}", "accountId": account,
            "accessKeyId": self._key("ASIA"),
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role", "principalId": f"AROA{role.upper():0>17}",
                    "arn": f"arn:aws:iam::{account}:role/{role}", "accountId": account, "userName": role,
                },
                "webIdFederationData": {},
                "attributes": {"creationDate": created, "mfaAuthenticated": "false"},
            },
        }  # fmt: skip

    def _nothing(self, account: str, region: str) -> tuple[Json | None, Json | None]:
        return None, None

    def _reservation(self, account: str, region: str) -> tuple[Json, Json | None]:
        ids = [{"instanceId": f"i-{self._random.getrandbits(68):017x}"} for _ in range(self._random.randrange(1, 6))]
        return {"maxResults": 1000, "instancesSet": {"items": ids}, "filterSet": {}}, None

    def _object(self, account: str, region: str) -> tuple[Json, Json]:
        pick = self._random
        key = (
            f"exports/{pick.randrange(2020, 2026)}/{pick.randrange(1, 13):02d}/part-{pick.getrandbits(48):012x}.parquet"
        )
        bucket = f"data-{account}-{pick.randrange(12)}"
        host = f"{bucket}.s3.{region}.amazonaws.com"
        return {"bucketName": bucket, "Host": host, "key": key}, {"x-amz-server-side-encryption": "AES256"}

    def _assumed(self, account: str, region: str) -> tuple[Json, Json]:
        role, name = self._random.choice(self._roles), f"run-{self._random.getrandbits(48):x}"
        request = {"roleArn": f"arn:aws:iam::{account}:role/{role}", "roleSessionName": name, "durationSeconds": 3600}
        user = {
            "assumedRoleId": f"AROA{role.upper():0>17}:{name}",
            "arn": f"arn:aws:sts::{account}:assumed-role/{role}/{name}",
        }
        credentials = {
            "accessKeyId": self._key("ASIA"), "sessionToken": self._token(220), "expiration": "Mar 1, 2025, 2:14:53 AM",
        }  # fmt: skip
        return request, {"credentials": credentials, "assumedRoleUser": user}

    def _decrypted(self, account: str, region: str) -> tuple[Json, None]:
        key = f"arn:aws:kms:{region}:{account}:key/{self._uuid()}"
        context = {"aws:s3:arn": f"arn:aws:s3:::data-{account}-{self._random.randrange(12)}"}
        return {"encryptionContext": context, "encryptionAlgorithm": "SYMMETRIC_DEFAULT", "keyId": key}, None

    def _named(self, account: str, region: str) -> tuple[Json, Json | None]:
        name = f"resource-{self._random.getrandbits(40):010x}"
        return {"name": name, "arn": f"arn:aws:service:{region}:{account}:thing/{name}"}, {"requestId": self._uuid()}

    def _made_key(self, account: str, region: str) -> tuple[Json, Json]:
        user = self._random.choice(self._users)
        key = {"accessKeyId": self._key("AKIA"), "status": "Active", "userName": user, "createDate": "Mar 1, 2025"}
        return {"userName": user}, {"accessKey": key}

    def _sign_in(self, account: str, region: str) -> tuple[None, Json]:
        return None, {"ConsoleLogin": "Success" if self._random.random() < 0.9 else "Failure"}


def write(folder: Path, events: int, per_file: int = 2_000, seed: int = 7) -> Iterator[Path]:
    """Write gz files with about `per_file` events each, spread over accounts, Regions and thirty days."""
    corpus, pick = Corpus(seed), random.Random(seed + 1)
    made = 0
    while made < events:
        count = min(max(1, int(per_file * pick.uniform(0.5, 1.5))), events - made)
        account, region = pick.choice(ACCOUNTS), pick.choice(REGIONS)
        begin = START + timedelta(days=30) * (made / events)
        times = sorted(begin + timedelta(seconds=pick.randrange(900)) for _ in range(count))
        records = [corpus.record(account, region, time) for time in times]
        path = folder / "AWSLogs" / account / "CloudTrail" / region / begin.strftime("%Y/%m/%d")
        path.mkdir(parents=True, exist_ok=True)
        stamp = begin.strftime("%Y%m%dT%H%MZ")
        path = path / f"{account}_CloudTrail_{region}_{stamp}_{pick.getrandbits(64):016x}.json.gz"
        text = json.dumps({"Records": records}, separators=(",", ":")).encode()
        path.write_bytes(deflate.gzip_compress(text))
        made += count
        yield path


def main(arguments: list[str]) -> None:
    folder, events, per_file = Path(arguments[0]), int(arguments[1]), int((arguments[2:] or ["2000"])[0])
    for _ in write(folder, events, per_file):
        pass


if __name__ == "__main__":
    main(sys.argv[1:])
