"""Learns from a workspace's own decisions; a model replaces another only where it is better."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from earful.judgements.models import SHIPPED, in_use, read
from earful.kit.ids import is_id, new_id
from earful.kit.refusal import NotFound, Refused
from earful.stream.work import Work
from earful.triage.adapting import Decision, TooLittle, adapt, agreement, compare
from earful.triage.judging import shipped
from earful.triage.model import Damaged, Model, dump, parse

MOST = 5000
"""Corrections that are learnt from, the newest."""
AGREED_PER_CORRECTION = 4
AGREED_WEIGHT = 0.5
"""Who answered a post and let its judgement stand agreed, though perhaps without looking."""
KEPT = 5
"""Models that are kept of a workspace; the oldest go first, never the one in use."""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A model of the workspace's own. `about` has what it was learnt from and how well it did."""

    id: str
    made_at: datetime
    made_by: str
    in_use: bool
    about: dict[str, Any]


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a training: `before` and `after` on decisions that were not learnt from."""

    replaced: bool
    model: str
    decisions: int
    corrections: int
    before: dict[str, float]
    after: dict[str, float]
    words: str


async def decisions_of(work: Work) -> list[Decision]:
    """What agents corrected, and a share of what they let stand as they answered it."""
    rows = await work.db.fetch(_CORRECTED, work.workspace_id, MOST)
    found = [Decision(row["text"], row["should"], by=row["by"]) for row in rows]
    if found:
        most = AGREED_PER_CORRECTION * len(found)
        agreed = await work.db.fetch(_AGREED, work.workspace_id, most)
        found += [_agreed(row) for row in agreed]
    return found


def _agreed(row: Any) -> Decision:
    return Decision(row["text"], row["kind"], AGREED_WEIGHT, row["by"])


async def train(work: Work, by: str, decisions: Sequence[Decision] | None = None) -> Outcome:
    """Learn, compare, and put the new model in use if it is better. Raises Refused in words.

    Without `decisions`, from those of the workspace. It begins anew from the shipped model: the
    decisions hold all that was learnt before. Compared are the model in use and the new way, on
    decisions that it did not learn from.
    """
    told = await decisions_of(work) if decisions is None else list(decisions)
    corrections = sum(one.weight == 1 for one in told)
    if not told:
        raise Refused("too-little", "No agent has corrected the kind of a post yet.")
    try:
        base = shipped()
    except Damaged as error:
        raise Refused("damaged", f"{error}. Install Earful anew.") from error
    name, current = await in_use(work)
    about = {"decisions": len(told), "corrections": corrections, "at": work.now.isoformat()}
    try:
        made, before, after = await asyncio.to_thread(_learn, base, current, told, about)
    except TooLittle as error:
        raise Refused("too-little", str(error)) from error
    better = after["macro_f1"] > before["macro_f1"] and after["right"] >= before["right"]
    said = f"{before['macro_f1']:.3f} before, {after['macro_f1']:.3f} after (macro F1)"
    if not better:
        return Outcome(
            replaced=False, model=name, decisions=len(told), corrections=corrections,
            before=before, after=after, words=f"Not better, so nothing was replaced: {said}.",
        )  # fmt: skip
    key = await _keep(work, by, made, about | {"before": before, "after": after})
    return Outcome(
        replaced=True, model=key, decisions=len(told), corrections=corrections,
        before=before, after=after, words=f"Better, and in use from now on: {said}.",
    )  # fmt: skip


def _learn(
    base: Model, current: Model, told: Sequence[Decision], about: dict[str, Any]
) -> tuple[Model, dict[str, float], dict[str, float]]:
    before, after = compare(base, told, about)
    if current is not base:
        before = max(before, agreement(current, told), key=lambda one: one.macro_f1)
    made = adapt(base, told, about)
    # As it will be read: what is rounded in the file is rounded in what was compared.
    return parse(dump(made)), vars(before), vars(after)


async def _keep(work: Work, by: str, made: Model, about: dict[str, Any]) -> str:
    key = new_id()
    await work.db.execute(_NONE, work.workspace_id)
    await work.db.execute(_INSERT, work.workspace_id, key, work.now, by, about, dump(made))
    await work.db.execute(_FORGET, work.workspace_id, KEPT)
    return key


async def list_models(db: Any, workspace_id: str) -> list[Kept]:
    """The workspace's own models, the newest first."""
    rows = await db.fetch(_LIST, workspace_id)
    return [Kept(**dict(row)) for row in rows]


async def choose(work: Work, name: str) -> str:
    """Put a model in use: its id, "shipped", or "previous" for the one before. Returns its name.

    Raises NotFound, and Refused for one that is damaged.
    """
    kept = await list_models(work.db, work.workspace_id)
    if name == "previous":
        older = [one.id for one in kept if not one.in_use]
        now = next((one for one in kept if one.in_use), None)
        before = [one.id for one in kept if now and one.made_at < now.made_at]
        name = (before or ([] if now else older) or [SHIPPED])[0]
    if name != SHIPPED:
        if not is_id(name) or name not in {one.id for one in kept}:
            raise NotFound("model")
        if await read(work.db, work.workspace_id, name) is None:
            raise Refused("damaged", "This model's file is damaged: train anew.")
    await work.db.execute(_NONE, work.workspace_id)
    if name != SHIPPED:
        await work.db.execute(_USE, work.workspace_id, name)
    return name


_CORRECTED = """
SELECT DISTINCT ON (c.message_id) m.text, c.should,
  coalesce(m.author_id::text, m.author_handle) AS by
FROM (SELECT message_id, should, at, id FROM correction
  WHERE workspace_id = $1 AND about = 'kind' ORDER BY at DESC LIMIT $2) c
JOIN message m ON m.workspace_id = $1 AND m.id = c.message_id
WHERE m.text <> '' ORDER BY c.message_id, c.at DESC, c.id DESC
"""

_AGREED = """
SELECT m.text, j.kind, coalesce(m.author_id::text, m.author_handle) AS by
FROM (SELECT message_id, kind FROM judgement
  WHERE workspace_id = $1 AND NOT 'kind' = ANY(corrected) ORDER BY judged_at DESC LIMIT 20000) j
JOIN message m ON m.workspace_id = $1 AND m.id = j.message_id
WHERE m.disposition = 'answered' AND m.text <> '' ORDER BY md5(m.id::text) LIMIT $2
"""

_NONE = "UPDATE triage_model SET in_use = false WHERE workspace_id = $1 AND in_use"
_USE = "UPDATE triage_model SET in_use = true WHERE workspace_id = $1 AND id = $2"
_INSERT = """
INSERT INTO triage_model (workspace_id, id, made_at, made_by, about, file, in_use)
VALUES ($1, $2, $3, $4, $5, $6, true)
"""
_FORGET = """
DELETE FROM triage_model WHERE workspace_id = $1 AND NOT in_use AND id NOT IN (
  SELECT id FROM triage_model WHERE workspace_id = $1 ORDER BY made_at DESC, id DESC LIMIT $2)
"""
_LIST = """
SELECT id, made_at, made_by, in_use, about FROM triage_model WHERE workspace_id = $1
ORDER BY made_at DESC, id DESC
"""
