"""Forms of one event: what two copies of it hold, and whether they can be the same event."""

import hashlib
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from investigator.domain.canonical import canonical, digest
from investigator.evidence.readers.record import Record

TOP = tuple(sorted(set(Record.__annotations__) - {"rest", "userIdentity"}))
IDENTITY = (
    "type", "principalId", "arn", "accountId", "accessKeyId", "userName", "invokedBy", "onBehalfOf",
    "identityProvider", "credentialId",
)  # fmt: skip
CONTEXT = (
    "sessionIssuer", "attributes", "sourceIdentity", "ec2RoleDelivery", "webIdFederationData", "assumedRoot",
)  # fmt: skip
MOST_FORMS = 100
"""Forms of one id that are compared with one another; where there are more, each is an event of its own."""


@dataclass(frozen=True, slots=True)
class Form:
    """A copy in one place: a hash for each field of the record dictionary (0 when absent or null), and its digest."""

    src_file: str
    src_row: int
    digest: str
    held: int
    """How many values that are not null the record holds."""
    fields: "array[int]"

    @classmethod
    def of(cls, src_file: str, src_row: int, record: dict[str, JsonValue]) -> "Form":
        identity = _inner(record, "userIdentity")
        values = [
            *(record.get(key) for key in TOP),
            *(identity.get(key) for key in IDENTITY),
            *(_inner(identity, "sessionContext").get(key) for key in CONTEXT),
        ]
        return cls(src_file, src_row, digest(record), _held(record), array("Q", map(_hash, values)))

    def agrees(self, other: "Form") -> bool:
        """Whether no field that both hold has two values."""
        return all(
            mine == theirs or not mine or not theirs for mine, theirs in zip(self.fields, other.fields, strict=True)
        )


def settled(id_: str, forms: Sequence[Form]) -> Iterator[tuple[str, int, str, bool]]:
    """For each copy: where it is, which event it is, and whether it is the one that stands for it.

    The form with most values comes first, ties by the smaller digest; a form joins the first that it agrees with.
    """
    groups: list[list[Form]] = []
    few = len({form.digest for form in forms}) <= MOST_FORMS
    known: dict[str, list[Form]] = {}
    for form in sorted(forms, key=lambda form: (-form.held, form.digest, form.src_file, form.src_row)):
        group = known.get(form.digest)
        if group is None and few:
            group = next((group for group in groups if group[0].agrees(form)), None)
        if group is None:
            groups.append(group := [])
        group.append(form)
        known[form.digest] = group
    for first, *others in groups:
        event = id_ if len(groups) == 1 else f"{id_}@{first.digest[:8]}"
        yield first.src_file, first.src_row, event, True
        yield from ((form.src_file, form.src_row, event, False) for form in others)


def _inner(value: dict[str, JsonValue], key: str) -> dict[str, JsonValue]:
    inner = value.get(key)
    return inner if isinstance(inner, dict) else {}


def _hash(value: JsonValue) -> int:
    if value is None:
        return 0
    return int.from_bytes(hashlib.blake2b(canonical(value), digest_size=8).digest()) or 1


def _held(value: JsonValue) -> int:
    if isinstance(value, dict):
        return sum(map(_held, value.values()))
    if isinstance(value, list):
        return sum(map(_held, value))
    return value is not None
