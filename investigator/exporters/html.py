"""placeholder"""

from collections.abc import Iterator
from investigator.domain.report import CaseDocument
from investigator.ports.exports import CitedEvidence


def export(document: CaseDocument, evidence: CitedEvidence) -> Iterator[bytes]:
    """x"""
    yield b"<!doctype html>"
