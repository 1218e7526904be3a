"""Bytes of good files changed at random: nothing crashes or hangs, and what a slow reader still reads is stored."""

import gzip
import os
import random
import zlib
from collections.abc import Callable

import pytest

from tests.support.record_forms import athena_row, csv_text, lake_answer, lake_row, ocsf, parquet, security_lake

from .slow_reader import slow_csv, slow_parquet, slow_records
from .trails import compact, record, session, trail

if os.name == "nt":
    pytest.skip("limits on memory need POSIX", allow_module_level=True)

from .limited import limited, read_bytes
from .test_wrappings import WRAPPINGS

MANY = [record(number, userIdentity=session(name=f"run-{number}")) if number % 2 else record(number) for number in range(1, 6)]  # fmt: skip
ROWS = list(map(athena_row, MANY))
GOOD: dict[str, bytes] = {
    "a long trail": trail(*MANY),
    "a packed trail": gzip.compress(trail(*MANY), mtime=0),
    "packed lines": gzip.compress("\n".join(map(compact, MANY)).encode(), mtime=0),
    "packed members": b"".join(gzip.compress(trail(one), mtime=0) for one in MANY),
    "packed twice": gzip.compress(gzip.compress(trail(*MANY), mtime=0), mtime=0),
    "lines": "\n".join(map(compact, MANY)).encode(),
    "OCSF": "\n".join(compact(ocsf(one)) for one in MANY).encode(),
    "a table": csv_text(ROWS),
    "a quoted table": csv_text(ROWS, quoting=1),
    "Parquet": parquet(ROWS),
    "Security Lake": security_lake(MANY),
    "a query's answer": compact(lake_answer(list(map(lake_row, MANY)))).encode(),
    **{
        name: WRAPPINGS[name]
        for name in (
            "a pretty trail", "a bare array", "Records twice", "search hits", "LookupEvents", "saved answers",
            "EventBridge", "a log group",
        )
    },
}  # fmt: skip
EACH = 1_000 if os.environ.get("INVESTIGATOR_SOAK") else 15
"""Changes of each file: 20,000 in all, or a sample."""


def flip(content: bytearray, at: int, chance: random.Random) -> None:
    content[at] ^= 1 << chance.randrange(8)


def replace(content: bytearray, at: int, chance: random.Random) -> None:
    content[at] = chance.choice(b'{}[]",:\\ \n\0\x1f\xff0e')


def drop(content: bytearray, at: int, chance: random.Random) -> None:
    del content[at : at + chance.choice((1, 1, 2, 8, 64))]


def insert(content: bytearray, at: int, chance: random.Random) -> None:
    content[at:at] = chance.choice((b'"', b"{", b"}", b"[", b"]", b",", b"\n", b"\0", b"\xf0\x9f", b"x" * 70))


def repeat(content: bytearray, at: int, chance: random.Random) -> None:
    content[at:at] = content[at : at + chance.choice((1, 7, 120))]


def cut(content: bytearray, at: int, _: random.Random) -> None:
    del content[at:]


CHANGES: tuple[Callable[[bytearray, int, random.Random], None], ...] = (flip, replace, drop, insert, repeat, cut)


def changed(content: bytes, seed: int) -> bytes:
    chance = random.Random(seed)
    made = bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        chance.choice(CHANGES)(made, chance.randrange(max(1, len(made) - 1)), chance)
        made = made or bytearray(b"\n")
    return bytes(made)


def unpacked(content: bytes) -> bytes:
    """What gzip's members give up to the first damage, one byte at a time."""
    text = b""
    while content.startswith(b"\x1f\x8b"):
        member = zlib.decompressobj(31)
        for at in range(len(content)):
            try:
                text += member.decompress(content[at : at + 1])
            except zlib.error:
                return text
            if member.eof:
                content = content[at + 1 :].lstrip(b"\0")
                break
        else:
            return text
    return text or content


def slowly(content: bytes) -> set[str]:
    """The eventIDs that the slow reader finds."""
    for _ in range(2):
        content = unpacked(content)
    if content.startswith(b"PAR1"):
        return slow_parquet(content)
    text = content.decode("utf-8", "replace")
    ids = slow_csv(text) or {record["eventID"] for record in slow_records(text) if record.get("eventID")}
    return {id_.replace("\0", "\\x00") for id_ in ids if isinstance(id_, str)}


def lost(name: str, seeds: range) -> list[tuple[str, int, set[str], str]]:
    """For each change that lost a record: which."""
    found = []
    for seed in seeds:
        content = changed(GOOD[name], seed)
        outcome = read_bytes(content)
        missing = slowly(content) - {id_.removeprefix("ct:") for id_ in outcome.ids}
        if missing:
            found.append((name, seed, missing, f"{outcome.status} {outcome.reason}"))
    return found


@pytest.mark.parametrize("name", GOOD)
def test_no_change_of_bytes_loses_a_record_that_can_be_read(name: str) -> None:
    assert limited(lost, name, range(EACH)) == []


def test_the_slow_reader_reads_the_good_files() -> None:
    assert {name: len(slowly(content)) for name, content in GOOD.items()} == {
        name: 2 if name in WRAPPINGS else 5 for name in GOOD
    }
