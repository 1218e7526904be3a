"""Entities in free text: accounts, keys, ARNs, addresses (also defanged), resources and paths (specification 9.3)."""

import ipaddress
import re
from collections.abc import Callable, Iterator

from investigator.domain.arns import arn_entities
from investigator.domain.entity import EntityRef
from investigator.domain.words import EntityKind

MOST_TEXT = 50_000
"""Characters of a text that are read; what somebody types or a detector sends is far shorter."""

_FANGS = (
    (re.compile(r"\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)", re.IGNORECASE), "."),
    (re.compile(r"\[:\]"), ":"),
    (re.compile(r"\[at\]|\[@\]", re.IGNORECASE), "@"),
    (re.compile(r"\bhxxp(s?)(?=:)", re.IGNORECASE), r"http\1"),
)
_ARN = re.compile(r"\barn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(?:\d{12}|aws)?:[^\s\"'`<>,;|)\]}]+")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_IPV4 = r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2}(?!\d))?(?!\w|/\d|\.\d)"
_IPV6 = r"(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,8}(?:(?:\.\d{1,3}){3})?(?:/\d{1,3})?(?![\w:])"
_ADDRESS = re.compile(f"{_IPV4}|{_IPV6}")
_PATH = re.compile(r"(?<![\w/.:])/(?:[\w.+@-]+/)+[\w.+@*-]*|(?<![\w/.:])/(?:etc|var|usr|opt|home|srv|tmp|root)\b")
_WINDOWS_PATH = re.compile(r"(?<!\w)[A-Za-z]:\\[^\s\"'<>|?*:]{1,250}")
_S3_URL = re.compile(r"\bs3://([a-z0-9][a-z0-9.\-_]{1,61}[a-z0-9])(/[^\s\"'`<>,;|)\]}]+)?")

_PLAIN: tuple[tuple[EntityKind, re.Pattern[str]], ...] = (
    (EntityKind.ACCESS_KEY, re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{12,28}\b")),
    (EntityKind.RESOURCE, re.compile(r"\b(?:AIDA|AROA|AGPA|ANPA|AIPA|ASCA|ANVA)[A-Z0-9]{16,28}\b")),
    (EntityKind.INSTANCE, re.compile(r"\bi-[0-9a-f]{8}(?:[0-9a-f]{9})?\b")),
    (EntityKind.HOST, re.compile(r"\bmi-[0-9a-f]{17}\b")),
    (EntityKind.IMAGE, re.compile(r"\bami-[0-9a-f]{8}(?:[0-9a-f]{9})?\b")),
    (EntityKind.SNAPSHOT, re.compile(r"\bsnap-[0-9a-f]{8}(?:[0-9a-f]{9})?\b")),
    (EntityKind.VOLUME, re.compile(r"\bvol-[0-9a-f]{8}(?:[0-9a-f]{9})?\b")),
    (EntityKind.RESOURCE, re.compile(r"\b(?:sg|eni|vpc|subnet)-[0-9a-f]{8}(?:[0-9a-f]{9})?\b")),
    (EntityKind.ACCOUNT, re.compile(r"(?<![\w.-])\d{12}(?![\w-]|\.\d)")),
)


def refanged(text: str) -> str:
    """The text with defanged addresses and links written out, and no more of it than is read."""
    text = text[:MOST_TEXT]
    for fang, plain in _FANGS:
        text = fang.sub(plain, text)
    return text


def emails_in(text: str) -> tuple[str, ...]:
    """Every e-mail address once, in order."""
    return tuple(dict.fromkeys(match[0] for match in _EMAIL.finditer(refanged(text))))


def entities_in(text: str) -> tuple[EntityRef, ...]:
    """Every entity once, by where it first stands in the text."""
    text = refanged(text)
    found = [(match.start(), entity) for match in _ARN.finditer(text) for entity in arn_entities(match[0].rstrip("."))]
    plain = _ARN.sub(lambda match: " " * len(match[0]), text)
    plain = _EMAIL.sub(lambda match: " " * len(match[0]), plain)
    for read in (_plain, _addresses, _buckets, _files):
        found.extend(read(plain))
    ordered = sorted(found, key=lambda place: place[0])
    return tuple(dict.fromkeys(entity for _, entity in ordered))


def _plain(text: str) -> Iterator[tuple[int, EntityRef]]:
    for kind, pattern in _PLAIN:
        for match in pattern.finditer(text):
            yield match.start(), EntityRef(kind=kind, value=match[0])


def _addresses(text: str) -> Iterator[tuple[int, EntityRef]]:
    for match in _ADDRESS.finditer(text):
        if entity := address_entity(match[0]):
            yield match.start(), entity


def address_entity(text: str) -> EntityRef | None:
    """The address or network that the text writes, or None."""
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    if network.num_addresses == 1:
        address = network.network_address
        return None if address.is_unspecified else EntityRef(kind=EntityKind.IP, value=str(address))
    return EntityRef(kind=EntityKind.NETWORK, value=str(network))


def _buckets(text: str) -> Iterator[tuple[int, EntityRef]]:
    for match in _S3_URL.finditer(text):
        yield match.start(), EntityRef(kind=EntityKind.BUCKET, value=match[1])
        if match[2] and len(match[2]) > 1:
            yield match.start(), EntityRef(kind=EntityKind.OBJECT, value=match[1] + match[2].rstrip("."))


def _files(text: str) -> Iterator[tuple[int, EntityRef]]:
    reads: tuple[Callable[[str], Iterator[re.Match[str]]], ...] = (_PATH.finditer, _WINDOWS_PATH.finditer)
    for read in reads:
        for match in read(text):
            yield match.start(), EntityRef(kind=EntityKind.FILE, value=match[0].rstrip(".") or match[0])
