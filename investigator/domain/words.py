"""The closed vocabularies of a case; each word means one thing everywhere."""

from enum import StrEnum


class Stage(StrEnum):
    """The eight parts of an investigation, in order; the only stage names there are."""

    INTAKE = "intake"
    CLARIFYING = "clarifying"
    PLANNING = "planning"
    GATHERING = "gathering"
    LINKING = "linking"
    ASSESSING = "assessing"
    PROPOSING = "proposing"
    REPORTING = "reporting"


class Scenario(StrEnum):
    """S1 to S10 of the specification, and `general`; also the names of the playbooks."""

    LEAKED_ACCESS_KEY = "leaked-access-key"
    COMPROMISED_INSTANCE = "compromised-instance"
    COST_SPIKE = "cost-spike"
    S3_EXFILTRATION = "s3-exfiltration"
    CONSOLE_LOGIN = "console-login"
    PRIVILEGE_ESCALATION = "privilege-escalation"
    TERMINATED_EMPLOYEE = "terminated-employee"
    SUSPICIOUS_IP = "suspicious-ip"
    FILE_TAMPERING = "file-tampering"
    EXPOSED_SECRET = "exposed-secret"
    GENERAL = "general"


class Confidence(StrEnum):
    """high: observed, or two independent sources; medium: one indirect source; low: pattern only."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Severity(StrEnum):
    """OCSF severity words; `number` is the OCSF severity_id."""

    INFORMATIONAL = "informational"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def number(self) -> int:
        return list(Severity).index(self) + 1

    def lowered(self) -> "Severity":
        """One level lower, never below informational."""
        return list(Severity)[max(0, self.number - 2)]

    def raised(self) -> "Severity":
        """One level higher, never above critical."""
        return list(Severity)[min(len(Severity) - 1, self.number)]


class Tactic(StrEnum):
    """MITRE ATT&CK tactics, as folder names of the rules and in findings."""

    INITIAL_ACCESS = "initial-access"
    EXECUTION = "execution"
    PERSISTENCE = "persistence"
    PRIVILEGE_ESCALATION = "privilege-escalation"
    DEFENSE_EVASION = "defense-evasion"
    CREDENTIAL_ACCESS = "credential-access"
    DISCOVERY = "discovery"
    LATERAL_MOVEMENT = "lateral-movement"
    COLLECTION = "collection"
    COMMAND_AND_CONTROL = "command-and-control"
    EXFILTRATION = "exfiltration"
    IMPACT = "impact"
    RESPONSE = "response"
    """Not of ATT&CK: what defenders did, so that it stands beside the rest and accuses nobody."""
    UNKNOWN = "unknown"
    """Not of ATT&CK: a detector named none."""


class Outcome(StrEnum):
    """What became of a call."""

    SUCCESS = "success"
    DENIED = "denied"
    FAILED = "failed"


class Done(StrEnum):
    """Three lists that are never mixed: what was done, what was tried, what could have been done."""

    DONE = "done"
    TRIED = "tried"
    COULD = "could"


class Role(StrEnum):
    """What an entity is in the case; the first three accuse."""

    COMPROMISED = "compromised"
    CREATED_BY_ACTOR = "created_by_actor"
    HOSTILE = "hostile"
    TOUCHED = "touched"
    RESPONDER = "responder"
    OWN = "own"
    BENIGN = "benign"
    UNKNOWN = "unknown"

    @property
    def accused(self) -> bool:
        return self in (Role.COMPROMISED, Role.CREATED_BY_ACTOR, Role.HOSTILE)


class Verdict(StrEnum):
    """The five verdicts, worst first."""

    CONFIRMED = "confirmed"
    LIKELY = "likely"
    INCONCLUSIVE = "inconclusive"
    LIKELY_BENIGN = "likely_benign"
    BENIGN = "benign"


class Actor(StrEnum):
    """What kind of caller signed a record."""

    PERSON = "person"
    ROLE = "role"
    WORKLOAD = "workload"
    SERVICE = "service"
    OTHER_ACCOUNT = "other_account"
    ANONYMOUS = "anonymous"
    UNKNOWN = "unknown"


class EntityKind(StrEnum):
    """What an entity is; see `entity.Entity` for the form of each value."""

    ACCOUNT = "account"
    PRINCIPAL = "principal"
    ACCESS_KEY = "access_key"
    SESSION = "session"
    IP = "ip"
    NETWORK = "network"
    INSTANCE = "instance"
    VOLUME = "volume"
    SNAPSHOT = "snapshot"
    IMAGE = "image"
    BUCKET = "bucket"
    OBJECT = "object"
    FUNCTION = "function"
    SECRET = "secret"
    KEY = "key"
    CERTIFICATE = "certificate"
    DOMAIN = "domain"
    HOST = "host"
    FILE = "file"
    ROLE_TRUST = "role_trust"
    POLICY = "policy"
    RESOURCE = "resource"


class CellState(StrEnum):
    """How well one coverage cell was seen."""

    SEEN = "seen"
    UNVERIFIED = "unverified"
    PARTIAL = "partial"
    INCOMPLETE = "incomplete"
    DENIED = "denied"
    DISABLED = "disabled"
    NOT_SAVED = "not_saved"
    NOT_RECORDED = "not_recorded"
    OUT_OF_RETENTION = "out_of_retention"


class RunState(StrEnum):
    """Where a case stands for the faces."""

    OPENING = "opening"
    ASKING = "asking"
    READY = "ready"
    RUNNING = "running"
    STOPPED = "stopped"
    FINISHED = "finished"
    FAILED = "failed"


class CaseStatus(StrEnum):
    """The case status words of AWS Security Incident Response."""

    SUBMITTED = "Submitted"
    ACKNOWLEDGED = "Acknowledged"
    DETECTION = "Detection and Analysis"
    CONTAINMENT = "Containment, Eradication and Recovery"
    POST_INCIDENT = "Post-incident Activities"
    READY_TO_CLOSE = "Ready to Close"
    CLOSED = "Closed"


class ClosureCode(StrEnum):
    """The closure codes of AWS Security Incident Response."""

    COMPLETED = "Investigation Completed"
    NOT_RESOLVED = "Not Resolved"
    FALSE_POSITIVE = "False Positive"
    DUPLICATE = "Duplicate"
