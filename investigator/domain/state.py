"""State: how a resource is set up, as an AWS answer says it."""

from collections.abc import Mapping

from investigator.domain.entity import EntityRef
from investigator.domain.ids import EvidenceId
from investigator.domain.times import Instant
from investigator.domain.value import Value


class State(Value):
    """One element of an AWS answer: which entity, of which kind, and its values by path.

    `path` leads to the element inside the answer ("" for the whole); each key of `values` is a path below it, so
    that `path.key` with its value is a `state` predicate that anyone can check again.
    """

    answer: EvidenceId
    path: str
    entity: EntityRef
    kind: str
    """What was asked about: iam_user, access_key, trail, instance, bucket_policy …"""
    account: str
    region: str
    values: Mapping[str, str] = {}
    seen: Instant | None = None
    """When the answer was fetched (the saved session's `as_of` in a replay)."""

    def at(self, key: str) -> str:
        """The path of one value inside the answer."""
        return f"{self.path}.{key}" if self.path else key
