"""How a bucket is set up, who asks, and what is recorded."""

from pathlib import Path

from investigator.tools.s3 import SETTINGS, bucket_state
from investigator.tools.sts import caller, key_account
from investigator.tools.trails import trails

from investigator.domain.gap import Gap
from investigator.domain.state import State
from tests.doubles.loopback_aws import Error
from tests.tools.doors import ask

ARN = "arn:aws:cloudtrail:us-east-1:111122223333:trail/main"
TRAIL = {"Name": "main", "TrailARN": ARN, "HomeRegion": "us-east-1", "IsMultiRegionTrail": True, "S3BucketName": "logs"}
MANAGEMENT = {
    "TrailARN": ARN,
    "EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}],
}
OBJECTS = {"TrailARN": ARN, "AdvancedEventSelectors": [{"Name": "objects", "FieldSelectors": [
    {"Field": "eventCategory", "Equals": ["Data"]}, {"Field": "resources.type", "Equals": ["AWS::S3::Object"]}]}]}  # fmt: skip


def test_who_asks_and_whose_key_it_is(tmp_path: Path) -> None:
    [me] = ask(caller, {}, tmp_path / "a")
    [owner] = ask(
        key_account, {"sts:GetAccessKeyInfo": [{"Account": "999988887777"}]}, tmp_path / "b", key="AKIALEAKEDLEAKED0001"
    )

    assert (me.values["Account"], owner.values["Account"]) == ("111122223333", "999988887777")


def test_what_a_bucket_does_not_have_is_an_answer_too(tmp_path: Path) -> None:
    answers = {
        "s3:GetBucketLocation": [{"LocationConstraint": "eu-west-1"}],
        "s3:GetBucketPolicy": [Error("NoSuchBucketPolicy", 404)],
        "s3:GetBucketPolicyStatus": [{"PolicyStatus": {"IsPublic": True}}],
        "s3:GetBucketAcl": [{"Owner": {"ID": "o"}, "Grants": []}],
        "s3:GetPublicAccessBlock": [Error("NoSuchPublicAccessBlockConfiguration", 404)],
        "s3:GetBucketVersioning": [{"Status": "Suspended"}],
        "s3:GetBucketEncryption": [Error("ServerSideEncryptionConfigurationNotFoundError", 404)],
        "s3:GetBucketLogging": [{}],
        "s3:GetBucketLifecycleConfiguration": [
            {"Rules": [{"ID": "gone", "Status": "Enabled", "Expiration": {"Days": 1}}]}
        ],
        "s3:GetBucketReplication": [Error("ReplicationConfigurationNotFoundError", 404)],
        "s3:GetObjectLockConfiguration": [Error("ObjectLockConfigurationNotFoundError", 404)],
    }

    seen = {
        state.kind: dict(state.values)
        for state in ask(bucket_state, answers, tmp_path, bucket="acme-data")
        if isinstance(state, State)
    }

    assert len(seen) == len(SETTINGS)
    assert seen["bucket_policy"] == {"Error.Code": "NoSuchBucketPolicy"}
    assert seen["bucket_policy_status"] == {"IsPublic": "true"}
    assert seen["bucket_versioning"] == {"Status": "Suspended"}
    assert '"Days":1' in seen["bucket_lifecycle"]["Rules"]


def test_a_trail_without_object_calls_leaves_a_gap(tmp_path: Path) -> None:
    answers = {
        "cloudtrail:DescribeTrails": [{"trailList": [TRAIL]}],
        "cloudtrail:GetTrailStatus": [{"IsLogging": False, "StopLoggingTime": 1769486400}],
        "cloudtrail:GetEventSelectors": [MANAGEMENT],
    }

    trail, status, stopped, _, objects = ask(trails, answers, tmp_path)

    assert (trail.values["IsMultiRegionTrail"], status.values["IsLogging"]) == ("true", "false")
    assert status.values["StopLoggingTime"] == "2026-01-27T04:00:00Z"
    assert isinstance(stopped, Gap)
    assert "no trail of us-east-1 logs S3 data events" in objects.why


def test_a_trail_with_object_calls_leaves_none(tmp_path: Path) -> None:
    answers = {
        "cloudtrail:DescribeTrails": [{"trailList": [TRAIL]}],
        "cloudtrail:GetTrailStatus": [{"IsLogging": True}],
        "cloudtrail:GetEventSelectors": [OBJECTS],
    }

    assert not [seen for seen in ask(trails, answers, tmp_path) if isinstance(seen, Gap)]


def test_a_region_without_a_trail_is_a_gap(tmp_path: Path) -> None:
    [gap] = ask(trails, {"cloudtrail:DescribeTrails": [{"trailList": []}]}, tmp_path)

    assert gap.why.startswith("no trail records there")
