"""Asks judges elsewhere, where an operator turned one on, about what the model judged already."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import httpx
import structlog

from earful.accounts.secrets import SecretError
from earful.intake.receive import PASSING
from earful.judgements.endpoints import asking, endpoint_of, note_trouble
from earful.judgements.second import keep_second, to_ask
from earful.judgements.written import Written
from earful.kit.addresses import HOME, Blocked
from earful.kit.safe_http import guarded_client
from earful.triage.asking import WITHIN, Endpoint, Unusable, ask, client
from earful.triage.judging import Opinion
from earful.worker.desk import Shared, pause

log = structlog.get_logger()
SIDE_BY_SIDE = 4
"""Posts that are asked about at the same time."""
BEFORE_KEEPING = 20
"""Posts whose answers are waited for before they are kept."""
LATER = 60.0
"""Seconds without a question after none was answered."""


async def keep_asking(shared: Shared) -> None:
    """Until told to stop. Of a rehearsal's posts only this machine is asked."""
    waker = shared.waker()
    async with client() as real, guarded_client(HOME, timeout_for=WITHIN) as tame:
        while not shared.stopping.is_set():
            waker.clear()
            wait_for = 30.0
            try:
                for workspace_id, rehearsal in await asking(shared.database):
                    http = tame if rehearsal else real
                    if await ask_on(shared, workspace_id, http) is None:
                        wait_for = LATER
            except PASSING:
                log.warning("database away")
                wait_for = 1.0
            except Exception as error:
                log.error("asking broken", error=type(error).__name__)
            await pause(shared.stopping if wait_for == LATER else waker, wait_for)


async def ask_on(shared: Shared, workspace_id: str, http: httpx.AsyncClient) -> int | None:
    """Ask about all that there is to ask in a workspace. Returns of how many posts something was
    said; None when the judge gave no answer that can be used, and had better be left alone."""
    done = 0
    async with shared.database.acquire() as db:
        try:
            endpoint = await endpoint_of(db, shared.keyring, workspace_id)
        except SecretError as error:
            await note_trouble(db, workspace_id, str(error), shared.clock())
            return None
    while endpoint is not None and not shared.stopping.is_set():
        async with shared.works.open(workspace_id) as work:
            posts = await to_ask(work)
        if posts is None:
            break
        for at in range(0, len(posts), BEFORE_KEEPING):
            some = posts[at : at + BEFORE_KEEPING]
            said, trouble = await _ask_all(http, endpoint, some)
            async with shared.works.open(workspace_id) as work:
                done += await keep_second(work, endpoint, some, said) if said else 0
                await note_trouble(work.db, workspace_id, trouble, work.now)
            if trouble and not said:
                return None
    return done


async def _ask_all(
    http: httpx.AsyncClient, endpoint: Endpoint, posts: Sequence[Written]
) -> tuple[dict[str, Opinion], str]:
    """What was said of each, by its id; and the last trouble, in words."""
    places, said, troubles = asyncio.Semaphore(SIDE_BY_SIDE), dict[str, Opinion](), list[str]()

    async def one(post: Written) -> None:
        async with places:
            if len(troubles) >= SIDE_BY_SIDE and not said:
                return  # it answers nobody
            try:
                said[post.message_id] = await ask(http, endpoint, post.text)
            except Unusable as error:
                troubles.append(str(error))
            except Blocked:
                troubles.append("A rehearsal asks nobody but this machine.")

    async with asyncio.TaskGroup() as group:
        for post in posts:
            group.create_task(one(post))
    return said, (troubles or [""])[-1]
