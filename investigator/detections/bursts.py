"""The bursts that we look for; thresholds are those of the rule catalogue."""

from investigator.detections.burst import CREDENTIAL, Burst
from investigator.detections.fields import PUBLIC, field_sql
from investigator.domain.expression import Clause, Expression, Measure
from investigator.domain.words import Severity, Tactic


def _calls(least: int) -> tuple[Measure, ...]:
    return (Measure(least),)


def _names(least: int) -> tuple[Measure, ...]:
    return (Measure(least, Expression("source || ':' || name", ("source", "name"))),)


def _different(least: int, column: str) -> tuple[Measure, ...]:
    return (Measure(least, Expression(column, (column,))),)


def _asked(least: int, field: str) -> tuple[Measure, ...]:
    """Different values of a field of the request; requests without it count once for all."""
    return (Measure(least, Expression(f"coalesce(json_extract_string(request, '$.{field}'), '')", ("request",))),)


def _listed(least: int, *fields: str) -> tuple[Measure, ...]:
    """Different elements of the first field that the request holds; a request without it counts once for all."""
    texts = (f"list_filter({field_sql(f'requestParameters.{field}').sql}, lambda v: v IS NOT NULL)" for field in fields)
    first = ", ".join(f"CASE WHEN len({text}) > 0 THEN {text} END" for text in texts)
    return (Measure(least, Expression(f"coalesce({first}, [''])", ("request",)), many=True),)


def _broad(least: int, own: str = "") -> tuple[Measure, ...]:
    """Different calls that ask for all there is of a kind, or in `own` words for the caller.

    Whoever looks around does not know yet what there is; programs that refresh what they manage name each thing.
    """
    plain = f"regexp_replace(regexp_replace(coalesce(request, ''), '{_FORM}', ':0', 'g'), '{_ANY}', '\\1\"\"', 'g')"
    asked = f"NOT regexp_matches({plain}, '{_VALUE}')"
    broad = f"({asked}{f' OR {own}' if own else ''})"
    columns = ("source", "name", "request", *(("user",) if own else ()))
    return (Measure(least, Expression(f"CASE WHEN {broad} THEN source || ':' || name END", columns)),)


def _one(sql: str, column: str) -> Clause:
    return (Expression(sql, (column,)),)


def _of(service: str) -> Clause:
    return _one(f"source = '{service}.amazonaws.com'", "source")


_BUCKET_READS = (
    "GetBucketAcl", "GetBucketPolicy", "GetBucketVersioning", "GetBucketLogging", "GetBucketReplication",
    "GetPublicAccessBlock", "ListObjects", "ListObjectsV2",
)  # fmt: skip
_REMOVALS = ("DeleteUser", "DeleteLoginProfile", "UpdateAccessKey", "DeleteAccessKey", "DetachUserPolicy")
_EC2_REMOVALS = ("DeleteSnapshot", "DeleteVolume", "DeregisterImage", "TerminateInstances", "StopInstances")
_COPIES = (
    "CreateDBSnapshot", "CreateDBClusterSnapshot", "CopyDBSnapshot", "CopyDBClusterSnapshot", "CreateSnapshot",
    "CreateSnapshots", "CopySnapshot", "CreateImage", "CopyImage",
)  # fmt: skip
_MODEL_LOOKS = (
    "ListFoundationModels", "GetFoundationModelAvailability", "GetModelInvocationLoggingConfiguration",
    "GetUseCaseForModelAccess",
)  # fmt: skip
_MAILS = ("SendEmail", "SendRawEmail", "SendBulkEmail", "SendBulkTemplatedEmail", "SendTemplatedEmail")
_FORM = (
    r'(?i)"(max[a-z]*|limit|page[a-z]*|next[a-z]*|marker|host|scope|includ[a-z]*|attributeNames)"'
    r'\s*:\s*("[^"]*"|[0-9]+)'
)
"""Fields of a request that name nothing: pages, hosts, what to include."""
_ANY = (
    r'(?i)([:\[,]\s*)"(self|all|any|aws|local|amazon|true|false|[*/]|available|running|stopped|pending|active|enabled|'
    r'public|private|(instance-)?state(-name|-code)?|status|type|owner(-alias|-id)?|is-default|architecture|name)"'
)
"""Values that choose among all there are."""
_VALUE = r'[:\[,]\s*"[^"]+"\s*[,}\]]'
"""A text that some field of a request holds; names of fields are followed by a colon."""
_OF_ITSELF = "json_extract_string(request, '$.userName') = \"user\""
_READ = _one("read_only", "read_only")
_DENIED = _one("outcome = 'denied'", "outcome")
_IN_VAIN = _one("outcome <> 'success'", "outcome")
_LONG_TERM = _one("starts_with(\"key\", 'AKIA')", "key")
_WITH_A_KEY = _one("\"key\" <> ''", "key")
_NETWORKS = (Measure(3, Expression("regexp_replace(ip, '[.:][^.:]*$', '')", ("ip",))),)

BURSTS: tuple[Burst, ...] = (
    Burst("D01", "discovery-burst", "Many different reads over many services", Severity.MEDIUM, Tactic.DISCOVERY,
          ("T1580", "T1526"), 10, (*_names(15), *_different(5, "source"), *_broad(8)), clauses=(_READ,)),
    Burst("D01", "very-many-reads", "Very many different reads over very many services", Severity.LOW, Tactic.DISCOVERY,
          ("T1580", "T1526"), 10, (*_names(30), *_different(8, "source")), clauses=(_READ,)),
    Burst("D02", "denied-burst", "Many calls denied", Severity.HIGH, Tactic.DISCOVERY,
          ("T1580",), 10, _calls(10), clauses=(_DENIED,)),
    Burst("D02", "many-kinds-denied", "Many different calls denied", Severity.HIGH, Tactic.DISCOVERY,
          ("T1580",), 10, _names(5), clauses=(_DENIED,)),
    Burst("D03", "identity-enumeration", "Users, roles and policies enumerated with a long-term key", Severity.MEDIUM,
          Tactic.DISCOVERY, ("T1087.004", "T1069.003"), 5, (*_names(6), *_broad(3, _OF_ITSELF)),
          clauses=(_of("iam"), _one("regexp_matches(name, '^(List|Get)')", "name"), _LONG_TERM)),
    Burst("D08", "bucket-settings-swept", "Settings or contents of many buckets read", Severity.MEDIUM,
          Tactic.DISCOVERY, ("T1619",), 10, _asked(10, "bucketName"), _BUCKET_READS, (_of("s3"),)),
    Burst("D10", "regions-swept", "The same read in many Regions", Severity.MEDIUM, Tactic.DISCOVERY, ("T1580",),
          5, _different(5, "region"), clauses=(_READ,), callers=(*CREDENTIAL, ("source",), ("name",))),
    Burst("A04", "sign-in-guessing", "Many failed console sign-ins of one user", Severity.HIGH,
          Tactic.CREDENTIAL_ACCESS, ("T1110",), 10, _calls(5), ("ConsoleLogin",), (_IN_VAIN,),
          callers=(("principal",),)),
    Burst("A04", "sign-in-spraying", "Many failed console sign-ins from one address", Severity.HIGH,
          Tactic.CREDENTIAL_ACCESS, ("T1110",), 10, _calls(5), ("ConsoleLogin",), (_IN_VAIN,), callers=(("ip",),)),
    Burst("A17", "key-from-many-networks", "One key used from many networks", Severity.MEDIUM, Tactic.INITIAL_ACCESS,
          ("T1078.004",), 60, _NETWORKS, clauses=(_WITH_A_KEY, _one(PUBLIC, "ip"))),
    Burst("E01", "secrets-read", "Many secrets read", Severity.HIGH, Tactic.CREDENTIAL_ACCESS, ("T1555.006",),
          10, _asked(10, "secretId"), ("GetSecretValue",), (_of("secretsmanager"),)),
    Burst("E03", "parameters-read", "Many parameters read", Severity.MEDIUM, Tactic.CREDENTIAL_ACCESS, ("T1555.006",),
          10, _listed(10, "name", "names", "path"), ("GetParameter", "GetParameters", "GetParametersByPath"),
          (_of("ssm"),)),
    Burst("E04", "windows-passwords-read", "Administrator passwords of many instances read", Severity.HIGH,
          Tactic.CREDENTIAL_ACCESS, ("T1552",), 60, _asked(5, "instanceId"), ("GetPasswordData",), (_of("ec2"),)),
    Burst("E05", "start-up-scripts-read", "Start-up scripts of many instances read", Severity.MEDIUM,
          Tactic.CREDENTIAL_ACCESS, ("T1552.005",), 60, _asked(5, "instanceId"), ("DescribeInstanceAttribute",),
          (_of("ec2"),), request="contains(request, 'userData')"),
    Burst("G01", "roles-tried", "Many roles tried in vain", Severity.HIGH, Tactic.LATERAL_MOVEMENT,
          ("T1580", "T1110"), 10, _asked(5, "roleArn"), ("AssumeRole",), (_of("sts"), _IN_VAIN)),
    Burst("G11", "objects-read", "Many objects read", Severity.MEDIUM, Tactic.COLLECTION, ("T1530",),
          60, _asked(200, "key"), ("GetObject",), (_of("s3"),)),
    Burst("B01", "commands-on-many-instances", "Commands or sessions on many instances", Severity.HIGH,
          Tactic.EXECUTION, ("T1651",), 15, _listed(3, "target", "instanceIds", "targets"),
          ("SendCommand", "StartSession"), (_of("ssm"),)),
    Burst("H01", "launches-refused", "Many launches of instances refused", Severity.HIGH, Tactic.IMPACT,
          ("T1496.001",), 60, _calls(3), ("RunInstances",), (_of("ec2"), _IN_VAIN)),
    Burst("H01", "launches-in-many-regions", "Instances launched in many Regions", Severity.HIGH, Tactic.IMPACT,
          ("T1496.001", "T1578.002"), 60, _different(3, "region"), ("RunInstances",), (_of("ec2"),)),
    Burst("D07", "models-looked-up-in-regions", "Models or their logging looked up in several Regions",
          Severity.MEDIUM, Tactic.DISCOVERY, ("T1580",), 60, _different(2, "region"), _MODEL_LOOKS, (_of("bedrock"),)),
    Burst("G14", "many-copies", "Many snapshots or images of disks and databases made", Severity.MEDIUM,
          Tactic.COLLECTION, ("T1578.001",), 60, _calls(3), _COPIES, (_one(
              "source IN ('ec2.amazonaws.com', 'rds.amazonaws.com')", "source"),)),
    Burst("H02", "many-clusters", "Many container clusters made", Severity.HIGH, Tactic.IMPACT, ("T1496.001",),
          60, _asked(3, "clusterName"), ("CreateCluster",), (_of("ecs"),)),
    Burst("H09", "objects-deleted-in-bulk", "Many objects deleted", Severity.HIGH, Tactic.IMPACT, ("T1485",),
          10, _calls(50), ("DeleteObject", "DeleteObjects"), (_of("s3"),)),
    Burst("H13", "buckets-deleted", "Many buckets deleted", Severity.HIGH, Tactic.IMPACT, ("T1485",),
          60, _asked(3, "bucketName"), ("DeleteBucket",), (_of("s3"),)),
    Burst("H17", "disks-or-instances-removed-in-bulk", "Many snapshots, volumes, images or instances removed",
          Severity.HIGH, Tactic.IMPACT, ("T1485", "T1578.003"), 15, _calls(3), _EC2_REMOVALS, (_of("ec2"),)),
    Burst("H07", "texts-sent-in-bulk", "Many text messages sent to phones", Severity.MEDIUM, Tactic.IMPACT,
          ("T1496.004",), 10, _calls(20), ("Publish",), (_of("sns"),), request="contains(request, '\"phoneNumber\"')"),
    Burst("H07", "mail-sent-in-bulk", "Much mail sent", Severity.MEDIUM, Tactic.IMPACT, ("T1496.004",),
          10, _calls(50), _MAILS, (_of("ses"),)),
    Burst("H19", "stacks-deleted", "Many stacks deleted", Severity.MEDIUM, Tactic.IMPACT, ("T1485",),
          60, _asked(3, "stackName"), ("DeleteStack",), (_of("cloudformation"),)),
    Burst("H21", "identities-removed", "Keys, passwords or users of others removed", Severity.HIGH, Tactic.IMPACT,
          ("T1531",), 15, _asked(3, "userName"), _REMOVALS, (_of("iam"),)),
)  # fmt: skip
