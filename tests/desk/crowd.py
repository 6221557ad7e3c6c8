"""A desk of thousands of conversations, and the plans that its database makes for it.

Eight thousand conversations are enough for the planner to choose as it does for millions.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import asyncpg

BIG = (
    "message",
    "message_revision",
    "conversation",
    "contact",
    "contact_handle",
    "clock",
    "accepted",
    "event",
    "delivery",
    "media",
    "tombstone",
    "contact_link",
    "promise",
    "mention",
    "judgement",
    "outreach_candidate",
    "outreach_contact",
    "outreach_opt_out",
)
"""Tables that grow with messages."""
ROWS = 8_000
NOW = datetime(2026, 11, 22, tzinfo=UTC)
SEQUENTIAL = re.compile(rf"Seq Scan on ({'|'.join(BIG)})\b")


async def fill(owner: asyncpg.Connection[asyncpg.Record]) -> None:
    """Thousands of conversations of four messages, looked over by ANALYZE."""
    await owner.execute(_FILL.format(rows=ROWS, now=NOW.isoformat()))
    await owner.execute(f"ANALYZE {', '.join(BIG)}")


async def plan(db: asyncpg.Connection[Any], sql: str, *args: Any) -> str:
    """The plan in words, as it would be made for these parameters."""
    return "\n".join(row[0] for row in await db.fetch(f"EXPLAIN {sql}", *args))


async def workspace(db: asyncpg.Connection[Any]) -> str:
    """The workspace that is full."""
    found: str = await db.fetchval("SELECT workspace_id FROM conversation LIMIT 1")
    return found


_FILL = """
CREATE TEMP TABLE past AS SELECT n, uuidv7() AS id, uuidv7() AS contact_id, uuidv7() AS clock_id,
  '{now}'::timestamptz - n * interval '20 min' AS at, n % 25 = 0 AS open,
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
INSERT INTO move (workspace_id, id, from_id, to_id, contact_id, way, agent_id, state, offered_at,
    invited_at)
  SELECT w, uuidv7(), id, CASE WHEN NOT open THEN id END, contact_id, 'direct', w,
    CASE WHEN open THEN 'invited' ELSE 'arrived' END, at, at FROM past;
INSERT INTO clock (workspace_id, id, conversation_id, kind, started_at, due_at, stopped_at,
    next_at)
  SELECT w, clock_id, id, 'first_response', at, at, CASE WHEN NOT open THEN at END,
    CASE WHEN open THEN at END
  FROM past;
INSERT INTO message (workspace_id, id, conversation_id, direction, visibility, author_kind,
    author_id, author_name, author_handle, text, network, external_id, published_at, received_at,
    disposition, parent_id, search)
  SELECT w, uuidv7(), id, 'incoming', 'public', 'contact', contact_id, 'P', 'p' || n, 'some text',
    'rehearsal', 'p' || n || '-' || k, at, at, CASE WHEN NOT open THEN 'answered' END,
    CASE WHEN k > 2 THEN id END, to_tsvector('simple', 'some text number ' || n % 500)
  FROM past, generate_series(0, 3) AS k;
INSERT INTO contact_link (workspace_id, id, one_id, other_id, state, how, agent_id, proposed_at,
    linked_at)
  SELECT w, id, contact_id, next, 'linked', 'code', w, at, at
  FROM (SELECT *, lead(contact_id) OVER (ORDER BY n) AS next FROM past)
  WHERE n % 20 < 19 AND next IS NOT NULL;
INSERT INTO message_revision (workspace_id, message_id, replaced_at, text)
  SELECT workspace_id, id, received_at, 'before' FROM message;
INSERT INTO event (workspace_id, seq, at, kind, actor, conversation_id, data)
  SELECT workspace_id, row_number() OVER (ORDER BY received_at, id), received_at,
    'message.received', jsonb_build_object('kind', 'contact', 'id', author_id),
    conversation_id, '{{}}'
  FROM message;
UPDATE event_counter SET seq = (SELECT max(seq) FROM event);
INSERT INTO delivery (workspace_id, id, channel_id, conversation_id, message_id, agent_id, draft,
    state, run_at, created_at)
  SELECT w, uuidv7(), w, id, id, w, '{{}}', CASE WHEN n < 20 THEN 'queued' ELSE 'sent' END, at, at
  FROM past;
INSERT INTO promise (workspace_id, id, conversation_id, contact_id, inbox_id, kind, words, made_at,
    due_at, state)
  SELECT w, uuidv7(), id, contact_id, md5((n % 7)::text)::uuid, 'word', 'refund', at, at,
    CASE WHEN open THEN 'open' ELSE 'kept' END FROM past;
INSERT INTO erasure (workspace_id, id, contact_id, handles, at)
  SELECT w, uuidv7(), uuidv7(), '{{}}', at FROM past;
INSERT INTO media (workspace_id, id, sha256, mime, bytes, width, height, created_at, state,
    run_at, channel_id, message_id)
  SELECT w, uuidv7(), CASE WHEN n >= 20 THEN sha256(id::text::bytea) END, 'image/png', 1, 1, 1, at,
    CASE WHEN n < 20 THEN 'wanted' ELSE 'kept' END, at,
    w, id FROM past;
INSERT INTO tombstone (workspace_id, post, deleted_at, told_at)
  SELECT w, uuidv7(), at, at FROM past ORDER BY at;
INSERT INTO idempotency (workspace_id, agent_id, key, request_hash, status, answer, at)
  SELECT w, w, n, ''::bytea, 200, ''::bytea, at FROM past ORDER BY at;
INSERT INTO mention (workspace_id, id, channel_id, network, external_id, search_ids,
    author_external_id, author_handle, author_name, author_avatar, text, language, url, post, kind,
    sentiment, severity, state, published_at, found_at)
  SELECT w, uuidv7(), CASE WHEN n % 400 = 399 THEN md5('quiet')::uuid ELSE w END, 'rehearsal',
    CASE WHEN n % 50 = 0 THEN 'p' || n || '-0' ELSE 'h' || n END,
    CASE WHEN n % 1000 = 999 THEN ARRAY[w, md5('rare')::uuid] ELSE ARRAY[w] END,
    'p' || n, 'p' || n, 'P', '', 'some text', 'en', '', '{{}}', 'chatter', 0, 5,
    CASE WHEN n % 3 = 0 THEN 'new' WHEN n % 3 = 1 THEN 'dismissed' ELSE 'taken' END, at, at
  FROM past;
INSERT INTO mention (workspace_id, id, channel_id, network, external_id, search_ids,
    author_external_id, author_handle, author_name, author_avatar, text, language, url, post, kind,
    sentiment, severity, state, published_at, found_at)
  SELECT w, id, w, 'rehearsal', 'o' || n, ARRAY[w], 'p' || n, 'p' || n, 'P', '', 'who sells some',
    'en', '', '{{}}', 'question', 0, 5, 'outreach', '{now}', at FROM past;
INSERT INTO outreach_candidate (workspace_id, mention_id, score, reasons, until)
  SELECT w, id, n % 100, '{{}}', '{now}'::timestamptz + interval '1 day' FROM past;
INSERT INTO outreach_contact (workspace_id, network, external_id, contact_id, conversation_id,
    agent_id, at) SELECT w, 'rehearsal', 'x' || n, uuidv7(), id, w, at FROM past;
INSERT INTO outreach_opt_out (workspace_id, network, external_id, at)
  SELECT w, 'rehearsal', 'y' || n, at FROM past;
INSERT INTO judgement (workspace_id, message_id, kind, sentiment, urgency, needs_reply, severity,
    language, shaming, sensitive, entities, reasons, model, judged_at)
  SELECT workspace_id, id, 'complaint', -0.5, 'none', true, 3, 'en', '', '', '[]',
    ARRAY['It says that something is broken.'], 'shipped', received_at
  FROM message;
INSERT INTO accepted (workspace_id, network, external_id, message_id)
  SELECT workspace_id, network, external_id, id FROM message;
"""
