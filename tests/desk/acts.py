"""What the cast does, in one line each: write in, answer, look."""

from __future__ import annotations

from typing import Any

from earful.composing.reply import Reply, Signer, reply
from earful.conversations.cards import Card, load_cards
from earful.intake.receive import receive
from earful.networks.contract import Change
from earful.outbox import queue
from earful.outbox.queue import Delivery
from earful.stream.work import Actor
from tests.cast import Cast, batch

EQUATION = """
SELECT count(*) FILTER (WHERE disposition IS DISTINCT FROM 'context') AS inbound,
  count(disposition) FILTER (WHERE disposition <> 'context') AS settled,
  (SELECT coalesce(sum(unanswered), 0) FROM conversation) AS open,
  (SELECT count(*) FROM message WHERE direction = 'incoming' AND disposition IS NULL) AS waiting
FROM message WHERE direction = 'incoming'
"""


async def rows(cast: Cast, sql: str, *args: Any) -> list[Any]:
    """Look into the database."""
    async with cast.database.acquire() as db:
        return list(await db.fetch(sql, *args))


async def take(cast: Cast, *changes: Change) -> None:
    """Posts come in."""
    await receive(cast.works, cast.workspace_id, cast.channel, batch(*changes))


async def home_of(cast: Cast, external_id: str) -> str:
    """The conversation that a post stands in."""
    [row] = await rows(
        cast, "SELECT conversation_id FROM message WHERE external_id = $1", external_id
    )
    found: str = row["conversation_id"]
    return found


async def card_of(cast: Cast, conversation_id: str) -> Card:
    """The card as it is now."""
    async with cast.database.acquire() as db:
        cards = await load_cards(db, cast.workspace_id, [conversation_id])  # type: ignore[arg-type]
    return cards[conversation_id]


async def answer(
    cast: Cast, conversation_id: str, text: str = "We look into it", **asked: Any
) -> Delivery:
    """Bob (or `who`) answers; nothing can be undone unless `undo_for` says so."""
    who: Actor = asked.pop("who", cast.bob)
    undo_for: int = asked.pop("undo_for", 0)
    assert who.id is not None
    signer = Signer(who.id, who.name, who.name.lower(), who.name[:2].upper(), undo_for)
    seen = asked.pop("seen_version", 10_000)
    async with cast.works.open(cast.workspace_id, who) as work:
        _, message = await reply(
            work, conversation_id, Reply(text=text, seen_version=seen, **asked), signer
        )
        row = await work.db.fetchrow("SELECT * FROM delivery WHERE message_id = $1", message.id)
        return queue.delivery_of(row)


async def delivery(cast: Cast, delivery_id: str) -> Any:
    """A delivery's row."""
    [row] = await rows(cast, "SELECT * FROM delivery WHERE id = $1", delivery_id)
    return row


async def balanced(cast: Cast) -> None:
    """Nobody is dropped: inbound = dispositions + open."""
    [sums] = await rows(cast, EQUATION)
    assert sums["inbound"] == sums["settled"] + sums["open"]
    assert sums["open"] == sums["waiting"]


EVERYTHING = """
SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'
  AND table_name <> 'schema_version'
"""


async def said_anywhere(cast: Cast, word: str) -> list[str]:
    """The tables that still hold a word."""
    found = []
    for row in await rows(cast, EVERYTHING):
        table = row["table_name"]
        sql = f"SELECT count(*) AS n FROM {table} t WHERE position($1 IN t::text) > 0"  # noqa: S608
        [counted] = await rows(cast, sql, word)
        if counted["n"]:
            found.append(table)
    return found
