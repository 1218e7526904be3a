"""The read list: every AWS operation that the door lets through, in groups that say why; all else is refused.

Beside each operation stands the member that a whole reply always has; a page without it is a bad reply, never an empty
answer. Operations that read secrets or hand out credentials are named apart, so that no edit lets one in unnoticed.
"""

from collections.abc import Iterator, Mapping

READ_LIST: tuple[tuple[str, str, str], ...] = (
    ("who the caller is", "sts", "GetCallerIdentity:Account"),
    ("to which account a key belongs", "sts", "GetAccessKeyInfo:Account"),
    ("which Regions are on", "ec2", "DescribeRegions:Regions"),
    (
        "what instances are, which role, network and disks they have, and what they run at start",
        "ec2",
        "DescribeInstances:Reservations DescribeInstanceAttribute:InstanceId DescribeVolumes:Volumes "
        "DescribeIamInstanceProfileAssociations:IamInstanceProfileAssociations "
        "DescribeNetworkInterfaces:NetworkInterfaces DescribeSecurityGroups:SecurityGroups",
    ),
    ("what was called, and what was recorded", "cloudtrail", "LookupEvents:Events DescribeTrails:trailList "
     "GetTrailStatus:IsLogging GetEventSelectors:TrailARN"),
    ("who a key, user or role is", "iam", "GetUser:User GetRole:Role ListAccessKeys:AccessKeyMetadata "
     "GetAccessKeyLastUsed:AccessKeyLastUsed GetLoginProfile:LoginProfile ListMFADevices:MFADevices"),
    ("what a user or role may do", "iam", "ListAttachedUserPolicies:AttachedPolicies ListUserPolicies:PolicyNames "
     "GetUserPolicy:PolicyDocument ListGroupsForUser:Groups ListAttachedGroupPolicies:AttachedPolicies "
     "ListGroupPolicies:PolicyNames GetGroupPolicy:PolicyDocument ListAttachedRolePolicies:AttachedPolicies "
     "ListRolePolicies:PolicyNames GetRolePolicy:PolicyDocument GetPolicy:Policy GetPolicyVersion:PolicyVersion "
     "GetAccountAuthorizationDetails:UserDetailList"),
    ("what was spent (each request is paid)", "ce", "GetCostAndUsage:ResultsByTime"),
    ("what detectors said", "guardduty", "ListDetectors:DetectorIds ListFindings:FindingIds GetFindings:Findings"),
    ("what detectors said", "securityhub", "GetFindings:Findings"),
    ("how a bucket is set up; HeadBucket tells the client where it is", "s3", "HeadBucket ListBuckets:Buckets "
     "GetBucketLocation GetBucketPolicy:Policy GetBucketPolicyStatus:PolicyStatus GetBucketAcl:Grants "
     "GetPublicAccessBlock:PublicAccessBlockConfiguration GetBucketVersioning GetBucketLogging "
     "GetBucketEncryption:ServerSideEncryptionConfiguration GetBucketLifecycleConfiguration:Rules "
     "GetBucketReplication:ReplicationConfiguration GetObjectLockConfiguration:ObjectLockConfiguration"),
)  # fmt: skip
"""Reason, service as botocore names it, and operations."""

NEVER = frozenset(
    "secretsmanager:GetSecretValue secretsmanager:BatchGetSecretValue ssm:GetParameter ssm:GetParameters "
    "ssm:GetParametersByPath ssm:GetParameterHistory ec2:GetPasswordData lambda:GetFunction sts:GetSessionToken "
    "sts:GetFederationToken ecr:GetAuthorizationToken codeartifact:GetAuthorizationToken kms:Decrypt "
    "cognito-identity:GetCredentialsForIdentity redshift:GetClusterCredentials rds-data:ExecuteStatement".split()
)
"""Operations whose IAM access level is Read or List, or whose name reads so, but which give secrets away."""

_OTHER_ACTION: Mapping[str, str] = {
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
}

TOKEN_OF: Mapping[str, str] = {
    "cloudtrail": "NextToken",
    "ec2": "NextToken",
    "iam": "Marker",
    "ce": "NextPageToken",
    "guardduty": "NextToken",
    "securityhub": "NextToken",
    "s3": "ContinuationToken",
}
"""The member that leads to the next page: read from a reply, sent in the next request."""


def _entries() -> Iterator[tuple[str, str]]:
    for _, service, operations in READ_LIST:
        for entry in operations.split():
            operation, _, member = entry.partition(":")
            yield f"{service}:{operation}", member


RESULT_OF: Mapping[str, str] = dict(_entries())
"""`service:Operation` to the member that its reply always has ("" when every member may be absent)."""


def allowed(service: str, operation: str) -> bool:
    """Whether the door lets this operation through."""
    return f"{service}:{operation}" in RESULT_OF


def action_of(service: str, operation: str) -> str:
    """The IAM action that permits the operation; they differ in places (Service Authorization Reference)."""
    name = f"{service}:{operation}"
    return _OTHER_ACTION.get(name, name)
