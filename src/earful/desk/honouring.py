"""What an author took away or changed on a network whose terms want it so here too: its words go at
once, from the message and from wherever they were repeated. That it was there stays a fact."""

from __future__ import annotations

from collections.abc import Collection

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
    await work.db.execute(_FORGET_MEDIA, key, gone)
    await work.db.execute(_EMPTY, key, gone)
    await work.db.execute(_FORGET_REVISIONS, key, gone)
    # The next recount puts in what still stands.
    await work.db.execute(_FORGET_PREVIEWS, key, there)
    await scrub_events(work, gone, there)


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


async def scrub_events(work: Work, ids: Collection[str], homes: Collection[str]) -> None:
    """Take what these messages said out of the events that told of it."""
    said = Person("", frozenset(ids), ())
    for home in sorted(homes):
        after = 0
        # A few at a time: a thread that everybody joins has thousands.
        while rows := await work.db.fetch(_EVENTS, work.workspace_id, home, after, _AT_ONCE):
            for row in rows:
                data = scrub(row["data"], said)
                if data != row["data"]:
                    await work.db.execute(_SCRUBBED, work.workspace_id, row["seq"], data)
            after = rows[-1]["seq"]


_FORGET_MEDIA = """
DELETE FROM media WHERE workspace_id = $1 AND message_id = ANY($2::uuid[])
"""

_EMPTY = """
UPDATE message SET text = '', media = '[]', search = NULL, extra = NULL
WHERE workspace_id = $1 AND id = ANY($2::uuid[])
"""

_FORGET_REVISIONS = """
DELETE FROM message_revision WHERE workspace_id = $1 AND message_id = ANY($2::uuid[])
"""

_FORGET_PREVIEWS = """
UPDATE conversation SET preview = '' WHERE workspace_id = $1 AND id = ANY($2::uuid[])
"""

_HOMES = """
SELECT DISTINCT conversation_id FROM message WHERE workspace_id = $1 AND id = ANY($2::uuid[])
"""

_EVENTS = """
SELECT seq, data FROM event WHERE workspace_id = $1 AND conversation_id = $2 AND seq > $3
ORDER BY seq LIMIT $4
"""

_SCRUBBED = "UPDATE event SET data = $3 WHERE workspace_id = $1 AND seq = $2"
