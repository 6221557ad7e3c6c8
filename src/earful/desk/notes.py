"""Notes to colleagues inside a conversation; the customer never sees them."""

from __future__ import annotations

from earful.contacts.erased import refuse_of_erased
from earful.conversations.cards import Card
from earful.conversations.rows import lock
from earful.desk.common import finish
from earful.kit.ids import new_id
from earful.kit.refusal import Refused
from earful.kit.search import indexable
from earful.kit.text import storable
from earful.stream.work import Work

LONGEST = 20_000


async def add_note(
    work: Work, conversation_id: str, text: str, mentions: list[str]
) -> tuple[Card, str]:
    """Add a note that names colleagues by id. Returns the card and the note's message id."""
    await refuse_of_erased(work, await lock(work, conversation_id))
    body = storable(text).strip()
    if not body:
        raise Refused("empty", "Write something first.")
    if len(body) > LONGEST:
        raise Refused("too-long", f"A note has at most {LONGEST} characters.")
    known = await work.db.fetch(
        "SELECT id FROM agent WHERE workspace_id = $1 AND id = ANY($2::uuid[])",
        work.workspace_id,
        mentions,
    )
    message_id = new_id()
    await work.db.execute(
        """INSERT INTO message (workspace_id, id, conversation_id, direction, visibility,
             author_kind, author_id, author_name, author_handle, text, mentions, published_at,
             received_at, search)
           VALUES ($1, $2, $3, 'note', 'internal', 'agent', $4, $5, '', $6, $7, $8, $8,
             to_tsvector('simple', $9))""",
        work.workspace_id,
        message_id,
        conversation_id,
        work.actor.id,
        work.actor.name,
        body,
        [row["id"] for row in known],
        work.now,
        indexable(body),
    )
    card = await finish(work, conversation_id, "note.added", message_ids=[message_id])
    return card, message_id
