"""Documents and bombs beyond all bounds are refused in a process that has little memory."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from .limited import limited, read_path

MIB = 2**20


def bomb(filling: bytes) -> Iterator[bytes]:
    """10 GiB in one gzip stream: after a full flush, packed bytes can stand again and again."""
    squeezed = zlib.compressobj(9, wbits=31)
    yield squeezed.compress(b"[") + squeezed.flush(zlib.Z_FULL_FLUSH)
    packed = squeezed.compress(filling * (MIB // len(filling))) + squeezed.flush(zlib.Z_FULL_FLUSH)
    yield from (packed for _ in range(10 * 1024))


def bomb_of_members(filling: bytes) -> Iterator[bytes]:
    """10 GiB in ten thousand gzip streams, one behind the other."""
    packed = gzip.compress(filling * (MIB // len(filling)))
    yield from (packed for _ in range(10 * 1024))


def document() -> Iterator[bytes]:
    """One object of 300 MiB that is no list of records."""
    yield b'{"other":"'
    yield from (b"x" * MIB for _ in range(300))
    yield b'"}'


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param(bomb(b" "), id="white space", marks=pytest.mark.soak),
        pytest.param(document(), id="a document"),
        pytest.param(bomb_of_members(b" "), id="members", marks=pytest.mark.soak),
        pytest.param(bomb(b"{},"), id="empty objects"),
    ],
)
def test_what_is_beyond_all_bounds_is_refused(pieces: Iterator[bytes], tmp_path: Path) -> None:
    path = tmp_path / "log.json.gz"
    with path.open("wb") as file:
        file.writelines(pieces)

    outcome = limited(read_path, path)

    assert (outcome.status, outcome.records) == ("reject", 0)
    assert outcome.reason == "oversize"
