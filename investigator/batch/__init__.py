"""Playbook runs without a person: many cases from a file, in parallel, resumed where they stopped."""

from investigator.batch.files import NotABatch
from investigator.batch.running import run_batch

__all__ = ["NotABatch", "run_batch"]
