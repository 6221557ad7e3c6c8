"""What searches found: a stream to skim, from which a person takes in what wants an answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from earful.intake.accept import accept
from earful.intake.channel import channel_of
from earful.kit.paging import At, Id, cut, from_token
from earful.kit.refusal import NotFound, Refused
from earful.networks.contract import Batch, Post
from earful.stream.work import Work

MOST = 200
STATES = ("new", "taken", "dismissed", "outreach")
COUNTED = 100
"""New ones are counted no further: nobody acts otherwise on more."""


class Writer(msgspec.Struct, frozen=True):
    """Who wrote it, and how many follow them; None where the network does not say."""

    external_id: str
    name: str
    handle: str
    avatar: str
    followers: int | None = None


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """A post that speaks of us and was not written to us. `severity` is 1 (worst) to 5."""

    id: str
    search_ids: list[str]
    network: str
    channel_id: str
    external_id: str
    url: str
    author: Writer
    text: str
    language: str
    published_at: datetime
    found_at: datetime
    state: str
    kind: str
    sentiment: float
    severity: int
    conversation_id: str | None


class Page(msgspec.Struct, frozen=True):
    """The newest found first; `next` is the token of the page after it."""

    items: list[Mention]
    next: str | None


_PLAIN = (
    "id", "search_ids", "network", "channel_id", "external_id", "url", "text", "language",
    "published_at", "found_at", "state", "kind", "severity", "conversation_id",
)  # fmt: skip


def mention_of(row: Any) -> Mention:
    """The mention of a row."""
    author = Writer(
        row["author_external_id"],
        row["author_name"],
        row["author_handle"],
        row["author_avatar"],
        row["author_followers"],
    )
    plain = {name: row[name] for name in _PLAIN}
    return Mention(author=author, sentiment=round(row["sentiment"], 2), **plain)


async def list_mentions(
    db: Any,
    workspace_id: str,
    inboxes: frozenset[str] | None = None,
    *,
    state: str = "new",
    search_id: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """A page of those in a state ("all": in any), found by channels of these inboxes (None: all).

    Raises BadToken and Refused.
    """
    if state not in (*STATES, "all"):
        raise Refused("invalid", f"A state is one of {', '.join(STATES)}, or all.")
    where: list[str] = ["workspace_id = $1"]
    given: list[Any] = [workspace_id]
    if state != "all":
        given.append(state)
        where.append(f"state = ${len(given)}")
    if inboxes is not None:
        given.append(await _channels_of(db, workspace_id, inboxes))
        where.append(f"channel_id = ANY(${len(given)}::uuid[])")
    if search_id:
        given.append(search_id)
        where.append(f"search_ids @> ARRAY[${len(given)}::uuid]")
    if after:
        place: list[Any] = list(from_token(after, tuple[At, Id]))
        given += place
        where.append(f"(found_at, id) < (${len(given) - 1}::timestamptz, ${len(given)}::uuid)")
    size = max(1, min(limit, MOST))
    rows = await db.fetch(
        f"SELECT * FROM mention WHERE {' AND '.join(where)} "  # noqa: S608 - pieces of this function
        f"ORDER BY found_at DESC, id DESC LIMIT {size + 1}",
        *given,
    )
    page, more = cut(rows, size, lambda row: [row["found_at"], row["id"]])
    return Page([mention_of(row) for row in page], more)


async def count_new(db: Any, workspace_id: str, inboxes: frozenset[str] | None = None) -> int:
    """How many wait that were found by channels of these inboxes (None: all), at most COUNTED."""
    if inboxes is None:
        every: int = await db.fetchval(_COUNT.format("true"), workspace_id, COUNTED)
        return every
    channels = await _channels_of(db, workspace_id, inboxes)
    found: int = await db.fetchval(_COUNT.format(_BY), workspace_id, COUNTED, channels)
    return found


async def _channels_of(db: Any, workspace_id: str, inboxes: frozenset[str]) -> list[str]:
    """Asked for by themselves: how much a channel found decides by which index it is read."""
    rows = await db.fetch(_CHANNELS, workspace_id, sorted(inboxes))
    return [row["id"] for row in rows]


async def inbox_of(work: Work, mention_id: str) -> str:
    """The inbox of the channel that found it. Raises NotFound."""
    found: str | None = await work.db.fetchval(_INBOX, work.workspace_id, mention_id)
    if found is None:
        raise NotFound("mention")
    return found


async def take_in(work: Work, mention_id: str) -> str:
    """Make a conversation of it, whose clock begins now. Returns that; again, the same one.

    Raises NotFound, and Refused where its channel is gone.
    """
    row = await _locked(work, mention_id)
    if row["conversation_id"] is not None:
        found: str = row["conversation_id"]
        return found
    channel = await work.db.fetchrow(
        "SELECT * FROM channel WHERE workspace_id = $1 AND id = $2 AND state <> 'off'",
        work.workspace_id,
        row["channel_id"],
    )
    if channel is None:
        raise Refused("held", "The channel by which this was found is disconnected.")
    post = msgspec.convert(row["post"], Post)
    post = msgspec.structs.replace(post, addressed=True)
    await accept(work, channel_of(channel), Batch((post,), None), cursor=False)
    home: str | None = await work.db.fetchval(
        _HOME, work.workspace_id, row["network"], row["external_id"]
    )
    if home is None:
        raise Refused(
            "gone", "This post was deleted or its author forgotten: it can't be taken in."
        )
    await _settle(work, mention_id, "taken", home)
    work.emit(
        "mention.taken_in", {"id": mention_id}, conversation_id=home, inbox_id=channel["inbox_id"]
    )
    return home


async def dismiss(work: Work, mention_id: str) -> None:
    """Put it aside; again, nothing happens. Raises NotFound, and Refused for what was taken in."""
    row = await _locked(work, mention_id)
    if row["state"] == "taken":
        raise Refused("taken", "It is a conversation already.")
    if row["state"] != "dismissed":
        await _settle(work, mention_id, "dismissed", None)
        work.emit("mention.dismissed", {"id": mention_id})


async def restore(work: Work, mention_id: str) -> None:
    """Put what was dismissed back among the new. Raises NotFound."""
    row = await _locked(work, mention_id)
    if row["state"] == "dismissed":
        await work.db.execute(_RESTORE, work.workspace_id, mention_id)
        work.emit("mention.restored", {"id": mention_id})


async def _locked(work: Work, mention_id: str) -> Any:
    row = await work.db.fetchrow(
        "SELECT * FROM mention WHERE workspace_id = $1 AND id = $2 FOR UPDATE",
        work.workspace_id,
        mention_id,
    )
    if row is None:
        raise NotFound("mention")
    return row


async def _settle(work: Work, mention_id: str, state: str, home: str | None) -> None:
    await work.db.execute(
        _SETTLE, work.workspace_id, mention_id, state, home, work.actor.id, work.now
    )


_CHANNELS = "SELECT id FROM channel WHERE workspace_id = $1 AND inbox_id = ANY($2::uuid[])"

_COUNT = """
SELECT count(*) FROM (SELECT FROM mention
  WHERE workspace_id = $1 AND state = 'new' AND {} LIMIT $2) AS waiting
"""
_BY = "channel_id = ANY($3::uuid[])"

_INBOX = """
SELECT c.inbox_id FROM mention n JOIN channel c ON c.workspace_id = $1 AND c.id = n.channel_id
WHERE n.workspace_id = $1 AND n.id = $2
"""

_HOME = """
SELECT m.conversation_id FROM accepted a
JOIN message m ON m.workspace_id = $1 AND m.id = a.message_id
WHERE a.workspace_id = $1 AND a.network = $2 AND a.external_id = $3
"""

_SETTLE = """
UPDATE mention SET state = $3, conversation_id = $4, agent_id = $5, settled_at = $6
WHERE workspace_id = $1 AND id = $2
"""

_RESTORE = """
UPDATE mention SET state = 'new', agent_id = NULL, settled_at = NULL
WHERE workspace_id = $1 AND id = $2
"""
