"""Posts as observations: what of which product, where, in what mood. No author, and no words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec

from earful.insights.aspects import Aspect, aspects_of
from earful.insights.reading import COUNTS
from earful.insights.spans import DAY, midnight
from earful.kit.cells import csv_of, safe
from earful.kit.paging import At, Id, cut, from_token
from earful.stream.screen import Inboxes, seen_by

MOST = 1000
"""Posts of a page that are looked at."""
HEAD = ("at", "network", "product", "site", "place", "aspects", "kind", "sentiment", "severity",
        "message_id", "conversation_id")  # fmt: skip


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """What a post says of us. `site` is a store or branch, `place` a town; "" where none is named.

    `sentiment` lies between -1 and 1.
    """

    message_id: str
    conversation_id: str
    network: str
    at: datetime
    product: str
    site: str
    place: str
    aspects: list[Aspect]
    kind: str
    sentiment: float
    severity: int


class Page(msgspec.Struct, frozen=True):
    """Observations, the newest first. `looked_at` are the posts that were looked at for them."""

    items: list[Observation]
    looked_at: int
    next: str | None


async def load_observations(
    db: Any,
    workspace_id: str,
    inboxes: Inboxes,
    days: tuple[date, date],
    *,
    after: str | None = None,
    limit: int = 200,
) -> Page:
    """Those among the judged posts of some days, `limit` posts at a time. Raises BadToken."""
    most = max(1, min(limit, MOST))
    at, tie = from_token(after, tuple[At, Id]) if after else (None, None)
    first, last = days
    seen = seen_by(inboxes)
    rows = await db.fetch(
        POSTS, workspace_id, midnight(first), midnight(last) + DAY, seen, at, tie, most + 1
    )
    shown, more = cut(rows, most, lambda row: [row["received_at"], row["id"]])
    items = [one for row in shown if (one := observation_of(row)) is not None]
    return Page(items, len(shown), more)


def observation_of(row: Any) -> Observation | None:
    """What a post says of us; None where it names no product, site, place or aspect."""
    named: dict[str, str] = {}
    for entity in row["entities"]:
        named.setdefault(entity["kind"], entity["text"])
    aspects = aspects_of(row["text"])
    product, site, place = (named.get(kind, "") for kind in ("product", "store", "place"))
    if not (product or site or place or aspects):
        return None
    return Observation(
        message_id=row["id"],
        conversation_id=row["conversation_id"],
        network=row["network"],
        at=row["received_at"],
        product=product,
        site=site,
        place=place,
        aspects=aspects,
        kind=row["kind"],
        sentiment=round(row["sentiment"], 2),
        severity=row["severity"],
    )


def to_csv(items: list[Observation]) -> bytes:
    """One line for each observation."""
    return csv_of(HEAD, [_line(one) for one in items])


def _line(one: Observation) -> list[str]:
    named = [one.network, one.product, one.site, one.place]
    judged = [" ".join(one.aspects), one.kind, f"{one.sentiment:.2f}", f"{one.severity}"]
    ids = [one.message_id, one.conversation_id]
    return [f"{one.at:%Y-%m-%dT%H:%M:%SZ}", *map(safe, named), *judged, *ids]


POSTS = f"""
SELECT m.id, m.conversation_id, c.network, m.received_at, m.text, j.entities, j.kind, j.sentiment,
  j.severity, coalesce(m.author_id::text, m.author_handle) AS author
FROM message m
JOIN conversation c ON c.workspace_id = $1 AND c.id = m.conversation_id
  AND ($4::uuid[] IS NULL OR c.inbox_id = ANY($4::uuid[]))
JOIN judgement j ON j.workspace_id = $1 AND j.message_id = m.id
WHERE m.workspace_id = $1 AND m.received_at >= $2 AND m.received_at < $3 AND {COUNTS}
  AND ($5::timestamptz IS NULL OR (m.received_at, m.id) < ($5, $6::uuid))
ORDER BY m.received_at DESC, m.id DESC LIMIT $7
"""  # noqa: S608 - a constant of this room
