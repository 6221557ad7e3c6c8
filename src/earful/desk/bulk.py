"""Many conversations at once. Each is judged by itself: nobody who waits is dropped in bulk."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec

from earful.conversations.cards import Card
from earful.desk.assign import assign
from earful.desk.hand_over import hand_over
from earful.desk.resolve import resolve
from earful.desk.severity import set_severity
from earful.desk.snooze import snooze
from earful.desk.tags import add_tag
from earful.kit.refusal import NotFound, Refused
from earful.stream.screen import Inboxes
from earful.stream.work import Work

MOST = 500


class Bulk(msgspec.Struct, frozen=True, kw_only=True):
    """One act on many conversations."""

    ids: list[str]
    act: str
    agent_id: str | None = None
    team_id: str | None = None
    tag: str = ""
    until: datetime | None = None
    disposition: str = ""
    severity: int = 4


class Done(msgspec.Struct, frozen=True):
    """Which were done, and which were refused and why."""

    done: list[str]
    refused: list[dict[str, str]]


Act = Callable[[Work, str, Bulk], Awaitable[Card]]


async def _resolve(work: Work, conversation_id: str, asked: Bulk) -> Card:
    # No reason is passed on: in bulk nobody can say why each person gets no answer.
    return await resolve(work, conversation_id, asked.disposition)


ACTS: dict[str, Act] = {
    "assign": lambda work, key, asked: assign(work, key, asked.agent_id),
    "hand_over": lambda work, key, asked: hand_over(work, key, asked.team_id),
    "tag": lambda work, key, asked: add_tag(work, key, asked.tag),
    "snooze": lambda work, key, asked: snooze(work, key, asked.until),
    "severity": lambda work, key, asked: set_severity(work, key, asked.severity),
    "resolve": _resolve,
}


async def act_on_many(work: Work, asked: Bulk, inboxes: Inboxes) -> Done:
    """Do one act on each conversation; a refusal leaves that one as it was."""
    act = ACTS.get(asked.act)
    if act is None:
        raise Refused("invalid", f"The act is one of {', '.join(ACTS)}.")
    if len(asked.ids) > MOST:
        raise Refused("too-many", f"At most {MOST} at once.")
    done: list[str] = []
    refused: list[dict[str, str]] = []
    for conversation_id in sorted(set(asked.ids)):
        try:
            await _check(work, conversation_id, inboxes)
            async with work.db.transaction():
                await act(work, conversation_id, asked)
        except Refused as error:
            refused.append({"id": conversation_id, "why": error.detail})
        else:
            done.append(conversation_id)
    return Done(done, refused)


async def _check(work: Work, conversation_id: str, inboxes: Inboxes) -> None:
    inbox_id = await work.db.fetchval(
        "SELECT inbox_id FROM conversation WHERE workspace_id = $1 AND id = $2::text::uuid",
        work.workspace_id,
        conversation_id,
    )
    if inbox_id is None or (inboxes is not None and inbox_id not in inboxes):
        raise NotFound("conversation")
