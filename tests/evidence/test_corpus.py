"""The corpus of damaged, hostile and odd files: no crash, no hang, nothing lost in silence, nearly all read at best."""

import os
import random
from collections import Counter

import pytest

if os.name == "nt":
    pytest.skip("limits on memory need POSIX", allow_module_level=True)

from .corpus import Planted, corpus
from .limited import Outcome, each_limited, read_bytes

ALL = list(corpus())
WHOLE = bool(os.environ.get("INVESTIGATOR_SOAK"))
SAMPLE = ALL if WHOLE else random.Random(7).sample(ALL, 120)
TOLD = ("partial", "reject", "skip")


def judged(one: Planted, outcome: object) -> str:
    """best, acceptable or never."""
    if not isinstance(outcome, Outcome):
        return f"never: {outcome!r}"
    known = {id_ for id_ in outcome.ids if not id_.startswith("sha256:")}
    missing = one.ids - known
    if missing and outcome.status not in TOLD:
        return f"never: {sorted(missing)[:3]} lost in silence"
    if one.lost and outcome.status == "ok":
        return "never: something was lost in silence"
    if one.status in ("told", "told or ok"):
        is_best = not missing and (outcome.status in TOLD or one.status == "told or ok")
    else:
        is_best = not missing and (outcome.status, outcome.reason) == (one.status, one.reason)
        is_best = is_best and one.flags <= outcome.flags and outcome.quarantined >= one.lost
    return (
        "best"
        if is_best
        else f"acceptable: {outcome.status} {outcome.reason} {sorted(missing)[:3]} {sorted(outcome.flags)}"
    )


def test_the_corpus_is_large() -> None:
    families = Counter(one.name.split()[0] for one in ALL)

    assert len(ALL) >= 500
    assert len({one.name for one in ALL}) == len(ALL)
    assert len(families) >= 17


def test_every_file_is_read_or_told() -> None:
    outcomes = each_limited(read_bytes, [one.content for one in SAMPLE])

    verdicts = {one.name: judged(one, outcome) for one, outcome in zip(SAMPLE, outcomes, strict=True)}

    assert {name: verdict for name, verdict in verdicts.items() if verdict.startswith("never")} == {}
    worse = {name: verdict for name, verdict in verdicts.items() if verdict != "best"}
    assert len(worse) <= 0.05 * len(SAMPLE), worse
