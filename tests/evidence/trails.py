"""CloudTrail files for tests, made of short words."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Json = dict[str, Any]
ALICE: Json = {
    "type": "IAMUser",
    "principalId": "AIDAALICE",
    "arn": "arn:aws:iam::111122223333:user/alice",
    "accountId": "111122223333",
    "accessKeyId": "AKIAALICE00000000000",
    "userName": "alice",
}


def session(role: str = "deploy", name: str = "run-1", **context: Any) -> Json:
    """The userIdentity of a role session."""
    return {
        "type": "AssumedRole",
        "principalId": f"AROADEPLOY:{name}",
        "arn": f"arn:aws:sts::111122223333:assumed-role/{role}/{name}",
        "accountId": "111122223333",
        "accessKeyId": "ASIASESSION000000000",
        "sessionContext": {
            "sessionIssuer": {"type": "Role", "arn": f"arn:aws:iam::111122223333:role/{role}", "userName": role},
            "attributes": {"creationDate": "2025-03-01T09:00:00Z", "mfaAuthenticated": "false"},
            **context,
        },
    }


def record(number: int = 1, **changes: Any) -> Json:
    """A record as AWS writes it; a change to None is a null, to `...` takes the key away."""
    made: Json = {
        "eventVersion": "1.08",
        "userIdentity": ALICE,
        "eventTime": f"2025-03-01T{10 + number // 3600:02d}:{number // 60 % 60:02d}:{number % 60:02d}Z",
        "eventSource": "iam.amazonaws.com",
        "eventName": "ListUsers",
        "awsRegion": "us-east-1",
        "sourceIPAddress": "198.51.100.7",
        "userAgent": "aws-cli/2.15",
        "requestParameters": None,
        "responseElements": None,
        "requestID": f"request-{number}",
        "eventID": f"event-{number}",
        "readOnly": True,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": "111122223333",
        "eventCategory": "Management",
        **changes,
    }
    return {key: value for key, value in made.items() if value is not ...}


def compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def trail(*records: Json) -> bytes:
    """A trail's file, unpacked."""
    return compact({"Records": list(records)}).encode()


def write(path: Path, content: bytes) -> Path:
    """The file, packed when its name ends in .gz."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def texts(raws: Sequence[str]) -> bytes:
    """A trail's file out of records that are given as text."""
    return ('{"Records":[' + ",".join(raws) + "]}").encode("utf-8", "surrogatepass")
