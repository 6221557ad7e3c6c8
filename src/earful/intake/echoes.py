"""Our own posts while a delivery is under way: kept aside until it is known whose they are.

Each is either the echo of such a delivery or was written in the network's own app. An echo that
overtakes its receipt would otherwise stand in the thread twice; a native post must not be lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

from earful.kit.text import storable
from earful.networks.contract import Change, Deletion, Post
from earful.stream.work import Work

if TYPE_CHECKING:
    from earful.intake.channel import Channel


async def keep_aside(work: Work, channel: Channel, changes: Sequence[Change]) -> list[Change]:
    """Keep what cannot be judged before a delivery is settled. Returns the changes to take in."""
    candidates = [one for one in changes if isinstance(one, Deletion) or _own(one)]
    if not candidates:
        return list(changes)
    aside = await _aside_already(work, channel, candidates)
    authors = {one.author.external_id for one in candidates if isinstance(one, Post)}
    under_way = await _under_way(work, channel, authors) if authors else []
    kept: list[Change] = []
    ready: list[Change] = []
    for change in changes:
        waits = bool(under_way) and _own(change)
        if change.external_id in aside or waits:
            aside.add(change.external_id)  # what happens to it later waits with it
            kept.append(change)
        else:
            ready.append(change)
    if kept:
        await _keep(work, channel, kept, under_way)
    return ready


def _own(change: Change) -> bool:
    return isinstance(change, Post) and change.own


async def _aside_already(work: Work, channel: Channel, changes: Iterable[Change]) -> set[str]:
    rows = await work.db.fetch(
        """SELECT DISTINCT external_id FROM own_aside
           WHERE workspace_id = $1 AND channel_id = $2 AND external_id = ANY($3::text[])""",
        work.workspace_id,
        channel.id,
        [change.external_id for change in changes],
    )
    return {row["external_id"] for row in rows}


async def _under_way(work: Work, channel: Channel, authors: set[str]) -> list[str]:
    """Deliveries not settled yet: of this channel, or of another account of ours that wrote."""
    rows = await work.db.fetch(
        """SELECT d.id FROM delivery d
           JOIN channel c ON c.workspace_id = d.workspace_id AND c.id = d.channel_id
           WHERE d.workspace_id = $1 AND d.state IN ('sending', 'uncertain')
             AND (c.id = $2 OR (c.network = $3 AND c.external_id = ANY($4::text[])))""",
        work.workspace_id,
        channel.id,
        channel.network,
        sorted(authors),
    )
    return [row["id"] for row in rows]


async def _keep(work: Work, channel: Channel, kept: list[Change], under_way: list[str]) -> None:
    await work.db.executemany(
        """INSERT INTO own_aside (workspace_id, channel_id, external_id, change, waits_for, at)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        [
            (
                work.workspace_id,
                channel.id,
                change.external_id,
                msgspec.to_builtins(_storable(change)),
                under_way,
                work.now,
            )
            for change in kept
        ],
    )


def _storable(change: Change) -> Change:
    """`change` without what JSON in the database cannot hold."""
    if not isinstance(change, Post):
        return change
    change = msgspec.structs.replace(change, text=storable(change.text))
    text = msgspec.json.encode(change).decode().replace("\\u0000", "")
    return msgspec.json.decode(text, type=Post)
