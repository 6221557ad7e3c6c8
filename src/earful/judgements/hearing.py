"""Judges what customers wrote, once it is kept: its kind, mood, urgency, and why, in words.

Nothing waits for it: a post is in the inbox, with its clock and a first severity, before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from earful.judgements.models import in_use
from earful.judgements.prior import Prior, earlier
from earful.judgements.raising import raise_severity
from earful.judgements.written import Written
from earful.stream.reader import Event
from earful.stream.work import Work
from earful.triage.judging import Judged, judge
from earful.triage.model import Model

READER = "judgements"
KINDS = ("conversation.opened", "message.received", "message.edited")
AT_ONCE = 200
"""Events of one transaction: what is judged meanwhile can't be erased before it ends."""
OVER = timedelta(days=30)
"""What happened longer ago, on a desk that just learnt to judge, is left as it is."""


async def hear(work: Work, events: Sequence[Event]) -> int:
    """Judge what these events tell of. Returns how many posts were judged."""
    told = _written(work, events)
    if not told:
        return 0
    standing = await work.db.fetch(_STANDING, work.workspace_id, sorted(told))
    if not standing:
        return 0
    posts = [told[row["id"]] for row in standing]
    name, model = await in_use(work)
    brands = await brands_of(work)
    judged = await asyncio.to_thread(_judge_all, posts, model, brands)
    await keep(work, name, posts, judged, {row["id"]: row["inbox_id"] for row in standing})
    return len(posts)


async def keep(
    work: Work,
    name: str,
    posts: Sequence[Written],
    judged: Sequence[Judged],
    inbox_of: Mapping[str, str],
    *,
    asked: bool = False,
) -> None:
    """Keep what posts were judged to be by the model of that name, and tell of it.

    `asked`: another judge was asked, after the model judged them.
    """
    before = await earlier(work, [p for p, j in zip(posts, judged, strict=True) if _claims(j)])
    rows = [
        _row(post, one, before.get(post.message_id))
        for post, one in zip(posts, judged, strict=True)
    ]
    await work.db.execute(
        _KEEP, work.workspace_id, name, work.now, *map(list, zip(*rows, strict=True))
    )
    await raise_severity(work, posts, judged, before)
    homes: dict[str, list[str]] = {}
    for post in posts:
        homes.setdefault(post.conversation_id, []).append(post.message_id)
    by = {"asked": True} if asked else {}
    for home, ids in sorted(homes.items()):
        data = {"ids": ids, **by}
        work.emit("message.judged", data, conversation_id=home, inbox_id=inbox_of[ids[0]])


def _written(work: Work, events: Sequence[Event]) -> dict[str, Written]:
    """The newest words of each post, by its id."""
    found = {}
    for event in events:
        if event.conversation_id is None or event.at < work.now - OVER:
            continue
        for one in event.data.get("messages") or ():
            if one["direction"] == "incoming" and one["text"] and one["disposition"] != "context":
                author = one["author"].get("id")
                found[one["id"]] = Written(one["id"], event.conversation_id, author, one["text"])
    return found


def _judge_all(posts: list[Written], model: Model, brands: Sequence[str]) -> list[Judged]:
    return [judge(post.text, model, brands, to_us=True) for post in posts]


def _claims(one: Judged) -> bool:
    return bool(one.found.prior or one.found.shaming)


def _row(post: Written, one: Judged, before: Prior | None) -> tuple[Any, ...]:
    """The columns of _KEEP."""
    found = one.found
    prior = found.prior._asdict() if found.prior else None
    if before is not None:
        prior = (prior or {}) | {"conversations": before.ids}
    encode = msgspec.json.encode
    # What has a place of its own is not said twice.
    apart = {found.shaming, found.sensitive}
    return (
        post.message_id,
        one.kind,
        one.sentiment,
        found.urgency,
        one.needs_reply,
        one.severity,
        found.language,
        found.shaming,
        found.sensitive,
        encode([entity.as_dict() for entity in found.entities]).decode(),
        encode(prior).decode() if prior else None,
        encode([told for told in one.reasons if told not in apart]).decode(),
    )


async def brands_of(work: Work) -> list[str]:
    """The names and handles of a workspace's own."""
    rows = await work.db.fetch(_BRANDS, work.workspace_id)
    return sorted({row["name"] for row in rows if row["name"]})


# Held until the commit: whoever erases the words now waits, and then finds what was kept of them.
_STANDING = """
SELECT m.id, c.inbox_id FROM message m
JOIN conversation c ON c.workspace_id = $1 AND c.id = m.conversation_id
WHERE m.workspace_id = $1 AND m.id = ANY($2::uuid[]) AND m.text <> ''
  AND m.direction = 'incoming' AND m.deleted_at IS NULL
ORDER BY m.id FOR SHARE OF m
"""

_BRANDS = """
SELECT handle AS name FROM channel WHERE workspace_id = $1
UNION SELECT name FROM channel WHERE workspace_id = $1
UNION SELECT name FROM workspace WHERE id = $1
"""

# What an agent corrected stays so, also where the post was edited since.
_KEEP = """
INSERT INTO judgement (workspace_id, message_id, kind, sentiment, urgency, needs_reply, severity,
  language, shaming, sensitive, entities, prior, reasons, model, judged_at)
SELECT $1, j.id, j.kind, j.sentiment, j.urgency, j.needs_reply, j.severity, j.language, j.shaming,
  j.sensitive, j.entities::jsonb, j.prior::jsonb,
  array(SELECT jsonb_array_elements_text(j.reasons::jsonb)), $2, $3
FROM unnest($4::uuid[], $5::text[], $6::real[], $7::text[], $8::bool[], $9::smallint[],
  $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[])
  AS j (id, kind, sentiment, urgency, needs_reply, severity, language, shaming, sensitive,
    entities, prior, reasons)
ON CONFLICT (workspace_id, message_id) DO UPDATE SET
  kind = CASE WHEN 'kind' = ANY(judgement.corrected) THEN judgement.kind ELSE excluded.kind END,
  sentiment = CASE WHEN 'sentiment' = ANY(judgement.corrected) THEN judgement.sentiment
    ELSE excluded.sentiment END,
  urgency = CASE WHEN 'urgency' = ANY(judgement.corrected) THEN judgement.urgency
    ELSE excluded.urgency END,
  needs_reply = CASE WHEN 'needs_reply' = ANY(judgement.corrected) THEN judgement.needs_reply
    ELSE excluded.needs_reply END,
  severity = CASE WHEN 'severity' = ANY(judgement.corrected) THEN judgement.severity
    ELSE excluded.severity END,
  sensitive = CASE WHEN 'sensitive' = ANY(judgement.corrected) THEN judgement.sensitive
    ELSE excluded.sensitive END,
  language = excluded.language, shaming = excluded.shaming, entities = excluded.entities,
  prior = excluded.prior, reasons = excluded.reasons, model = excluded.model,
  judged_at = excluded.judged_at
"""
