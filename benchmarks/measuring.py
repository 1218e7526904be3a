"""What a run in a process of its own costs: wall and CPU seconds of all its processes, and their memory together."""

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass

POLL = 0.25
"""Seconds between two looks at the memory; a look costs CPU time itself."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one run; `peak` in MiB, pages that processes share counted once for each."""

    seconds: float
    cpu: float
    peak: int

    def line(self, events: int) -> str:
        return (
            f"{events / self.seconds:>10,.0f} events/s, {self.seconds:6.1f} s, {self.cpu:6.1f} CPU s, {self.peak:,} MiB"
        )


def measured(code: str) -> Cost:
    """The cost of some code; stops the benchmark when it fails."""
    start = time.monotonic()
    run = subprocess.Popen([sys.executable, "-c", f"if __name__ == '__main__':\n    {code}"], start_new_session=True)
    peak = 0
    while True:
        pid, status, used = os.wait4(run.pid, os.WNOHANG)
        if pid:
            break
        peak = max(peak, _resident(run.pid))
        time.sleep(POLL)
    run.returncode = os.waitstatus_to_exitcode(status)
    if run.returncode:
        raise SystemExit(f"failed: {code}")
    return Cost(time.monotonic() - start, used.ru_utime + used.ru_stime, peak)


def busy() -> str:
    """How busy the machine was lately; above the number of its cores, every figure in seconds is too large."""
    return f"load {os.getloadavg()[0]:.1f}"


def _resident(session: int) -> int:
    listed = subprocess.run(["ps", "-A", "-o", "sess=,rss=,pgid="], capture_output=True, text=True, check=True).stdout
    rows = re.findall(r"^\s*(\S+)\s+(\d+)\s+(\d+)", listed, re.MULTILINE)
    return sum(int(rss) for sess, rss, group in rows if str(session) in (sess, group)) // 1024
