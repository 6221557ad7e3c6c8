"""Opens conversations for threads that have none: the unique index decides who opened first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from earful.contacts.meet import Known
from earful.conversations.cards import Card, Fuse, Who
from earful.intake.arrival import Arrival
from earful.kit.ids import new_id
from earful.kit.text import one_line
from earful.sla.beginning import Beginner, Begun, beginner, first_clocks
from earful.sla.policy import Case
from earful.stream.work import Work
from earful.triage.severity import Judgement, judge

if TYPE_CHECKING:
    from earful.intake.channel import Channel


async def join_open(
    work: Work, channel: Channel, threads: list[list[Arrival]], people: Mapping[str, Known]
) -> dict[str, Card]:
    """Put each thread into its author's open conversation of this inbox, or open one.

    Returns the cards of those it opened by their ids.
    """
    cards: dict[str, Card] = {}
    # What is said in private stays apart from what the same person says in public.
    for visibility, some in _by_visibility(threads).items():
        cards |= await _join_open(work, channel, visibility, some, people)
    return cards


def _by_visibility(threads: list[list[Arrival]]) -> dict[str, list[list[Arrival]]]:
    found: dict[str, list[list[Arrival]]] = {}
    for thread in threads:
        found.setdefault(str(thread[0].post.visibility), []).append(thread)
    return found


async def _join_open(
    work: Work,
    channel: Channel,
    visibility: str,
    threads: list[list[Arrival]],
    people: Mapping[str, Known],
) -> dict[str, Card]:
    by_contact: dict[str, list[Arrival]] = {}
    for thread in threads:
        first = next(arrival for arrival in thread if arrival.owed)
        contact = people[first.post.author.external_id].contact_id
        by_contact.setdefault(contact, []).extend(thread)
    contacts = sorted(by_contact)
    clocks = await beginner(work, contacts)
    new = [_new(channel, clocks, contact, by_contact[contact], people) for contact in contacts]
    opened = await _open(work, channel, new)
    homes = {contact: card.id for contact, card in opened.items()}
    others = [contact for contact in contacts if contact not in opened]
    homes |= await _open_already(work, channel, visibility, others)
    for contact, arrivals in by_contact.items():
        for arrival in arrivals:
            arrival.conversation_id = homes[contact]
            arrival.fresh = contact in opened
        if contact in opened:
            next(arrival for arrival in arrivals if arrival.owed).opened = True
    return {card.id: card for card in opened.values()}


async def _open_already(
    work: Work, channel: Channel, visibility: str, contacts: list[str]
) -> dict[str, str]:
    if not contacts:
        return {}
    rows = await work.db.fetch(
        """SELECT contact_id, id FROM conversation WHERE workspace_id = $1 AND inbox_id = $2
           AND contact_id = ANY($3::uuid[]) AND network = $4 AND visibility = $5
             AND status <> 'resolved'""",
        work.workspace_id,
        channel.inbox_id,
        contacts,
        channel.network,
        visibility,
    )
    return {row["contact_id"]: row["id"] for row in rows}


class _New(NamedTuple):
    """A conversation as its first posts make it, in the order of _OPEN's parameters."""

    id: str
    contact_id: str
    name: str
    handle: str
    visibility: str
    severity: int
    reason: str
    preview: str
    unanswered: int
    people: int
    last_at: datetime
    due_at: datetime | None
    policy_id: str | None


class _Opening(NamedTuple):
    """A conversation to open, with its clock and the language it begins in."""

    row: _New
    clock: Begun
    language: str


def _new(
    channel: Channel,
    clocks: Beginner,
    contact: str,
    arrivals: list[Arrival],
    people: Mapping[str, Known],
) -> _Opening:
    """What `recount` would find, known before the rows are there."""
    owed = [arrival for arrival in arrivals if arrival.owed]
    first = owed[0]
    who = people[first.post.author.external_id]
    judged = _worst(owed)
    visibility, language = str(first.post.visibility), first.post.language
    case = Case(channel.inbox_id, channel.id, visibility, judged.severity, language=language)
    clock = clocks.begin(case, contact, owed[-1].published_at)
    row = _New(
        id=new_id(),
        contact_id=contact,
        name=who.name,
        handle=who.handle,
        visibility=visibility,
        severity=judged.severity,
        reason=judged.reason,
        preview=one_line(max(owed, key=lambda arrival: arrival.published_at).text, 240),
        unanswered=len(owed),
        people=len({a.post.author.external_id for a in arrivals if not a.post.own}),
        last_at=max(arrival.published_at for arrival in arrivals),
        due_at=clock.due_at,
        policy_id=clock.policy_id,
    )
    return _Opening(row, clock, language)


def _worst(owed: list[Arrival]) -> Judgement:
    """The judgement of the first post, unless a later one is a complaint or worse."""
    first, *later = [judge(arrival.text) for arrival in owed]
    worst = min(later, key=lambda judgement: judgement.severity, default=first)
    return worst if worst.severity < min(first.severity, 4) else first


async def _open(work: Work, channel: Channel, new: list[_Opening]) -> dict[str, Card]:
    """Try to open a conversation per contact; returns contact id to card for those that are new."""
    rows = await work.db.fetch(
        _OPEN,
        work.workspace_id,
        channel.inbox_id,
        channel.id,
        channel.network,
        work.now,
        *map(list, zip(*(each.row for each in new), strict=True)),
    )
    made = {row["id"] for row in rows}
    opened = [each for each in new if each.row.id in made]
    clocks = {each.row.id: each.clock for each in opened}
    await first_clocks(work, clocks, {each.row.id: each.language for each in opened})
    return {
        each.row.contact_id: _card(work, channel, each.row, each.clock.started_at)
        for each in opened
    }


def _card(work: Work, channel: Channel, new: _New, started_at: datetime) -> Card:
    """The card as its row would give it."""
    return Card(
        id=new.id,
        inbox_id=channel.inbox_id,
        channel_id=channel.id,
        network=channel.network,
        visibility=new.visibility,
        status="open",
        severity=new.severity,
        severity_reason=new.reason,
        contact=Who(new.contact_id, new.name, new.handle),
        assignee_id=None,
        team_id=None,
        preview=new.preview,
        summary="",
        tags=[],
        unanswered=new.unanswered,
        people=new.people,
        opened_at=work.now,
        last_message_at=new.last_at,
        waiting_since=work.now,
        clock=Fuse(started_at, new.due_at, new.policy_id) if new.due_at else None,
        snoozed_until=None,
        snooze_on_reply=False,
        disposition=None,
        sending=0,
        trouble="",
        merged_into=None,
        version=1,
    )


_OPEN = """
INSERT INTO conversation (workspace_id, inbox_id, channel_id, network, opened_at, waiting_since,
  clock_started_at, id, contact_id, contact_name, contact_handle, visibility, severity,
  severity_reason, preview, unanswered, people, last_message_at, due_at,
  clock_policy_id)
SELECT $1, $2, $3, $4, $5, $5, $5, n.*
FROM unnest($6::uuid[], $7::uuid[], $8::text[], $9::text[], $10::text[], $11::smallint[],
  $12::text[], $13::text[], $14::integer[], $15::integer[], $16::timestamptz[],
  $17::timestamptz[], $18::uuid[]) AS n
ON CONFLICT (workspace_id, inbox_id, contact_id, network, visibility)
  WHERE status <> 'resolved' DO NOTHING
RETURNING id
"""
