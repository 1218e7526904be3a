"""The evidence store held against the original records: a wrong column makes what rests on its record fail."""

from collections.abc import Mapping

from investigator.domain.ids import EvidenceId
from investigator.domain.search import Search
from investigator.proof.matching import matches
from investigator.proof.records import Records


def described_otherwise(described: Mapping[EvidenceId, Search], records: Records) -> frozenset[EvidenceId]:
    """The records that do not match what is said of them, in record paths; so is one that cannot be read again."""
    raw = records.read(described)
    return frozenset(id_ for id_, where in described.items() if id_ not in raw or not matches(raw[id_], where))
