"""The audit log can be added to and read, and shows when it was tampered with."""

from __future__ import annotations

import asyncio
from datetime import datetime

import asyncpg
import pytest

from earful.accounts.audit import Line, append, sha256_of, verify
from earful.store.pool import Connection, Database
from tests.accounts.conftest import Cast


def reply(cast: Cast, text: str) -> Line:
    return Line(
        actor_kind="agent",
        actor_id=cast.bob.id,
        act="reply.queued",
        object_kind="message",
        object_id="m1",
        texts=(text,),
    )


@pytest.fixture
async def log(db: Connection, cast: Cast, now: datetime) -> None:
    async with db.transaction():
        await append(db, cast.ours, *(reply(cast, f"reply {n}") for n in range(5)), now=now)
    async with db.transaction():
        await append(db, cast.theirs, reply(cast, "theirs"), now=now)


@pytest.mark.usefixtures("log")
async def test_a_log_that_nobody_touched_is_whole(db: Connection, cast: Cast) -> None:
    found = await verify(db, cast.ours, batch=2)
    assert (found.whole, found.lines) == (True, 5)
    assert (await verify(db, cast.theirs)).lines == 1
    assert found.head == (await verify(db, cast.ours)).head


@pytest.mark.usefixtures("log")
async def test_texts_are_proven_but_not_told(db: Connection, cast: Cast) -> None:
    kept = await db.fetchval("SELECT string_agg(audit::text, '') FROM audit")
    assert "reply 3" not in kept
    assert sha256_of("reply 3").hex() in kept


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit SET act = 'x'", "DELETE FROM audit", "TRUNCATE audit", "DROP TABLE audit"],
)
async def test_the_application_can_only_add(db: Connection, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await db.execute(statement)


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("UPDATE audit SET act = 'nothing' WHERE seq = 3", 3),
        ("UPDATE audit SET actor_id = NULL WHERE seq = 1", 1),
        ("UPDATE audit SET at = at + interval '1 microsecond' WHERE seq = 4", 4),
        ("UPDATE audit SET texts = '{}' WHERE seq = 2", 2),
        ("UPDATE audit SET object_id = 'm2' WHERE seq = 5", 5),
        ("DELETE FROM audit WHERE seq = 2", 2),
        ("DELETE FROM audit WHERE seq = 1", 1),
        ("UPDATE audit SET seq = 99 WHERE seq = 5", 5),
        ("UPDATE audit SET prev = decode('00', 'hex') WHERE seq = 2", 2),
    ],
)
async def test_tampering_by_the_owner_of_the_tables_is_seen(
    owner: asyncpg.Connection[asyncpg.Record],
    db: Connection,
    cast: Cast,
    statement: str,
    broken_at: int,
) -> None:
    await owner.execute(f"{statement} AND workspace_id = '{cast.ours}'")
    found = await verify(db, cast.ours)
    assert (found.whole, found.broken_at) == (False, broken_at)
    assert (await verify(db, cast.theirs)).whole


@pytest.mark.usefixtures("log")
async def test_lines_missing_at_the_end_show_in_the_head(
    owner: asyncpg.Connection[asyncpg.Record], db: Connection, cast: Cast
) -> None:
    before = await verify(db, cast.ours)
    await owner.execute("DELETE FROM audit WHERE seq = 5")
    after = await verify(db, cast.ours)
    assert after.whole
    assert (after.lines, before.lines) == (4, 5)
    assert after.head != before.head


async def test_lines_of_many_at_once_make_one_chain(
    database: Database, cast: Cast, now: datetime
) -> None:
    async def one(n: int) -> None:
        async with database.transaction() as db:
            await append(db, cast.ours, reply(cast, f"a{n}"), reply(cast, f"b{n}"), now=now)

    await asyncio.gather(*(one(n) for n in range(10)))
    async with database.acquire() as db:
        found = await verify(db, cast.ours)
    assert (found.whole, found.lines) == (True, 20)


async def test_hostile_texts_can_be_proven_too(db: Connection, cast: Cast, now: datetime) -> None:
    await append(db, cast.ours, reply(cast, "\x00\ud800" + "x" * 1_000_000), now=now)
    assert (await verify(db, cast.ours)).whole
