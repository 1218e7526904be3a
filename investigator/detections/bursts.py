"""The bursts that we look for; thresholds are those of the rule catalogue."""

from investigator.detections.burst import Burst, Measure
from investigator.detections.fields import PUBLIC, field_sql
from investigator.domain.words import Severity, Tactic

_LOOKS = (
    "GetBucketAcl GetBucketPolicy GetBucketVersioning GetBucketLogging GetBucketReplication GetPublicAccessBlock "
    "ListObjects ListObjectsV2"
)


def _calls(least: int) -> Measure:
    return Measure("id", least)


def _names(least: int) -> Measure:
    return Measure("source || ':' || name", least)


def _asked(least: int, *fields: str) -> Measure:
    """Different values of the first field that the request holds; a request without it counts once for all."""
    texts = (f"list_filter({field_sql(f'requestParameters.{field}').sql}, lambda v: v IS NOT NULL)" for field in fields)
    first = ", ".join(f"CASE WHEN len({text}) > 0 THEN {text} END" for text in texts)
    return Measure(f"coalesce({first}, [''])", least, many=True)


def _of(service: str, names: str) -> str:
    listed = ", ".join(f"'{name}'" for name in names.split())
    return f"source = '{service}.amazonaws.com' AND name IN ({listed})"


_SERVICES = Measure("source", 5)
_REGIONS = Measure("region", 5)
_LONG_TERM = "starts_with(coalesce(\"key\", ''), 'AKIA')"
_NETWORKS = Measure("regexp_replace(ip, '[.:][^.:]*$', '')", 3)

BURSTS: tuple[Burst, ...] = (
    Burst("D01", "discovery-burst", "Many different reads over many services", Severity.MEDIUM, Tactic.DISCOVERY,
          ("T1580", "T1526"), "read_only", 10, _names(15), _SERVICES),
    Burst("D02", "denied-burst", "Many calls denied", Severity.HIGH, Tactic.DISCOVERY,
          ("T1580",), "outcome = 'denied'", 10, _calls(10)),
    Burst("D02", "many-kinds-denied", "Many different calls denied", Severity.HIGH, Tactic.DISCOVERY,
          ("T1580",), "outcome = 'denied'", 10, _names(5)),
    Burst("D03", "identity-enumeration", "Users, roles and policies enumerated with a long-term key", Severity.MEDIUM,
          Tactic.DISCOVERY, ("T1087.004", "T1069.003"),
          f"source = 'iam.amazonaws.com' AND regexp_matches(name, '^(List|Get)') AND {_LONG_TERM}", 5, _names(6)),
    Burst("D08", "bucket-settings-swept", "Settings or contents of many buckets read", Severity.MEDIUM,
          Tactic.DISCOVERY, ("T1619",), _of("s3", _LOOKS), 10, _asked(10, "bucketName")),
    Burst("D10", "regions-swept", "The same read in many Regions", Severity.MEDIUM, Tactic.DISCOVERY, ("T1580",),
          "read_only", 5, _REGIONS, by="coalesce(nullif(\"key\", ''), principal) || source || name"),
    Burst("A04", "sign-in-guessing", "Many failed console sign-ins of one user", Severity.HIGH,
          Tactic.CREDENTIAL_ACCESS, ("T1110",), "name = 'ConsoleLogin' AND outcome <> 'success'", 10, _calls(5),
          by="principal"),
    Burst("A04", "sign-in-spraying", "Many failed console sign-ins from one address", Severity.HIGH,
          Tactic.CREDENTIAL_ACCESS, ("T1110",), "name = 'ConsoleLogin' AND outcome <> 'success'", 10, _calls(5),
          by="ip"),
    Burst("A17", "key-from-many-networks", "One key used from many networks", Severity.MEDIUM, Tactic.INITIAL_ACCESS,
          ("T1078.004",), f"coalesce(\"key\", '') <> '' AND {PUBLIC}", 60, _NETWORKS),
    Burst("E01", "secrets-read", "Many secrets read", Severity.HIGH, Tactic.CREDENTIAL_ACCESS, ("T1555.006",),
          _of("secretsmanager", "GetSecretValue"), 10, _asked(10, "secretId")),
    Burst("E03", "parameters-read", "Many parameters read", Severity.MEDIUM, Tactic.CREDENTIAL_ACCESS, ("T1555.006",),
          _of("ssm", "GetParameter GetParameters GetParametersByPath"), 10, _asked(10, "name", "names", "path")),
    Burst("E04", "windows-passwords-read", "Administrator passwords of many instances read", Severity.HIGH,
          Tactic.CREDENTIAL_ACCESS, ("T1552",), _of("ec2", "GetPasswordData"), 60, _asked(5, "instanceId")),
    Burst("E05", "start-up-scripts-read", "Start-up scripts of many instances read", Severity.MEDIUM,
          Tactic.CREDENTIAL_ACCESS, ("T1552.005",),
          _of("ec2", "DescribeInstanceAttribute") + " AND contains(request, 'userData')", 60,
          _asked(5, "instanceId")),
    Burst("G01", "roles-tried", "Many roles tried in vain", Severity.HIGH, Tactic.LATERAL_MOVEMENT,
          ("T1580", "T1110"), _of("sts", "AssumeRole") + " AND outcome <> 'success'", 10, _asked(5, "roleArn")),
    Burst("G11", "objects-read", "Many objects read", Severity.MEDIUM, Tactic.COLLECTION, ("T1530",),
          _of("s3", "GetObject"), 60, _asked(200, "key")),
    Burst("B01", "commands-on-many-instances", "Commands or sessions on many instances", Severity.HIGH,
          Tactic.EXECUTION, ("T1651",), _of("ssm", "SendCommand StartSession"), 15,
          _asked(3, "target", "instanceIds", "targets")),
    Burst("H01", "launches-refused", "Many launches of instances refused", Severity.HIGH, Tactic.IMPACT,
          ("T1496.001",), _of("ec2", "RunInstances") + " AND outcome <> 'success'", 60, _calls(3)),
    Burst("H02", "many-clusters", "Many container clusters made", Severity.HIGH, Tactic.IMPACT, ("T1496.001",),
          _of("ecs", "CreateCluster"), 60, _asked(3, "clusterName")),
    Burst("H09", "objects-deleted-in-bulk", "Many objects deleted", Severity.HIGH, Tactic.IMPACT, ("T1485",),
          _of("s3", "DeleteObject DeleteObjects"), 10, _calls(50)),
    Burst("H13", "buckets-deleted", "Many buckets deleted", Severity.HIGH, Tactic.IMPACT, ("T1485",),
          _of("s3", "DeleteBucket"), 60, _asked(3, "bucketName")),
    Burst("H17", "disks-or-instances-removed-in-bulk", "Many snapshots, volumes, images or instances removed",
          Severity.HIGH, Tactic.IMPACT, ("T1485", "T1578.003"),
          _of("ec2", "DeleteSnapshot DeleteVolume DeregisterImage TerminateInstances StopInstances"), 15, _calls(3)),
    Burst("H21", "identities-removed", "Keys, passwords or users of others removed", Severity.HIGH, Tactic.IMPACT,
          ("T1531",), _of("iam", "DeleteUser DeleteLoginProfile UpdateAccessKey DeleteAccessKey DetachUserPolicy"), 15,
          _asked(3, "userName")),
)  # fmt: skip
