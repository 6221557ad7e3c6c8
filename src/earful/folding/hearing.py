"""Finds, after a post came in, which conversations say the same. Nothing waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from earful.kit.ids import new_id
from earful.stream.reader import Event
from earful.stream.work import Work
from earful.triage.alike import Likeness, alike, likeness

JOINED_FOR = timedelta(days=7)
"""After that a fold takes nobody in any more: who says the same then begins another."""
KEPT_FOR = timedelta(days=90)
"""An open conversation that is older stands alone."""


class _Said(NamedTuple):
    conversation_id: str
    text: str


class _Folds:
    """The folds that posts of this round may be in, and those that they begin."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self._of_band: dict[int, list[tuple[str, bytes]]] = {}
        self.begun: list[tuple[str, Likeness]] = []
        for row in rows:
            self._of_band.setdefault(row["band"], []).append((row["fold_id"], row["sketch"]))

    def find(self, like: Likeness) -> str:
        """The fold of a post: the likest, or a new one."""
        near = {pair for band in like.bands for pair in self._of_band.get(band, ())}
        shares = [(alike(sketch, like.sketch), fold) for fold, sketch in near]
        share, fold = max(shares, default=(0.0, ""))
        if share:
            return fold
        fold = new_id()
        self.begun.append((fold, like))
        for band in like.bands:
            self._of_band.setdefault(band, []).append((fold, like.sketch))
        return fold


async def fold(work: Work, events: Sequence[Event]) -> int:
    """Fold the conversations in which these events tell of a post. Returns how many."""
    said = _said(events, work.now)
    if not said:
        return 0
    homes = {one.conversation_id for one in said}
    open_ = {row["id"]: row for row in await work.db.fetch(_OPEN, work.workspace_id, sorted(homes))}
    said = [one for one in said if one.conversation_id in open_]
    likes = await asyncio.to_thread(_likenesses, said)
    bands = {band for like in likes.values() if like for band in like.bands}
    since = work.now - JOINED_FOR
    folds = _Folds(await work.db.fetch(_NEAR, work.workspace_id, sorted(bands), since))
    found: dict[str, list[str]] = {}
    for one in said:
        like = likes[one.text]
        fold_id = folds.find(like) if like else one.conversation_id
        found.setdefault(one.conversation_id, []).append(fold_id)
    placed = [(home, _placed(home, ids, open_[home])) for home, ids in sorted(found.items())]
    await _keep(work, folds.begun, placed)
    return len(placed)


def _said(events: Sequence[Event], now: datetime) -> list[_Said]:
    found = []
    for event in events:
        if event.conversation_id is None or event.at < now - JOINED_FOR:
            continue
        for one in event.data.get("messages") or ():
            if one["direction"] == "incoming" and one["disposition"] != "context":
                found.append(_Said(event.conversation_id, one["text"]))
    return found


def _likenesses(said: list[_Said]) -> dict[str, Likeness | None]:
    return {text: likeness(text) for text in {one.text for one in said}}


def _placed(home: str, ids: list[str], row: Any) -> str:
    """Where a conversation stands: alone once things that still wait in it are not the same."""
    waits_since_before = row["fold_id"] is not None and row["unanswered"] > len(ids)
    all_of_it = {*ids, row["fold_id"]} if waits_since_before else set(ids)
    return all_of_it.pop() if len(all_of_it) == 1 else home


async def _keep(
    work: Work, begun: Sequence[tuple[str, Likeness]], placed: Sequence[tuple[str, str]]
) -> None:
    if begun:
        bands = [(band, fold_id) for fold_id, like in begun for band in like.bands]
        ids, sketches = [one[0] for one in begun], [one[1].sketch for one in begun]
        await work.db.execute(_BEGIN, work.workspace_id, work.now, ids, sketches)
        columns = map(list, zip(*bands, strict=True))
        await work.db.execute(_BANDS, work.workspace_id, work.now, *columns)
    if placed:
        columns = map(list, zip(*placed, strict=True))
        await work.db.execute(_PLACE, work.workspace_id, work.now, *columns)


async def forget_old(db: Any, *, now: datetime) -> None:
    """Drop what nobody joins or looks for any more."""
    await db.execute("DELETE FROM fold_band WHERE made_at < $1", now - JOINED_FOR)
    await db.execute("DELETE FROM fold WHERE made_at < $1", now - JOINED_FOR)
    await db.execute("DELETE FROM folded WHERE kept_at < $1", now - KEPT_FOR)


_OPEN = """
SELECT c.id, c.unanswered, f.fold_id FROM conversation c
LEFT JOIN folded f ON f.workspace_id = $1 AND f.conversation_id = c.id
WHERE c.workspace_id = $1 AND c.id = ANY($2::uuid[]) AND c.status <> 'resolved'
"""

_NEAR = """
SELECT b.band, b.fold_id, f.sketch FROM fold_band b
JOIN fold f ON f.workspace_id = $1 AND f.id = b.fold_id
WHERE b.workspace_id = $1 AND b.band = ANY($2::bigint[]) AND b.made_at >= $3
"""

_BEGIN = """
INSERT INTO fold (workspace_id, id, sketch, made_at)
SELECT $1, n.id, n.sketch, $2 FROM unnest($3::uuid[], $4::bytea[]) AS n (id, sketch)
"""

# A band belongs to whom it was first; an old one is given on.
_BANDS = """
INSERT INTO fold_band (workspace_id, band, fold_id, made_at)
SELECT DISTINCT ON (n.band) $1::uuid, n.band, n.fold_id, $2::timestamptz
FROM unnest($3::bigint[], $4::uuid[]) AS n (band, fold_id) ORDER BY n.band
ON CONFLICT (workspace_id, band) DO UPDATE SET fold_id = excluded.fold_id,
  made_at = excluded.made_at WHERE fold_band.made_at < excluded.made_at - interval '7 days'
"""

_PLACE = """
INSERT INTO folded (workspace_id, conversation_id, fold_id, kept_at)
SELECT $1, n.id, n.fold_id, $2 FROM unnest($3::uuid[], $4::uuid[]) AS n (id, fold_id)
ON CONFLICT (workspace_id, conversation_id)
DO UPDATE SET fold_id = excluded.fold_id, kept_at = excluded.kept_at
"""
