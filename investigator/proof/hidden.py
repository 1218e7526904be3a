"""Whether redaction hides from a predicate what it reads: then only the originals can judge it."""

from collections.abc import Iterator

from investigator.domain.citations import cited_by
from investigator.domain.claim import Claim, Exists, Permits, Predicate, Reaches, StateIs
from investigator.domain.paths import texts
from investigator.proof.answers import whole_answer
from investigator.proof.matching import read_where
from investigator.proof.predicates import Evidence
from investigator.proof.record import signing_key

REDACTED = "[redacted: "


def is_hidden(claim: Claim, evidence: Evidence) -> bool:
    """Whether a value that the claim's predicates read was replaced in this evidence."""
    read = (text for predicate in claim.predicates for text in _read(predicate, claim, evidence))
    return evidence.redacted and any(REDACTED in text for text in read)


def _read(predicate: Predicate, claim: Claim, evidence: Evidence) -> Iterator[str]:
    try:
        if isinstance(predicate, StateIs):
            yield from texts(whole_answer(evidence.answers.saved(predicate.answer)), predicate.path)
        elif isinstance(predicate, Permits | Reaches):
            yield evidence.answers.saved(predicate.answer).decode("utf-8", "replace")
        elif isinstance(predicate, Exists):
            paths = [term.field for term in read_where(predicate.where).terms]
            for record in evidence.those(claim.evidence):
                yield from (text for path in paths for text in texts(record.document, path))
        else:
            yield from (signing_key(record) for record in evidence.those(cited_by(predicate)))
    except ValueError:
        return
