"""Agents know better: each correction is kept, to be counted and learnt from."""

from __future__ import annotations

from typing import Any

import msgspec

from earful.desk.severity import set_severity
from earful.judgements.keeping import COLUMNS, Judgement, judgement_of
from earful.kit.ids import new_id
from earful.kit.refusal import NotFound, Refused
from earful.stream.work import Work
from earful.triage.model import ALL_KINDS

URGENCIES = ("now", "today", "none")


class Better(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an agent knows better; what is left out stays.

    `sentiment` is -1, 0 or 1, `severity` 1 (worst) to 5; `sensitive` false: it is not.
    """

    kind: str | msgspec.UnsetType = msgspec.UNSET
    sentiment: float | msgspec.UnsetType = msgspec.UNSET
    urgency: str | msgspec.UnsetType = msgspec.UNSET
    needs_reply: bool | msgspec.UnsetType = msgspec.UNSET
    severity: int | msgspec.UnsetType = msgspec.UNSET
    sensitive: bool | msgspec.UnsetType = msgspec.UNSET

    def said(self) -> dict[str, Any]:
        """What was said, by name."""
        told = {name: getattr(self, name) for name in self.__struct_fields__}
        return {name: value for name, value in told.items() if value is not msgspec.UNSET}


async def correct(work: Work, message_id: str, better: Better) -> Judgement:
    """Set what an agent says of a post. Raises NotFound while it is not judged, and Refused.

    Saying again what stands changes nothing, and is counted once. A severity is the whole
    conversation's, too. Sensitive topics can be denied, not asserted: what they are routes at once.
    """
    _check(better)
    row = await work.db.fetchrow(_LOCK, work.workspace_id, message_id)
    if row is None:
        raise NotFound("judgement")
    now = judgement_of(row)
    changes = {
        name: "" if name == "sensitive" else value
        for name, value in better.said().items()
        if _differs(now, name, value)
    }
    if not changes:
        return now
    for name, value in changes.items():
        await work.db.execute(
            _NOTE, work.workspace_id, new_id(), message_id, name,
            _word(getattr(now, name)), _word(value), now.model, work.actor.id, work.now,
        )  # fmt: skip
    sets = ", ".join(f"{name} = ${at}" for at, name in enumerate(changes, start=4))
    fresh = await work.db.fetchrow(
        f"""UPDATE judgement j SET {sets},
              corrected = array(SELECT DISTINCT unnest(j.corrected || $3::text[]) ORDER BY 1)
            WHERE j.workspace_id = $1 AND j.message_id = $2 RETURNING {COLUMNS}""",  # noqa: S608
        work.workspace_id, message_id, list(changes), *changes.values(),
    )  # fmt: skip
    if "severity" in changes:
        await set_severity(work, row["conversation_id"], int(changes["severity"]))
    work.emit(
        "message.judgement_corrected",
        {"id": message_id, "about": sorted(changes)},
        conversation_id=row["conversation_id"],
        inbox_id=row["inbox_id"],
    )
    return judgement_of(fresh)


def _check(better: Better) -> None:
    said = better.said()
    wrong = (
        (
            "kind" in said and said["kind"] not in ALL_KINDS,
            f"A kind is one of {', '.join(ALL_KINDS)}.",
        ),
        ("urgency" in said and said["urgency"] not in URGENCIES, "Urgency: now, today or none."),
        ("sentiment" in said and not -1 <= said["sentiment"] <= 1, "A mood goes from -1 to 1."),
        ("severity" in said and not 1 <= said["severity"] <= 5, "Severity is from 1 to 5."),
        (said.get("sensitive") is True, "That a topic is sensitive can only be denied."),
    )
    for bad, words in wrong:
        if bad:
            raise Refused("invalid", words)


def _differs(now: Judgement, name: str, value: Any) -> bool:
    if name == "sensitive":
        return bool(now.sensitive)
    if name == "sentiment":
        return abs(now.sentiment - float(value)) > 0.005
    return bool(getattr(now, name) != value)


def _word(value: Any) -> str:
    """A value as it is counted; of a sensitive topic only that it was one."""
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "unknown"}[value]
    if isinstance(value, float):
        return f"{value:g}"
    return str(value).partition(":")[0]


class Counted(msgspec.Struct, frozen=True):
    """How often agents changed one value into another."""

    about: str
    was: str
    should: str
    count: int


class Corrections(msgspec.Struct, frozen=True):
    """What agents corrected since `since`, the most frequent first, among how many judgements."""

    since: Any
    judged: int
    corrected: int
    items: list[Counted]


async def corrections(db: Any, workspace_id: str, since: Any) -> Corrections:
    """What agents corrected since an instant; `judged` counts posts, `corrected` those changed."""
    rows = await db.fetch(_COUNT, workspace_id, since)
    [sums] = await db.fetch(_SUMS, workspace_id, since)
    items = [Counted(row["about"], row["was"], row["should"], row["count"]) for row in rows]
    return Corrections(since, sums["judged"], sums["corrected"], items)


_LOCK = f"""
SELECT {COLUMNS}, m.conversation_id, c.inbox_id FROM judgement j
JOIN message m ON m.workspace_id = $1 AND m.id = j.message_id
JOIN conversation c ON c.workspace_id = $1 AND c.id = m.conversation_id
WHERE j.workspace_id = $1 AND j.message_id = $2 FOR UPDATE OF j
"""  # noqa: S608 - names of the struct's

_NOTE = """
INSERT INTO correction (workspace_id, id, message_id, about, was, should, model, agent_id, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""

_COUNT = """
SELECT about, was, should, count(*) AS count FROM correction
WHERE workspace_id = $1 AND at >= $2 GROUP BY about, was, should
ORDER BY count DESC, about, was, should LIMIT 200
"""

_SUMS = """
SELECT (SELECT count(*) FROM judgement WHERE workspace_id = $1 AND judged_at >= $2) AS judged,
  (SELECT count(DISTINCT message_id) FROM correction WHERE workspace_id = $1 AND at >= $2)
    AS corrected
"""
