"""The catalog of tools: one dotted name a module. There is no other registry."""

CATALOG: tuple[str, ...] = (
    "investigator.tools.logs",
    "investigator.tools.cloudtrail",
    "investigator.tools.trails",
    "investigator.tools.sts",
    "investigator.tools.iam",
    "investigator.tools.policies",
    "investigator.tools.ec2",
    "investigator.tools.cost",
    "investigator.tools.guardduty",
    "investigator.tools.securityhub",
    "investigator.tools.s3",
)
