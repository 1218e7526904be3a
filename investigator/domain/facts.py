"""Facts: one annotated type for each thing a case may know; the words of its question live on the type.

A fact with a question is a slot of specification 9.4. A tool's input model names facts by these types, so the
clarifying questions follow from the tools that a plan needs.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, get_args

from pydantic import StringConstraints

from investigator.domain.slots import UNKNOWN, Slot, account_id, instant, matching, network, yes_or_no
from investigator.domain.times import Window

_ACCESS_KEY = r"(AKIA|ASIA)[A-Z0-9]{12,124}"
_INSTANCE = r"i-[0-9a-zA-Z]{8,32}"
_REGION = r"[a-z]{2}(-[a-z]+)+-\d"

AccountId = Annotated[
    str,
    StringConstraints(pattern=r"^\d{12}$"),
    Slot(
        "account",
        "Which AWS accounts are affected?",
        "It is the scope of every query.",
        "the account of the alert, key or log files, else the caller's",
        account_id,
        many=True,
    ),
]
RegionName = Annotated[
    str,
    StringConstraints(pattern=rf"^{_REGION}$"),
    Slot(
        "regions",
        "Which Regions do you use?",
        "Use of any other Region is a sign of misuse.",
        "all enabled Regions are searched; usual are those seen in the 30 days before the start",
        matching(_REGION, "Region names such as eu-west-1"),
        many=True,
    ),
]
Start = Annotated[
    str,
    Slot(
        "start",
        "When could this have begun: exposed, noticed, or last known good?",
        "It opens the window; too late a start misses the entry.",
        "the time of exposure, else 24 hours before the first alert, else 14 days ago",
        instant,
    ),
]
PrincipalName = Annotated[
    str,
    Slot(
        "principal",
        "Which user or role?",
        "Look-ups go by it, and its other credentials come into view.",
        "resolved from the key",
        many=True,
    ),
]
AccessKeyId = Annotated[
    str,
    StringConstraints(pattern=rf"^{_ACCESS_KEY}$"),
    Slot(
        "key",
        "Which access key ids?",
        "Each key is looked up exactly, and so is every session it issued.",
        "all keys of the principal",
        matching(_ACCESS_KEY, "an access key id that starts with AKIA or ASIA"),
        many=True,
    ),
]
Exposure = Annotated[
    str,
    Slot(
        "exposure",
        "Where was it exposed, and is it still there?",
        "It bounds the first possible misuse, and the source must be cleaned.",
        "unknown: the creation of the key bounds it",
    ),
]
Rotated = Annotated[
    str,
    Slot(
        "rotated",
        "Is it already deactivated, rotated or deleted, and since when?",
        "Calls after that are worse, and sessions outlive keys.",
        "read from IAM and the logs",
    ),
]
Usual = Annotated[
    str,
    Slot(
        "usual",
        "What normally uses it: hosts, addresses, services, hours?",
        "It tells everyday use from misuse.",
        "learnt from the 30 days before the start",
        many=True,
    ),
]
KnownNetwork = Annotated[
    str,
    Slot(
        "known_ips",
        "Which networks are yours?",
        "Calls from elsewhere weigh more, calls from there less.",
        "none configured; GuardDuty's trusted lists where readable",
        network,
        many=True,
    ),
]
Change = Annotated[
    str, Slot("change", "Was a change or a test planned then?", "It may be the benign explanation.", "none")
]
DoneSoFar = Annotated[
    str,
    Slot(
        "done",
        "What has been done so far, and by whom?",
        "Their calls are told apart from the intruder's, and nothing is proposed twice.",
        "nothing",
        many=True,
    ),
]
Disrupt = Annotated[
    str,
    Slot(
        "disrupt",
        "May the workload be interrupted?",
        "It decides between isolation and observation.",
        "no: non-disruptive steps first",
        yes_or_no,
    ),
]
InstanceId = Annotated[
    str,
    Slot(
        "instance",
        "Which instances?",
        "Their role's sessions and their network are looked up.",
        "those of the alert, or launched by the actor",
        matching(_INSTANCE, "instance ids such as i-0123456789abcdef0"),
        many=True,
    ),
]
Forensics = Annotated[
    str,
    Slot(
        "forensics",
        "Is memory or disk evidence needed?",
        "Stopping an instance loses memory and instance store.",
        "yes: snapshots; memory is not taken by us",
        yes_or_no,
    ),
]
BucketName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9.\-_]{1,253}$"),
    Slot(
        "bucket",
        "Which buckets?",
        "Their settings and every call on them are looked up.",
        "those seen in the evidence",
        matching(r"[a-zA-Z0-9][a-zA-Z0-9.\-_]{1,253}", "bucket names"),
        many=True,
    ),
]
DataClass = Annotated[
    str,
    Slot(
        "data_class",
        "Is the data personal, regulated or secret?",
        "It decides the impact and legal clocks.",
        "treated as sensitive",
    ),
]
Recovery = Annotated[
    str, Slot("recovery", "Are there versions, Object Lock, replicas or backups?", "It is the way back.", "looked up")
]
CostNormal = Annotated[
    str,
    Slot(
        "cost_normal",
        "Which services or accounts cost more, since when, and was growth expected?",
        "It tells growth from abuse.",
        "compared with the days before",
    ),
]
Person = Annotated[
    str,
    Slot(
        "person",
        "Whose access is it, under which names and addresses?",
        "All identities of that person are looked up.",
        "all identities with that name or e-mail",
        many=True,
    ),
]
LeftAt = Annotated[
    str,
    Slot(
        "left_at",
        "When did the access end, with its time zone?",
        "It splits legitimate from not.",
        "the start of the window",
        instant,
    ),
]
Mfa = Annotated[
    str,
    Slot(
        "mfa",
        "Does the person recognise the sign-in and the MFA device?",
        "A no means that the session was stolen.",
        UNKNOWN,
        yes_or_no,
    ),
]
IpAddress = Annotated[
    str,
    Slot(
        "ip",
        "Is the address yours, a partner's or a VPN's?",
        "A known address is a benign explanation.",
        "not ours",
        many=True,
    ),
]
HostPath = Annotated[
    str,
    Slot(
        "host_path",
        "Which host and paths, and should they have changed?",
        "It selects the files to compare.",
        "all inventoried paths",
        many=True,
    ),
]
SecretName = Annotated[
    str,
    Slot(
        "secret",
        "Which secret, at which provider, and who uses it?",
        "It must be rotated without an outage.",
        "looked up",
        many=True,
    ),
]
Eu = Annotated[str, Slot(
    "eu", "Does this touch services or users in the EU, or a regulated entity?", "Reporting clocks may run.",
    "unknown: clocks are shown, not asserted", yes_or_no)]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that nobody is asked for: the case knows it, or a lead brings it."""

    name: str


CaseWindow = Annotated[Window, Fact("window")]
SessionName = Annotated[str, Fact("session")]
ResourceName = Annotated[str, Fact("resource")]
EventName = Annotated[str, Fact("event_name")]
UserName = Annotated[str, Fact("user")]
RoleName = Annotated[str, Fact("role")]


def fact_name(annotation: object) -> str | None:
    """The name of the fact that an annotated type stands for."""
    return next((mark.name for mark in get_args(annotation) if isinstance(mark, (Slot, Fact))), None)


def _slots() -> Mapping[str, Slot]:
    marks = (mark for value in vars(sys.modules[__name__]).values() for mark in get_args(value))
    return {mark.name: mark for mark in marks if isinstance(mark, Slot)}


SLOTS: Mapping[str, Slot] = _slots()
"""Every slot by name, in the order of specification 9.4."""
