"""The card: one conversation as a list shows it, and as events carry it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import asyncpg
import msgspec


class Who(msgspec.Struct, frozen=True):
    """The contact on a card."""

    id: str
    name: str
    handle: str


class Fuse(msgspec.Struct, frozen=True, omit_defaults=True):
    """The running clock: from start to due, both UTC instants.

    `policy_id` is the version of the policy it runs under; left out for the built-in one.
    """

    started_at: datetime
    due_at: datetime
    policy_id: str | None = None


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation in a list. `unanswered` counts incoming messages without a disposition."""

    id: str
    inbox_id: str
    channel_id: str
    network: str
    visibility: str
    status: str
    severity: int
    severity_reason: str
    contact: Who
    assignee_id: str | None
    team_id: str | None
    preview: str
    summary: str
    tags: list[str]
    unanswered: int
    people: int
    opened_at: datetime
    last_message_at: datetime
    waiting_since: datetime | None
    clock: Fuse | None
    snoozed_until: datetime | None
    snooze_on_reply: bool
    disposition: str | None
    sending: int
    trouble: str
    merged_into: str | None
    version: int


COLUMNS = """id, inbox_id, channel_id, network, visibility, status, severity, severity_reason,
contact_id, contact_name, contact_handle, assignee_id, team_id, preview, summary, tags, unanswered,
people, opened_at, last_message_at, waiting_since, clock_started_at, due_at, clock_policy_id,
snoozed_until, snooze_on_reply, disposition, sending, trouble, merged_into, version"""

_PLAIN = (
    "id", "inbox_id", "channel_id", "network", "visibility", "status", "severity",
    "severity_reason", "assignee_id", "team_id", "preview", "summary", "tags", "unanswered",
    "people", "opened_at", "last_message_at", "waiting_since", "snoozed_until", "snooze_on_reply",
    "disposition", "sending", "trouble", "merged_into", "version",
)  # fmt: skip


def card_of(row: Mapping[str, Any]) -> Card:
    """The card of a conversation row that has COLUMNS."""
    started_at, due_at = row["clock_started_at"], row["due_at"]
    return Card(
        contact=Who(row["contact_id"], row["contact_name"], row["contact_handle"]),
        clock=Fuse(started_at, due_at, row["clock_policy_id"]) if started_at and due_at else None,
        **{name: row[name] for name in _PLAIN},
    )


async def load_cards(
    db: asyncpg.Connection[Any], workspace_id: str, ids: Iterable[str]
) -> dict[str, Card]:
    """Cards by conversation id."""
    rows = await db.fetch(
        f"SELECT {COLUMNS} FROM conversation WHERE workspace_id = $1 AND id = ANY($2::uuid[])",  # noqa: S608
        workspace_id,
        list(ids),
    )
    return {row["id"]: card_of(row) for row in rows}
