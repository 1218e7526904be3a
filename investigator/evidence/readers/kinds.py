"""Names for what lies beside CloudTrail logs and is none: digests, flow logs, and other services' files.

Sources: the log format pages of the AWS services, and the first bytes of the other formats.
"""

import re

_BY_TEXT: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    ("parquet", re.compile(rb"\APAR1")),
    ("packet_capture", re.compile(rb"\A(?:\xd4\xc3\xb2\xa1|\xa1\xb2\xc3\xd4|\x4d\x3c\xb2\xa1|\x0a\x0d\x0d\x0a)")),
    ("windows_event_log", re.compile(rb"\AElfFile\x00")),
    ("database", re.compile(rb"\ASQLite format 3\x00|\A.{8}DUCK", re.DOTALL)),
    ("digest", re.compile(rb'"digestS3Object"|"digestStartTime"')),
    ("flow_log", re.compile(rb"\A\s*(?:version,?\s+account-id|account-id\s|\d \d{12} eni-)|\Aversion[, ]")),
    ("config_snapshot", re.compile(rb'"configurationItems"|"configSnapshotId"')),
    ("s3_notification", re.compile(rb'"eventSource"\s*:\s*"aws:s3"')),
    ("guardduty", re.compile(rb'"schemaVersion"\s*:\s*"2\.0".*"service"\s*:\s*\{', re.DOTALL)),
    ("security_hub", re.compile(rb'"SchemaVersion"\s*:\s*"2018-10-08"')),
    ("kubernetes_audit_log", re.compile(rb'"apiVersion"\s*:\s*"audit\.k8s\.io/')),
    ("network_firewall_log", re.compile(rb'"firewall_name"')),
    ("dns_log", re.compile(rb'"query_timestamp"|\A1\.0 \d{4}-\d\d-\d\dT\S+ Z[0-9A-Z]+ ')),
    ("waf_log", re.compile(rb'"webaclId"')),
    ("s3_access_log", re.compile(rb"\A[0-9a-f]{64} \S+ \[\d\d/\w{3}/\d{4}:")),
    ("elb_log", re.compile(rb"\A(?:(?:https?|h2|grpcs|wss?|tcp|tls) (?:\d\.\d )?)?\d{4}-\d\d-\d\dT\S+ \S+ [\d.]+:\d")),
    ("elb_log", re.compile(rb"\Atls \d\.\d \d{4}-\d\d-\d\dT")),
    ("cloudfront_log", re.compile(rb"\A#Version: [\d.]+\s+#Fields: .*(?:x-edge-|cs-method)")),
    ("inventory_manifest", re.compile(rb'"sourceBucket"\s*:.*"fileSchema"\s*:', re.DOTALL)),
    ("credential_report", re.compile(rb"\Auser,arn,user_creation_time,password_enabled")),
    ("cost_report", re.compile(rb"\A\"?(?:identity/LineItemId|bill_)")),
    ("ocsf", re.compile(rb'"class_uid"\s*:')),
    ("csv", re.compile(rb"\A\s*\"?[\w @./-]+\"?(?:,\"?[\w @./-]+\"?){3,}\r?\n")),
)  # fmt: skip


HEAD = 65_536
"""Bytes by which a kind is told."""


def kind_of(text: bytes) -> str | None:
    """The name of a known neighbour, told by its first bytes; None for anything else."""
    head = text[:HEAD].removeprefix(b"\xef\xbb\xbf")
    return next((kind for kind, pattern in _BY_TEXT if pattern.search(head)), None)
