"""What was opened to outside accounts: whom a call lets in, and when that leaves a Gap."""

from dataclasses import replace

import pytest

from investigator.stages.assessment.other_accounts import ANYONE, let_in, shared_outside
from tests.support.story import ACCOUNT, told

SISTER, STRANGER = "444455556666", "999988887777"
OWN = frozenset({ACCOUNT, SISTER})


def call(action, **request):
    [event] = told(f"03:00 alice {action}")
    return replace(event, request=request)


def image(**permission):
    return call("ec2:ModifyImageAttribute", imageId="ami-1", launchPermission=permission)


def snapshot(*accounts):
    return call("rds:ModifyDBSnapshotAttribute", dBSnapshotIdentifier="backup", valuesToAdd=list(accounts))


def bucket(principal, condition=None, effect="Allow"):
    statement = {"Effect": effect, "Principal": principal, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme/*"}
    limited = {**statement, "Condition": condition} if condition else statement
    return call("s3:PutBucketPolicy", bucketName="acme", bucketPolicy={"Version": "2012-10-17", "Statement": [limited]})


@pytest.mark.parametrize(
    ("shared", "whom"),
    [
        (image(add={"items": [{"userId": STRANGER}, {"group": "all"}]}), {STRANGER, ANYONE}),
        (image(remove={"items": [{"userId": STRANGER}]}), set()),
        (snapshot(STRANGER, SISTER), {STRANGER, SISTER}),
        (snapshot("all"), {ANYONE}),
        (call("rds:ModifyDBSnapshotAttribute", dBSnapshotIdentifier="backup", valuesToRemove=[STRANGER]), set()),
        (call("ram:CreateResourceShare", name="net", principals=[f"arn:aws:iam::{STRANGER}:root"]), {STRANGER}),
        (
            call("ram:CreateResourceShare", name="net", principals=[f"arn:aws:organizations::{STRANGER}:ou/o-1/ou-1"]),
            set(),
        ),
        (bucket({"AWS": f"arn:aws:iam::{STRANGER}:root"}), {STRANGER}),
        (bucket({"AWS": [STRANGER, f"arn:aws:iam::{SISTER}:role/r"]}), {STRANGER, SISTER}),
        (bucket({"AWS": STRANGER}, effect="Deny"), set()),
        (bucket({"Service": "cloudtrail.amazonaws.com"}), set()),
        (bucket("*"), {ANYONE}),
        (bucket("*", {"Bool": {"aws:SecureTransport": "true"}}), {ANYONE}),
        (bucket("*", {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}), set()),
        (call("s3:PutBucketPolicy", bucketName="acme", bucketPolicy="{not a policy"), set()),
        (call("s3:PutBucketAcl", **{"bucketName": "acme", "x-amz-acl": ["public-read"]}), {ANYONE}),
        (call("s3:ListBuckets"), set()),
    ],
)
def test_whom_a_call_lets_in(shared, whom):
    assert let_in(shared) == whom


def test_all_that_was_opened_is_one_gap_that_names_each_with_its_accounts():
    acts = (image(add={"items": [{"userId": STRANGER}]}), snapshot(STRANGER, SISTER), snapshot(STRANGER))

    [gap] = shared_outside(acts, OWN, frozenset())

    assert gap.what.endswith(f": ami-1 ({STRANGER}) and backup ({STRANGER})")


@pytest.mark.parametrize(
    "shared", [snapshot(SISTER), snapshot(), replace(snapshot(STRANGER), outcome="denied"), bucket({"AWS": ACCOUNT})]
)
def test_a_share_that_was_refused_or_stays_in_accounts_with_logs_is_none(shared):
    assert not list(shared_outside([shared], OWN, frozenset()))


def test_reads_of_an_opened_bucket_are_seen_where_data_events_are():
    opened = bucket({"AWS": STRANGER})

    assert list(shared_outside([opened], OWN, frozenset({"management"})))
    assert not list(shared_outside([opened], OWN, frozenset({"data:s3"})))
