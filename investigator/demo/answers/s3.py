"""S3: how the buckets are set up."""

import json
from collections.abc import Callable, Mapping

from pydantic import JsonValue

from investigator.demo.answers.asked import Asked, Body, Fault
from investigator.demo.company import ACCOUNT, BACKUPS, BUCKETS, EXPORTS, HOME, TRAIL_ARN, TRAIL_BUCKET, unique
from investigator.demo.estate import FOUNDED
from investigator.demo.incident import Incident
from investigator.domain.times import to_text

_OWNER: Mapping[str, JsonValue] = {"ID": unique("", "canonical user").lower() * 4}


def _bucket(asked: Asked) -> str:
    name = asked.text("Bucket")
    if name not in BUCKETS:
        raise Fault("NoSuchBucket", "The specified bucket does not exist", 404)
    return name


def _head(told: Incident, asked: Asked) -> Body:
    if asked.text("Bucket") not in BUCKETS:
        raise Fault("404", "Not Found", 404)
    return {"BucketRegion": HOME, "AccessPointAlias": False}


def _buckets(told: Incident, asked: Asked) -> Body:
    made = to_text(FOUNDED)
    owner = dict(_OWNER)
    return {"Buckets": [{"Name": name, "CreationDate": made} for name in sorted(BUCKETS)], "Owner": owner}


def _location(told: Incident, asked: Asked) -> Body:
    _bucket(asked)
    return {"LocationConstraint": HOME}


def _policy(told: Incident, asked: Asked) -> Body:
    if _bucket(asked) != TRAIL_BUCKET:
        raise Fault("NoSuchBucketPolicy", "The bucket policy does not exist", 404)
    statement: JsonValue = {
        "Sid": "TrailWrites",
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{TRAIL_BUCKET}/AWSLogs/{ACCOUNT}/*",
        "Condition": {"StringEquals": {"aws:SourceArn": TRAIL_ARN}},
    }
    return {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


def _policy_status(told: Incident, asked: Asked) -> Body:
    _policy(told, asked)
    return {"PolicyStatus": {"IsPublic": False}}


def _acl(told: Incident, asked: Asked) -> Body:
    _bucket(asked)
    grantee: JsonValue = {**_OWNER, "Type": "CanonicalUser"}
    return {"Owner": dict(_OWNER), "Grants": [{"Grantee": grantee, "Permission": "FULL_CONTROL"}]}


def _public_access(told: Incident, asked: Asked) -> Body:
    _bucket(asked)
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    return {"PublicAccessBlockConfiguration": dict.fromkeys(names, True)}


def _versioning(told: Incident, asked: Asked) -> Body:
    return {"Status": "Enabled"} if _bucket(asked) in (BACKUPS, TRAIL_BUCKET) else {}


def _logging(told: Incident, asked: Asked) -> Body:
    _bucket(asked)
    return {}


def _encryption(told: Incident, asked: Asked) -> Body:
    _bucket(asked)
    rule: JsonValue = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}
    return {"ServerSideEncryptionConfiguration": {"Rules": [rule]}}


def _lifecycle(told: Incident, asked: Asked) -> Body:
    if _bucket(asked) != EXPORTS:
        raise Fault("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", 404)
    rule: JsonValue = {
        "ID": "a year", "Status": "Enabled", "Filter": {"Prefix": "daily/"}, "Expiration": {"Days": 365},
    }  # fmt: skip
    return {"Rules": [rule]}


def _replication(told: Incident, asked: Asked) -> Body:
    _bucket(asked)
    raise Fault("ReplicationConfigurationNotFoundError", "The replication configuration was not found", 404)


def _object_lock(told: Incident, asked: Asked) -> Body:
    _bucket(asked)
    code = "ObjectLockConfigurationNotFoundError"
    raise Fault(code, "Object Lock configuration does not exist for this bucket", 404)


OPERATIONS: Mapping[str, Callable[[Incident, Asked], Body]] = {
    "HeadBucket": _head,
    "ListBuckets": _buckets,
    "GetBucketLocation": _location,
    "GetBucketPolicy": _policy,
    "GetBucketPolicyStatus": _policy_status,
    "GetBucketAcl": _acl,
    "GetPublicAccessBlock": _public_access,
    "GetBucketVersioning": _versioning,
    "GetBucketLogging": _logging,
    "GetBucketEncryption": _encryption,
    "GetBucketLifecycleConfiguration": _lifecycle,
    "GetBucketReplication": _replication,
    "GetObjectLockConfiguration": _object_lock,
}
