"""What posts were judged to be, as the desk shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

MOST = 100
"""Of a conversation, the newest posts whose judgements are shown."""


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer's post was judged to be.

    `sentiment` lies between -1 and 1; `urgency` is "now", "today" or "none"; `shaming` and
    `sensitive` are words where something was found, else empty. `prior` has `words` and `times`,
    as the post says them, and `conversations`: ids of earlier ones, the newest first. `corrected`
    names what an agent set otherwise. `model` is "shipped", the id of one learnt here, or "none".
    """

    message_id: str
    kind: str
    sentiment: float
    urgency: str
    needs_reply: bool | None
    severity: int
    language: str
    shaming: str
    sensitive: str
    entities: list[dict[str, Any]]
    prior: dict[str, Any] | None
    reasons: list[str]
    model: str
    corrected: list[str]
    judged_at: datetime


COLUMNS = ", ".join(f"j.{name}" for name in Judgement.__struct_fields__)


def judgement_of(row: Any) -> Judgement:
    """The judgement of a row that has COLUMNS."""
    told = {name: row[name] for name in Judgement.__struct_fields__}
    return Judgement(**told | {"sentiment": round(row["sentiment"], 2)})


async def judgements_of(db: Any, workspace_id: str, conversation_id: str) -> list[Judgement]:
    """Those of a conversation's newest posts, the newest first."""
    rows = await db.fetch(_OF, workspace_id, conversation_id, MOST)
    return [judgement_of(row) for row in rows]


_OF = f"""
SELECT {COLUMNS} FROM (
  SELECT id, published_at FROM message WHERE workspace_id = $1 AND conversation_id = $2
  ORDER BY published_at DESC, id DESC LIMIT $3) m
JOIN judgement j ON j.workspace_id = $1 AND j.message_id = m.id
ORDER BY m.published_at DESC, m.id DESC
"""  # noqa: S608 - names of this file's
