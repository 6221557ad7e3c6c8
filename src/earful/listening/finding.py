"""What a network found for a search: matched by the search itself, kept once, told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from earful.desk import forgotten
from earful.desk.marks import key_of
from earful.desk.privacy import handle_hashes
from earful.kit.ids import new_id
from earful.kit.text import storable
from earful.listening.matching import Text, matches, prepare
from earful.listening.query import Node, read
from earful.listening.ways import ways, without
from earful.networks.contract import Batch, Post, Sought, Visibility
from earful.stream.work import Work
from earful.triage.judging import judge
from earful.triage.language import language

KEPT_FOR = timedelta(days=90)
"""After which what was found, and nobody took in, is forgotten."""
LATELY = timedelta(days=1)
"""So long after it was found a post may yet come in by another way, and is not shown twice."""
AT_ONCE = 100
"""Posts that are read of one network for one search at once."""


class Hunt(NamedTuple):
    """A search, read and ready to be asked for."""

    id: str
    node: Node
    sought: Sought


def hunt(search_id: str, query: str, languages: Sequence[str]) -> Hunt:
    """A search made ready. Raises BadSearch."""
    node = read(query)
    sought = Sought(
        ways=tuple(ways(node)),
        without=tuple(without(node)),
        languages=tuple(languages),
        most=AT_ONCE,
    )
    return Hunt(search_id, node, sought)


def those_of(hunt: Hunt, batch: Batch) -> list[tuple[Post, Text]]:
    """The posts of strangers that the search is after, and that were not written to us."""
    found = []
    for post in batch.changes:
        if not isinstance(post, Post) or post.own or post.addressed:
            continue
        if post.visibility is not Visibility.PUBLIC:
            continue
        spoken = (post.language or language(post.text)).partition("-")[0].lower()
        if hunt.sought.languages and spoken and spoken not in hunt.sought.languages:
            continue
        seen = prepare(post.text, spoken, post.author.handle)
        if matches(hunt.node, seen):
            found.append((post, seen))
    return found


async def keep(
    work: Work, channel: Any, hunt: Hunt, found: Sequence[tuple[Post, Text]]
) -> list[str]:
    """Keep what was found, each post once. Returns the ids of what nobody had found before.

    What is a message here already, one account of ours wrote, or was of somebody erased, is left
    out.
    """
    by_id = {post.external_id: (post, text) for post, text in found}
    if not by_id:
        return []
    network = channel["network"]
    writers = sorted({post.author.external_id for post, _ in by_id.values()})
    accounts = await work.db.fetch(_ACCOUNTS, work.workspace_id, network, writers)
    ours = await work.db.fetch(_OURS, work.workspace_id, network, sorted(by_id))
    erased = await forgotten.known(work, network, sorted(by_id))
    for gone in {row["external_id"] for row in ours} | set(erased):
        by_id.pop(gone, None)
    own = {row["external_id"] for row in accounts}
    by_id = {key: one for key, one in by_id.items() if one[0].author.external_id not in own}
    for gone in await _of_erased(work, network, [post for post, _ in by_id.values()]):
        by_id.pop(gone)
    # The newest last: found in one look, it has the largest id, and stands first in the stream.
    oldest_first = sorted(by_id.values(), key=lambda one: one[0].published_at)
    rows = [_row(channel, post, text, work.now) for post, text in oldest_first]
    if not rows:
        return []
    fresh = await work.db.fetch(
        _KEEP, work.workspace_id, hunt.id, work.now, *map(list, zip(*rows, strict=True))
    )
    new = [row["id"] for row in fresh if row["new"]]
    if new:
        work.emit("mention.found", {"ids": new, "search_id": hunt.id})
    return new


async def settle_known(work: Work) -> None:
    """What was found and came in as a message besides is no mention to settle any more: it has a
    conversation. Looks at what was found lately."""
    rows = await work.db.fetch(_KNOWN, work.workspace_id, work.now, work.now - LATELY)
    for row in rows:
        work.emit(
            "mention.taken_in",
            {"id": row["id"]},
            conversation_id=row["conversation_id"],
            inbox_id=row["inbox_id"],
        )


async def _of_erased(work: Work, network: str, posts: Sequence[Post]) -> list[str]:
    """Ids of posts that somebody wrote before she was erased here."""
    if not posts or not await work.db.fetchval(f"SELECT {forgotten.STANDING}", work.workspace_id):
        return []
    key = await key_of(work)
    keys = [key] if key else []
    marks = {
        post.external_id: handle_hashes(keys, work.workspace_id, network, post.author.external_id)
        for post in posts
    }
    rows = await work.db.fetch(
        _ERASED, work.workspace_id, [one for some in marks.values() for one in some]
    )
    at = {one: row["at"] for row in rows for one in row["handles"]}
    return [
        post.external_id
        for post in posts
        if any(post.published_at <= at[one] for one in marks[post.external_id] if one in at)
    ]


async def forget_old(db: Any, *, now: datetime) -> None:
    """Forget what nobody took in for KEPT_FOR."""
    await db.execute("DELETE FROM mention WHERE found_at < $1 AND state <> 'taken'", now - KEPT_FOR)


def _row(channel: Any, post: Post, text: Text, now: datetime) -> tuple[Any, ...]:
    """The columns of _KEEP."""
    judged = judge(post.text, to_us=True)  # it names a company, or nobody would seek it
    author = post.author
    return (
        new_id(),
        channel["id"],
        channel["network"],
        post.external_id,
        author.external_id,
        storable(author.handle, 200),
        storable(author.name, 200),
        storable(author.avatar, 1000),
        storable(post.text),
        text.language[:35],
        storable(post.uri, 1000),
        msgspec.json.encode(post).decode().replace("\\u0000", ""),
        judged.kind,
        judged.sentiment,
        judged.severity,
        min(post.published_at, now),
        author.followers,
    )


class Rate(msgspec.Struct, frozen=True):
    """How much there is of it: `found` posts in `hours`, so many `per_day`."""

    found: int
    hours: float
    per_day: float


def rate_of(posts: Sequence[Post], found: int, now: datetime, *, whole: bool) -> Rate:
    """From a look at the newest: they span the time since the oldest of them; where all there is of
    the last week was read (`whole`), it is a week."""
    oldest = min((post.published_at for post in posts), default=now)
    span = timedelta(days=7) if whole else max(now - oldest, timedelta(minutes=1))
    hours = span.total_seconds() / 3600
    return Rate(found, round(hours, 2), round(found * 24 / hours, 1))


_ACCOUNTS = """
SELECT external_id FROM channel
WHERE workspace_id = $1 AND network = $2 AND state <> 'off' AND external_id = ANY($3::text[])
"""

# By the index of states: as many rows as were found lately and wait.
_KNOWN = """
UPDATE mention n SET state = 'taken', conversation_id = m.conversation_id, settled_at = $2
FROM accepted a JOIN message m ON m.workspace_id = $1 AND m.id = a.message_id
JOIN conversation c ON c.workspace_id = $1 AND c.id = m.conversation_id
WHERE n.workspace_id = $1 AND n.state = 'new' AND n.found_at > $3
  AND a.workspace_id = $1 AND a.network = n.network AND a.external_id = n.external_id
RETURNING n.id, m.conversation_id, c.inbox_id
"""

_OURS = """
SELECT external_id FROM accepted
WHERE workspace_id = $1 AND network = $2 AND external_id = ANY($3::text[])
"""

_ERASED = "SELECT handles, at FROM erasure WHERE workspace_id = $1 AND handles && $2::bytea[]"

# Found by a second search it stays what it is, and whoever skims by that search sees it, too.
_KEEP = """
INSERT INTO mention AS k (workspace_id, id, channel_id, network, external_id, search_ids,
  author_external_id, author_handle, author_name, author_avatar, text, language, url, post, kind,
  sentiment, severity, state, published_at, found_at, author_followers)
SELECT $1, f.id, f.channel_id, f.network, f.external_id, ARRAY[$2::uuid], f.author_id, f.handle,
  f.name, f.avatar, f.text, f.language, f.url, f.post::jsonb, f.kind, f.sentiment, f.severity,
  'new', f.published_at, $3, f.followers
FROM unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
  $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::real[],
  $18::smallint[], $19::timestamptz[], $20::integer[])
  AS f (id, channel_id, network, external_id, author_id, handle, name, avatar, text, language, url,
    post, kind, sentiment, severity, published_at, followers)
ORDER BY f.external_id
ON CONFLICT (workspace_id, network, external_id) DO UPDATE SET
  search_ids = k.search_ids || $2::uuid WHERE NOT $2::uuid = ANY(k.search_ids)
RETURNING k.id, k.found_at = $3 AND cardinality(k.search_ids) = 1 AS new
"""
