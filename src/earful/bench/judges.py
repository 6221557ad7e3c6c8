"""A second worker of a bench, which judges and folds what the first takes in: a process of its own.

    python -m earful.bench.judges

It is started with the bench's environment, says "ready", and judges until its input ends.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from earful.bench.ground import Ground
from earful.folding.hearing import fold
from earful.judgements.hearing import AT_ONCE, KINDS, READER, hear
from earful.kit.clock import system_clock
from earful.kit.garbage import collect_seldom
from earful.settings import Settings
from earful.store.opening import open_store
from earful.stream.reader import behind, read_on
from earful.stream.work import Works


async def judge_all(works: Works) -> int:
    """Judge and fold what is there, as a worker does. Returns how many posts."""
    total = 0
    for workspace_id in await behind(works.database, READER):
        async with works.open(workspace_id) as work:
            events = await read_on(work, READER, KINDS, AT_ONCE)
            total += await hear(work, events or [])
            await fold(work, events or [])
    return total


async def _main() -> None:
    settings = Settings.from_env(os.environ)
    async with open_store(settings, size=2) as store:
        works = Works(store.database, system_clock)
        await judge_all(works)
        ended = asyncio.ensure_future(asyncio.to_thread(sys.stdin.read))
        collect_seldom()
        print("ready", flush=True)
        while not ended.done():
            if not await judge_all(works):
                await asyncio.sleep(0.02)
        await ended


@asynccontextmanager
async def judges(on: Ground) -> AsyncIterator[None]:
    """Judging goes on meanwhile."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "earful.bench.judges", env=on.environ,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    if child.stdin is None or child.stdout is None or not await child.stdout.readline():
        raise RuntimeError("the judging process did not start")
    try:
        yield
    finally:
        child.stdin.close()
        await child.wait()


if __name__ == "__main__":
    asyncio.run(_main())
