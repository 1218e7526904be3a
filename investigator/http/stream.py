"""The progress of a case as server-sent events; `Last-Event-ID` goes on where a client left off."""

import asyncio
import json
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool

from investigator.domain.progress import ProgressRow
from investigator.domain.words import RunState
from investigator.investigation import Investigation

PAUSE = 0.25
QUIET = 15.0
"""Seconds without news, after which a comment keeps the connection open."""
ENDED = frozenset({RunState.ASKING, RunState.READY, RunState.STOPPED, RunState.FINISHED, RunState.FAILED})


async def events(investigation: Investigation, handle: str, after: int) -> AsyncIterator[str]:
    """Every line of the stream from `after` on, until the run ends or pauses."""
    waited = 0.0
    while True:
        view = await run_in_threadpool(investigation.view, handle)
        rows = await run_in_threadpool(investigation.follow, handle, after)
        for row in rows:
            yield _event(row)
            after, waited = row.number, 0.0
        if view.run in ENDED and not rows:
            return
        if waited >= QUIET:
            yield ": still here\n\n"
            waited = 0.0
        await asyncio.sleep(PAUSE)
        waited += PAUSE


def _event(row: ProgressRow) -> str:
    data = json.dumps(row.progress.model_dump(mode="json", exclude_none=True), ensure_ascii=True)
    return f"id: {row.number}\nevent: {row.progress.kind}\ndata: {data}\n\n"
