"""A person writes to somebody who did not write to us: once, within the rules, and it is kept."""

from __future__ import annotations

from typing import Any

import msgspec

from earful.composing.reply import Reply, Signer, reply
from earful.conversations.messages import Message
from earful.desk.posts import There, find_post, record_said
from earful.intake.beginning import Begun, begin_with
from earful.intake.channel import channel_of
from earful.kit.refusal import NotFound, Refused
from earful.networks.contract import Post
from earful.outreach.rules import DAY, Rules, rules_of
from earful.outreach.standing import closed, refusal, standings
from earful.stream.work import Work


class Writing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said. With `there`, it was said in the network's own app, at `uri` where known."""

    text: str
    there: bool = False
    uri: str = ""


class Contacted(msgspec.Struct, frozen=True):
    """The conversation that was begun, and what we said in it."""

    conversation_id: str
    message: Message


async def contact(work: Work, mention_id: str, writing: Writing, signer: Signer) -> Contacted:
    """Write to who wrote a post of the queue. Raises NotFound, and Refused in words.

    Whatever the screen knew, all rules are looked at again, one contact of a network at a time.
    """
    row = await work.db.fetchrow(_LOCK, work.workspace_id, mention_id)
    if row is None:
        raise NotFound("mention")
    if row["state"] != "outreach":
        raise Refused("settled", "It is in the queue no more: somebody settled it meanwhile.")
    if not writing.text.strip() and not writing.there:
        raise Refused("empty", "Write something first.")
    await _refuse(work, row, signer.id)
    channel = await _channel(work, row["channel_id"])
    begun = await begin_with(work, channel_of(channel), msgspec.convert(row["post"], Post))
    message = await _say(work, begun, channel, writing, signer)
    await work.db.execute(
        _NOTE, work.workspace_id, row["network"], row["author_external_id"], begun.contact_id,
        begun.conversation_id, signer.id, work.now,
    )  # fmt: skip
    await work.db.execute(
        _SETTLE, work.workspace_id, mention_id, begun.conversation_id, signer.id, work.now
    )
    work.emit(
        "outreach.contacted",
        {"id": mention_id},
        conversation_id=begun.conversation_id,
        inbox_id=channel["inbox_id"],
    )
    return Contacted(begun.conversation_id, message)


async def _refuse(work: Work, row: Any, agent_id: str) -> None:
    """Raise Refused where a rule speaks against it. Contacts of a network wait for each other."""
    key = f"outreach:{work.workspace_id}:{row['network']}"
    await work.db.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", key)
    rules = (await rules_of(work.db, work.workspace_id)).get(row["network"], Rules())
    [used] = await work.db.fetch(_USED, work.workspace_id, row["network"], work.now - DAY, agent_id)
    why = closed(rules, work.now, used=used["all"], own=used["own"])
    if not why:
        about = (await standings(work, [row["id"]]))[row["id"]]
        why = refusal(about, rules, work.now)
    if why:
        raise Refused("unasked", why)


async def _channel(work: Work, channel_id: str) -> Any:
    row = await work.db.fetchrow(
        "SELECT * FROM channel WHERE workspace_id = $1 AND id = $2 AND state <> 'off'",
        work.workspace_id,
        channel_id,
    )
    if row is None:
        raise Refused("held", "The channel by which this was found is disconnected.")
    return row


async def _say(work: Work, begun: Begun, channel: Any, writing: Writing, signer: Signer) -> Message:
    if not writing.there:
        asked = Reply(text=writing.text, in_reply_to=begun.message_id)
        return (await reply(work, begun.conversation_id, asked, signer))[1]
    post = await find_post(work.db, work.workspace_id, begun.message_id)
    said = There(text=writing.text, uri=writing.uri)
    return await record_said(work, post, said, handle=channel["handle"], network=channel["network"])


async def leave_alone(work: Work, mention_id: str) -> None:
    """Nobody here writes to them unasked any more: what they wrote leaves the queue.

    Raises NotFound.
    """
    row = await work.db.fetchrow(_LOCK, work.workspace_id, mention_id)
    if row is None:
        raise NotFound("mention")
    args = (work.workspace_id, row["network"], row["author_external_id"])
    await work.db.execute(_ALONE, *args, work.actor.id, work.now)
    gone = await work.db.fetch(_SET_ASIDE, *args, work.actor.id, work.now)
    for one in gone:
        work.emit("mention.dismissed", {"id": one["id"]})


async def write_again(work: Work, mention_id: str) -> None:
    """They may be written to again: it was noted by mistake. Raises NotFound."""
    row = await work.db.fetchrow(_LOCK, work.workspace_id, mention_id)
    if row is None:
        raise NotFound("mention")
    await work.db.execute(
        "DELETE FROM outreach_opt_out WHERE workspace_id = $1 AND network = $2 "
        "AND external_id = $3",
        work.workspace_id,
        row["network"],
        row["author_external_id"],
    )
    if row["state"] == "dismissed":
        await work.db.execute(_RESTORE, work.workspace_id, mention_id)
        work.emit("outreach.queued", {"ids": [mention_id]})


_LOCK = "SELECT * FROM mention WHERE workspace_id = $1 AND id = $2 FOR UPDATE"

_USED = """
SELECT count(*) AS "all", count(*) FILTER (WHERE agent_id = $4) AS own FROM outreach_contact
WHERE workspace_id = $1 AND network = $2 AND at > $3
"""

_NOTE = """
INSERT INTO outreach_contact (workspace_id, network, external_id, contact_id, conversation_id,
  agent_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (workspace_id, network, external_id) DO UPDATE SET contact_id = excluded.contact_id,
  conversation_id = excluded.conversation_id, agent_id = excluded.agent_id, at = excluded.at
"""

_SETTLE = """
WITH gone AS (DELETE FROM outreach_candidate WHERE workspace_id = $1 AND mention_id = $2)
UPDATE mention SET state = 'taken', conversation_id = $3, agent_id = $4, settled_at = $5
WHERE workspace_id = $1 AND id = $2
"""

_ALONE = """
INSERT INTO outreach_opt_out (workspace_id, network, external_id, agent_id, at)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
"""

_SET_ASIDE = """
UPDATE mention SET state = 'dismissed', agent_id = $4, settled_at = $5
WHERE workspace_id = $1 AND network = $2 AND author_external_id = $3 AND state = 'outreach'
RETURNING id
"""

_RESTORE = """
UPDATE mention n SET state = 'outreach', agent_id = NULL, settled_at = NULL
FROM outreach_candidate q WHERE n.workspace_id = $1 AND n.id = $2
  AND q.workspace_id = $1 AND q.mention_id = n.id
"""
