"""Hands conversations to other desks: claim and commit, talk, record and commit."""

from __future__ import annotations

import asyncio
import contextlib

import httpx
import structlog

from earful.handoff import desks, queue
from earful.handoff.queue import Due
from earful.handoff.ticket import OtherDesk, Remote, Ticket, Trouble
from earful.intake.receive import PASSING
from earful.kit.addresses import HOME
from earful.kit.safe_http import guarded_client
from earful.worker.desk import Shared, pause

log = structlog.get_logger()
STEP_FOR = 60.0
"""Seconds one step may take; shorter than the lease, so that no two overlap."""
MOST_TRIES = 10
LOOKS = 4
"""How often a doubtful attempt is looked for before a person is asked."""


async def keep_handing(shared: Shared, origin: str) -> None:
    """Hand over what is due until told to stop. Nothing leaves the machine from a rehearsal."""
    waker = shared.waker()
    async with guarded_client(shared.guard) as real, guarded_client(HOME) as tame:
        while not shared.stopping.is_set():
            waker.clear()
            wait_for = 1.0
            with contextlib.suppress(*PASSING):
                await hand_due(shared, real, tame, origin)
                wait_for = await _until_next(shared)
            await pause(waker, wait_for)
            await pause(shared.stopping, 1.0)


async def hand_due(
    shared: Shared, real: httpx.AsyncClient, tame: httpx.AsyncClient, origin: str
) -> int:
    """One round. Returns how many were due."""
    async with shared.database.transaction() as db:
        await db.execute(_WAKE, shared.clock())
        claimed = await queue.claim(db, now=shared.clock())
    async with asyncio.TaskGroup() as group:
        for due in claimed:
            group.create_task(_step(shared, due, tame if due.rehearsal else real, origin))
    return len(claimed)


async def _until_next(shared: Shared) -> float:
    async with shared.database.acquire() as db:
        due = await queue.next_due(db)
    return 30.0 if due is None else max(0.05, (due - shared.clock()).total_seconds())


async def _step(shared: Shared, due: Due, client: httpx.AsyncClient, origin: str) -> None:
    try:
        row = {**_fields(due), "id": due.desk_id}
        desk = desks.opened(shared.keyring, row, client, shared.clock())
        async with asyncio.timeout(STEP_FOR):
            if due.state in ("handed", "closed"):
                await _follow(shared, due, desk)
            else:
                await _hand(shared, due, desk, origin)
    except Trouble as trouble:
        await _record(shared, due, trouble)
    except TimeoutError:
        await _record(shared, due, Trouble("It takes too long to answer.", uncertain=True))
    except PASSING:
        log.warning("database away", handoff=due.id)  # its lease runs out
    except Exception as error:
        log.error("handing broken", handoff=due.id, error=type(error).__name__)
        name = type(error).__name__
        await _record(shared, due, Trouble(f"Its answer makes no sense ({name}).", uncertain=True))


def _fields(due: Due) -> dict[str, object]:
    return {
        "workspace_id": due.workspace_id,
        "kind": due.kind,
        "url": due.url,
        "fields": due.fields,
        "secret": due.secret,
    }


async def _hand(shared: Shared, due: Due, desk: OtherDesk, origin: str) -> None:
    """Make it there; what is in doubt is looked for first."""
    async with shared.database.acquire() as db:
        ticket = await queue.ticket_of(db, due, origin)
    remote = await desk.find(ticket) if due.state == "uncertain" else None
    if remote is None and due.state == "uncertain" and not desk.repeatable:
        raise Trouble("It may be there or not.", uncertain=True)
    remote = remote or await desk.create(ticket)
    async with shared.works.open(due.workspace_id) as work:
        await queue.handed(work, due, remote, _last(ticket))


def _last(ticket: Ticket) -> str | None:
    return max((line.id for line in ticket.lines), default=None)


async def _follow(shared: Shared, due: Due, desk: OtherDesk) -> None:
    """Tell what customers wrote since, then look how it stands."""
    remote_id = due.remote_id or due.id
    async with shared.database.acquire() as db:
        lines = await queue.unsaid(db, due) if due.state == "handed" else []
    for line in lines:
        # It may stand there already: an answer was lost, or a backup restored.
        if not await desk.holds(remote_id, line):
            await desk.append(remote_id, line)
        await _mark(shared, due, line.id)
    remote: Remote | None = await desk.look(remote_id)
    async with shared.works.open(due.workspace_id) as work:
        if remote is not None:
            await queue.note_remote(work, due.id, remote)
        await work.db.execute(_RESTED, due.workspace_id, due.id, work.now + queue.LOOK_EVERY)


async def _mark(shared: Shared, due: Due, message_id: str) -> None:
    async with shared.database.acquire() as db:
        await db.execute(_MARK, due.workspace_id, due.id, message_id)


async def _record(shared: Shared, due: Due, trouble: Trouble) -> None:
    """What went wrong decides what comes next."""
    attempts = due.attempts + 1
    after = min(600.0, 2.0**attempts)
    state = due.state
    if state in ("handed", "closed"):
        after = min(3600.0, 30.0 * 2.0**attempts)
    elif trouble.uncertain or (state == "uncertain" and trouble.passing):
        state = "uncertain"
        after = after if attempts <= LOOKS else 365 * 86_400.0  # a person is asked meanwhile
    elif trouble.passing and attempts < MOST_TRIES:
        state = "queued"
    else:
        state = "failed"
    async with shared.works.open(due.workspace_id) as work:
        await queue.wait_on(work, due, state, str(trouble), after=after, attempts=attempts)


# Who writes in a conversation that is handed on is told there at once.
_WAKE = """
UPDATE handoff h SET run_at = $1 WHERE h.state = 'handed' AND h.run_at > $1 AND h.error = ''
  AND EXISTS (SELECT 1 FROM message m WHERE m.workspace_id = h.workspace_id
    AND m.conversation_id = h.conversation_id AND m.direction = 'incoming'
    AND m.deleted_at IS NULL AND m.id > h.told_through)
"""

_RESTED = """
UPDATE handoff SET
  run_at = CASE state WHEN 'closed' THEN 'infinity'::timestamptz ELSE $3::timestamptz END,
  lease_until = NULL, error = '', attempts = 0
WHERE workspace_id = $1 AND id = $2
"""

_MARK = "UPDATE handoff SET told_through = $3 WHERE workspace_id = $1 AND id = $2"
