"""Finds the conversation of each arrival: by reply links, by the open one of its author, or new."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from earful.contacts.meet import Known
from earful.conversations.rows import lock, recount, tell
from earful.desk import merge
from earful.intake.triage import judge
from earful.kit.ids import new_id
from earful.kit.text import one_line
from earful.networks.contract import Post
from earful.sla.clocks import keep_clocks
from earful.stream.work import Work

if TYPE_CHECKING:
    from earful.intake.accept import Channel


class Arrival(msgspec.Struct, kw_only=True):
    """A post on its way in, and where it was put."""

    post: Post
    message_id: str
    text: str
    published_at: datetime
    conversation_id: str = ""
    parent_id: str | None = None
    opened: bool = False

    @property
    def owed(self) -> bool:
        """Whether somebody is owed an answer for it."""
        return self.post.addressed and not self.post.own


async def place(
    work: Work, channel: Channel, arrivals: list[Arrival], people: Mapping[str, Known]
) -> set[str]:
    """Give each arrival its conversation, opening and reopening as needed; returns those."""
    await _join_threads(work, channel.network, arrivals)
    await _join_children(work, channel.network, arrivals)
    await _leave_out(work, channel.network, arrivals)
    homeless = [arrival for arrival in arrivals if not arrival.conversation_id]
    if homeless:
        await _join_open(work, channel, homeless, people)
    await _wake(work, arrivals)
    return {arrival.conversation_id for arrival in arrivals}


def _links(post: Post) -> list[str]:
    return [link for link in (post.parent_id, post.root_id, post.quoted_id) if link]


async def _join_threads(work: Work, network: str, arrivals: list[Arrival]) -> None:
    wanted = sorted({link for arrival in arrivals for link in _links(arrival.post)})
    if not wanted:
        return
    rows = await work.db.fetch(
        """SELECT a.external_id, m.id, m.conversation_id
           FROM accepted a JOIN message m ON m.workspace_id = a.workspace_id AND m.id = a.message_id
           WHERE a.workspace_id = $1 AND a.network = $2 AND a.external_id = ANY($3::text[])""",
        work.workspace_id,
        network,
        wanted,
    )
    known = {row["external_id"]: (row["id"], row["conversation_id"]) for row in rows}
    by_id = {arrival.post.external_id: arrival for arrival in arrivals}
    for arrival in arrivals:
        for link in _links(arrival.post):
            found = known.get(link)
            if found:
                arrival.conversation_id = arrival.conversation_id or found[1]
                if link == arrival.post.parent_id:
                    arrival.parent_id = found[0]
            elif link in by_id and by_id[link] is not arrival:
                # The parent came in the same batch, and stands earlier unless its date lies.
                arrival.conversation_id = arrival.conversation_id or by_id[link].conversation_id
                if link == arrival.post.parent_id:
                    arrival.parent_id = by_id[link].message_id


async def _join_children(work: Work, network: str, arrivals: list[Arrival]) -> None:
    """A parent that comes after its replies joins their conversation."""
    homeless = {a.post.external_id: a for a in arrivals if not a.conversation_id}
    if not homeless:
        return
    rows = await work.db.fetch(
        """SELECT DISTINCT ON (parent_external_id) parent_external_id, conversation_id
           FROM message WHERE workspace_id = $1 AND network = $2
             AND parent_external_id = ANY($3::text[]) AND parent_id IS NULL
           ORDER BY parent_external_id, published_at""",
        work.workspace_id,
        network,
        sorted(homeless),
    )
    for row in rows:
        homeless[row["parent_external_id"]].conversation_id = row["conversation_id"]


async def _leave_out(work: Work, network: str, arrivals: list[Arrival]) -> None:
    """What nobody is owed an answer for opens no conversation: without a thread it stays out."""
    in_batch = {arrival.post.external_id for arrival in arrivals}
    out = [
        arrival
        for arrival in arrivals
        if not arrival.owed
        and not arrival.conversation_id
        and not any(link in in_batch for link in _links(arrival.post))
    ]
    if not out:
        return
    await work.db.execute(
        """DELETE FROM accepted WHERE workspace_id = $1 AND network = $2
           AND external_id = ANY($3::text[])""",
        work.workspace_id,
        network,
        [arrival.post.external_id for arrival in out],
    )
    gone = {id(arrival) for arrival in out}
    arrivals[:] = [arrival for arrival in arrivals if id(arrival) not in gone]


async def _join_open(
    work: Work, channel: Channel, arrivals: list[Arrival], people: Mapping[str, Known]
) -> None:
    """Join the author's open conversation of this inbox, or open one: the unique index decides."""
    first: dict[str, Arrival] = {}
    by_post = {arrival.post.external_id: arrival for arrival in arrivals}
    for arrival in arrivals:
        parent = by_post.get(arrival.post.parent_id or "")
        if parent is None:
            first.setdefault(people[arrival.post.author.external_id].contact_id, arrival)
    for arrival in arrivals:  # a circle of replies has no first post; any will do
        first.setdefault(people[arrival.post.author.external_id].contact_id, arrival)
    contacts = sorted(first)
    opened = await _open(work, channel, [(c, first[c]) for c in contacts], people)
    missing = [contact for contact in contacts if contact not in opened]
    homes = dict(opened)
    if missing:
        rows = await work.db.fetch(
            """SELECT contact_id, id FROM conversation WHERE workspace_id = $1 AND inbox_id = $2
               AND contact_id = ANY($3::uuid[]) AND status <> 'resolved'""",
            work.workspace_id,
            channel.inbox_id,
            missing,
        )
        homes |= {row["contact_id"]: row["id"] for row in rows}
    for arrival in arrivals:
        parent = by_post.get(arrival.post.parent_id or "")
        contact = people[arrival.post.author.external_id].contact_id
        if parent is not None and parent is not arrival and parent.conversation_id:
            arrival.conversation_id = parent.conversation_id
        else:
            arrival.conversation_id = homes[contact]
        arrival.opened = first.get(contact) is arrival and contact in opened


async def _open(
    work: Work,
    channel: Channel,
    firsts: list[tuple[str, Arrival]],
    people: Mapping[str, Known],
) -> dict[str, str]:
    """Try to open a conversation per contact; returns contact id to id for those that are new."""
    judged = [judge(arrival.text) for _, arrival in firsts]
    known = [people[arrival.post.author.external_id] for _, arrival in firsts]
    rows = await work.db.fetch(
        _OPEN,
        work.workspace_id,
        channel.inbox_id,
        channel.id,
        channel.network,
        [new_id() for _ in firsts],
        [contact for contact, _ in firsts],
        [who.name for who in known],
        [who.handle for who in known],
        [str(arrival.post.visibility) for _, arrival in firsts],
        [judgement.severity for judgement in judged],
        [judgement.reason for judgement in judged],
        [one_line(arrival.text, 240) for _, arrival in firsts],
        [arrival.published_at for _, arrival in firsts],
        work.now,
    )
    return {row["contact_id"]: row["id"] for row in rows}


_OPEN = """
INSERT INTO conversation (workspace_id, inbox_id, channel_id, network, id, contact_id, contact_name,
  contact_handle, visibility, severity, severity_reason, preview, last_message_at, opened_at)
SELECT $1, $2, $3, $4, n.id, n.contact_id, n.name, n.handle, n.visibility, n.severity, n.reason,
  n.preview, n.last_at, $14
FROM unnest($5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::text[], $10::smallint[],
  $11::text[], $12::text[], $13::timestamptz[])
  AS n (id, contact_id, name, handle, visibility, severity, reason, preview, last_at)
ON CONFLICT (workspace_id, inbox_id, contact_id) WHERE status <> 'resolved' DO NOTHING
RETURNING contact_id, id
"""


async def _wake(work: Work, arrivals: list[Arrival]) -> None:
    """A customer who writes opens what was pending, snoozed or resolved, and may raise severity."""
    owed: dict[str, list[Arrival]] = {}
    for arrival in arrivals:
        if arrival.owed and not arrival.opened:
            owed.setdefault(arrival.conversation_id, []).append(arrival)
    if not owed:
        return
    rows = await work.db.fetch(
        """SELECT id, status, severity, contact_id, inbox_id FROM conversation
           WHERE workspace_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR UPDATE""",
        work.workspace_id,
        sorted(owed),
    )
    for row in rows:
        await _wake_one(work, row["id"], row["status"], row["severity"], owed[row["id"]])


async def _wake_one(
    work: Work, conversation_id: str, status: str, severity: int, arrivals: list[Arrival]
) -> None:
    worst = min((judge(arrival.text) for arrival in arrivals), key=lambda j: j.severity)
    if worst.severity < min(severity, 4):
        await work.db.execute(
            """UPDATE conversation SET severity = $3, severity_reason = $4
               WHERE workspace_id = $1 AND id = $2""",
            work.workspace_id,
            conversation_id,
            worst.severity,
            worst.reason,
        )
    if status == "open":
        return
    target = conversation_id
    if status == "resolved":
        target = await _open_one_of(work, conversation_id)
    if target != conversation_id:
        for arrival in arrivals:
            arrival.conversation_id = target
        return
    await work.db.execute(
        """UPDATE conversation SET status = 'open', disposition = NULL, disposition_reason = '',
             snoozed_until = NULL, snooze_on_reply = false
           WHERE workspace_id = $1 AND id = $2""",
        work.workspace_id,
        conversation_id,
    )


async def _open_one_of(work: Work, conversation_id: str) -> str:
    """The other open conversation of the same person, which a resolved one must not rival."""
    other: str | None = await work.db.fetchval(
        """SELECT o.id FROM conversation c JOIN conversation o
             ON o.workspace_id = c.workspace_id AND o.inbox_id = c.inbox_id
             AND o.contact_id = c.contact_id AND o.status <> 'resolved'
           WHERE c.workspace_id = $1 AND c.id = $2""",
        work.workspace_id,
        conversation_id,
    )
    return other or conversation_id


async def adopt(work: Work, network: str, arrivals: list[Arrival]) -> set[str]:
    """Threads rejoin late: replies that came before their parent take their place under it."""
    rows = await work.db.fetch(
        """UPDATE message m SET parent_id = p.message_id
           FROM unnest($3::text[], $4::uuid[], $5::uuid[]) AS p (external_id, message_id, home)
           WHERE m.workspace_id = $1 AND m.network = $2 AND m.parent_external_id = p.external_id
             AND m.parent_id IS NULL AND m.id <> p.message_id
           RETURNING m.conversation_id, p.home, p.message_id""",
        work.workspace_id,
        network,
        [arrival.post.external_id for arrival in arrivals],
        [arrival.message_id for arrival in arrivals],
        [arrival.conversation_id for arrival in arrivals],
    )
    touched: set[str] = set()
    moved: dict[str, str] = {}
    for row in rows:
        child, home = row["conversation_id"], row["home"]
        child, home = moved.get(child, child), moved.get(home, home)
        if child != home:
            await absorb(work, child, home)
            moved[child] = home
            touched |= {child, home}
    for arrival in arrivals:
        arrival.conversation_id = moved.get(arrival.conversation_id, arrival.conversation_id)
    return touched


async def absorb(work: Work, source_id: str, target_id: str) -> None:
    """Threads that prove to be one become one."""
    for conversation_id in sorted((source_id, target_id)):
        await lock(work, conversation_id)
    await merge.absorb(work, source_id, target_id)
    await recount(work, [source_id])
    await keep_clocks(work, [source_id])
    await tell(work, source_id, "conversation.merged", reason="one thread")
