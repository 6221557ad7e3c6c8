"""Locking a conversation, counting it anew, and telling the stream."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from earful.conversations.cards import COLUMNS, Card, card_of, load_cards
from earful.conversations.messages import Message, load_messages
from earful.kit.ids import new_id
from earful.kit.refusal import NotFound
from earful.stream.work import Actor, Work


class NoSuchConversation(NotFound):
    """No conversation of that id in this workspace, or none that the agent may see."""


async def lock(work: Work, conversation_id: str) -> dict[str, Any]:
    """The conversation's row, locked for this transaction. Raises NoSuchConversation."""
    row = await work.db.fetchrow(
        "SELECT * FROM conversation WHERE workspace_id = $1 AND id = $2 FOR UPDATE",
        work.workspace_id,
        conversation_id,
    )
    if row is None:
        raise NoSuchConversation("conversation")
    return dict(row)


async def recount(work: Work, ids: Iterable[str]) -> None:
    """Bring what a conversation's row sums up in line with its messages and deliveries."""
    await work.db.execute(*_recount(work, ids))


async def recounted(work: Work, ids: Iterable[str]) -> dict[str, Card]:
    """Recount, and the cards as they are then, by id."""
    query, *values = _recount(work, ids)
    rows = await work.db.fetch(f"{query} RETURNING {_CARD}", *values)
    return {row["id"]: card_of(row) for row in rows}


def _recount(work: Work, ids: Iterable[str]) -> tuple[Any, ...]:
    """The statement and its values. One alone, as a reply has it, is planned once and for all."""
    wanted = sorted(ids)
    if len(wanted) == 1:
        return _RECOUNT.format(of="(SELECT $2::uuid)"), work.workspace_id, wanted[0]
    return _RECOUNT.format(of="unnest($2::uuid[])"), work.workspace_id, wanted


_CARD = ", ".join(f"c.{name.strip()}" for name in COLUMNS.split(","))

# What Earful says by itself (no agent) holds nothing up and is nobody's to mend.
_RECOUNT = """
UPDATE conversation c SET
  unanswered = s.unanswered, waiting_since = s.waiting_since, people = greatest(s.people, 1),
  last_message_at = coalesce(s.last_at, c.last_message_at),
  preview = coalesce(s.preview, c.preview),
  sending = s.sending, trouble = s.trouble, version = c.version + 1
FROM {of} AS i (id)
CROSS JOIN LATERAL (
  SELECT
    count(*) FILTER (WHERE direction = 'incoming' AND disposition IS NULL) AS unanswered,
    min(received_at) FILTER (WHERE direction = 'incoming' AND disposition IS NULL) AS waiting_since,
    count(DISTINCT author_id) FILTER (WHERE direction = 'incoming') AS people,
    max(published_at) FILTER (WHERE direction <> 'activity') AS last_at,
    left(regexp_replace((array_agg(text ORDER BY (disposition IS NULL) DESC, published_at DESC, id)
      FILTER (WHERE direction = 'incoming' AND disposition IS DISTINCT FROM 'context'
              AND deleted_at IS NULL))[1], '\\s+', ' ', 'g'), 240) AS preview,
    (SELECT count(*) FROM delivery d WHERE d.workspace_id = $1 AND d.conversation_id = i.id
       AND d.state IN ('queued', 'sending') AND d.agent_id IS NOT NULL) AS sending,
    coalesce((SELECT d.state FROM delivery d WHERE d.workspace_id = $1 AND d.conversation_id = i.id
       AND d.state IN ('held', 'failed', 'uncertain') AND d.agent_id IS NOT NULL
       ORDER BY d.created_at DESC LIMIT 1), '') AS trouble
  FROM message m WHERE m.workspace_id = $1 AND m.conversation_id = i.id
) s
WHERE c.workspace_id = $1 AND c.id = i.id
"""


async def record_activity(work: Work, conversation_id: str, text: str) -> str:
    """Add a line of history ("severity 3 set by Alice") to the conversation. Returns its id."""
    message_id = new_id()
    await work.db.execute(
        """INSERT INTO message (workspace_id, id, conversation_id, direction, visibility,
             author_kind, author_id, author_name, author_handle, text, published_at, received_at)
           VALUES ($1, $2, $3, 'activity', 'internal', $4, $5, $6, '', $7, $8, $8)""",
        work.workspace_id,
        message_id,
        conversation_id,
        "agent" if work.actor.kind == "agent" else "system",
        work.actor.id,
        work.actor.name,
        text,
        work.now,
    )
    return message_id


async def tell(
    work: Work,
    conversation_id: str,
    kind: str,
    *,
    message_ids: Iterable[str] = (),
    reason: str = "",
    actor: Actor | None = None,
) -> Card:
    """Emit `kind` with the conversation's card (and messages) as they now are. Returns the card."""
    card = (await load_cards(work.db, work.workspace_id, [conversation_id]))[conversation_id]
    wanted = list(message_ids)
    messages = await load_messages(work.db, work.workspace_id, wanted) if wanted else []
    announce(work, card, kind, messages, reason=reason, actor=actor)
    return card


def announce(
    work: Work,
    card: Card,
    kind: str,
    messages: list[Message],
    *,
    reason: str = "",
    actor: Actor | None = None,
) -> None:
    """Emit `kind` with a card and messages that were just read."""
    data: dict[str, Any] = {"card": card}
    if messages:
        data["messages"] = messages
    if reason:
        data["reason"] = reason
    work.emit(kind, data, conversation_id=card.id, inbox_id=card.inbox_id, actor=actor)
