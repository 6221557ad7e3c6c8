"""Finds the conversation of each arrival: by reply links, by the open one of its author, or new."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from earful.contacts.meet import Known
from earful.conversations.cards import Card
from earful.conversations.rows import lock
from earful.desk import forgotten, merge
from earful.desk.common import finish
from earful.intake import opening, talks
from earful.intake.arrival import Arrival
from earful.intake.waking import wake
from earful.networks.contract import Post
from earful.stream.work import Work

if TYPE_CHECKING:
    from earful.intake.channel import Channel


async def place(
    work: Work, channel: Channel, arrivals: list[Arrival], people: Mapping[str, Known]
) -> dict[str, Card]:
    """Give each arrival its conversation, opening and reopening as needed. Returns the opened."""
    await _join_threads(work, channel.network, arrivals)
    await _join_children(work, channel.network, arrivals)
    await talks.join(work, channel, arrivals)
    homeless = _follow(arrivals)
    await _leave_out(work, channel.network, arrivals, homeless)
    opened = await opening.join_open(work, channel, homeless, people)
    await wake(work, arrivals)
    return opened


def _links(post: Post) -> list[str]:
    return [link for link in (post.parent_id, post.root_id, post.quoted_id) if link]


async def _join_threads(work: Work, network: str, arrivals: list[Arrival]) -> None:
    wanted = sorted({link for arrival in arrivals for link in _links(arrival.post)})
    if not wanted:
        return
    known = await _stand_in(work, network, wanted)
    by_id = {arrival.post.external_id: arrival for arrival in arrivals}
    for arrival in arrivals:
        post = arrival.post
        # A private answer to a public post is a talk of its own: nothing private goes public.
        for link in _links(post):
            if (found := known.get(link)) and found.visibility == post.visibility:
                arrival.conversation_id = arrival.conversation_id or found.conversation_id
        parent = post.parent_id or ""
        if (found := known.get(parent)) and found.visibility == post.visibility:
            arrival.parent_id = found.message_id
        elif parent in by_id and by_id[parent] is not arrival and _alike(by_id[parent], arrival):
            arrival.parent_id = by_id[parent].message_id


def _alike(one: Arrival, other: Arrival) -> bool:
    return one.post.visibility == other.post.visibility


class _Found(NamedTuple):
    """Where a post stands that we have."""

    message_id: str
    conversation_id: str
    visibility: str


def _found(row: Any) -> _Found:
    return _Found(row["id"], row["conversation_id"], row["visibility"])


async def _stand_in(work: Work, network: str, links: list[str]) -> dict[str, _Found]:
    """Message and conversation of each post that we have, erased ones among them."""
    rows = await work.db.fetch(_STAND_IN, work.workspace_id, network, links)
    known = {row["external_id"]: _found(row) for row in rows}
    gone = await forgotten.known(work, network, [link for link in links if link not in known])
    if gone:
        rows = await work.db.fetch(_HOME, work.workspace_id, list(gone.values()))
        homes = {row["id"]: _found(row) for row in rows}
        known |= {link: homes[id_] for link, id_ in gone.items() if id_ in homes}
    return known


_STAND_IN = """
SELECT a.external_id, m.id, m.conversation_id, m.visibility
FROM accepted a JOIN message m ON m.workspace_id = a.workspace_id AND m.id = a.message_id
WHERE a.workspace_id = $1 AND a.network = $2 AND a.external_id = ANY($3::text[])
"""

_HOME = """
SELECT id, conversation_id, visibility FROM message
WHERE workspace_id = $1 AND id = ANY($2::uuid[])
"""


async def _join_children(work: Work, network: str, arrivals: list[Arrival]) -> None:
    """A parent that comes after its replies joins their conversation."""
    homeless = {a.post.external_id: a for a in arrivals if not a.conversation_id}
    if not homeless:
        return
    rows = await work.db.fetch(
        """SELECT DISTINCT ON (parent_external_id) parent_external_id, conversation_id, visibility
           FROM message WHERE workspace_id = $1 AND network = $2
             AND parent_external_id = ANY($3::text[]) AND parent_id IS NULL
           ORDER BY parent_external_id, published_at""",
        work.workspace_id,
        network,
        sorted(homeless),
    )
    for row in rows:
        parent = homeless[row["parent_external_id"]]
        if row["visibility"] == parent.post.visibility:
            parent.conversation_id = row["conversation_id"]


def _follow(arrivals: list[Arrival]) -> list[list[Arrival]]:
    """Whoever answers a post of the same batch goes where that goes. Returns homeless threads.

    Each thread begins with its first post, as far as the batch knows it.
    """
    by_id = {arrival.post.external_id: arrival for arrival in arrivals}
    top: dict[str, Arrival] = {}
    for arrival in arrivals:
        way: dict[str, Arrival] = {}
        at: Arrival | None = arrival
        while at is not None and not (at.post.external_id in way or at.post.external_id in top):
            way[at.post.external_id] = last = at
            at = _up(at, by_id)
        # A circle of replies has no first post; any will do.
        found = last if at is None else top.get(at.post.external_id, arrival)
        top |= dict.fromkeys(way, found)
    threads: dict[str, list[Arrival]] = {}
    for arrival in sorted(arrivals, key=lambda a: top[a.post.external_id] is not a):
        threads.setdefault(top[arrival.post.external_id].post.external_id, []).append(arrival)
    homeless = []
    for thread in threads.values():
        home = next((arrival.conversation_id for arrival in thread if arrival.conversation_id), "")
        for arrival in thread:
            arrival.conversation_id = arrival.conversation_id or home
        if not home:
            homeless.append(thread)
    return homeless


def _up(arrival: Arrival, by_id: Mapping[str, Arrival]) -> Arrival | None:
    """The post of this batch that it answers, if any."""
    linked = (by_id[link] for link in _links(arrival.post) if link in by_id)
    return next((other for other in linked if _alike(other, arrival)), None)


async def _leave_out(
    work: Work, network: str, arrivals: list[Arrival], homeless: list[list[Arrival]]
) -> None:
    """What nobody is owed an answer for opens no conversation: without a thread it stays out."""
    threads = [thread for thread in homeless if not any(arrival.owed for arrival in thread)]
    if not threads:
        return
    out = {arrival.post.external_id for thread in threads for arrival in thread}
    await work.db.execute(
        """DELETE FROM accepted WHERE workspace_id = $1 AND network = $2
           AND external_id = ANY($3::text[])""",
        work.workspace_id,
        network,
        sorted(out),
    )
    arrivals[:] = [arrival for arrival in arrivals if arrival.post.external_id not in out]
    homeless[:] = [thread for thread in homeless if thread not in threads]


class Adopted(NamedTuple):
    """What late rejoining touched: conversations, and messages that were there before."""

    conversations: set[str]
    messages: list[str]


async def adopt(work: Work, network: str, arrivals: list[Arrival]) -> Adopted:
    """Threads rejoin late: replies that came before their parent take their place under it."""
    rows = await work.db.fetch(
        """UPDATE message m SET parent_id = p.message_id
           FROM unnest($3::text[], $4::uuid[], $5::uuid[], $6::text[])
             AS p (external_id, message_id, home, visibility)
           WHERE m.workspace_id = $1 AND m.network = $2 AND m.parent_external_id = p.external_id
             AND m.parent_id IS NULL AND m.id <> p.message_id AND m.visibility = p.visibility
           RETURNING m.id, m.conversation_id, p.home""",
        work.workspace_id,
        network,
        [arrival.post.external_id for arrival in arrivals],
        [arrival.message_id for arrival in arrivals],
        [arrival.conversation_id for arrival in arrivals],
        [str(arrival.post.visibility) for arrival in arrivals],
    )
    touched: set[str] = set()
    changed = [row["id"] for row in rows]
    moved: dict[str, str] = {}
    for row in rows:
        child, home = _now(row["conversation_id"], moved), _now(row["home"], moved)
        if child != home:
            source, target = await _which(work, child, home)
            changed += await absorb(work, source, target)
            moved[source] = target
            touched |= {child, home}
    for arrival in arrivals:
        arrival.conversation_id = _now(arrival.conversation_id, moved)
    return Adopted(touched, changed)


def _now(conversation_id: str, moved: Mapping[str, str]) -> str:
    """Where a conversation's messages are by now."""
    while conversation_id in moved:
        conversation_id = moved[conversation_id]
    return conversation_id


async def _which(work: Work, child: str, home: str) -> tuple[str, str]:
    """Which goes into which: the reply's into its parent's, but never an open into a resolved one.

    Who waits would vanish there.
    """
    rows = {key: await lock(work, key) for key in sorted((child, home))}
    if rows[home]["status"] == "resolved" and rows[child]["status"] != "resolved":
        return home, child
    return child, home


async def absorb(work: Work, source_id: str, target_id: str) -> list[str]:
    """Threads that prove to be one become one. Returns the ids of the messages that moved."""
    moved = await merge.absorb(work, source_id, target_id)
    await finish(work, source_id, "conversation.merged", reason="one thread")
    return moved
