"""Ratings: who is asked, once, by a private link; and what they answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from earful.accounts.tokens import digest, is_token, new_token
from earful.composing.automatic import say
from earful.conversations.rows import lock, record_activity, tell
from earful.desk.resolve import reopen
from earful.following.rules import ANSWER_WITHIN, Rules, rules_of, worded
from earful.kit.ids import new_id
from earful.kit.refusal import NotFound, Refused
from earful.kit.text import storable
from earful.stream.work import Actor, Work

MOST_WORDS = 2000
STALE_AFTER = timedelta(days=2)
"""Of what ended longer ago, when the worker was away, nobody is asked any more."""
GRAVEST = 1
"""Severity whose people are not asked how we did: safety, self-harm, law."""


class Rating(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a rating: `state` due, asked, answered or dropped (`reason` says why)."""

    id: str
    conversation_id: str
    state: str
    reason: str
    ask_at: datetime
    asked_at: datetime | None
    score: int | None
    words: str
    answered_at: datetime | None


COLUMNS = ", ".join(Rating.__struct_fields__)


def rating_of(row: Any) -> Rating:
    """The rating of a row that has COLUMNS."""
    return Rating(**{name: row[name] for name in Rating.__struct_fields__})


async def consider(work: Work, conversation_id: str, resolved_at: datetime) -> bool:
    """A conversation was resolved: whether its person is to be asked, and when.

    Not in public, where everybody could answer; nor whose conversation was grave, ended as anything
    but solved, was asked for lately, or is long over.
    """
    if resolved_at <= work.now - STALE_AFTER:
        return False
    row = await work.db.fetchrow(_RESOLVED, work.workspace_id, conversation_id)
    if row is None or row["severity"] <= GRAVEST:
        return False
    rules = await rules_of(work.db, work.workspace_id, row["inbox_id"])
    if not rules.ask:
        return False
    made = await work.db.fetchval(
        _CONSIDER,
        work.workspace_id,
        new_id(),
        conversation_id,
        resolved_at + timedelta(seconds=rules.ask_after),
        work.now - timedelta(seconds=rules.ask_again_after),
    )
    return made is not None


async def ask_due(work: Work, base: str | None, most: int = 50) -> int:
    """Ask whose time has come. Links begin with `base`; None where nobody could follow them."""
    rows = await work.db.fetch(_DUE, work.workspace_id, work.now, most)
    for row in rows:
        try:
            # A savepoint: one that can't be asked holds up nobody else.
            async with work.db.transaction():
                await _ask(work, row, base)
        except (Refused, NotFound) as error:
            await work.db.execute(_DROP, work.workspace_id, row["id"], str(error.detail))
    return len(rows)


async def _ask(work: Work, row: Any, base: str | None) -> None:
    conversation = await lock(work, row["conversation_id"])
    if conversation["status"] != "resolved":
        # It goes on; the next end may ask.
        await work.db.execute(_FORGET, work.workspace_id, row["id"])
        return
    if base is None:
        raise Refused("no-address", "The desk has no public address that a link could lead to.")
    rules = await rules_of(work.db, work.workspace_id, conversation["inbox_id"])
    if not rules.ask:
        raise Refused("off", "Asking was switched off.")
    token = new_token()
    text = await _text(work, conversation, rules, f"{base}/rate/{token}")
    said = await say(work, conversation["id"], text, why="rating")
    await work.db.execute(
        _ASKED,
        work.workspace_id,
        row["id"],
        work.now,
        said.message_id,
        digest(token),
        work.now + ANSWER_WITHIN,
    )
    await _tell(work, row["id"], "rating.asked")


async def _text(work: Work, conversation: dict[str, Any], rules: Rules, link: str) -> str:
    brand = await work.db.fetchval(
        "SELECT name FROM channel WHERE workspace_id = $1 AND id = $2",
        work.workspace_id,
        conversation["channel_id"],
    )
    # The name last: what somebody calls herself is not a text with variables.
    return worded(rules.text, link=link, brand=brand or "", name=conversation["contact_name"])


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A rating that a link leads to."""

    workspace_id: str
    id: str
    brand: str
    score: int | None
    words: str


async def look(db: Any, token: str, now: datetime) -> Asked | None:
    """What a link asks for; None for one that is unknown or too old."""
    if not is_token(token):
        return None
    row = await db.fetchrow(_LOOK, digest(token), now)
    return None if row is None else Asked(**dict(row))


async def answer(work: Work, rating_id: str, score: int, words: str) -> Rating:
    """Keep what the customer says; until the link ends she may say it anew. Raises Refused."""
    if not 1 <= score <= 5:
        raise Refused("invalid", "Choose one of the five.")
    said = storable(words).strip()
    if len(said) > MOST_WORDS:
        raise Refused("too-long", f"At most {MOST_WORDS} characters, please.")
    row = await work.db.fetchrow(_ANSWER, work.workspace_id, rating_id, score, said, work.now)
    if row is None:
        raise NotFound("rating")
    rating = rating_of(row)
    if row["before"] == score:
        return rating
    conversation = await lock(work, rating.conversation_id)
    if conversation["merged_into"]:
        conversation = await lock(work, conversation["merged_into"])  # where one reads it now
    home = conversation["id"]
    rules = await rules_of(work.db, work.workspace_id, conversation["inbox_id"])
    # Without her words: those stand with the rating alone, and go with it when she is erased.
    line = await record_activity(work, home, f"The customer rated it {score} of 5")
    await tell(work, home, "conversation.changed", message_ids=[line])
    await _tell(work, rating.id, "rating.answered")
    if score <= rules.reopen_at and conversation["status"] == "resolved":
        await _open_again(work, home)
    return rating


async def _open_again(work: Work, conversation_id: str) -> None:
    try:
        async with work.db.transaction():
            await reopen(work, conversation_id)
    except Refused:
        return  # she has another open conversation, or it was merged: there it is seen


def customer(name: str = "The customer") -> Actor:
    """Who answers a link: nobody is signed in."""
    return Actor("contact", None, name)


async def rating_for(db: Any, workspace_id: str, conversation_id: str) -> Rating | None:
    """The rating of a conversation, or of one that was merged into it: the newest that was or will
    be asked for."""
    row = await db.fetchrow(_FOR, workspace_id, conversation_id)
    return None if row is None else rating_of(row)


async def next_ask(db: Any) -> datetime | None:
    """When the next one is to be asked, in any workspace."""
    due: datetime | None = await db.fetchval("SELECT min(ask_at) FROM rating WHERE state = 'due'")
    return due


async def _tell(work: Work, rating_id: str, kind: str) -> None:
    [row] = await work.db.fetch(_TOLD, work.workspace_id, rating_id)
    shown = {name: row[name] for name in ("id", "conversation_id", "state", "score")}
    work.emit(
        kind, {"rating": shown}, conversation_id=row["conversation_id"], inbox_id=row["inbox_id"]
    )


# Somebody must have written there: who never answered us in private is not asked in private.
_RESOLVED = """
SELECT c.inbox_id, c.severity FROM conversation c
WHERE c.workspace_id = $1 AND c.id = $2 AND c.status = 'resolved' AND c.disposition = 'solved'
  AND c.visibility <> 'public' AND c.merged_into IS NULL
  AND EXISTS (SELECT 1 FROM message m WHERE m.workspace_id = $1 AND m.conversation_id = c.id
    AND m.direction = 'incoming' AND m.deleted_at IS NULL)
"""

_CONSIDER = """
INSERT INTO rating (workspace_id, id, conversation_id, contact_id, inbox_id, agent_id, ask_at)
SELECT $1, $2, c.id, c.contact_id, c.inbox_id, c.assignee_id, $4 FROM conversation c
WHERE c.workspace_id = $1 AND c.id = $3 AND NOT EXISTS (
  SELECT 1 FROM rating r WHERE r.workspace_id = $1 AND r.contact_id = c.contact_id
    AND (r.state = 'due' OR r.asked_at > $5))
ON CONFLICT (workspace_id, conversation_id) DO NOTHING RETURNING id
"""

_DUE = """
SELECT id, conversation_id FROM rating WHERE workspace_id = $1 AND state = 'due' AND ask_at <= $2
ORDER BY ask_at LIMIT $3 FOR UPDATE SKIP LOCKED
"""

_DROP = "UPDATE rating SET state = 'dropped', reason = $3 WHERE workspace_id = $1 AND id = $2"

_FOR = f"""
SELECT {COLUMNS} FROM rating WHERE workspace_id = $1
  AND conversation_id = ANY(array(SELECT $2::uuid UNION ALL SELECT id FROM conversation
    WHERE workspace_id = $1 AND merged_into = $2))
ORDER BY ask_at DESC, id DESC LIMIT 1
"""  # noqa: S608 - names of our own

_FORGET = "DELETE FROM rating WHERE workspace_id = $1 AND id = $2"

_ASKED = """
UPDATE rating SET state = 'asked', asked_at = $3, message_id = $4, token = $5, expires_at = $6
WHERE workspace_id = $1 AND id = $2
"""

_LOOK = """
SELECT r.workspace_id, r.id, k.name AS brand, r.score, r.words FROM rating r
JOIN conversation c ON c.workspace_id = r.workspace_id AND c.id = r.conversation_id
JOIN channel k ON k.workspace_id = c.workspace_id AND k.id = c.channel_id
WHERE r.token = $1 AND r.expires_at > $2 AND r.state IN ('asked', 'answered')
"""

_ANSWER = f"""
WITH was AS (SELECT id, score FROM rating WHERE workspace_id = $1 AND id = $2
  AND state IN ('asked', 'answered') AND expires_at > $5 FOR UPDATE)
UPDATE rating r SET state = 'answered', score = $3, words = $4, answered_at = $5
FROM was WHERE r.workspace_id = $1 AND r.id = was.id
RETURNING {", ".join(f"r.{n}" for n in Rating.__struct_fields__)}, was.score AS before
"""  # noqa: S608 - names of our own

_TOLD = """
SELECT id, conversation_id, inbox_id, state, score FROM rating WHERE workspace_id = $1 AND id = $2
"""
