"""The audit log as a file of JSON lines, hash-chained (`ports.audit`)."""

import json
import os
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import JsonValue

from investigator.domain.audit_chain import START, chained, check_chain, head_of
from investigator.domain.paths import texts


class AuditLog:
    """One append-only file; threads may share it, and the lease of a case keeps other processes away."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._head: str | None = None

    def record(self, kind: str, details: Mapping[str, JsonValue]) -> None:
        """Add a line in one write; kind is aws, model, denied or read."""
        with self._lock:
            line = chained(self._head or self._open(), kind, details)
            with self._path.open("ab") as file:
                file.write(line + b"\n")
            self._head = head_of(line)

    def head(self) -> str:
        """The SHA-256 of the last line; 64 zeros when there is none."""
        with self._lock:
            return self._head or self._open()

    def check(self) -> str:
        """The head, after every line was checked; raises BrokenChain."""
        return check_chain(self._lines())

    def count(self, kind: str) -> int:
        """How many lines are of that kind, those of earlier runs too."""
        return sum(json.loads(line)["kind"] == kind for line in self._lines())

    def request_ids(self) -> frozenset[str]:
        """The request ids of our calls: made, repeated by botocore, and those beside saved answers that we read."""
        return frozenset(
            request_id
            for line in self._lines()
            for path in ("request_id", "repeated")
            for request_id in texts(json.loads(line), path)
            if request_id
        )

    def _lines(self) -> Iterator[bytes]:
        """The whole lines; one that a crash tore off has no end and is left out."""
        if self._path.exists():
            with self._path.open("rb") as file:
                yield from (line.rstrip(b"\n") for line in file if line.endswith(b"\n"))

    def _open(self) -> str:
        """The head of what is there, after a line that a crash tore off was cut away: it was never whole."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab+") as file:
            whole = _end_of_last_line(file.fileno(), file.tell())
            file.truncate(whole)
        last = START
        for line in self._lines():
            last = head_of(line)
        return last


def _end_of_last_line(descriptor: int, size: int) -> int:
    """Where the last line end is, reading back from the end of the file."""
    block = 1 << 16
    while size:
        start = max(0, size - block)
        os.lseek(descriptor, start, os.SEEK_SET)
        found = os.read(descriptor, size - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        size = start
    return 0
