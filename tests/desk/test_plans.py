"""What the desk reads at ten million messages it finds by an index: no list is sorted whole.

Eight thousand conversations are enough for the planner to choose as it does for millions.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from earful.composing.reply import _SCENE
from earful.conversations.beside import _BESIDE
from earful.conversations.messages import COLUMNS, FROM
from earful.conversations.rows import _RECOUNT
from earful.desk.privacy import _EXPORT, _FORGET, _HOMES
from earful.desk.search import _INDEX, _OLDEST, _WALK
from earful.desk.views import STANDING, Filter, list_page
from earful.store.pool import Database

BIG = ("message", "conversation", "contact", "contact_handle", "clock", "accepted", "event")
ROWS = 8_000
ONE, NOW = str(uuid4()), datetime(2026, 11, 22, tzinfo=UTC)
SEQUENTIAL = re.compile(rf"Seq Scan on ({'|'.join(BIG)})\b")


@pytest.fixture
async def full(
    database: Database, owner: asyncpg.Connection[asyncpg.Record]
) -> AsyncIterator[asyncpg.Connection[Any]]:
    """Thousands of conversations of four messages, looked over by ANALYZE."""
    await owner.execute(_FILL.format(rows=ROWS))
    await owner.execute(f"ANALYZE {', '.join(BIG)}")
    async with database.acquire() as db:
        yield db  # type: ignore[misc]


async def plan(db: asyncpg.Connection[Any], sql: str, *args: Any) -> str:
    """The plan in words, as it would be made for these parameters."""
    return "\n".join(row[0] for row in await db.fetch(f"EXPLAIN {sql}", *args))


async def workspace(db: asyncpg.Connection[Any]) -> str:
    """The workspace that is full."""
    found: str = await db.fetchval("SELECT workspace_id FROM conversation LIMIT 1")
    return found


class Listening:
    """A connection that explains what is fetched and keeps the plan."""

    def __init__(self, db: asyncpg.Connection[Any]) -> None:
        self._db = db
        self.plan = ""

    async def fetch(self, sql: str, *args: Any) -> list[Any]:
        self.plan = await plan(self._db, sql, *args)
        return await self._db.fetch(sql, *args)


LISTS = {
    **STANDING,
    "filtered": Filter(status="open", severity=3),
    "nobody": Filter(status="open", assignee="nobody"),
    "network": Filter(status="resolved", network="rehearsal"),
    "urgent": Filter(status="open", order="time_left", severity=2),
    "inbox": Filter(inbox=ONE),
    "tag": Filter(tag="rare"),
}


async def test_no_list_is_sorted_whole(full: asyncpg.Connection[Any]) -> None:
    key, bad = await workspace(full), {}
    for name, asked in LISTS.items():
        for inboxes in (None, frozenset({ONE})):
            db = Listening(full)
            await list_page(db, key, ONE, inboxes, asked)  # type: ignore[arg-type]
            sorts = re.findall(r"Sort  \(cost=\S+ rows=(\d+)", db.plan)
            if SEQUENTIAL.search(db.plan) or any(int(rows) > ROWS / 20 for rows in sorts):
                bad[name, inboxes] = db.plan
    assert bad == {}


WEEK = [datetime(2026, 11, 16)]  # noqa: DTZ001 - the index holds weeks without a zone
WORDS = (NOW.replace(year=2006), NOW, ONE, 31)
STATEMENTS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "open": (_BESIDE, (ONE, ONE)),
    "messages": (
        f"SELECT {COLUMNS} {FROM} WHERE m.workspace_id = $1 AND m.conversation_id = $2"
        " ORDER BY m.published_at DESC, m.id DESC LIMIT 500",
        (ONE,),
    ),
    "recount": (_RECOUNT, ([ONE],)),
    "reply": (_SCENE, (ONE, ONE, None)),
    "search: walk": (_WALK, ("word", None, *WORDS, 1500)),
    "search: index": (_INDEX, ("word", None, *WORDS, WEEK, "word")),
    "search: oldest": (_OLDEST, (NOW,)),
    "person: homes": (_HOMES, (ONE,)),
    **{f"person: {name}": (sql, (ONE,)) for name, sql in _EXPORT.items()},
    **{f"person: forget {n}": (sql, (ONE,)) for n, sql in enumerate(_FORGET)},
}


async def test_no_statement_reads_a_whole_table(full: asyncpg.Connection[Any]) -> None:
    key = await workspace(full)
    plans = {name: await plan(full, sql, key, *args) for name, (sql, args) in STATEMENTS.items()}
    assert {name: found for name, found in plans.items() if SEQUENTIAL.search(found)} == {}
    [condition] = re.findall(
        r"Bitmap Index Scan on message_search_by_week.*\n\s+Index Cond: (.*)",
        plans["search: index"],
    )
    assert "date_trunc" in condition
    assert "search @@" in condition


_FILL = """
CREATE TEMP TABLE past AS SELECT n, uuidv7() AS id, uuidv7() AS contact_id, uuidv7() AS clock_id,
  now() - n * interval '20 min' AS at, n % 25 = 0 AS open,
  '00000000-0000-7000-8000-000000000001'::uuid AS w FROM generate_series(1, {rows}) AS n;
INSERT INTO workspace (id, name, created_at) SELECT w, 'Full', now() FROM past LIMIT 1;
INSERT INTO event_counter (workspace_id, seq) SELECT w, 1 FROM past LIMIT 1;
INSERT INTO contact (workspace_id, id, name, created_at) SELECT w, contact_id, 'P', at FROM past;
INSERT INTO contact_handle (workspace_id, network, external_id, contact_id, handle, name)
  SELECT w, 'rehearsal', 'p' || n, contact_id, 'p' || n, 'P' FROM past;
INSERT INTO conversation (workspace_id, id, inbox_id, channel_id, network, status, severity,
    contact_id, contact_name, contact_handle, unanswered, opened_at, last_message_at, waiting_since,
    clock_started_at, due_at, disposition)
  SELECT w, id, md5((n % 7)::text)::uuid, w, 'rehearsal',
    CASE WHEN open THEN 'open' ELSE 'resolved' END, 2 + n % 4, contact_id, 'P', 'p' || n,
    CASE WHEN open THEN 4 ELSE 0 END, at, at, CASE WHEN open THEN at END,
    CASE WHEN open THEN at END, CASE WHEN open THEN at END, CASE WHEN NOT open THEN 'solved' END
  FROM past;
INSERT INTO clock (workspace_id, id, conversation_id, kind, policy, started_at, due_at, stopped_at)
  SELECT w, clock_id, id, 'first_response', '{{}}', at, at, CASE WHEN NOT open THEN at END
  FROM past;
INSERT INTO message (workspace_id, id, conversation_id, direction, visibility, author_kind,
    author_id, author_name, author_handle, text, network, external_id, published_at, received_at,
    disposition, parent_id, search)
  SELECT w, uuidv7(), id, 'incoming', 'public', 'contact', contact_id, 'P', 'p' || n, 'some text',
    'rehearsal', 'p' || n || '-' || k, at, at, CASE WHEN NOT open THEN 'answered' END,
    CASE WHEN k > 2 THEN id END, to_tsvector('simple', 'some text number ' || n % 500)
  FROM past, generate_series(0, 3) AS k;
INSERT INTO accepted (workspace_id, network, external_id, message_id)
  SELECT workspace_id, network, external_id, id FROM message;
"""
