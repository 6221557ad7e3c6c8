"""What one account of ours writes is our own post to all our others, which may hear it too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from earful.networks.contract import Change, Post
from earful.stream.work import Work

if TYPE_CHECKING:
    from earful.intake.channel import Channel


async def mark(work: Work, channel: Channel, changes: Sequence[Change]) -> Sequence[Change]:
    """`changes`, with `own` at the posts of any account of ours on this network.

    Two handles named in one thread hear each other: our answer by the one would else stand among
    those who wait at the other.
    """
    authors = {
        change.author.external_id
        for change in changes
        if isinstance(change, Post) and not change.own
    }
    if not authors:
        return changes
    rows = await work.db.fetch(
        """SELECT external_id FROM channel WHERE workspace_id = $1 AND network = $2
           AND state <> 'off' AND external_id = ANY($3::text[])""",
        work.workspace_id,
        channel.network,
        sorted(authors),
    )
    if not (ours := {row["external_id"] for row in rows}):
        return changes
    return [
        msgspec.structs.replace(change, own=True)
        if isinstance(change, Post) and change.author.external_id in ours
        else change
        for change in changes
    ]
