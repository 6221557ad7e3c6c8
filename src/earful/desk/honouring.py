"""What an author took away or changed on a network whose terms want it so here too: its words go at
once, from the message and from wherever they were repeated. That it was there stays a fact."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from earful.conversations.rows import recount, tell
from earful.desk.scrub import Person, scrub
from earful.networks.registry import UnknownNetwork, network
from earful.stream.work import Work

_AT_ONCE = 200


def forgets(name: str) -> bool:
    """Whether what is taken away on that network is to be gone here as well."""
    try:
        return network(name).manifest.forgets
    except UnknownNetwork:
        return False


async def honour_deletions(work: Work, ids: Collection[str], homes: Collection[str]) -> None:
    """Empty these messages of these conversations. The files themselves are swept up at night."""
    key, gone, there = work.workspace_id, sorted(ids), sorted(homes)
    if not gone:
        return
    await work.db.execute(_FORGET_MEDIA, key, gone)
    await work.db.execute(_EMPTY, key, gone)
    await forget_said(work, gone)
    # The next recount puts in what still stands.
    await work.db.execute(_FORGET_PREVIEWS, key, there)
    await _scrub_events(work, gone, there)


async def forget_said(work: Work, ids: Collection[str]) -> None:
    """What posts said before they were changed, and what they were judged to be."""
    await work.db.execute(_FORGET_REVISIONS, work.workspace_id, sorted(ids))
    await work.db.execute(_FORGET_JUDGEMENTS, work.workspace_id, sorted(ids))


async def honour_aside(work: Work, external_ids: Collection[str]) -> None:
    """Empty what was kept of posts that could not be taken in."""
    await work.db.execute(_EMPTY_ASIDE, work.workspace_id, sorted(external_ids))


async def honour_mentions(work: Work, network: str, external_ids: Collection[str]) -> None:
    """Forget what searches found of posts that were taken away, whatever became of it here."""
    await work.db.execute(_FORGET_MENTIONS, work.workspace_id, network, sorted(external_ids))


async def honour_edit(work: Work, message_id: str, home: str) -> None:
    """Drop what a message said before, once its new words stand."""
    await work.db.execute(_FORGET_PREVIEWS, work.workspace_id, [home])
    await _scrub_events(work, [message_id], [home])


async def honour_left(work: Work, gone: Collection[str], edited: Collection[str]) -> None:
    """What was taken away, or changed, before this was known of its network."""
    key = work.workspace_id
    await work.db.execute(_FORGET_REVISIONS, key, sorted(edited))
    homes = {row["conversation_id"] for row in await work.db.fetch(_HOMES, key, sorted(gone))}
    if not homes:
        return
    await honour_deletions(work, gone, homes)
    await recount(work, homes)
    for home in sorted(homes):
        await tell(work, home, "conversation.changed")


async def _scrub_events(work: Work, ids: Collection[str], homes: Collection[str]) -> None:
    """Take what these messages said out of the events that told of it."""
    said = Person("", frozenset(ids), ())
    for home in sorted(homes):
        after = 0
        # A few at a time: a thread that everybody joins has thousands.
        while rows := await work.db.fetch(_EVENTS, work.workspace_id, home, after, _AT_ONCE):
            for row in rows:
                data = _unquoted(scrub(row["data"], said))
                if data != row["data"]:
                    await work.db.execute(_SCRUBBED, work.workspace_id, row["seq"], data)
            after = rows[-1]["seq"]


def _unquoted(data: Any) -> Any:
    """An event's data, its card's severity without the words of the post that led to it."""
    card = data.get("card") if isinstance(data, dict) else None
    if isinstance(card, dict) and isinstance(card.get("severity_reason"), str):
        card["severity_reason"] = card["severity_reason"].partition(": “")[0]
    return data


_FORGET_MEDIA = """
DELETE FROM media WHERE workspace_id = $1 AND message_id = ANY($2::uuid[])
"""

_EMPTY = """
UPDATE message SET text = '', media = '[]', search = NULL, extra = NULL
WHERE workspace_id = $1 AND id = ANY($2::uuid[])
"""

_EMPTY_ASIDE = """
UPDATE set_aside SET payload = payload || '{"payload": ""}'
WHERE workspace_id = $1 AND external_id = ANY($2::text[]) AND replayed_at IS NULL
"""

_FORGET_MENTIONS = """
DELETE FROM mention WHERE workspace_id = $1 AND network = $2 AND external_id = ANY($3::text[])
"""

_FORGET_REVISIONS = """
DELETE FROM message_revision WHERE workspace_id = $1 AND message_id = ANY($2::uuid[])
"""

_FORGET_JUDGEMENTS = """
DELETE FROM judgement WHERE workspace_id = $1 AND message_id = ANY($2::uuid[])
"""

_FORGET_PREVIEWS = """
UPDATE conversation SET preview = '', severity_reason = split_part(severity_reason, ': “', 1)
WHERE workspace_id = $1 AND id = ANY($2::uuid[])
"""

_HOMES = """
SELECT DISTINCT conversation_id FROM message WHERE workspace_id = $1 AND id = ANY($2::uuid[])
"""

_EVENTS = """
SELECT seq, data FROM event WHERE workspace_id = $1 AND conversation_id = $2 AND seq > $3
ORDER BY seq LIMIT $4
"""

_SCRUBBED = "UPDATE event SET data = $3 WHERE workspace_id = $1 AND seq = $2"
