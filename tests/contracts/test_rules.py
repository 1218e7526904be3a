"""The rule pack as a whole: every call of the specification is looked for, under its tactic, and every rule is in order."""

import json
import re

import pytest
import yaml

from investigator.detections.bursts import BURSTS
from investigator.detections.detect import detect
from investigator.detections.loader import load_rules, own_rules
from investigator.detections.sequences import SEQUENCES
from investigator.domain.words import Tactic
from tests.detections.records import Records, call
from tests.support.data import real_data

PACK = load_rules()
FILES = sorted(own_rules().rglob("*.yml"))
V19 = {"T1562": "T1685", "T1562.001": "T1685", "T1562.008": "T1685.002", "T1562.007": "T1686.001"}
CALLS = {
    "initial-access": "signin:ConsoleLogin signin:PasswordRecoveryRequested signin:PasswordRecoveryCompleted signin:GetSigninToken "
    "sts:AssumeRoleWithSAML sts:AssumeRoleWithWebIdentity",
    "execution": "ec2:RunInstances ec2:RequestSpotInstances ec2:RequestSpotFleet ec2:CreateFleet ecs:RunTask ecs:CreateCluster "
    "batch:SubmitJob elasticmapreduce:RunJobFlow lambda:CreateFunction20150331 lambda:UpdateFunctionCode20150331v2 ssm:SendCommand "
    "ssm:StartSession ssm:StartAutomationExecution ec2-instance-connect:SendSSHPublicKey "
    "ec2-instance-connect:SendSerialConsoleSSHPublicKey cloudformation:CreateStack sagemaker:CreateNotebookInstance "
    "sagemaker:CreateTrainingJob codebuild:CreateProject bedrock:InvokeModel bedrock:Converse",
    "persistence": "iam:CreateUser iam:CreateAccessKey iam:CreateLoginProfile iam:UpdateLoginProfile iam:CreateRole "
    "iam:UpdateAssumeRolePolicy iam:CreateServiceSpecificCredential iam:UploadSSHPublicKey iam:UploadSigningCertificate "
    "iam:EnableMFADevice iam:CreateSAMLProvider iam:UpdateSAMLProvider iam:CreateOpenIDConnectProvider "
    "rolesanywhere:CreateTrustAnchor rolesanywhere:CreateProfile lambda:AddPermission20150331v2 lambda:CreateFunctionUrlConfig "
    "lambda:CreateEventSourceMapping20150331 events:PutRule events:PutTargets scheduler:CreateSchedule kms:PutKeyPolicy "
    "kms:CreateGrant sso:CreateAccountAssignment sso:CreatePermissionSet identitystore:CreateUser "
    "organizations:InviteAccountToOrganization organizations:CreateAccount",
    "privilege-escalation": "iam:AttachUserPolicy iam:AttachGroupPolicy iam:AttachRolePolicy iam:PutUserPolicy iam:PutGroupPolicy "
    "iam:PutRolePolicy iam:CreatePolicyVersion iam:SetDefaultPolicyVersion iam:AddUserToGroup iam:DeleteUserPermissionsBoundary "
    "iam:DeleteRolePermissionsBoundary iam:AddRoleToInstanceProfile ec2:AssociateIamInstanceProfile "
    "ec2:ReplaceIamInstanceProfileAssociation lambda:UpdateFunctionConfiguration20150331v2 sts:AssumeRoot",
    "defense-evasion": "cloudtrail:StopLogging cloudtrail:DeleteTrail cloudtrail:UpdateTrail cloudtrail:PutEventSelectors "
    "cloudtrail:StopEventDataStoreIngestion cloudtrail:DeleteEventDataStore guardduty:DeleteDetector guardduty:UpdateDetector "
    "guardduty:CreateFilter guardduty:CreateIPSet guardduty:UpdateIPSet guardduty:DeletePublishingDestination "
    "guardduty:DisassociateFromAdministratorAccount securityhub:DisableSecurityHub securityhub:DisableSecurityHubV2 "
    "securityhub:BatchDisableStandards securityhub:CreateAutomationRule securityhub:CreateAutomationRuleV2 "
    "securityhub:BatchUpdateFindings securityhub:BatchUpdateFindingsV2 config:StopConfigurationRecorder "
    "config:DeleteConfigurationRecorder ec2:DeleteFlowLogs logs:DeleteLogGroup logs:DeleteLogStream logs:PutRetentionPolicy "
    "monitoring:DeleteAlarms monitoring:DisableAlarmActions events:DisableRule organizations:LeaveOrganization "
    "organizations:DetachPolicy account:EnableRegion iam:DeactivateMFADevice iam:DeleteAccessKey iam:DeleteUser",
    "credential-access": "secretsmanager:GetSecretValue secretsmanager:BatchGetSecretValue ec2:GetPasswordData kms:Decrypt "
    "sts:GetSessionToken sts:GetFederationToken iam:GetCredentialReport ec2:CreateKeyPair",
    "discovery": "sts:GetCallerIdentity ses:GetSendQuota bedrock:ListFoundationModels iam:GetAccountAuthorizationDetails "
    "iam:GetAccountSummary servicequotas:ListServiceQuotas",
    "lateral-movement": "sts:AssumeRole signin:SwitchRole ec2:CreateVpcPeeringConnection",
    "collection exfiltration": "ec2:CreateSnapshot ec2:CreateSnapshots rds:CreateDBSnapshot ec2:CreateImage "
    "ec2:CreateInstanceExportTask rds:StartExportTask ec2:ModifySnapshotAttribute ec2:ModifyImageAttribute "
    "rds:ModifyDBSnapshotAttribute rds:ModifyDBClusterSnapshotAttribute ec2:SharedSnapshotCopyInitiated "
    "ec2:SharedSnapshotVolumeCreated s3:PutBucketPolicy s3:PutBucketAcl s3:PutBucketPublicAccessBlock "
    "s3:DeleteBucketPublicAccessBlock s3:PutAccountPublicAccessBlock s3:DeleteAccountPublicAccessBlock s3:PutBucketReplication "
    "secretsmanager:PutResourcePolicy",
    "impact": "s3:DeleteObject s3:DeleteObjects s3:DeleteBucket s3:PutBucketLifecycle kms:ScheduleKeyDeletion kms:DisableKey "
    "rds:DeleteDBInstance rds:DeleteDBCluster ec2:DeleteSnapshot ec2:DeleteVolume ec2:TerminateInstances "
    "backup:DeleteRecoveryPoint backup:DeleteBackupVault ses:UpdateAccountSendingEnabled ses:SendEmail "
    "route53:ChangeResourceRecordSets",
}
"""The suspicion rules of specification 9.7 that a plain call makes; those that hang on parameters have tests of their own."""
HARMFUL = {
    "logging-stopped", "trail-weakened", "detector-deleted", "detector-disabled", "snapshot-shared", "image-shared", "bucket-opened",
    "database-snapshot-shared", "public-access-block-removed", "trust-policy-opened", "versioning-suspended",
}  # fmt: skip


def test_no_rule_is_refused():
    assert PACK.refused == ()
    assert len(PACK.rules) == len(FILES)


@pytest.mark.parametrize("tactics", CALLS)
def test_every_suspicious_call_is_a_hit_under_its_tactic(tactics):
    actions = CALLS[tactics].split()
    hits = detect(Records(*(call(action, eventID=action) for action in actions)), PACK)
    found = {id_ for hit in hits if hit.tactic in tactics.split() for id_ in hit.event_ids}

    assert [action for action in actions if f"ct:{action}" not in found] == []


def test_the_same_name_in_another_service_is_no_hit():
    for name in ("iam:CreateUser", "cloudtrail:StopLogging", "guardduty:CreateFilter"):
        assert not detect(Records(call(f"elsewhere:{name.partition(':')[2]}")), PACK)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_rule_file_is_in_order(path):
    rule = yaml.safe_load(path.read_text("utf-8"))

    assert path.parent.name in set(Tactic)
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", rule["id"])
    assert rule["title"][0].isupper()
    assert rule["level"] in {"informational", "low", "medium", "high", "critical"}
    assert rule["logsource"] == {"product": "aws", "service": "cloudtrail"}
    assert f"attack.{path.parent.name}" in rule["tags"]
    assert rule.get("name") == path.stem or re.fullmatch(r"[A-H]\d\d", rule["investigator"]["row"])


@pytest.mark.parametrize("rule", PACK.rules, ids=lambda rule: rule.name)
def test_a_rule_names_its_techniques_in_both_numberings(rule):
    assert rule.techniques
    assert {V19[one] for one in rule.techniques if one in V19} <= set(rule.techniques)


def test_names_and_ids_are_unique():
    names = [one.name for one in (*PACK, *BURSTS, *SEQUENCES)]
    ids = [yaml.safe_load(path.read_text("utf-8"))["id"] for path in FILES]

    assert len(set(names)) == len(names)
    assert len(set(ids)) == len(ids)


def test_what_harms_by_itself_is_marked():
    assert {rule.name for rule in PACK if rule.harmful} >= HARMFUL
    assert not [rule.name for rule in PACK if rule.harmful and rule.tactic == "discovery"]


def test_the_techniques_are_those_of_att_ck():
    """Ids of version 19, and the few outside its cloud list, are left out."""
    text = (real_data("attack-iaas") / "attack_iaas.json").read_text("utf-8")
    known = set(re.findall(r"T\d{4}(?:\.\d{3})?", json.dumps(json.loads(text))))
    outside = {*V19.values(), "T1070", "T1133", "T1484.002", "T1584.001", "T1496.004", "T1098.006", "T1059.009"}
    used = {technique for one in (*PACK, *BURSTS, *SEQUENCES) for technique in one.techniques}

    assert sorted(one for one in used - outside if one not in known and one.partition(".")[0] not in known) == []
