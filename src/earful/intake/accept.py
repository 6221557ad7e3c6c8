"""Accepts a batch of a channel in one transaction: each post once, the cursor with it.

Plain multi-row statements with sorted keys, not one large one: a single statement that does it all
holds up at a hundred posts and collapses at a thousand.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from earful.contacts.meet import Known, meet
from earful.conversations.rows import recount
from earful.desk import forgotten
from earful.intake import (
    coming,
    echoes,
    facts,
    match,
    native,
    pictures,
    proving,
    returned,
    siblings,
    tombstones,
    write,
)
from earful.intake.arrival import Arrival
from earful.intake.channel import Channel
from earful.kit.ids import new_id
from earful.kit.text import storable
from earful.networks.contract import Batch, Change, Deletion, Post, Unreadable
from earful.sla.clocks import keep_clocks
from earful.stream.work import Work

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


class Accepted(msgspec.Struct, frozen=True):
    """What became of a batch: how many posts were new, and how many we already had."""

    new: int
    repeated: int


async def accept(
    work: Work, channel: Channel, batch: Batch, *, cursor: bool = True, decided: bool = False
) -> Accepted:
    """Take in a batch. Repeats are harmless. With `cursor`, the channel's cursor moves along.

    Own posts wait for the deliveries under way, unless they are `decided` to be no echo of one.
    """
    if any(isinstance(change, Deletion) for change in batch.changes):
        await tombstones.alone(work, channel.network)
    changes = await siblings.mark(work, channel, batch.changes)
    if not decided:
        changes = await echoes.keep_aside(work, channel, changes)
    posts = _posts(changes)
    arrivals, gone = await claim(work, channel, posts)
    told = write.Told()
    stale: set[str] = set()
    answered = native.NOTHING
    people: dict[str, Known] = {}
    if arrivals:
        people = await meet(work, channel.network, [a.post.author for a in arrivals])
        told.cards = await match.place(work, channel, arrivals, people)
        told.messages = await write.messages(work, channel, arrivals, people)
        await pictures.avatars(work, channel, arrivals, people)
        adopted = await match.adopt(work, channel.network, arrivals)
        stale = {arrival.conversation_id for arrival in arrivals if not arrival.fresh}
        answered = await native.settle(work, arrivals)
        stale |= await coming.note(work, arrivals)
        stale |= adopted.conversations | answered.conversations
        told.moved = adopted.messages + answered.messages
    found = await facts.apply(work, channel.network, [*changes, *gone])
    stale |= {fact.conversation_id for fact in found}
    await facts.set_aside(work, channel.id, [c for c in changes if isinstance(c, Unreadable)])
    if stale:
        await recount(work, stale)
        await native.rest(work, answered.conversations)
        await keep_clocks(work, stale)
    await write.events(work, arrivals, found, stale, told)
    await proving.note(work, arrivals, people, found)
    await returned.take_back(work, channel.network, arrivals)
    if cursor and batch.cursor is not None:
        await work.db.execute(
            "UPDATE channel SET cursor = $3 WHERE workspace_id = $1 AND id = $2",
            work.workspace_id,
            channel.id,
            dict(batch.cursor),
        )
    return Accepted(len(arrivals), len(posts) - len(arrivals))


def _posts(changes: Sequence[Change]) -> dict[str, Post]:
    """The first telling of each post, without what the same batch already takes back."""
    posts: dict[str, Post] = {}
    for change in changes:
        if isinstance(change, Post):
            posts.setdefault(change.external_id, change)
    return posts


async def _forgotten(work: Work, channel: Channel, fresh: set[str]) -> set[str]:
    """Those whose author was erased: they were accepted once, under a hash of their id."""
    gone = set(await forgotten.found(work, channel.network, fresh))
    if gone:
        await work.db.execute(
            """DELETE FROM accepted WHERE workspace_id = $1 AND network = $2
               AND external_id = ANY($3::text[])""",
            work.workspace_id,
            channel.network,
            sorted(gone),
        )
    return gone


async def claim(
    work: Work, channel: Channel, posts: dict[str, Post]
) -> tuple[list[Arrival], list[Deletion]]:
    """Claim the posts nobody has accepted yet, with the deletions told before they came."""
    candidates = [post for _, post in sorted(posts.items())]
    if not candidates:
        return [], []
    ids = {post.external_id: new_id() for post in candidates}
    rows = await work.db.fetch(
        f"""INSERT INTO accepted (workspace_id, network, external_id, message_id)
           SELECT $1, $2, p.external_id, p.message_id
           FROM unnest($3::text[], $4::uuid[]) AS p (external_id, message_id)
           WHERE {tombstones.BESIDE}
           ON CONFLICT DO NOTHING RETURNING external_id""",  # noqa: S608
        work.workspace_id,
        channel.network,
        list(ids),
        list(ids.values()),
    )
    fresh = {row["external_id"] for row in rows}
    if not fresh:
        return [], []
    # Its own statement: what was committed while the claim waited is seen here.
    [any_of] = await work.db.fetch(_ANY, work.workspace_id)
    if any_of["forgotten"]:
        fresh -= await _forgotten(work, channel, fresh)
    gone = await tombstones.gone(work, channel.network, sorted(fresh)) if any_of["gone"] else []
    return _arrivals(work, candidates, ids, fresh), gone


_ANY = f"SELECT {forgotten.STANDING} AS forgotten, {tombstones.STANDING} AS gone"


def _arrivals(
    work: Work, candidates: list[Post], ids: dict[str, str], fresh: set[str]
) -> list[Arrival]:
    latest = work.now + timedelta(seconds=1)
    arrivals = [
        Arrival(
            post=post,
            message_id=ids[post.external_id],
            text=storable(post.text),
            # A post dated in the future would sort above everything for ever; the year 1 is what
            # the database takes for no time at all.
            published_at=max(EARLIEST, min(post.published_at, latest)),
            media_ids=[new_id() for _ in post.attachments],
        )
        for post in candidates
        if post.external_id in fresh
    ]
    arrivals.sort(key=lambda arrival: (arrival.published_at, arrival.post.external_id))
    return arrivals
