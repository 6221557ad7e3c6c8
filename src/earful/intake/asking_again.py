"""Takes a post that was set aside in; what was kept unreadably is asked of the network again."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

from earful.accounts.secrets import Keyring
from earful.desk.ports import open_connector
from earful.intake.aside import Replayed, replay
from earful.kit.refusal import NotFound, Refused
from earful.networks.contract import Looks, NetworkError, Post
from earful.stream.work import Actor, Works

LOOK_FOR = 20.0
"""Seconds the network has to show the post."""


async def take_in(
    works: Works, keyring: Keyring, workspace_id: str, aside_id: str, by: Actor
) -> Replayed:
    """Replay it, if need be from the network: hold no transaction. Raises as `replay` does."""
    try:
        return await replay(works, workspace_id, aside_id, by)
    except Refused as error:
        if error.slug != "unreadable":
            raise
    found = await _ask(works, keyring, workspace_id, aside_id)
    return await replay(works, workspace_id, aside_id, by, found=found)


async def _ask(works: Works, keyring: Keyring, workspace_id: str, aside_id: str) -> Post:
    async with works.database.acquire() as db:
        row = await db.fetchrow(_CHANNEL, workspace_id, aside_id)
    if row is None:
        raise NotFound("post")
    try:
        post = await asyncio.wait_for(_look(works, keyring, dict(row)), LOOK_FOR)
    except (NetworkError, TimeoutError, OSError) as error:
        why = str(error) or "it takes too long"
        raise Refused("network", f"The network can't be asked for it now: {why}") from error
    if post is None or post.external_id != row["wanted"]:
        raise Refused("gone", "The network does not show it any more. It can only be discarded.")
    # It came by our feed, so it was meant for us.
    return msgspec.structs.replace(post, addressed=True)


async def _look(works: Works, keyring: Keyring, row: dict[str, Any]) -> Post | None:
    connector = open_connector(works.database, keyring, works.clock, row)
    try:
        if not isinstance(connector, Looks):
            return None
        return await connector.look(row["wanted"])
    finally:
        await connector.close()


_CHANNEL = """
SELECT c.*, s.external_id AS wanted FROM set_aside s
JOIN channel c ON c.workspace_id = s.workspace_id AND c.id = s.channel_id
WHERE s.workspace_id = $1 AND s.id = $2
"""
