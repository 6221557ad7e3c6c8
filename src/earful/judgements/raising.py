"""A judgement may raise a conversation's severity; it never lowers what stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from earful.conversations.states import RESOLVED
from earful.desk.common import change, finish
from earful.judgements.prior import Prior
from earful.judgements.written import Written
from earful.kit.text import one_line
from earful.stream.work import Work
from earful.triage.found import Found
from earful.triage.judging import Judged


class _Raise(NamedTuple):
    severity: int
    reason: str


async def raise_severity(
    work: Work, posts: Sequence[Written], judged: Sequence[Judged], before: Mapping[str, Prior]
) -> None:
    """Raise conversations to what was found in their new posts, each once, in words."""
    wanted: dict[str, _Raise] = {}
    for post, one in zip(posts, judged, strict=True):
        home, key = post.conversation_id, post.message_id
        calls = one.found.severity(5)
        if calls < 5 and calls < wanted.get(home, _Raise(5, "")).severity:
            wanted[home] = _Raise(calls, _reason(one.found, before.get(key)))
    if not wanted:
        return
    rows = await work.db.fetch(_LOCK, work.workspace_id, sorted(wanted))
    for row in rows:
        to = wanted[row["id"]]
        if row["status"] == RESOLVED or row["severity"] <= to.severity:
            continue
        await change(work, row["id"], severity=to.severity, severity_reason=to.reason)
        activity = f"Earful raised the severity to {to.severity}: {to.reason.partition(': “')[0]}"
        await finish(work, row["id"], "conversation.prioritised", activity=activity)


def _reason(found: Found, before: Prior | None) -> str:
    """The gravest first; what is known here stands beside what they say."""
    words = (found.reasons() or [""])[0]
    if found.sensitive or before is None or not before.ids:
        return one_line(words, 200)
    # Quoted words stand last: they are taken out with the post.
    said, quote, rest = words.partition(": “")
    return one_line(f"{said}, {before.words()}{quote}{rest}", 200)


_LOCK = """
SELECT id, status, severity FROM conversation
WHERE workspace_id = $1 AND id = ANY($2::uuid[]) AND merged_into IS NULL ORDER BY id FOR UPDATE
"""
