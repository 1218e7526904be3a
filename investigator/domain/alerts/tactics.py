"""The ATT&CK tactic that an alert states, in the words of its detector; what none states stays unknown."""

import re
from collections.abc import Iterable, Mapping

from investigator.domain.words import Tactic

_STATED = tuple(tactic for tactic in Tactic if tactic not in (Tactic.RESPONSE, Tactic.UNKNOWN))
_WORDS: Mapping[str, Tactic] = {tactic.replace("-", ""): tactic for tactic in _STATED} | {
    "reconnaissance": Tactic.DISCOVERY,
    "stealth": Tactic.DEFENSE_EVASION,
    "defenseimpairment": Tactic.DEFENSE_EVASION,
    "dataexfiltration": Tactic.EXFILTRATION,
    "datadestruction": Tactic.IMPACT,
    "denialofservice": Tactic.IMPACT,
    "resourceconsumption": Tactic.IMPACT,
}
"""Names of tactics, older and newer ones too, and the effects of an ASFF type (ASFF user guide, types taxonomy)."""
_IDS: Mapping[str, Tactic] = {
    "TA0043": Tactic.DISCOVERY,
    "TA0001": Tactic.INITIAL_ACCESS,
    "TA0002": Tactic.EXECUTION,
    "TA0003": Tactic.PERSISTENCE,
    "TA0004": Tactic.PRIVILEGE_ESCALATION,
    "TA0005": Tactic.DEFENSE_EVASION,
    "TA0006": Tactic.CREDENTIAL_ACCESS,
    "TA0007": Tactic.DISCOVERY,
    "TA0008": Tactic.LATERAL_MOVEMENT,
    "TA0009": Tactic.COLLECTION,
    "TA0010": Tactic.EXFILTRATION,
    "TA0011": Tactic.COMMAND_AND_CONTROL,
    "TA0040": Tactic.IMPACT,
}
_PURPOSES: tuple[tuple[re.Pattern[str], Tactic], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), tactic)
    for pattern, tactic in (
        (r"Trojan:\w+[/-]DropPoint", Tactic.EXFILTRATION),
        (r"Trojan:\w+[/-]DriveBySource", Tactic.INITIAL_ACCESS),
        (r"(?:Backdoor|Trojan):", Tactic.COMMAND_AND_CONTROL),
        (r"(?:CryptoCurrency|ResourceConsumption):", Tactic.IMPACT),
        (r"Recon:", Tactic.DISCOVERY),
        (r"Stealth:", Tactic.DEFENSE_EVASION),
        (r"UnauthorizedAccess:\w+[/-]\w*CredentialExfiltration|UnauthorizedAccess:\w+[/-]MetadataDNSRebind",
         Tactic.CREDENTIAL_ACCESS),
        (r"UnauthorizedAccess:(?:EC2|Lambda|Runtime|ECS)[/-](?:MaliciousIPCaller|Tor)", Tactic.COMMAND_AND_CONTROL),
        (r"UnauthorizedAccess:EC2[/-]\w+BruteForce", Tactic.INITIAL_ACCESS),
        (r"UnauthorizedAccess:(?:IAMUser|S3|Kubernetes|RDS)[/-]", Tactic.INITIAL_ACCESS),
    )
)  # fmt: skip
"""Threat purposes of GuardDuty that no tactic is named after; Behavior, Policy, PenTest and Object name none.

GuardDuty user guide, threat purposes and the ASFF types of its findings; use of stolen credentials is ATT&CK T1078.
"""


def furthest(names: Iterable[str]) -> Tactic:
    """Of the tactics that a detector names, by name or `TA…` id, the one furthest along an attack."""
    found = [tactic for name in names if (tactic := _IDS.get(name.strip().upper()) or _WORDS.get(_plain(name)))]
    return max(found, key=_STATED.index, default=Tactic.UNKNOWN)


def tactic_of_types(types: Iterable[str]) -> Tactic:
    """The tactic of the first type that states one: of GuardDuty, or of ASFF as `namespace/category/classifier`."""
    return next((tactic for each in types if (tactic := _of_type(each)) is not Tactic.UNKNOWN), Tactic.UNKNOWN)


def _of_type(text: str) -> Tactic:
    namespace, _, below = text.partition("/")
    if namespace in ("TTPs", "Effects") and (stated := _WORDS.get(_plain(below.partition("/")[0]))):
        return stated
    purposes = [text, *(text[match.end() :] for match in re.finditer("/", text))]
    return next((tactic for part in purposes if (tactic := _of_purpose(part)) is not Tactic.UNKNOWN), Tactic.UNKNOWN)


def _of_purpose(text: str) -> Tactic:
    purpose, colon, _ = text.partition(":")
    if colon and (same := _WORDS.get(_plain(purpose))):
        return same
    return next((tactic for pattern, tactic in _PURPOSES if pattern.match(text)), Tactic.UNKNOWN)


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name).lower()
