"""The question to S3: how a bucket is set up. What is not set up is an answer too: `Error.Code` says NoSuch…."""

from collections.abc import Iterator, Mapping

from investigator.domain.observation import Observation
from investigator.domain.words import EntityKind
from investigator.ports.aws import Aws
from investigator.ports.tool import HOME, tool

from ._allowed import action_of
from ._inputs import OneBucket
from ._states import Seen, ref
from ._together import together

SETTINGS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "GetBucketLocation": ("bucket_location", "", ("LocationConstraint",)),
    "GetBucketPolicy": ("bucket_policy", "", ("Policy",)),
    "GetBucketPolicyStatus": ("bucket_policy_status", "PolicyStatus", ("IsPublic",)),
    "GetBucketAcl": ("bucket_acl", "", ("Owner.ID", "Grants")),
    "GetPublicAccessBlock": (
        "bucket_public_access_block",
        "PublicAccessBlockConfiguration",
        ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"),
    ),
    "GetBucketVersioning": ("bucket_versioning", "", ("Status", "MFADelete")),
    "GetBucketEncryption": ("bucket_encryption", "ServerSideEncryptionConfiguration", ("Rules",)),
    "GetBucketLogging": ("bucket_logging", "", ("LoggingEnabled.TargetBucket", "LoggingEnabled.TargetPrefix")),
    "GetBucketLifecycleConfiguration": ("bucket_lifecycle", "", ("Rules",)),
    "GetBucketReplication": ("bucket_replication", "ReplicationConfiguration", ("Role", "Rules")),
    "GetObjectLockConfiguration": ("bucket_object_lock", "ObjectLockConfiguration", ("ObjectLockEnabled", "Rule")),
}
"""Each operation with the kind of state that it gives, and where its values stand."""


@tool(
    "How is this bucket set up, and who may reach it?",
    permissions={action_of("s3", operation) for operation in SETTINGS},
    where=HOME,
)
def bucket_state(inputs: OneBucket, aws: Aws) -> Iterator[Observation]:
    yield from together(*(_setting(operation, inputs.bucket, aws) for operation in SETTINGS))


def _setting(operation: str, bucket: str, aws: Aws) -> Iterator[Observation]:
    kind, path, keys = SETTINGS[operation]
    for page in aws.pages("s3", operation, Bucket=bucket):
        yield Seen(page, aws).state(kind, ref(EntityKind.BUCKET, bucket), path, keys)
