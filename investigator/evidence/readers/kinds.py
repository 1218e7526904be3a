"""Names for what lies beside CloudTrail logs and is none: digests, flow logs, and other services' files."""

import re

_BY_TEXT: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    ("digest", re.compile(rb'"digestS3Object"|"digestStartTime"')),
    ("flow_log", re.compile(rb"\A\s*(?:version,?\s+account-id|account-id\s|\d \d{12} eni-)|\Aversion[, ]")),
    ("config_snapshot", re.compile(rb'"configurationItems"|"configSnapshotId"')),
    ("s3_notification", re.compile(rb'"eventSource"\s*:\s*"aws:s3"')),
    ("guardduty", re.compile(rb'"schemaVersion"\s*:\s*"2\.0".*"service"\s*:\s*\{', re.DOTALL)),
    ("dns_log", re.compile(rb'"query_timestamp"')),
    ("waf_log", re.compile(rb'"webaclId"')),
    ("s3_access_log", re.compile(rb"\A[0-9a-f]{64} \S+ \[\d\d/\w{3}/\d{4}:")),
    ("elb_log", re.compile(rb"\A(?:https?|h2|grpcs|wss?|tcp|tls) \d{4}-\d\d-\d\dT")),
    ("ocsf", re.compile(rb'"class_uid"\s*:')),
    ("parquet", re.compile(rb"\APAR1")),
    ("csv", re.compile(rb"\A\s*\"?[\w @.-]+\"?(?:,\"?[\w @.-]+\"?){3,}\r?\n")),
)


HEAD = 65_536
"""Bytes by which a kind is told."""


def kind_of(text: bytes) -> str | None:
    """The name of a known neighbour, told by its first bytes; None for anything else."""
    head = text[:HEAD].removeprefix(b"\xef\xbb\xbf")
    return next((kind for kind, pattern in _BY_TEXT if pattern.search(head)), None)
