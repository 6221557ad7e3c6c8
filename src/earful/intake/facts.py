"""Deletions, edits, and what could not be translated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from earful.desk.honouring import (
    forgets,
    honour_aside,
    honour_deletions,
    honour_edit,
    honour_mentions,
)
from earful.desk.link_codes import codes_in
from earful.desk.redeeming import Came
from earful.intake.tombstones import mark
from earful.kit.ids import new_id
from earful.kit.search import indexable
from earful.kit.text import storable
from earful.networks.contract import Change, Deletion, Post, Unreadable
from earful.stream.work import Work

PAYLOAD_LIMIT = 1_000_000
"""Characters kept of what is set aside: more than a post with the longest text we keep."""


class Fact(NamedTuple):
    """An edit or a deletion of a message we hold. `came`: an edit brought codes that were not there
    before."""

    kind: str
    conversation_id: str
    message_id: str
    came: Came | None = None


async def apply(work: Work, network: str, changes: Sequence[Change]) -> list[Fact]:
    """Keep deletions and edits of known posts as facts. Returns those that were news.

    What was deleted before it came to us is remembered for a while (tombstones.py).
    """
    found: list[Fact] = []
    gone: dict[str, Deletion] = {}
    for change in changes:
        if isinstance(change, Deletion):
            gone.setdefault(change.external_id, change)
        elif isinstance(change, Post) and change.edited_at is not None:
            found += await _edit(work, network, change, change.edited_at)
    return found + await _delete(work, network, gone) if gone else found


async def _delete(work: Work, network: str, gone: Mapping[str, Deletion]) -> list[Fact]:
    """One statement for all, in the order of their marks: two feeds tell the same deletions."""
    key = work.workspace_id
    told = sorted(
        (mark(key, network, one.external_id), one.external_id, one.at) for one in gone.values()
    )
    marks, ids, times = map(list, zip(*told, strict=True))
    rows = await work.db.fetch(_DELETE, key, network, work.now, marks, ids, times)
    await honour_mentions(work, network, ids)
    if forgets(network):
        await honour_aside(work, ids)
        homes = {row["conversation_id"] for row in rows}
        await honour_deletions(work, [row["id"] for row in rows], homes)
    return [Fact("message.deleted", row["conversation_id"], row["id"]) for row in rows]


_DELETE = """
WITH told AS MATERIALIZED (
  SELECT t.mark, least(t.at, $3::timestamptz) AS at, a.message_id
  FROM unnest($4::uuid[], $5::text[], $6::timestamptz[]) AS t (mark, external_id, at)
  LEFT JOIN accepted a ON a.workspace_id = $1 AND a.network = $2 AND a.external_id = t.external_id),
unknown AS (
  INSERT INTO tombstone (workspace_id, post, deleted_at, told_at)
  SELECT $1, mark, at, $3 FROM told WHERE message_id IS NULL ORDER BY mark
  ON CONFLICT DO NOTHING)
UPDATE message m SET deleted_at = told.at,
  disposition = CASE WHEN m.direction = 'incoming' THEN coalesce(m.disposition, 'deleted') END,
  settled_at = coalesce(m.settled_at, $3)
FROM told WHERE m.workspace_id = $1 AND m.id = told.message_id AND m.deleted_at IS NULL
RETURNING m.conversation_id, m.id
"""


async def _edit(work: Work, network: str, post: Post, edited_at: datetime) -> list[Fact]:
    row = await work.db.fetchrow(
        """SELECT id, conversation_id, text, edited_at, author_name, author_handle, author_id,
             visibility, direction FROM message
           WHERE workspace_id = $1 AND id = (
             SELECT message_id FROM accepted
             WHERE workspace_id = $1 AND network = $2 AND external_id = $3) FOR UPDATE""",
        work.workspace_id,
        network,
        post.external_id,
    )
    text, told_at = storable(post.text), min(edited_at, work.now)
    # Edits may come out of order: the time of one that changed no word counts too.
    if row is None or _is_stale(row, text, told_at):
        return []
    if row["text"] != text and forgets(network):
        await honour_edit(work, row["id"], row["conversation_id"])
    elif row["text"] != text:
        await work.db.execute(
            """INSERT INTO message_revision (workspace_id, message_id, replaced_at, text)
               VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING""",
            work.workspace_id,
            row["id"],
            work.now,
            row["text"],
        )
    await work.db.execute(
        """UPDATE message SET text = $3, edited_at = $4, ref = $5,
             search = to_tsvector('simple', $6)
           WHERE workspace_id = $1 AND id = $2""",
        work.workspace_id,
        row["id"],
        text,
        told_at,
        dict(post.ref),
        indexable(f"{row['author_name']} {row['author_handle']} {text}"),
    )
    came = None if post.own or post.automatic else _codes(row, text)
    return [Fact("message.edited", row["conversation_id"], row["id"], came)]


def _codes(row: Any, text: str) -> Came | None:
    """What looks like a code in a customer's new words, and was not in the old ones."""
    known = codes_in(row["text"])
    codes = [code for code in codes_in(text) if code not in known]
    if not codes or row["direction"] != "incoming" or row["author_id"] is None:
        return None
    where = row["id"], row["conversation_id"], row["author_id"], row["visibility"]
    return Came(*where, codes)


def _is_stale(row: Any, text: str, told_at: datetime) -> bool:
    """Whether this edit was told before, or a later one was."""
    known = row["edited_at"]
    return known is not None and (known > told_at or (known == told_at and row["text"] == text))


async def set_aside(work: Work, channel_id: str, changes: Sequence[Unreadable]) -> None:
    """Keep what could not be taken in, with the reason, for a later replay."""
    for change in changes:
        aside_id = await work.db.fetchval(
            """INSERT INTO set_aside
                 (workspace_id, id, channel_id, external_id, reason, payload, at)
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id""",
            work.workspace_id,
            new_id(),
            channel_id,
            storable(change.external_id, 500),
            storable(change.reason, 1000),
            msgspec.to_builtins(change) | {"payload": storable(change.payload, PAYLOAD_LIMIT)},
            work.now,
        )
        if aside_id is not None:
            # Without the reason: an error quotes what it stumbled over.
            aside = {"id": aside_id, "channel_id": channel_id}
            work.emit("post.set_aside", {"aside": aside})
