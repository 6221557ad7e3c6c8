"""Wakes people: hears and looks what pages, climbs ladders, sends pages.

A page is claim and commit, call with no transaction open, record and commit.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import structlog

from earful.accounts.secrets import SecretError
from earful.intake.receive import PASSING
from earful.paging import pages
from earful.paging.alerts import find_alert
from earful.paging.call import Outcome
from earful.paging.climbing import climb, next_step, who_climbs
from earful.paging.hearing import hear
from earful.paging.pagers import address_of
from earful.paging.pages import Due
from earful.paging.rules import READER, rules_of
from earful.paging.telling import From, tell
from earful.paging.texts import place_of, text, title
from earful.paging.watching import watch, watched
from earful.stream.reader import behind
from earful.worker.desk import Shared, pause

log = structlog.get_logger()
LOOK_EVERY = timedelta(seconds=15)
"""How often queues and channels are looked at."""
BREATH = 0.5
"""Seconds between two rounds."""


async def keep_paging(shared: Shared, desk: str) -> None:
    """Page until told to stop. `desk` is the address that links begin with."""
    waker = shared.waker()
    look_at: datetime | None = None
    while not shared.stopping.is_set():
        waker.clear()
        wait_for = 1.0
        try:
            look = look_at is None or shared.clock() >= look_at
            if look:
                look_at = shared.clock() + LOOK_EVERY
            await notice(shared, look=look)
            await climb_due(shared)
            sent = await page_due(shared, desk)
            wait_for = 0.0 if sent else await _until_next(shared)
        except PASSING:
            log.warning("database away")
        except Exception as error:
            log.error("paging broken", error=type(error).__name__)
        await pause(waker, wait_for)
        await pause(shared.stopping, BREATH)


async def notice(shared: Shared, *, look: bool = True) -> None:
    """Hear what happened where something pages; with `look` also at what no event says."""
    async with shared.database.acquire() as db:
        workspaces = await watched(db)
    moved = await behind(shared.database, READER) if workspaces else []
    for workspace_id in workspaces:
        read: int | None = int(workspace_id in moved)
        while read:
            async with shared.works.open(workspace_id) as work:
                rules = await rules_of(work.db, workspace_id)
                read = await hear(work, rules) if rules else 0
        if look:
            async with shared.works.open(workspace_id) as work:
                await watch(work, await rules_of(work.db, workspace_id))


async def climb_due(shared: Shared) -> None:
    """Take the steps that are due."""
    async with shared.database.acquire() as db:
        workspaces = await who_climbs(db, shared.clock())
    for workspace_id in workspaces:
        async with shared.works.open(workspace_id) as work:
            await climb(work)


async def page_due(shared: Shared, desk: str) -> int:
    """Send a few of the pages that are due. Returns how many were."""
    async with shared.database.transaction() as db:
        due = await pages.claim(db, shared.clock())
    async with asyncio.TaskGroup() as group:
        for one in due:
            group.create_task(_send(shared, one, desk))
    return len(due)


async def _send(shared: Shared, due: Due, desk: str) -> None:
    try:
        outcome = await _call(shared, due, desk)
    except SecretError as error:
        outcome = Outcome(sent=False, words=str(error), passing=False)
    except PASSING:
        log.warning("database away", page=due.id)  # its lease runs out
        return
    async with shared.works.open(due.workspace_id) as work:
        await (pages.went(work, due) if outcome.sent else pages.failed(work, due, outcome))
    if not outcome.sent:
        log.warning("page not taken", page=due.id, service=outcome.service)


async def _call(shared: Shared, due: Due, desk: str) -> Outcome:
    async with shared.database.acquire() as db:
        alert = await find_alert(db, due.workspace_id, due.alert_id)
        where = await place_of(db, due.workspace_id, alert)
        address = await address_of(db, shared.keyring, due.workspace_id, due.pager_id)
    if address is None:
        return Outcome(sent=False, words="This pager was removed.", passing=False)
    link = pages.link_of(shared.keyring, due, desk)
    sender = From(shared.database, shared.keyring, shared.guard, due.workspace_id, due.rehearsal)
    body = text(alert, desk=desk, link=link, name=due.workspace)
    return await tell(sender, address, title(alert, where), body, now=shared.clock())


async def _until_next(shared: Shared) -> float:
    async with shared.database.acquire() as db:
        dues = [await next_step(db), await pages.next_page(db)]
        some = await watched(db)
    found = [(due - shared.clock()).total_seconds() for due in dues if due is not None]
    longest = LOOK_EVERY.total_seconds() if some else 30.0
    return max(0.05, min([*found, longest]))
