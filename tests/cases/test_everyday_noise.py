"""A month in which nothing happens: few findings, none critical, and no verdict that accuses."""

import os
from math import ceil

import pytest

from investigator.domain.words import Severity, Verdict

rates = pytest.importorskip("benchmarks.rates", reason="the benchmarks are not part of this copy of the project")
EVENTS = 100_000 if os.environ.get("INVESTIGATOR_SOAK") else 10_000
MOST, PER = 10, 100_000


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    return rates.everyday(tmp_path_factory.mktemp("noise"), EVENTS)


def test_the_same_seed_writes_the_same_bytes(tmp_path):
    def written(name, seed):
        paths = rates.write(tmp_path / name, 500, seed=seed)
        return [(path.relative_to(tmp_path / name), path.read_bytes()) for path in paths]

    assert written("one", 7) == written("two", 7)
    assert written("one", 7) != written("other", 8)


def test_the_noise_is_worth_its_name(seen):
    """It is as large as was asked, rules stumble over it, and the case looks at a good part of it."""
    assert 0.9 * EVENTS <= seen.events <= 1.2 * EVENTS
    assert sum(hit.level.number >= Severity.MEDIUM.number for hit in seen.hits) >= EVENTS / 1_000
    assert seen.in_window >= 0.3 * seen.events


def test_findings_are_few_and_none_is_critical(seen):
    assert seen.weighty <= ceil(MOST * seen.in_window / PER)
    assert not seen.findings[Severity.CRITICAL]


def test_the_verdict_accuses_nobody(seen):
    assert seen.document.verdict.value in (Verdict.BENIGN, Verdict.LIKELY_BENIGN, Verdict.INCONCLUSIVE)
