"""A person as an agent may see them: all their handles, how they were proved, and their story."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from earful.conversations.cards import COLUMNS, Card, card_of
from earful.kit.ids import is_id
from earful.kit.paging import BadToken, from_token, to_token
from earful.stream.screen import Inboxes, seen_by

MOST = 50
"""Conversations on a page."""


class Handle(msgspec.Struct, frozen=True, kw_only=True):
    """An account on a network; `avatar` is its picture's address, if there is one. `followers` is
    null where the network does not say.
    """

    contact_id: str
    network: str
    handle: str
    bot: bool
    followers: int | None = None
    avatar: str | None


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """A message in which it is said that two accounts are one person; `text` may be cut."""

    id: str
    conversation_id: str
    contact_id: str
    text: str
    published_at: datetime


class Tie(msgspec.Struct, frozen=True, kw_only=True):
    """A link that stands or is proposed. `handles` are those of the account at the other end of a
    proposal, `words` what it rests on as far as the agent may read it.
    """

    id: str
    one_id: str
    other_id: str
    state: str
    how: str
    agent_id: str
    confirmed_by: str | None
    proposed_at: datetime
    linked_at: datetime | None
    handles: list[Handle]
    words: list[Words]
    agreed: bool = False
    """A proposal with words of both accounts: it can be confirmed."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A contact with all accounts that stand together with it. `preferred` is a network, or empty;
    `zone` the time zone they live in, or empty;
    `hidden` counts accounts that only wrote in inboxes the agent does not see.
    """

    id: str
    name: str
    preferred: str
    zone: str
    contact_ids: list[str]
    handles: list[Handle]
    links: list[Tie]
    hidden: int


class Story(msgspec.Struct, frozen=True):
    """A page of a person's conversations across networks, newest first."""

    items: list[Card]
    next: str | None


async def load_person(
    db: Any, workspace_id: str, contact_id: str, inboxes: Inboxes
) -> Person | None:
    """The person, None without such a contact or where all they wrote is hidden from her."""
    row = await db.fetchrow(PERSON, workspace_id, contact_id, seen_by(inboxes))
    if row is None or contact_id not in row["seen"]:
        return None
    ids = set(row["ids"])
    ties = msgspec.convert(row["links"] or [], list[Tie], strict=False)
    # A proposal between two that were linked in another way since has had its time.
    ties = [one for one in ties if one.state == "linked" or not {one.one_id, one.other_id} <= ids]
    return Person(
        id=contact_id,
        name=row["name"],
        preferred=row["preferred"],
        zone=row["zone"],
        contact_ids=row["seen"],
        handles=handles_of(row["handles"]),
        links=[msgspec.structs.replace(one, agreed=_agreed(one, ids)) for one in ties],
        hidden=len(ids) - len(row["seen"]),
    )


def handles_of(rows: list[Any] | None) -> list[Handle]:
    """The handles of a column made by HANDLES."""
    return msgspec.convert(rows or [], list[Handle])


def _agreed(tie: Tie, ids: set[str]) -> bool:
    return tie.state == "proposed" and len({one.contact_id in ids for one in tie.words}) > 1


async def load_story(
    db: Any,
    workspace_id: str,
    contact_id: str,
    inboxes: Inboxes,
    *,
    after: str | None = None,
    limit: int = 20,
    alone: bool = False,
) -> Story:
    """A page of what a person wrote, over all their accounts. Raises BadToken.

    `alone`: it is known that nothing ties the contact to another.
    """
    at, last = from_token(after, tuple[datetime, str]) if after else (None, None)
    if at is not None and (at.tzinfo is None or not is_id(last or "")):
        raise BadToken("this page token is not valid; start from the first page")
    size = max(1, min(limit, MOST))
    story = STORY_OF_ONE if alone else STORY
    rows = await db.fetch(story, workspace_id, contact_id, seen_by(inboxes), at, last, size + 1)
    cards = [card_of(row) for row in rows[:size]]
    more = len(rows) > size
    return Story(cards, to_token([cards[-1].opened_at, cards[-1].id]) if more else None)


HANDLES = """(SELECT json_agg(json_build_object('contact_id', h.contact_id, 'network', h.network,
     'handle', h.handle, 'bot', h.bot, 'followers', h.followers, 'avatar', '/api/v1/media/' || a.id)
     ORDER BY h.network, h.handle)
   FROM contact_handle h LEFT JOIN media a
     ON a.workspace_id = $1 AND a.id = h.avatar_id AND a.state = 'kept'
   WHERE h.workspace_id = $1 AND h.contact_id = ANY({whose}))"""

_SEEN = """array(SELECT i.id FROM unnest({of}) AS i (id) WHERE $3::uuid[] IS NULL
    OR EXISTS (SELECT FROM conversation v WHERE v.workspace_id = $1 AND v.contact_id = i.id
      AND v.inbox_id = ANY($3))
    OR EXISTS (SELECT FROM message m JOIN conversation v
      ON v.workspace_id = $1 AND v.id = m.conversation_id
      WHERE m.workspace_id = $1 AND m.author_id = i.id AND v.inbox_id = ANY($3)))"""

_WORDS = """(SELECT json_agg(json_build_object('id', m.id, 'conversation_id', m.conversation_id,
     'contact_id', m.author_id, 'text', left(m.text, 300), 'published_at', m.published_at)
     ORDER BY m.published_at, m.id)
   FROM message m JOIN conversation v ON v.workspace_id = $1 AND v.id = m.conversation_id
   WHERE l.state = 'proposed' AND m.workspace_id = $1 AND m.id = ANY(l.messages)
     AND m.direction = 'incoming' AND m.deleted_at IS NULL
     AND ($3::uuid[] IS NULL OR v.inbox_id = ANY($3)))"""

PERSON = f"""
WITH one AS MATERIALIZED (
  SELECT c.name, c.preferred, c.zone, same_person($1, c.id) AS ids FROM contact c
  WHERE c.workspace_id = $1 AND c.id = $2),
p AS MATERIALIZED (SELECT one.*, {_SEEN.format(of="one.ids")} AS seen FROM one),
l AS MATERIALIZED (
  SELECT l.*, CASE WHEN l.state = 'linked' THEN '{{}}'::uuid[]
    WHEN l.one_id = ANY(p.ids) THEN array[l.other_id] ELSE array[l.one_id] END AS far
  FROM p, contact_link l WHERE l.workspace_id = $1 AND l.state IN ('linked', 'proposed')
    AND (l.one_id = ANY(p.ids) OR l.other_id = ANY(p.ids)))
SELECT p.name, p.preferred, p.zone, p.ids, p.seen,
  {HANDLES.format(whose="p.seen")} AS handles,
  (SELECT json_agg(json_build_object('id', l.id, 'one_id', l.one_id, 'other_id', l.other_id,
     'state', l.state, 'how', l.how, 'agent_id', l.agent_id, 'confirmed_by', l.confirmed_by,
     'proposed_at', l.proposed_at, 'linked_at', l.linked_at,
     'handles', coalesce({HANDLES.format(whose="l.far")}, '[]'),
     'words', coalesce({_WORDS}, '[]')) ORDER BY l.proposed_at, l.id)
   FROM l WHERE (l.state = 'linked' AND l.one_id = ANY(p.seen) AND l.other_id = ANY(p.seen))
     OR (l.state = 'proposed' AND l.far = {_SEEN.format(of="l.far")})) AS links
FROM p
"""  # noqa: S608 - constants

_MINE = ", ".join(f"c.{name.strip()}" for name in COLUMNS.split(","))


def _story(whose: str) -> str:
    return f"""
SELECT {_MINE} FROM {whose} AS p (id) CROSS JOIN LATERAL (
  SELECT {COLUMNS} FROM conversation v WHERE v.workspace_id = $1 AND v.contact_id = p.id
    AND v.merged_into IS NULL AND ($3::uuid[] IS NULL OR v.inbox_id = ANY($3))
    AND ($4::timestamptz IS NULL OR (v.opened_at, v.id) < ($4, $5::uuid))
  ORDER BY v.opened_at DESC, v.id DESC LIMIT $6) c
ORDER BY c.opened_at DESC, c.id DESC LIMIT $6
"""  # noqa: S608 - constants


STORY = _story("unnest(same_person($1, $2))")
# How many a set holds is unknown before it is read, so that PostgreSQL would plan each time anew.
STORY_OF_ONE = _story("(SELECT $2::uuid)")
