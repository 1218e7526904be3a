"""Indexing and judging by the rule pack beside indexing alone, one query a rule, and ten times the rules, in turn.

`python -m benchmarks.rules [--events N] [--rounds N] [--logs FOLDER]` prints wall and CPU seconds and peak memory of
each way, in processes of their own from their first import on, and their ratios. Judging is all of `detect` over the
store that the same process has indexed, from its opening on. One query a rule is DuckDB over the same store with the
same predicates and groups, and one with windows for each burst; it has to find the same hits, sequences aside.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import NamedTuple

import duckdb

from benchmarks.corpus import write
from benchmarks.ingest import ours
from benchmarks.measuring import Cost, busy, measured
from benchmarks.pivot import Took, opened, took
from benchmarks.variants import write as write_variants
from investigator.detections.bursts import BURSTS
from investigator.detections.detect import THINGS, detect, hits_of, in_order, of_crowd
from investigator.detections.loader import Rules, load_rules
from investigator.detections.matches import BY
from investigator.detections.own import without_own
from investigator.domain.hit import Hit
from investigator.ports.store import Snapshot
from tests.support.crowds import crowd_sql

GROUPS = [expression.sql for expression in BY]

TOLD = "told.json"
"""What a process that judges leaves in the store."""
CALL = "from benchmarks import rules; rules.{way}({logs!r}, {out!r}, {more!r})"
WAYS = ("index", "judge", "judge_singly", "one_by_one", "judge_more")
_CALLS = "SELECT source, name FROM read_parquet('{parts}/*') GROUP BY ALL ORDER BY count(*) DESC, source, name"


class Times(NamedTuple):
    """Seconds of judging by single rules, by bursts, or by all of the pack; zero for what was not done."""

    single: Took = Took(0, 0)
    bursts: Took = Took(0, 0)
    all: Took = Took(0, 0)


@dataclass(frozen=True, slots=True)
class Run:
    """One way, run once: all of its process, and within it the judging."""

    whole: Cost
    times: Times
    rules: int
    hits: Mapping[str, Sequence[str]]
    """By `rule` and by `burst`."""


def index(logs: str, out: str, _more: str) -> None:
    """Read the files into a store, and nothing else."""
    ours(logs, out)


def judge(logs: str, out: str, _more: str) -> None:
    """Index, then judge by the pack: rules, bursts and sequences."""
    _judge(logs, out, load_rules())


def judge_singly(logs: str, out: str, _more: str) -> None:
    """Index, then judge by the rules of the pack that look at one event at a time."""
    _judge(logs, out, replace(load_rules(), sequences=False))


def judge_more(logs: str, out: str, more: str) -> None:
    """Index, then judge by the pack and the rules of a folder."""
    own, others = load_rules(), load_rules(Path(more))
    _judge(logs, out, replace(own, rules=(*own.rules, *others.rules)))


def one_by_one(logs: str, out: str, _more: str) -> None:
    """Index, then one query for each rule and each burst of the pack, grouped as hits are."""
    rules = load_rules()
    ours(logs, out)
    found: list[Hit] = []
    single = took(lambda: found.extend(_by_queries(opened(Path(out)), rules)))
    bursts = took(lambda: found.extend(_by_windows(opened(Path(out)))))
    hits = in_order(without_own(found, THINGS, opened(Path(out))))
    _tell(out, Times(single, bursts, Took(single.wall + bursts.wall, single.cpu + bursts.cpu)), rules, hits)


def _judge(logs: str, out: str, rules: Rules) -> None:
    ours(logs, out)
    hits: list[Hit] = []
    spent = took(lambda: hits.extend(detect(opened(Path(out)), rules)))
    _tell(out, Times(all=spent) if rules.sequences else Times(single=spent), rules, hits)


def _by_queries(store: Snapshot, rules: Rules) -> Iterator[Hit]:
    for rule in rules:
        yield from hits_of(rule, store.tallies(f"SELECT * FROM events WHERE {rule.predicate}", GROUPS))


def _by_windows(store: Snapshot) -> Iterator[Hit]:
    for burst in BURSTS:
        yield from of_crowd(burst, store.tallies(crowd_sql(burst.crowd), GROUPS))


def _tell(out: str, times: Times, rules: Rules, hits: Sequence[Hit]) -> None:
    """Write down what the judging took, and what single rules and bursts found."""
    names = {"rule": {rule.name for rule in rules}, "burst": {*THINGS}}
    told = {kind: [hit.model_dump_json() for hit in hits if hit.name in of] for kind, of in names.items()}
    Path(out, TOLD).write_text(json.dumps([times, len(rules.rules), told]))


def ran(way: str, folder: Path, logs: Path) -> Run:
    """One way in a process of its own, over an empty store."""
    out = folder / "stores"
    whole = measured(CALL.format(way=way, logs=str(logs), out=str(out), more=str(folder / "rules")))
    told = out / TOLD
    times, rules, hits = json.loads(told.read_text() if told.exists() else "[[], 0, {}]")
    shutil.rmtree(out)
    return Run(whole, Times(*(Took(*spent) for spent in times)), rules, hits)


def made_variants(folder: Path, logs: Path) -> None:
    """Rules like those of the pack, after the names of these events."""
    out = folder / "named"
    measured(CALL.format(way="index", logs=str(logs), out=str(out), more=""))
    calls = duckdb.connect().execute(_CALLS.format(parts=out / "parts")).fetchall()
    write_variants(folder / "rules", [(str(source), str(name)) for source, name in calls])
    shutil.rmtree(out)


def compared(folder: Path, logs: Path, events: int, rounds: int) -> None:
    """The ways in turn, and their ratios."""
    made_variants(folder, logs)
    runs: dict[str, list[Run]] = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way, found in runs.items():
            found.append(ran(way, folder, logs))
            _print(way, found[-1], events)
    if any(run.hits != runs["judge"][0].hits for way in ("judge", "one_by_one") for run in runs[way]):
        raise SystemExit("one query a rule finds other hits")
    _ratios(runs)


def _print(way: str, run: Run, events: int) -> None:
    judging = [f"{name} {spent}" for name, spent in run.times._asdict().items() if spent.wall]
    of = f"; judging by {run.rules:,} rules: {', '.join(judging)}" if judging else ""
    print(f"{way:>12}: {run.whole.line(events)}{of}; {busy()}", flush=True)


def _ratios(runs: Mapping[str, Sequence[Run]]) -> None:
    """Of each figure the best and the median over the rounds."""
    for place, unit in enumerate(Took._fields):
        whole = {way: [(run.whole.seconds, run.whole.cpu)[place] for run in found] for way, found in runs.items()}
        all_ = {way: [run.times.all[place] for run in found] for way, found in runs.items()}
        single = {way: [run.times.single[place] for run in found] for way, found in runs.items()}
        for name, some, others, wanted in (
            ("index and judge / index", whole["judge"], whole["index"], "at most 1.6"),
            ("index, judge by ten times the rules / by the pack", whole["judge_more"], whole["judge"], "at most 1.2"),
            ("one query a rule and burst / judging by all", all_["one_by_one"], all_["judge"], "at least 8"),
            ("one query a rule / judging by rules alone", single["one_by_one"], single["judge_singly"], "at least 8"),
            ("index and one query each / index and judge", whole["one_by_one"], whole["judge"], ""),
        ):
            _ratio(f"{name}, {unit} seconds", some, others, wanted)
    peaks = {way: [run.whole.peak for run in found] for way, found in runs.items()}
    _ratio("peak memory of index and judge / of index", peaks["judge"], peaks["index"], "at most 1.1")


def _ratio(name: str, some: Sequence[float], others: Sequence[float], wanted: str) -> None:
    best, middle = min(some) / min(others), median(some) / median(others)
    print(f"{name}: best {best:.2f}, medians {middle:.2f}" + (f"; {wanted} wanted" if wanted else ""))


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--logs", type=Path, help="a folder of CloudTrail files instead of a made one")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        logs = chosen.logs or folder / "logs"
        if chosen.logs is None:
            for _ in write(logs, chosen.events):
                pass
        print(f"{os.cpu_count()} cores, {busy()}")
        compared(folder, logs, chosen.events, chosen.rounds)


if __name__ == "__main__":
    main(sys.argv[1:])
