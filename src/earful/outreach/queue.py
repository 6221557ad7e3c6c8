"""The queue of people one might write to, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from earful.kit.paging import Id, cut, from_token
from earful.kit.refusal import NotFound, Refused
from earful.outreach.rules import Rules, rules_of
from earful.outreach.scoring import score
from earful.outreach.standing import refusal, standings
from earful.stream.work import Work

MOST = 100


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody one might write to. `score` is from 0 to 100, `reasons` say why; `refusal` says why
    they may not be written to, and is empty where they may. `barred`: only in the network's app."""

    mention_id: str
    network: str
    channel_id: str
    external_id: str
    url: str
    name: str
    handle: str
    avatar: str
    text: str
    language: str
    kind: str
    search_ids: list[str]
    published_at: datetime
    score: int
    reasons: list[str]
    refusal: str
    barred: str


class Page(msgspec.Struct, frozen=True):
    """Candidates, the highest score first; `next` is the token of the page after it."""

    items: list[Candidate]
    next: str | None


async def put(work: Work, mention_id: str) -> None:
    """A person puts a mention into the queue; again, nothing happens.

    Raises NotFound, and Refused where it is settled, or its writer may not be written to.
    """
    row = await work.db.fetchrow(_LOCK, work.workspace_id, mention_id)
    if row is None:
        raise NotFound("mention")
    if row["state"] == "taken":
        raise Refused("taken", "It is a conversation already.")
    if row["state"] == "outreach":
        return
    rules = (await rules_of(work.db, work.workspace_id)).get(row["network"], Rules())
    if not rules.on:
        raise Refused("off", "Outreach is off on this network. An owner turns it on in Settings.")
    about = (await standings(work, [mention_id]))[mention_id]
    if why := refusal(about, rules, work.now):
        raise Refused("unasked", why)
    await _put(work, [row])


async def put_found(work: Work, mention_ids: Sequence[str]) -> int:
    """Put into the queue what a search for it found, where outreach is on there.

    Who may not be written to stays among the mentions. Returns how many were put.
    """
    if not mention_ids:
        return 0
    rows = await work.db.fetch(_NEW, work.workspace_id, list(mention_ids))
    rules = await rules_of(work.db, work.workspace_id)
    wanted = [row for row in rows if rules.get(row["network"], Rules()).on]
    if not wanted:
        return 0
    about = await standings(work, [row["id"] for row in wanted])
    fit = [row for row in wanted if not refusal(about[row["id"]], rules[row["network"]], work.now)]
    await _put(work, fit)
    return len(fit)


async def _put(work: Work, rows: Sequence[Any]) -> None:
    for row in rows:
        scored = score(
            row["text"], kind=row["kind"], sentiment=row["sentiment"], places=_places(row)
        )
        await work.db.execute(
            _PUT, work.workspace_id, row["id"], scored.score, scored.reasons, row["until"]
        )
    if rows:
        ids = [row["id"] for row in rows]
        await work.db.execute(_QUEUED, work.workspace_id, ids)
        work.emit("outreach.queued", {"ids": ids})


def _places(row: Any) -> list[str]:
    """The places that the searches which found it name."""
    found = [one for query in row["queries"] for one in _PLACE.findall(query)]
    return [(quoted or plain).replace("_", " ") for quoted, plain in found]


_PLACE = re.compile(r"""\bplace:(?:"([^"]+)"|([^\s()"]+))""", re.IGNORECASE)


async def list_queue(
    work: Work,
    inboxes: Sequence[str] | None = None,
    *,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """A page of the queue, of channels of these inboxes (None: all). Raises BadToken."""
    at, last = from_token(after, tuple[int, Id]) if after else (None, None)
    size = max(1, min(limit, MOST))
    rows = await work.db.fetch(
        _LIST, work.workspace_id, inboxes and list(inboxes), at, last, work.now, size + 1
    )
    page, more = cut(rows, size, lambda row: [row["score"], row["mention_id"]])
    rules = await rules_of(work.db, work.workspace_id)
    about = await standings(work, [row["mention_id"] for row in page])
    plain = [name for name in Candidate.__struct_fields__ if name != "refusal"]
    items = []
    for row in page:
        one, terms = about[row["mention_id"]], rules.get(row["network"], Rules())
        told = {name: row[name] for name in plain}
        items.append(Candidate(refusal=refusal(one, terms, work.now), **told))
    return Page(items, more)


async def take_out(work: Work, mention_id: str) -> None:
    """Put a mention back among the new; again, nothing happens. Raises NotFound."""
    row = await work.db.fetchrow(_LOCK, work.workspace_id, mention_id)
    if row is None:
        raise NotFound("mention")
    if row["state"] != "outreach":
        return
    await work.db.execute(_OUT, work.workspace_id, mention_id)
    work.emit("mention.restored", {"id": mention_id})


async def forget_old(db: Any, *, now: datetime) -> None:
    """Put aside what nobody may be written to about any more."""
    await db.execute(_FORGET, now)


_FIELDS = """
n.id, n.network, n.text, n.kind, n.sentiment, n.state, n.published_at + interval '7 days' AS until,
array(SELECT s.query FROM saved_search s WHERE s.workspace_id = $1
  AND s.id = ANY(n.search_ids)) AS queries
"""

_LOCK = f"SELECT {_FIELDS} FROM mention n WHERE n.workspace_id = $1 AND n.id = $2 FOR UPDATE OF n"  # noqa: S608

_NEW = f"""
SELECT {_FIELDS} FROM mention n
WHERE n.workspace_id = $1 AND n.id = ANY($2::uuid[]) AND n.state = 'new'
ORDER BY n.id FOR UPDATE OF n
"""  # noqa: S608 - names of this file's

_PUT = """
INSERT INTO outreach_candidate (workspace_id, mention_id, score, reasons, until)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (workspace_id, mention_id) DO UPDATE SET score = excluded.score,
  reasons = excluded.reasons, until = excluded.until
"""

_QUEUED = """
UPDATE mention SET state = 'outreach', agent_id = NULL, settled_at = NULL
WHERE workspace_id = $1 AND id = ANY($2::uuid[])
"""

_LIST = """
SELECT q.mention_id, n.network, n.channel_id, n.external_id, n.url, n.author_name AS name,
  n.author_handle AS handle, n.author_avatar AS avatar, n.text, n.language, n.kind, n.search_ids,
  n.published_at, q.score, q.reasons, coalesce(n.post->>'barred', '') AS barred
FROM outreach_candidate q
JOIN mention n ON n.workspace_id = $1 AND n.id = q.mention_id AND n.state = 'outreach'
WHERE q.workspace_id = $1 AND q.until > $5
  AND ($3::smallint IS NULL OR (q.score, q.mention_id) < ($3, $4::uuid))
  AND ($2::uuid[] IS NULL OR n.channel_id IN (SELECT id FROM channel
    WHERE workspace_id = $1 AND inbox_id = ANY($2::uuid[])))
ORDER BY q.score DESC, q.mention_id DESC LIMIT $6
"""

_OUT = """
UPDATE mention SET state = 'new', agent_id = NULL, settled_at = NULL
WHERE workspace_id = $1 AND id = $2
"""

_FORGET = """
WITH old AS (DELETE FROM outreach_candidate WHERE until < $1 RETURNING workspace_id, mention_id)
UPDATE mention n SET state = 'dismissed', settled_at = $1 FROM old
WHERE n.workspace_id = old.workspace_id AND n.id = old.mention_id AND n.state = 'outreach'
"""
