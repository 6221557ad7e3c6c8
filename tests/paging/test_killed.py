"""The process that pages is killed -9, twice, in the middle: nobody is forgotten."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from earful.desk.timers import act_on_time
from earful.kit.ids import new_id
from earful.paging.ladders import Step, Who, add_ladder
from earful.store.address import Addresses
from earful.stream.work import Actor
from tests.paging.conftest import Night
from tests.worker.waiting import eventually

PEOPLE = tuple(f"P{number}" for number in range(9))


@asynccontextmanager
async def paging(night: Night, dsn: str, folder: Path) -> AsyncIterator[None]:
    """A process of its own pages while the block runs; then it is killed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.paging.pages_apart", dsn, night.cast.time().isoformat(),
        str(folder), start_new_session=True,
    )  # fmt: skip
    try:
        yield
    finally:
        process.send_signal(signal.SIGKILL)
        await process.wait()
        await eventually(lambda: _gone(process.pid))


async def _gone(group: int) -> bool:
    """Whether the calls that it had begun are over: they outlive it, but not their lease."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


async def test_killed_in_the_middle_nobody_is_forgotten_nor_called_for_long(
    night: Night, addresses: Addresses, tmp_path: Path
) -> None:
    people = [await _hire(night, name) for name in PEOPLE]
    everybody = (Step(tuple(Who("agent", one.id) for one in people), 86_400),)
    await night.pages_for("breach", await night.does(add_ladder, "All", everybody, 1))
    await night.writes()
    night.cast.time.pass_(minutes=61)
    await night.does(act_on_time)

    settled: dict[str, int] = {}

    async def life(until: Callable[[], Awaitable[bool]]) -> None:
        """A worker lives until then; whoever it was done with before is not called again."""
        async with paging(night, addresses.app, tmp_path):
            await eventually(until)
        told = night.told()
        assert {name: told.count(name) for name in settled} == settled
        sent = await night.rows("SELECT name FROM page WHERE state = 'sent'")
        settled.update({row["name"]: told.count(row["name"]) for row in sent})
        night.cast.time.pass_(seconds=91)  # the leases of the dead run out

    await life(lambda: _is(night, "EXISTS (SELECT 1 FROM page WHERE state = 'sending')"))
    assert not settled
    await life(lambda: _is(night, "(SELECT count(*) >= 2 FROM page WHERE state = 'sent')"))
    assert len(settled) < len(PEOPLE)
    await life(lambda: _is(night, "NOT EXISTS (SELECT 1 FROM page WHERE state <> 'sent')"))

    assert set(settled) == set(PEOPLE), "none is lost"
    rows = await night.rows("SELECT name, attempts FROM page")
    claimed = {row["name"]: row["attempts"] for row in rows}
    # Twice only where a worker died between the call and the note of it: once for each such death.
    assert all(1 <= settled[name] <= claimed[name] <= 3 for name in PEOPLE)
    assert 1 in settled.values()
    [alert] = await night.open()
    assert (alert.reached, alert.count) == (len(PEOPLE), 1)


async def _hire(night: Night, name: str) -> Actor:
    agent = Actor("agent", new_id(), name)
    async with night.cast.database.acquire() as db:
        await db.execute(
            """INSERT INTO agent (workspace_id, id, name, handle, email, initials, role, undo_for,
                 created_at) VALUES ($1, $2, $3, $3, $3 || '@example.org', $3, 'agent', 5, $4)""",
            night.cast.workspace_id,
            agent.id,
            name,
            night.cast.time(),
        )
    await night.pager(agent)
    return agent


async def _is(night: Night, what: str) -> bool:
    [row] = await night.rows(f"SELECT {what} AS holds")
    return bool(row["holds"])
