"""Tells webhooks what happened: at least once, in order, each from its own cursor in the log."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx
import msgspec
import structlog

from earful.accounts.secrets import SecretError, context_of
from earful.intake.receive import PASSING
from earful.kit.addresses import HOME
from earful.kit.safe_http import guarded_client
from earful.kit.signed_post import signed_post
from earful.worker.desk import Shared, pause_calmly
from earful.worker.names import is_dead

log = structlog.get_logger()
AT_ONCE = 100
"""Events one turn of a webhook tells before others have theirs."""
LEASE_FOR = 120.0
TURN_FOR = 60.0
"""Seconds one turn may take; shorter than the lease, so that no two turns overlap."""
LONGEST_BACKOFF = 3600.0
GIVE_UP_AFTER = timedelta(days=3)


class Hook(msgspec.Struct, frozen=True):
    """A claimed webhook."""

    workspace_id: str
    id: str
    url: str
    kinds: list[str]
    secret: bytes
    seq: int
    state: str
    attempts: int
    failing_since: datetime | None
    rehearsal: bool


def wanted(kinds: list[str], kind: str) -> bool:
    """Whether a webhook asked for events of this kind: none named, the kind, or `noun.*`."""
    if kind.startswith("webhook."):
        return False  # telling of its own trouble would never end
    return not kinds or kind in kinds or kind.partition(".")[0] + ".*" in kinds


async def keep_webhooks(shared: Shared) -> None:
    """Tell what is due until told to stop. Nothing leaves the machine from a rehearsal."""
    waker = shared.waker()
    turns: set[asyncio.Task[None]] = set()
    dead: list[str] = []

    def done(turn: asyncio.Task[None]) -> None:
        turns.discard(turn)
        waker.set()
        if not turn.cancelled() and (error := turn.exception()):
            log.warning("webhook turn lost", error=type(error).__name__)  # its lease runs out

    async with guarded_client(shared.guard) as real, guarded_client(HOME) as tame:
        while not shared.stopping.is_set():
            waker.clear()
            wait_for = 1.0
            with contextlib.suppress(*PASSING):
                for hook in await claim(shared, dead):
                    client = tame if hook.rehearsal else real
                    turn = asyncio.create_task(take_turn(shared, hook, client))
                    turns.add(turn)
                    turn.add_done_callback(done)
                wait_for, dead = await outlook(shared)
            await pause_calmly(waker, wait_for)
        await asyncio.gather(*turns, return_exceptions=True)


async def claim(shared: Shared, dead: Sequence[str] = ()) -> list[Hook]:
    """Lease the webhooks that have something to tell and are due, also from workers `dead`."""
    async with shared.database.transaction() as db:
        rows = await db.fetch(_CLAIM, shared.clock(), LEASE_FOR, list(dead), shared.name)
    return [msgspec.convert(dict(row), Hook) for row in rows]


async def take_turn(shared: Shared, hook: Hook, client: httpx.AsyncClient) -> None:
    """Tell a webhook its next events, and write down how far it came and what went wrong."""
    seq, told, trouble = hook.seq, False, ""
    try:
        secret = shared.keyring.open(
            hook.secret, context=context_of(hook.workspace_id, "webhook.secret", hook.id)
        )
        async with shared.database.acquire() as db:
            first = await db.fetchval(_FIRST, hook.workspace_id)
            events = await db.fetch(_READ, hook.workspace_id, hook.seq, AT_ONCE)
        if (lost := first - hook.seq - 1) > 0:
            hook = await _say_lagged(shared, hook, lost)
            seq = hook.seq
        async with asyncio.timeout(TURN_FOR):
            for event in events:
                if shared.stopping.is_set():
                    break
                if wanted(hook.kinds, event["kind"]):
                    trouble = await _tell(shared, client, hook, secret, dict(event))
                    told = told or not trouble
                if trouble:
                    break
                seq = event["seq"]
    except TimeoutError:
        trouble = "" if seq > hook.seq else "It takes too long to answer."
    except SecretError as error:
        trouble = str(error)
    await _record(shared, hook, seq, trouble, told=told)


async def _say_lagged(shared: Shared, hook: Hook, lost: int) -> Hook:
    """Events it should have been told of have expired: nobody can tell it of them any more."""
    async with shared.works.open(hook.workspace_id) as work:
        skipped = await work.db.fetchval(
            _LAGGED, hook.workspace_id, hook.id, hook.seq + lost, hook.seq, lost
        )
        if skipped is not None:
            work.emit("webhook.lagged", {"webhook": {"id": hook.id, "skipped": skipped}})
    return msgspec.structs.replace(hook, seq=hook.seq + lost)


async def _tell(
    shared: Shared, client: httpx.AsyncClient, hook: Hook, secret: bytes, event: dict[str, Any]
) -> str:
    """Tell one event. Returns the trouble in words, empty when it was taken."""
    key = f"{hook.workspace_id}:{event['seq']}"
    body = msgspec.json.encode({"id": key, "workspace_id": hook.workspace_id, **event})
    return await signed_post(client, hook.url, secret, key, body=body, at=shared.clock())


async def _record(shared: Shared, hook: Hook, seq: int, trouble: str, *, told: bool) -> None:
    async with shared.works.open(hook.workspace_id) as work:
        moved = seq > hook.seq
        since = work.now if moved or hook.failing_since is None else hook.failing_since
        attempts = 1 if moved else hook.attempts + 1
        state = "active"
        if trouble:
            state = "disabled" if work.now - since >= GIVE_UP_AFTER else "failing"
        after = min(LONGEST_BACKOFF, 2.0 ** min(attempts, 12)) if trouble else 0.0
        kept = await work.db.fetchval(
            _RECORD,
            hook.workspace_id,
            hook.id,
            seq,
            state,
            trouble,
            work.now + timedelta(seconds=after),
            attempts if trouble else 0,
            since if trouble else None,
            work.now if told else None,
        )
        if kept == state != hook.state:
            shown = {"id": hook.id, "state": state, "error": trouble}
            work.emit("webhook.changed", {"webhook": shown})


async def outlook(shared: Shared) -> tuple[float, list[str]]:
    """Seconds until the next one is due, and workers that died while they told one.

    What such a worker began nobody will record: its webhooks are told again, by us, at once.
    """
    async with shared.database.acquire() as db:
        [row] = await db.fetch(_NEXT)
    if dead := [name for name in row["tellers"] if is_dead(name)]:
        return 0.05, dead
    due = row["due"]
    return 30.0 if due is None else max(0.05, float((due - shared.clock()).total_seconds())), []


_DUE = """webhook h JOIN workspace w ON w.id = h.workspace_id
  JOIN event_counter c ON c.workspace_id = h.workspace_id
  WHERE h.state NOT IN ('disabled', 'paused') AND h.seq < c.seq"""

_FREE = "(h.lease_until IS NULL OR h.lease_until < clock_timestamp())"

_CLAIM = f"""
UPDATE webhook t SET lease_until = clock_timestamp() + make_interval(secs => $2), teller = $4
FROM (SELECT h.workspace_id, h.id, w.rehearsal FROM {_DUE} AND h.run_at <= $1
        AND ({_FREE} OR h.teller = ANY($3::text[]))
      ORDER BY h.run_at LIMIT 20 FOR UPDATE OF h SKIP LOCKED) due
WHERE t.workspace_id = due.workspace_id AND t.id = due.id
RETURNING t.workspace_id, t.id, t.url, t.kinds, t.secret, t.seq, t.state, t.attempts,
  t.failing_since, due.rehearsal
"""  # noqa: S608 - constants of this file

_READ = """
SELECT seq, kind, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, actor,
  conversation_id, inbox_id, data
FROM event WHERE workspace_id = $1 AND seq > $2 ORDER BY seq LIMIT $3
"""

# Who paused it while it was being told meant it.
_RECORD = """
UPDATE webhook SET seq = $3, state = CASE state WHEN 'paused' THEN state ELSE $4 END, error = $5,
  run_at = $6, attempts = $7, failing_since = $8, lease_until = NULL,
  told_at = coalesce($9, told_at)
WHERE workspace_id = $1 AND id = $2 RETURNING state
"""

# Events expire from the oldest on; those before the first that is kept are gone.
_FIRST = """
SELECT coalesce((SELECT min(seq) FROM event WHERE workspace_id = $1),
                (SELECT seq + 1 FROM event_counter WHERE workspace_id = $1))
"""

_LAGGED = """
UPDATE webhook SET seq = $3, skipped = skipped + $5
WHERE workspace_id = $1 AND id = $2 AND seq = $4 RETURNING skipped
"""

_NEXT = f"""
SELECT min(h.run_at) FILTER (WHERE {_FREE}) AS due,
  coalesce(array_agg(DISTINCT h.teller) FILTER (WHERE NOT {_FREE}), '{{}}') AS tellers
FROM {_DUE}
"""  # noqa: S608 - as above
