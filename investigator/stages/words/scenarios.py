"""Which of the ten scenarios a case is: entities weigh first, then words; the order here settles ties (9.3, 9.8)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from investigator.domain.alert import Alert
from investigator.domain.entity import EntityRef
from investigator.domain.words import EntityKind, Scenario

LEAST = 2
"""Points that a scenario needs; one vague word is not enough."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for a scenario: entity kinds and words, each with its points."""

    entities: Mapping[EntityKind, int]
    words: tuple[tuple[re.Pattern[str], int], ...]


def _words(pattern: str, points: int) -> tuple[re.Pattern[str], int]:
    return re.compile(rf"\b(?:{pattern})", re.IGNORECASE), points


_LEAKED = r"(?:leak|commit|expos|publish|stolen|other\s+hands|compromis)"
_PEOPLE = r"(?:employee|colleague|contractor|developer|engineer|admin|staff)"
_PROVIDERS = (
    "stripe|slack|github|gitlab|twilio|sendgrid|openai|anthropic|datadog|okta|google|azure|npm|pypi|mailgun|paypal"
    "|database|rds|jwt"
)
SIGNS: Mapping[Scenario, Signs] = {
    Scenario.TERMINATED_EMPLOYEE: Signs({}, (
        _words(rf"(?:terminated|former|ex|departed|fired|dismissed)[\s-]+{_PEOPLE}", 9),
        _words(r"offboard|left\s+the\s+company|resigned|was\s+(?:fired|terminated|dismissed)|last\s+day\s+at", 9),
    )),
    Scenario.LEAKED_ACCESS_KEY: Signs({EntityKind.ACCESS_KEY: 4}, (
        _words(rf"(?:access\s+)?keys?\b[^.]{{0,60}}\b{_LEAKED}", 3),
        _words(rf"credentials?\b[^.]{{0,60}}\b{_LEAKED}", 3),
        _words(r"(?:leaked|exposed|stolen|compromised|committed)\s+(?:\w+\s+){0,2}(?:keys?|credentials?)\b", 3),
        _words(r"git\s?hub|pastebin|access\s+keys?\b", 1),
    )),
    Scenario.S3_EXFILTRATION: Signs({EntityKind.BUCKET: 4, EntityKind.OBJECT: 4}, (
        _words(r"s3\b|buckets?\b", 2),
        _words(r"exfiltrat|ransom|objects?\s+(?:were|was)\s+(?:deleted|read|encrypted)", 3),
        _words(r"files?\b[^.]{0,80}\bturned\s+up|download(?:ed|s)\b", 1),
    )),
    Scenario.COST_SPIKE: Signs({}, (
        _words(r"crypto|min(?:ing|er)\b|bitcoin|monero", 4),
        _words(r"bill(?:ing)?\b|costs?\b|spend|charges?\b|invoice|budget\s+alarm", 4),
    )),
    Scenario.COMPROMISED_INSTANCE: Signs({EntityKind.INSTANCE: 4}, (
        _words(r"ec2\b|instances?\b|imds|metadata\s+service|web\s?shell|reverse\s+shell", 2),
        _words(r"(?:server|machine|host)\b[^.]{0,40}\b(?:compromis|hack|infect|malware)", 3),
    )),
    Scenario.CONSOLE_LOGIN: Signs({}, (
        _words(r"console\b|log(?:ged|s)?[\s-]?(?:in|on)s?\b|sign(?:ed|s)?[\s-]?(?:in|on)s?\b", 4),
        _words(r"mfa\b|password\s+(?:reset|change|recovery)", 2),
    )),
    Scenario.PRIVILEGE_ESCALATION: Signs({EntityKind.POLICY: 3, EntityKind.ROLE_TRUST: 3}, (
        _words(r"privileges?\b|escalat|admin(?:istrator)?\s+(?:rights|access|privileges|permissions)", 3),
        _words(r"backdoor|persisten|trust\s+policy|(?:new|unknown)\s+(?:iam\s+)?(?:user|role|key)s?\b", 3),
        _words(r"(?:policy|policies|permissions?)\b[^.]{0,40}\bchang|chang\w+\s+(?:\w+\s+){0,2}polic", 2),
    )),
    Scenario.FILE_TAMPERING: Signs({EntityKind.FILE: 4, EntityKind.HOST: 3}, (
        _words(r"tamper|deface|file\s+integrity|(?:files?|binar(?:y|ies))\b[^.]{0,40}\b(?:chang|modif|replac)", 3),
    )),
    Scenario.EXPOSED_SECRET: Signs({EntityKind.SECRET: 4}, (
        _words(rf"(?:{_PROVIDERS})\s+(?:(?:api|access|signing|personal)\s+)*(?:key|token|password|secret)s?\b", 5),
        _words(r"secrets?\s+manager|secrets?\b[^.]{0,40}\b(?:leak|expos|commit|publish|read)", 3),
    )),
    Scenario.SUSPICIOUS_IP: Signs({EntityKind.IP: 3, EntityKind.NETWORK: 3}, (
        _words(r"(?:unusual|suspicious|unknown|strange|unexpected)\b[^.]{0,40}\b(?:calls?|address|ip|requests?)", 1),
    )),
}  # fmt: skip
"""In the order that settles ties: what narrows the questions most stands first."""

_BY_ALERT: tuple[tuple[re.Pattern[str], tuple[Scenario, ...]], ...] = tuple(
    (re.compile(pattern), scenarios)
    for pattern, scenarios in (
        (r"InstanceCredentialExfiltration", (Scenario.COMPROMISED_INSTANCE,)),
        (r"AWS_RISK_CREDENTIALS|CompromisedCredentials", (Scenario.LEAKED_ACCESS_KEY,)),
        (r"CryptoCurrency:", (Scenario.COST_SPIKE, Scenario.COMPROMISED_INSTANCE)),
        (r"ConsoleLogin", (Scenario.CONSOLE_LOGIN,)),
        (r"(?:PrivilegeEscalation|Persistence):(?:IAM|Kubernetes)", (Scenario.PRIVILEGE_ESCALATION,)),
        (r":S3(?:/|\b)", (Scenario.S3_EXFILTRATION,)),
        (r":(?:EC2|Runtime|ECS)(?:/|\b)", (Scenario.COMPROMISED_INSTANCE,)),
        (r":IAM(?:User)?(?:/|\b)", (Scenario.LEAKED_ACCESS_KEY,)),
        (r"^signin:|^sts:GetSigninToken|^sso:", (Scenario.CONSOLE_LOGIN,)),
        (r"^iam:(?:Create|Attach|Put|Update|Add|Set|Upload)", (Scenario.PRIVILEGE_ESCALATION,)),
        (r"^ec2:(?:RunInstances|Request|CreateFleet)", (Scenario.COST_SPIKE,)),
        (r"^s3:", (Scenario.S3_EXFILTRATION,)),
        (r"^secretsmanager:", (Scenario.EXPOSED_SECRET,)),
    )
)


def classed(text: str, entities: Sequence[EntityRef], alerts: Iterable[Alert] = ()) -> tuple[Scenario, ...]:
    """The scenarios that fit, best first; `general` when none does."""
    from_alerts = [scenario for alert in alerts for scenario in by_alert(alert)]
    points = {scenario: _points(signs, text, entities) for scenario, signs in SIGNS.items()}
    fitting = [scenario for scenario in SIGNS if sum(points[scenario]) >= LEAST]
    ranked = sorted(fitting, key=lambda scenario: (-sum(points[scenario]), points[scenario][0] == 0))
    return tuple(dict.fromkeys((*from_alerts, *ranked))) or (Scenario.GENERAL,)


def by_alert(alert: Alert) -> tuple[Scenario, ...]:
    """The scenarios that an alert's type stands for."""
    return next((scenarios for pattern, scenarios in _BY_ALERT if pattern.search(alert.type)), ())


def _points(signs: Signs, text: str, entities: Sequence[EntityRef]) -> tuple[int, int]:
    """Points of the entities, and of the words."""
    kinds = {entity.kind for entity in entities}
    from_entities = max((points for kind, points in signs.entities.items() if kind in kinds), default=0)
    return from_entities, sum(points for pattern, points in signs.words if pattern.search(text))
