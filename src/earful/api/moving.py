"""Whether somebody can be written to in private, and asking them to come along."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from earful.api.caller import Called, Caller, check_id
from earful.api.once import once
from earful.conversations import moves
from earful.conversations.rows import lock
from earful.desk.asking import asking
from earful.desk.moves import MoveCounts, count_moves
from earful.kit.refusal import NotFound, Refused
from earful.networks.contract import Identity, Invites, Reach, Reaches, Rejected, Target, Welcomes
from earful.networks.registry import network
from earful.stream.work import Work

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_CODE_LENGTH = 10


class MoveBody(msgspec.Struct, frozen=True):
    """Where they are asked to come: direct, email or portal."""

    by: str


class Invitation(msgspec.Struct, frozen=True):
    """What to put into a public reply, which names the move (`move` of the reply)."""

    id: str
    by: str
    link: str


@get("/conversations/{conversation_id:str}/reach")
async def get_reach(
    caller: Called, conversation_id: FromPath[str], message: FromQuery[str | None] = None
) -> Reach:
    """Whether who wrote (`message`, or the newest post) takes a private message from us.

    The network is asked at most once an hour for a person.
    """
    caller.need("conversation.reply")
    check_id(conversation_id, "conversation")
    if message is not None:
        check_id(message, "message")
    async with caller.state.database.acquire() as db:
        row = await db.fetchrow(_READER, caller.workspace_id, conversation_id, message)
        if row is None:
            raise NotFound("conversation")
        caller.check_inbox(row["inbox_id"])
        channel = await db.fetchrow(
            "SELECT * FROM channel WHERE workspace_id = $1 AND id = $2",
            caller.workspace_id,
            row["channel_id"],
        )
    manifest = network(channel["network"]).manifest
    if not manifest.direct_length:
        return Reach(False, f"There are no private messages from here on {manifest.title}.")
    if row["external_id"] is None:
        return Reach(False, "Nobody is there to write to.")
    target = Target(
        row["external_id"], row["handle"], row["ref"] or {}, author_id=row["reader"] or ""
    )
    key = ("reach", caller.workspace_id, channel["id"], target.author_id)
    try:
        found: Reach = await caller.state.reach.get(key, lambda: _ask(caller, channel, target))
    except Refused as error:
        return Reach(False, error.detail)
    return found


async def _ask(caller: Caller, channel: Mapping[str, Any], target: Target) -> Reach:
    state = caller.state
    async with asking(state.database, state.keyring, state.now, channel) as connector:
        if not isinstance(connector, Reaches):
            return Reach(True)
        return await connector.reach(target)


@post("/conversations/{conversation_id:str}/moves")
async def post_move(
    caller: Called, conversation_id: FromPath[str], data: JSONBody[MoveBody]
) -> Invitation:
    """Prepare an invitation; it counts as sent when the reply that carries it is."""
    async with caller.on(conversation_id, "conversation.reply") as work:

        async def act() -> Invitation:
            row = await lock(work, conversation_id)
            if row["visibility"] != "public":
                raise Refused("invalid", "This is private already.")
            code = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))
            link = await _link(work, row["channel_id"], data.by, code)
            kept = None if data.by == "direct" else code
            move_id = await moves.offer(work, row, data.by, caller.id, kept)
            return Invitation(move_id, data.by, link)

        return await once(caller, work, act, Invitation)


async def _link(work: Work, channel_id: str, by: str, code: str) -> str:
    """The address that goes into the reply. Raises Refused where there is no such way."""
    rows = await work.db.fetch(
        """SELECT id, network, external_id, handle, name, config FROM channel
           WHERE workspace_id = $1 AND state = 'active' ORDER BY id <> $2, created_at""",
        work.workspace_id,
        channel_id,
    )
    for row in rows:
        found, who = (
            network(row["network"]),
            Identity(row["external_id"], row["handle"], row["name"]),
        )
        if by == "direct" and row["id"] == channel_id and isinstance(found, Invites):
            return found.invitation(who)
        if isinstance(found, Welcomes) and found.way == by:
            try:
                return found.welcome(who, row["config"], code)
            except Rejected as error:
                raise Refused("invalid", str(error)) from None
    raise Refused("invalid", "No connected channel takes people in that way.")


@get("/moves/counts")
async def get_move_counts(caller: Called) -> list[MoveCounts]:
    """How many were asked to come along, arrived and were lost, by way."""
    caller.need("desk.read")
    async with caller.state.database.acquire() as db:
        return await count_moves(db, caller.workspace_id)


_READER = """
SELECT c.inbox_id, c.channel_id, t.external_id, t.author_handle AS handle, t.ref,
  (SELECT h.external_id FROM contact_handle h
   WHERE h.workspace_id = $1 AND h.contact_id = t.author_id AND h.network = c.network
   ORDER BY (h.handle = t.author_handle) DESC, h.external_id LIMIT 1) AS reader
FROM conversation c LEFT JOIN LATERAL (
  SELECT m.external_id, m.author_id, m.author_handle, m.ref FROM message m
  WHERE m.workspace_id = $1 AND m.conversation_id = c.id AND m.direction = 'incoming'
    AND m.external_id IS NOT NULL AND m.deleted_at IS NULL AND ($3::uuid IS NULL OR m.id = $3)
  ORDER BY (m.disposition IS NULL) DESC, m.published_at DESC LIMIT 1) t ON true
WHERE c.workspace_id = $1 AND c.id = $2
"""

ROUTES = [get_reach, post_move, get_move_counts]
