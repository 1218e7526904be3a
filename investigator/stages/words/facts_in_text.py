"""Facts in free text: what the words say about the slots of specification 9.4, each as its first clear wording."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from investigator.domain.entities_in_text import emails_in, refanged
from investigator.domain.entity import EntityRef
from investigator.domain.question import Answer
from investigator.domain.words import EntityKind
from investigator.stages.words.start_in_text import told_times

_KINDS: Mapping[str, tuple[EntityKind, ...]] = {
    "account": (EntityKind.ACCOUNT,),
    "key": (EntityKind.ACCESS_KEY,),
    "instance": (EntityKind.INSTANCE,),
    "ip": (EntityKind.IP, EntityKind.NETWORK),
}
_NAME = r"[\"'`(]{0,2}(?P<name>[A-Za-z0-9_][\w+=.@-]{0,127}?)(?=[\"'`),;:!?]|\.?(?:\s|$)|'s\b)"
_PRINCIPAL = re.compile(
    rf"\b(?:IAM\s+|AWS\s+)?(?:user|developer|role|engineer|service\s+account|contractor|principal|admin)"
    rf"(?:\s+(?:named|called))?\s+{_NAME}",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(
    r"(?<![\w.@-])([\w.@+-]{2,64})'s\s+(?:\w+\s+)?(?:credentials?|access\s+key|key|password|account)\b"
)
_LEAVER = re.compile(
    rf"\b(?:(?:terminated|former|ex|departed|fired|dismissed|previous)[\s-]+)(?:employee|colleague|contractor|developer"
    rf"|engineer|admin(?:istrator)?|staff\s+member|user)\s+{_NAME}",
    re.IGNORECASE,
)
_BUCKET = re.compile(
    r"\b(?:s3\s+)?bucket(?:\s+(?:named|called))?\s*(?P<open>[\"'`(]{0,2})(?P<name>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])"
    r"(?P<close>[\"'`)]{0,2})",
    re.IGNORECASE,
)
_PROVIDERS = (
    "Stripe|Slack|GitHub|GitLab|Twilio|SendGrid|OpenAI|Anthropic|Datadog|Okta|Google|Azure|npm|PyPI|Mailgun|PayPal"
    "|database|RDS|JWT|SSH|TLS"
)
_SECRET = re.compile(
    r"\bsecret\s+(?:named\s+|called\s+)?[\"'`]?(?P<name>[\w+=.@-]*[/_.-][\w/+=.@-]+)"
    r"|\bparameter\s+(?:named\s+|called\s+)?[\"'`]?(?P<path>/[\w+=.@-]+(?:/[\w+=.@-]+)*)"
    rf"|\b(?:{_PROVIDERS})\s+(?:API\s+|access\s+|signing\s+|personal\s+)*(?:keys?|tokens?|passwords?|secrets?)\b",
    re.IGNORECASE,
)
_PUBLIC_PLACES = (
    r"https?://\S+|git\s?hub\S*|git\s?lab\S*|bitbucket\S*|pastebin\S*|stack\s?overflow|docker\s?hub\S*|npm\b|repo\w*"
    r"|gist\S*|slack|blog\S*|forum\S*|image\s+layers?"
)
_EXPOSED = re.compile(
    r"\b(?:committed|pushed|published|posted|leaked|exposed|uploaded|pasted|found)\s+(?:\w+\s+){0,2}?"
    r"(?:to|on|in|at|through)\s+"
    rf"(?P<place>(?:an?\s+|the\s+|our\s+)?(?:public\s+)?(?:{_PUBLIC_PLACES})(?:\s+repo(?:sitory)?)?)",
    re.IGNORECASE,
)
_ROTATED = re.compile(
    r"\b(?P<not>not\s+(?:yet\s+)?|never\s+)?(?:been\s+)?(?P<how>deactivated|rotated|revoked)\b"
    r"|\b(?P<still>still\s+active)\b",
    re.IGNORECASE,
)
_DATA = re.compile(
    r"\b(?:personal|customer|patient|health|medical|card|payment|regulated|confidential|secret)\s+"
    r"(?:data|records|information)\b|\bPII\b|\bGDPR\b|\bPHI\b|\bPCI\b",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"[^.;\n]{0,80}\b(?:pen(?:etration)?[\s-]?test|red[\s-]team|planned\s+(?:change|maintenance)|drill)\b[^.;\n]{0,80}",
    re.IGNORECASE,
)
_REGION = r"[a-z]{2}(?:-[a-z]+)+-\d"
_REGIONS_USED = re.compile(
    r"\b(?:we|our)\b[^.;\n]{0,40}?\b(?:use|run|work|operate|regions?\s+(?:is|are))\b[^.;\n]{0,20}?"
    rf"(?P<regions>{_REGION}(?:\s*(?:,|and|&)\s*{_REGION})*)"
)
_HOST = re.compile(r"\b(?:host|server)\s+[\"'`]?(?P<name>[A-Za-z0-9][\w.-]*[\d.-][\w.-]*)", re.IGNORECASE)
_STOP = frozenset(
    (
        "a about accounts account access activity agent all also an and any are as at be been but by can could "
        "credential credentials did do does data for from had has have he her his how i if in into is it its key keys "
        "login made may might must name named names no not of on or our out pool rights seems she should so that the "
        "their them then there they this those to under was we were what when where which who whose will with would "
        "you your has have not policy session sessions identity assumed called created deleted signed logged left "
        "turned public private named content contents policies object objects owner employee company user bucket "
    ).split()
)


def facts_in(text: str, entities: Sequence[EntityRef], as_of: datetime) -> tuple[Answer, ...]:
    """One answer for each slot that the text speaks of; secrets must be redacted already."""
    text = refanged(text)
    answers = [*_from_entities(entities), *_from_words(text, entities), *told_times(text, as_of)]
    return tuple({answer.slot: answer for answer in reversed(answers)}.values())[::-1]


def _told(slot: str, values: Sequence[str], note: str | None = None) -> Iterator[Answer]:
    kept = tuple(dict.fromkeys(value.strip() for value in values if value.strip()))
    if kept:
        yield Answer(slot=slot, value=", ".join(kept), source="description", note=note)


def _from_entities(entities: Sequence[EntityRef]) -> Iterator[Answer]:
    for slot, kinds in _KINDS.items():
        yield from _told(slot, [entity.value for entity in entities if entity.kind in kinds])


def _from_words(text: str, entities: Sequence[EntityRef]) -> Iterator[Answer]:
    person = _names(_LEAVER, text) + list(emails_in(text))
    yield from _told("person", person)
    yield from _told("principal", _principals(text, entities, person))
    yield from _told("bucket", _buckets_named(text, entities))
    yield from _told("secret", _secrets(text, entities))
    yield from _told("exposure", [match["place"].rstrip(".,;") for match in _EXPOSED.finditer(text)][:1])
    yield from _told("rotated", [_rotation(match) for match in _ROTATED.finditer(text)][:1])
    yield from _told("data_class", [match[0] for match in _DATA.finditer(text)])
    yield from _told("change", [match[0].replace(",", " ") for match in _CHANGE.finditer(text)][:1])
    yield from _told(
        "regions", re.findall(r"[a-z]{2}(?:-[a-z]+)+-\d", " ".join(m["regions"] for m in _REGIONS_USED.finditer(text)))
    )
    yield from _told("host_path", _host_paths(text, entities))


def _names(pattern: re.Pattern[str], text: str) -> list[str]:
    found = (match["name"].rstrip(".-") for match in pattern.finditer(text))
    return [name for name in found if name.lower() not in _STOP and len(name) > 1]


def _principals(text: str, entities: Sequence[EntityRef], person: Sequence[str]) -> list[str]:
    arns = [entity.value for entity in entities if entity.kind in (EntityKind.PRINCIPAL, EntityKind.SESSION)]
    owners = [match[1] for match in _POSSESSIVE.finditer(text) if match[1].lower() not in _STOP]
    short = [name for name in (*_names(_PRINCIPAL, text), *owners) if "@" not in name]
    covered = {arn.rpartition("/")[2] for arn in arns} | set(person)
    return [*arns, *(name for name in short if name not in covered), *(name for name in person if name in owners)]


def _buckets_named(text: str, entities: Sequence[EntityRef]) -> list[str]:
    refs = [entity.value for entity in entities if entity.kind is EntityKind.BUCKET]
    inside = [entity.value.partition("/")[0] for entity in entities if entity.kind is EntityKind.OBJECT]
    named = [match["name"] for match in _BUCKET.finditer(text) if _is_bucket_name(match)]
    return [*refs, *inside, *named]


def _is_bucket_name(match: re.Match[str]) -> bool:
    """A plain word is a name only between quotes or brackets; other names have a digit, dot or hyphen inside."""
    quoted = bool(match["open"].strip() and match["close"])
    return match["name"].lower() not in _STOP and (quoted or bool(re.search(r"[\d.-]", match["name"])))


def _secrets(text: str, entities: Sequence[EntityRef]) -> list[str]:
    refs = [entity.value for entity in entities if entity.kind is EntityKind.SECRET]
    named = ((match["path"] or match["name"] or match[0]).rstrip(".") for match in _SECRET.finditer(text))
    return [*refs, *named]


def _rotation(match: re.Match[str]) -> str:
    return "no" if match["not"] or match["still"] else f"yes: {match['how'].lower()}"


def _host_paths(text: str, entities: Sequence[EntityRef]) -> list[str]:
    hosts = [match["name"].rstrip(".-") for match in _HOST.finditer(text)]
    return [*hosts, *(entity.value for entity in entities if entity.kind is EntityKind.FILE)]
