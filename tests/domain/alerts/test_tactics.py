"""The tactic of an alert is the one that its detector states; what none states stays unknown."""

import pytest

from investigator.domain.alerts.reading import alerts_in
from investigator.domain.alerts.tactics import furthest, tactic_of_types
from investigator.domain.words import Tactic


@pytest.mark.parametrize(
    ("kind", "tactic"),
    [
        ("Backdoor:EC2/C&CActivity.B!DNS", Tactic.COMMAND_AND_CONTROL),
        ("CredentialAccess:IAMUser/AnomalousBehavior", Tactic.CREDENTIAL_ACCESS),
        ("CryptoCurrency:EC2/BitcoinTool.B!DNS", Tactic.IMPACT),
        ("DefenseEvasion:EC2/UnusualDoHActivity", Tactic.DEFENSE_EVASION),
        ("Discovery:S3/MaliciousIPCaller", Tactic.DISCOVERY),
        ("Execution:Runtime/ReverseShell", Tactic.EXECUTION),
        ("Exfiltration:S3/AnomalousBehavior", Tactic.EXFILTRATION),
        ("Impact:S3/AnomalousBehavior.Delete", Tactic.IMPACT),
        ("InitialAccess:IAMUser/AnomalousBehavior", Tactic.INITIAL_ACCESS),
        ("Persistence:IAMUser/AnomalousBehavior", Tactic.PERSISTENCE),
        ("PrivilegeEscalation:Runtime/RuncContainerEscape", Tactic.PRIVILEGE_ESCALATION),
        ("Recon:IAMUser/UserPermissions", Tactic.DISCOVERY),
        ("Stealth:IAMUser/CloudTrailLoggingDisabled", Tactic.DEFENSE_EVASION),
        ("Trojan:EC2/DGADomainRequest.B", Tactic.COMMAND_AND_CONTROL),
        ("Trojan:EC2/DropPoint!DNS", Tactic.EXFILTRATION),
        ("Trojan:Runtime/DriveBySourceTraffic!DNS", Tactic.INITIAL_ACCESS),
        ("UnauthorizedAccess:IAMUser/TorIPCaller", Tactic.INITIAL_ACCESS),
        ("UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS", Tactic.CREDENTIAL_ACCESS),
        ("UnauthorizedAccess:EC2/TorClient", Tactic.COMMAND_AND_CONTROL),
        ("Behavior:EC2/TrafficVolumeUnusual", Tactic.UNKNOWN),
        ("Policy:IAMUser/RootCredentialUsage", Tactic.UNKNOWN),
        ("PenTest:IAMUser/KaliLinux", Tactic.UNKNOWN),
        ("Object:S3/MaliciousFile", Tactic.UNKNOWN),
        ("AttackSequence:IAM/CompromisedCredentials", Tactic.UNKNOWN),
        ("Effect:Something/New", Tactic.UNKNOWN),
        ("accessanalyzer_enabled", Tactic.UNKNOWN),
        ("", Tactic.UNKNOWN),
    ],
)
def test_a_guardduty_type_states_its_tactic_by_its_threat_purpose(kind, tactic):
    assert tactic_of_types([kind]) is tactic


@pytest.mark.parametrize(
    ("kind", "tactic"),
    [
        ("TTPs/Command and Control/Backdoor:EC2-C&CActivity.B", Tactic.COMMAND_AND_CONTROL),
        ("TTPs/Lateral Movement", Tactic.LATERAL_MOVEMENT),
        ("TTPs/CredentialAccess/CredentialAccess:Kubernetes-TorIPCaller", Tactic.CREDENTIAL_ACCESS),
        ("TTPs/Discovery/IAMUser-AnomalousBehavior", Tactic.DISCOVERY),
        ("TTPs/AnomalousBehavior/Execution:Kubernetes-ExecInPod", Tactic.EXECUTION),
        ("TTPs/Impact:S3-AnomalousBehavior.Delete", Tactic.IMPACT),
        ("TTPs/UnauthorizedAccess:IAMUser-MaliciousIPCaller", Tactic.INITIAL_ACCESS),
        ("Unusual Behaviors/User/UnauthorizedAccess:IAMUser-ConsoleLogin", Tactic.INITIAL_ACCESS),
        ("Effects/Data Exfiltration/Trojan:EC2-DropPoint", Tactic.EXFILTRATION),
        ("Effects/Resource Consumption/UnauthorizedAccess:EC2-TorClient", Tactic.IMPACT),
        ("Effects/Data Exposure/Policy:S3-BucketBlockPublicAccessDisabled", Tactic.UNKNOWN),
        ("Software and Configuration Checks/Vulnerabilities/CVE", Tactic.UNKNOWN),
        ("Sensitive Data Identifications/Passwords", Tactic.UNKNOWN),
        ("TTPs/AttackSequence:S3/CompromisedData", Tactic.UNKNOWN),
        ("TTPs/Response/x", Tactic.UNKNOWN),
        ("TTPs/Unknown/x", Tactic.UNKNOWN),
    ],
)
def test_an_asff_type_states_its_tactic_by_its_category_or_its_classifier(kind, tactic):
    assert tactic_of_types([kind]) is tactic


def test_of_several_types_the_first_that_states_a_tactic_counts():
    types = ["Unusual Behaviors/VM/Behavior:EC2-NetworkPortUnusual", "TTPs/Persistence/x", "TTPs/Impact/x"]

    assert tactic_of_types(types) is Tactic.PERSISTENCE


def test_the_tactic_furthest_along_the_attack_counts():
    assert furthest(["Discovery", "TA0010", "Privilege Escalation", "no such tactic"]) is Tactic.EXFILTRATION


def test_an_attack_sequence_has_the_furthest_of_its_tactics_and_names_its_actors():
    sequence = {
        "actors": [{"id": "a1", "user": {"name": "build", "uid": "arn:aws:iam::111122223333:user/build", "credentialUid": "ASIAIOSFODNN7EXAMPLE"}}],
        "endpoints": [{"id": "e1", "ip": "198.51.100.7"}],
        "resources": [{"uid": "arn:aws:s3:::customer-files", "resourceType": "S3_BUCKET"}],
        "sequenceIndicators": [
            {"key": "ATTACK_TACTIC", "values": ["Discovery", "Exfiltration", "Defense Evasion"]},
            {"key": "HIGH_RISK_API", "values": ["impact"]},
        ],
    }  # fmt: skip
    finding = {
        "id": "s1", "type": "AttackSequence:S3/CompromisedData", "severity": 9, "accountId": "111122223333", "region": "eu-west-1",
        "service": {"detection": {"sequence": sequence}},
    }  # fmt: skip

    [read] = alerts_in(finding)

    assert read.tactic is Tactic.EXFILTRATION
    assert {entity.value for entity in read.entities} == {
        "ASIAIOSFODNN7EXAMPLE", "198.51.100.7", "customer-files", "arn:aws:iam::111122223333:user/build",
    }  # fmt: skip


def ocsf(**info: object) -> dict:
    return {"class_uid": 2004, "severity_id": 4, "metadata": {"product": {"name": "Amazon GuardDuty"}},
            "finding_info": {"uid": "f1", "title": "t", **info}}  # fmt: skip


def test_the_attacks_of_an_ocsf_finding_state_tactic_and_techniques():
    attacks = [
        {
            "tactic": {"name": "Persistence", "uid": "TA0003"},
            "technique": {"uid": "T1098"},
            "sub_technique": {"uid": "T1098.001"},
        }
    ]

    [read] = alerts_in(ocsf(types=["TTPs/Discovery/x"], attacks=attacks))

    assert (read.detector, read.tactic, read.techniques) == ("guardduty", Tactic.PERSISTENCE, ("T1098.001", "T1098"))


def test_an_ocsf_finding_without_attacks_has_the_tactic_of_its_type():
    [read] = alerts_in(ocsf(types=["UnauthorizedAccess:IAMUser/TorIPCaller"]))

    assert read.tactic is Tactic.INITIAL_ACCESS


@pytest.mark.parametrize("attacks", [None, 7, "x", [[]], [{"tactic": "x", "technique": {"uid": "<script>"}}]])
def test_malformed_attacks_state_nothing(attacks):
    [read] = alerts_in(ocsf(attacks=attacks))

    assert (read.tactic, read.techniques) == (Tactic.UNKNOWN, ())
