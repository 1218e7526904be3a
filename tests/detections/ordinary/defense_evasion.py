"""Ordinary life around the rules of defense evasion."""

from investigator.domain.words import Severity
from tests.detections.ordinary.callers import (
    ADMIN,
    AWS,
    DEPLOY,
    ENGINEER,
    LINKED,
    OLD_KEY,
    PERSON,
    ROOT,
    SCANNER,
    SESSION,
    STACK,
    WORKLOAD,
)  # fmt: skip
from tests.detections.ordinary.life import (
    DAILY,
    MONTHLY,
    OFTEN,
    QUARTERLY,
    WEEKLY,
    YEARLY,
    Life,
    ask,
    denied,
    life,
    near,
    quiet,
    use,
)  # fmt: skip

LOW, MEDIUM, HIGH, CRITICAL = Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL
DETECTOR, TRAIL = "<id>", "arn:aws:cloudtrail:<region>:<account>:trail/<word>"
RULE = {
    "items": [
        {"ipProtocol": "tcp", "fromPort": 8080, "toPort": 8080, "ipRanges": {"items": [{"cidrIp": "10.0.0.0/8"}]}}
    ]
}

LIVES: dict[str, Life] = {
    "alerts-hidden": life(
        near(DAILY, ask("securityhub:GetFindings", ADMIN, maxResults=100), ask("securityhub:BatchImportFindings", SCANNER), ask("securityhub:CreateInsight", ADMIN, name="<word>")),
        use(MEDIUM, DAILY, ask("securityhub:BatchUpdateFindings", ADMIN, workflow={"status": "RESOLVED"})),
        quiet(DAILY, ask("securityhub:BatchUpdateFindings", AWS, workflow={"status": "NEW"})),
    ),
    "bucket-logging-off": life(
        near(
            WEEKLY,
            ask("s3:PutBucketLogging", DEPLOY, bucketName="<word>-data", BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": "logs-<account>", "TargetPrefix": "<word>/"}}),
            ask("s3:PutBucketEncryption", DEPLOY, bucketName="<word>-data"),
            ask("s3:GetBucketLogging", SCANNER, bucketName="<word>-data"),
        ),
        use(MEDIUM, MONTHLY, ask("s3:PutBucketLogging", DEPLOY, bucketName="<word>-tmp", BucketLoggingStatus={"xmlns": "http://s3.amazonaws.com/doc/2006-03-01/"})),
    ),
    "configuration-recorder-stopped": life(
        near(WEEKLY, ask("config:StartConfigurationRecorder", DEPLOY, configurationRecorderName="default"), ask("config:PutConfigRule", DEPLOY, configRule={"configRuleName": "<word>"}), ask("config:DescribeConfigRules", SCANNER)),
        use(HIGH, MONTHLY, ask("config:DeleteConfigRule", DEPLOY, configRuleName="<word>")),
        quiet(WEEKLY, ask("config:DeleteConfigRule", AWS, configRuleName="securityhub-<word>")),
    ),
    "detector-changed": life(
        near(WEEKLY, ask("guardduty:GetDetector", SCANNER, detectorId=DETECTOR), ask("guardduty:CreateDetector", DEPLOY, enable=True)),
        use(LOW, MONTHLY, ask("guardduty:UpdateDetector", DEPLOY, detectorId=DETECTOR, enable=True), ask("guardduty:UpdateMemberDetectors", ADMIN, detectorId=DETECTOR)),
    ),
    "detector-deleted": life(
        near(WEEKLY, ask("guardduty:ListMembers", ADMIN, detectorId=DETECTOR), ask("guardduty:InviteMembers", ADMIN, detectorId=DETECTOR), ask("guardduty:StartMonitoringMembers", ADMIN, detectorId=DETECTOR)),
        use(HIGH, YEARLY, ask("guardduty:DisassociateMembers", ADMIN, detectorId=DETECTOR, accountIds=["<sister>"])),
    ),
    "detector-disabled": life(
        near(WEEKLY, ask("guardduty:UpdateDetector", DEPLOY, detectorId=DETECTOR, enable=True), ask("guardduty:UpdateDetector", DEPLOY, detectorId=DETECTOR, findingPublishingFrequency="ONE_HOUR")),
        use(HIGH, YEARLY, ask("guardduty:UpdateDetector", ADMIN, detectorId=DETECTOR, enable=False)),
        use(MEDIUM, YEARLY, ask("guardduty:UpdateDetector", STACK, detectorId=DETECTOR, enable=False)),
    ),
    "detector-filter": life(
        near(WEEKLY, ask("guardduty:ListFilters", SCANNER, detectorId=DETECTOR), ask("guardduty:UnarchiveFindings", ADMIN, detectorId=DETECTOR), ask("wafv2:CreateIPSet", DEPLOY, name="<word>")),
        use(MEDIUM, WEEKLY, ask("guardduty:ArchiveFindings", ADMIN, detectorId=DETECTOR), ask("guardduty:CreateFilter", ADMIN, name="<word>")),
    ),
    "event-selectors-changed": life(
        near(DAILY, ask("cloudtrail:GetEventSelectors", SCANNER, trailName=TRAIL), ask("cloudtrail:GetInsightSelectors", SCANNER, trailName=TRAIL), ask("cloudtrail:AddTags", DEPLOY, resourceId=TRAIL)),
        use(LOW, QUARTERLY, ask("cloudtrail:PutEventSelectors", DEPLOY, trailName=TRAIL, eventSelectors=[{"readWriteType": "All", "includeManagementEvents": True}])),
    ),
    "event-selectors-narrowed": life(
        near(
            MONTHLY,
            ask("cloudtrail:PutEventSelectors", DEPLOY, trailName=TRAIL, eventSelectors=[{"readWriteType": "All", "includeManagementEvents": True}]),
            ask("cloudtrail:PutEventSelectors", DEPLOY, trailName=TRAIL, eventSelectors=[{"readWriteType": "All", "includeManagementEvents": True, "excludeManagementEventSources": []}]),
            ask("cloudtrail:PutInsightSelectors", DEPLOY, trailName=TRAIL, insightSelectors=[{"insightType": "ApiCallRateInsight"}]),
        ),
        use(HIGH, QUARTERLY, ask("cloudtrail:PutEventSelectors", DEPLOY, trailName=TRAIL, eventSelectors=[
            {"readWriteType": "All", "includeManagementEvents": True, "excludeManagementEventSources": ["kms.amazonaws.com"]}])),
    ),
    "instance-metadata-weakened": life(
        near(
            WEEKLY,
            ask("ec2:ModifyInstanceMetadataOptions", DEPLOY, ModifyInstanceMetadataOptionsRequest={"InstanceId": "i-<id>", "HttpTokens": "required"}),
            ask("ec2:ModifyInstanceMetadataOptions", DEPLOY, ModifyInstanceMetadataOptionsRequest={"InstanceId": "i-<id>", "HttpPutResponseHopLimit": 2}),
        ),
        use(MEDIUM, MONTHLY, ask("ec2:ModifyInstanceMetadataOptions", ENGINEER, ModifyInstanceMetadataOptionsRequest={"InstanceId": "i-<id>", "HttpTokens": "optional"})),
    ),
    "log-bucket-lifecycle": life(
        near(WEEKLY, ask("s3:PutBucketLifecycle", DEPLOY, bucketName="media-<id>"), ask("s3:GetBucketLifecycle", SCANNER, bucketName="logs-<account>"), ask("s3:PutBucketTagging", DEPLOY, bucketName="logs-<account>")),
        use(HIGH, MONTHLY, ask("s3:PutBucketLifecycle", DEPLOY, bucketName="logs-<account>", LifecycleConfiguration={"Rule": {"ID": "archive", "Expiration": {"Days": 400}}})),
        use(MEDIUM, MONTHLY, ask("s3:PutBucketLifecycle", STACK, bucketName="logs-<word>", LifecycleConfiguration={"Rule": {"Expiration": {"Days": 90}}})),
    ),
    "log-group-or-alarm-removed": life(
        near(DAILY, ask("logs:CreateLogGroup", DEPLOY, logGroupName="/app/<word>"), ask("monitoring:PutMetricAlarm", DEPLOY, alarmName="<word>"), ask("events:EnableRule", DEPLOY, name="<word>")),
        use(MEDIUM, DAILY, ask("logs:DeleteLogStream", WORKLOAD, logGroupName="/app/<word>"), ask("monitoring:DeleteAlarms", DEPLOY, alarmNames=["<word>"])),
        use(LOW, DAILY, ask("logs:DeleteLogGroup", STACK, logGroupName="/aws/lambda/<word>")),
        quiet(OFTEN, ask("monitoring:DeleteAlarms", LINKED, alarmNames=["TargetTracking-<word>"])),
    ),
    "logging-stopped": life(
        near(MONTHLY, ask("cloudtrail:StartLogging", DEPLOY, name=TRAIL), ask("cloudtrail:CreateTrail", DEPLOY, name="<word>", s3BucketName="logs-<account>"), ask("cloudtrail:GetTrailStatus", SCANNER, name=TRAIL)),
        use(HIGH, YEARLY, ask("cloudtrail:StopLogging", ADMIN, name=TRAIL), ask("cloudtrail:DeleteTrail", DEPLOY, name=TRAIL)),
        use(MEDIUM, YEARLY, ask("cloudtrail:DeleteTrail", STACK, name=TRAIL)),
    ),
    "mfa-device-of-root-removed": life(
        near(MONTHLY, ask("iam:DeactivateMFADevice", ADMIN, userName="<user>"), ask("iam:EnableMFADevice", ROOT, serialNumber="arn:aws:iam::<account>:mfa/root"), ask("iam:ListMFADevices", ROOT)),
        use(CRITICAL, YEARLY / 10, ask("iam:DeactivateMFADevice", ROOT, serialNumber="arn:aws:iam::<account>:mfa/root")),
    ),
    "mfa-device-removed": life(
        near(MONTHLY, ask("iam:ResyncMFADevice", SESSION, userName="<self>"), ask("iam:EnableMFADevice", SESSION, userName="<self>"), ask("iam:ListVirtualMFADevices", SCANNER)),
        use(HIGH, MONTHLY, ask("iam:DeactivateMFADevice", ADMIN, userName="<user>"), ask("iam:DeleteVirtualMFADevice", ADMIN, serialNumber="arn:aws:iam::<account>:mfa/<user>")),
    ),
    "model-guardrail-changed": life(
        near(WEEKLY, ask("bedrock:CreateGuardrail", DEPLOY, name="<word>"), ask("bedrock:GetGuardrail", WORKLOAD, guardrailIdentifier="<word>"), ask("bedrock:CreateGuardrailVersion", DEPLOY, guardrailIdentifier="<word>")),
        use(MEDIUM, WEEKLY, ask("bedrock:UpdateGuardrail", DEPLOY, guardrailIdentifier="<word>")),
    ),
    "model-logging-deleted": life(
        near(WEEKLY, ask("bedrock:GetModelInvocationLoggingConfiguration", SCANNER), ask("bedrock:PutModelInvocationLoggingConfiguration", DEPLOY, loggingConfig={"textDataDeliveryEnabled": True})),
        use(HIGH, YEARLY, ask("bedrock:DeleteModelInvocationLoggingConfiguration", DEPLOY)),
    ),
    "network-acl-opened": life(
        near(
            WEEKLY,
            ask("ec2:CreateNetworkAclEntry", DEPLOY, networkAclId="acl-<id>", cidrBlock="0.0.0.0/0", ruleAction="deny", egress=False),
            ask("ec2:CreateNetworkAclEntry", DEPLOY, networkAclId="acl-<id>", cidrBlock="10.0.0.0/8", ruleAction="allow", egress=False),
            ask("ec2:CreateNetworkAclEntry", DEPLOY, networkAclId="acl-<id>", cidrBlock="0.0.0.0/0", ruleAction="allow", egress=True),
        ),
        use(MEDIUM, WEEKLY, ask("ec2:CreateNetworkAclEntry", DEPLOY, networkAclId="acl-<id>", cidrBlock="0.0.0.0/0", ruleAction="allow", egress=False)),
    ),
    "network-logs-deleted": life(
        near(WEEKLY, ask("ec2:CreateFlowLogs", DEPLOY, CreateFlowLogsRequest={"ResourceId": {"content": "vpc-<id>"}}), ask("ec2:DescribeFlowLogs", SCANNER), ask("route53resolver:AssociateResolverQueryLogConfig", DEPLOY, resourceId="vpc-<id>")),
        use(HIGH, MONTHLY, ask("ec2:DeleteFlowLogs", DEPLOY, DeleteFlowLogsRequest={"FlowLogId": "fl-<id>"})),
    ),
    "network-rule-changed": life(
        near(OFTEN, ask("ec2:DescribeSecurityGroups", SCANNER), ask("ec2:DescribeSecurityGroupRules", DEPLOY), ask("ec2:DeleteSecurityGroup", DEPLOY, groupId="sg-<id>")),
        use(LOW, DAILY, ask("ec2:AuthorizeSecurityGroupIngress", DEPLOY, groupId="sg-<id>", ipPermissions=RULE), ask("ec2:CreateSecurityGroup", DEPLOY, groupName="<word>")),
    ),
    "organization-guard-removed": life(
        near(WEEKLY, ask("organizations:AttachPolicy", ADMIN, policyId="p-<id>", targetId="<account>"), ask("organizations:ListPoliciesForTarget", SCANNER, targetId="<account>"), ask("organizations:UpdatePolicy", ADMIN, policyId="p-<id>")),
        use(HIGH, QUARTERLY, ask("organizations:DetachPolicy", ADMIN, policyId="p-<id>", targetId="<account>")),
        use(HIGH, YEARLY, denied(ask("organizations:LeaveOrganization", ENGINEER))),
    ),
    "other-detector-disabled": life(
        near(WEEKLY, ask("macie2:GetFindings", SCANNER), ask("inspector2:Enable", DEPLOY, accountIds=["<account>"]), ask("access-analyzer:CreateAnalyzer", DEPLOY, analyzerName="<word>")),
        use(MEDIUM, WEEKLY, ask("access-analyzer:CreateArchiveRule", ADMIN, analyzerName="<word>", ruleName="<word>"), ask("inspector2:CreateFilter", ADMIN, name="<word>")),
    ),
    "own-identity-deleted": life(
        near(MONTHLY, ask("iam:DeleteAccessKey", ADMIN, userName="<user>", accessKeyId="<key>"), ask("iam:UpdateAccessKey", PERSON, userName="<self>", accessKeyId="<key>", status="Inactive"), ask("iam:ListAccessKeys", PERSON)),
        use(MEDIUM, MONTHLY, ask("iam:DeleteAccessKey", PERSON, userName="<self>", accessKeyId="<key>"), ask("iam:DeleteAccessKey", OLD_KEY, accessKeyId="<key>")),
    ),
    "region-enabled": life(
        near(WEEKLY, ask("account:ListRegions", SCANNER), ask("account:GetRegionOptStatus", SCANNER, regionName="me-south-1"), ask("account:DisableRegion", ADMIN, RegionName="me-south-1")),
        use(MEDIUM, YEARLY, ask("account:EnableRegion", ADMIN, RegionName="eu-south-2")),
    ),
    "safety-setting-weakened": life(
        near(WEEKLY, ask("rds:StartActivityStream", DEPLOY, resourceArn="arn:aws:rds:<region>:<account>:cluster:<word>"), ask("ec2:EnableEbsEncryptionByDefault", DEPLOY), ask("iam:GetAccountPasswordPolicy", SCANNER)),
        use(MEDIUM, QUARTERLY, ask("iam:UpdateAccountPasswordPolicy", DEPLOY, minimumPasswordLength=16)),
    ),
    "security-hub-disabled": life(
        near(WEEKLY, ask("securityhub:DescribeHub", SCANNER), ask("securityhub:BatchEnableStandards", DEPLOY), ask("securityhub:UpdateStandardsControl", ADMIN, controlStatus="DISABLED")),
        use(HIGH, YEARLY, ask("securityhub:BatchDisableStandards", ADMIN, StandardsSubscriptionArns=["arn:aws:securityhub:<region>:<account>:subscription/pci-dss"])),
    ),
    "termination-protection-on": life(
        near(WEEKLY, ask("ec2:ModifyInstanceAttribute", DEPLOY, instanceId="i-<id>", disableApiTermination={"value": False}), ask("ec2:ModifyInstanceAttribute", DEPLOY, instanceId="i-<id>", ebsOptimized={"value": True})),
        use(MEDIUM, WEEKLY, ask("ec2:ModifyInstanceAttribute", DEPLOY, instanceId="i-<id>", disableApiTermination={"value": True})),
    ),
    "trail-changed": life(
        near(DAILY, ask("cloudtrail:DescribeTrails", SCANNER), ask("cloudtrail:GetTrail", SCANNER, name=TRAIL), ask("cloudtrail:ListTags", DEPLOY, resourceIdList=[TRAIL])),
        use(LOW, QUARTERLY, ask("cloudtrail:UpdateTrail", DEPLOY, name=TRAIL, enableLogFileValidation=True)),
    ),
    "trail-to-another-bucket": life(
        near(QUARTERLY, ask("cloudtrail:UpdateTrail", DEPLOY, name=TRAIL, isMultiRegionTrail=True), ask("cloudtrail:UpdateTrail", DEPLOY, name=TRAIL, snsTopicName="<word>")),
        use(HIGH, YEARLY, ask("cloudtrail:UpdateTrail", DEPLOY, name=TRAIL, kmsKeyId="arn:aws:kms:<region>:<account>:key/<uuid>")),
    ),
    "trail-weakened": life(
        near(QUARTERLY, ask("cloudtrail:UpdateTrail", DEPLOY, name=TRAIL, isMultiRegionTrail=True, enableLogFileValidation=True), ask("cloudtrail:UpdateTrail", DEPLOY, name=TRAIL, includeGlobalServiceEvents=True)),
        use(HIGH, YEARLY, ask("cloudtrail:UpdateTrail", DEPLOY, name=TRAIL, isMultiRegionTrail=False)),
    ),
    "web-firewall-weakened": life(
        near(DAILY, ask("wafv2:GetWebACL", SCANNER, name="<word>"), ask("wafv2:UpdateWebACL", DEPLOY, name="<word>"), ask("wafv2:CreateIPSet", DEPLOY, name="<word>")),
        use(MEDIUM, DAILY, ask("wafv2:UpdateIPSet", WORKLOAD, name="blocked", addresses=["203.0.113.<n>/32"])),
        use(LOW, WEEKLY, ask("wafv2:DisassociateWebACL", STACK, resourceArn="arn:aws:elasticloadbalancing:<region>:<account>:loadbalancer/app/<word>")),
    ),
}  # fmt: skip
