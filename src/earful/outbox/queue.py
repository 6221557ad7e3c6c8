"""The delivery's row: put in the queue, claimed under a lease, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from earful.kit.ids import new_id
from earful.kit.refusal import NotFound, Refused
from earful.stream.work import Work

LEASE_FOR = 90.0
"""Seconds an attempt may take before its outcome counts as unknown. Longer than any call waits."""


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """A reply on its way out; `agent_id` is None for what is said automatically."""

    id: str
    workspace_id: str
    channel_id: str
    conversation_id: str
    message_id: str
    agent_id: str | None
    draft: dict[str, Any]
    after_sent: str
    covers: list[str]
    state: str
    run_at: datetime
    attempts: int
    first_sending_at: datetime | None
    created_at: datetime


class TooLate(Refused):
    """The delivery has left: it can no longer be undone."""


_FIELDS = ", ".join(Delivery.__struct_fields__)
_FIELDS_OF_D = ", ".join(f"d.{name}" for name in Delivery.__struct_fields__)


def delivery_of(row: Any) -> Delivery:
    """The delivery of a row."""
    return Delivery(**{name: row[name] for name in Delivery.__struct_fields__})


async def put(
    work: Work,
    *,
    channel_id: str,
    conversation_id: str,
    message_id: str,
    agent_id: str | None,
    draft: dict[str, Any],
    after_sent: str,
    covers: list[str],
    run_at: datetime,
    held: str = "",
) -> str:
    """Queue a delivery, to leave at `run_at`; with `held` (words why) it waits until freed.

    Returns its id, which is the network's send key.
    """
    delivery_id = new_id()
    await work.db.execute(
        """INSERT INTO delivery (workspace_id, id, channel_id, conversation_id, message_id,
             agent_id, draft, after_sent, covers, run_at, created_at, state, error)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)""",
        work.workspace_id,
        delivery_id,
        channel_id,
        conversation_id,
        message_id,
        agent_id,
        draft,
        after_sent,
        covers,
        run_at,
        work.now,
        "held" if held else "queued",
        held,
    )
    return delivery_id


async def claim(work: Work, sender: str = "", most: int = 8) -> list[Delivery]:
    """Mark due deliveries as `sending`, each under a lease; commit before talking to a network.

    `sender` says who does it, so that its leases end when it is known to be dead. Deliveries of one
    conversation leave one after the other; a held channel sends nothing.
    """
    rows = await work.db.fetch(
        f"""UPDATE delivery d SET state = 'sending', attempts = attempts + 1, error = '',
              sender = $5, lease_until = now() + make_interval(secs => $3),
              first_sending_at = coalesce(first_sending_at, $2)
            FROM (
              SELECT q.id FROM delivery q
              JOIN channel c ON c.workspace_id = q.workspace_id AND c.id = q.channel_id
              WHERE q.workspace_id = $1 AND q.state = 'queued' AND q.run_at <= $2
                AND c.state = 'active'
                AND NOT EXISTS (
                  SELECT 1 FROM delivery e WHERE e.workspace_id = $1
                  AND e.conversation_id = q.conversation_id AND e.id < q.id
                  AND e.state IN ('queued', 'sending', 'uncertain'))
              ORDER BY q.run_at LIMIT $4 FOR UPDATE OF q SKIP LOCKED) due
            WHERE d.workspace_id = $1 AND d.id = due.id
            RETURNING {_FIELDS_OF_D}""",  # noqa: S608
        work.workspace_id,
        work.now,
        LEASE_FOR,
        most,
        sender,
    )
    return [delivery_of(row) for row in rows]


async def claim_uncertain(work: Work, look_again_for: float = 60.0) -> list[Delivery]:
    """Deliveries to look up now; nobody else looks for `look_again_for` seconds."""
    rows = await work.db.fetch(
        f"""UPDATE delivery d SET settle_at = $2 + make_interval(secs => $3)
            FROM (SELECT id FROM delivery WHERE workspace_id = $1 AND state = 'uncertain'
                  AND settle_at <= $2 ORDER BY settle_at LIMIT 8 FOR UPDATE SKIP LOCKED) due
            WHERE d.workspace_id = $1 AND d.id = due.id
            RETURNING {_FIELDS_OF_D}""",  # noqa: S608
        work.workspace_id,
        work.now,
        look_again_for,
    )
    return [delivery_of(row) for row in rows]


async def senders(work: Work) -> list[str]:
    """Who has attempts under way."""
    rows = await work.db.fetch(
        "SELECT DISTINCT sender FROM delivery WHERE workspace_id = $1 AND state = 'sending'",
        work.workspace_id,
    )
    return [row["sender"] for row in rows]


async def expire_leases(work: Work, dead: Sequence[str] = ()) -> list[Delivery]:
    """An attempt that nobody will record may have worked: it becomes uncertain, never queued.

    That is one whose lease ran out, or whose sender is among the `dead`.
    """
    rows = await work.db.fetch(
        f"""UPDATE delivery SET state = 'uncertain', settle_at = $2, lease_until = NULL,
              doubted = true, error = 'The sending was interrupted. Looking whether it was posted.'
            WHERE workspace_id = $1 AND state = 'sending'
              AND (lease_until < now() OR sender = ANY($3))
            RETURNING {_FIELDS}""",  # noqa: S608
        work.workspace_id,
        work.now,
        list(dead),
    )
    return [delivery_of(row) for row in rows]


async def undo(work: Work, delivery_id: str) -> Delivery:
    """Take a queued delivery back. Raises TooLate once it has left, NotFound if unknown.

    So does one that is queued again after an attempt whose outcome was in doubt: not found was no
    proof. From one that failed or is held a person may turn away, told how it stands.
    """
    row = await work.db.fetchrow(
        f"""UPDATE delivery SET state = 'undone' WHERE workspace_id = $1 AND id = $2
            AND (state IN ('held', 'failed') OR (state = 'queued' AND NOT doubted))
            RETURNING {_FIELDS}""",  # noqa: S608
        work.workspace_id,
        delivery_id,
    )
    if row is not None:
        return delivery_of(row)
    found = await find(work, delivery_id)
    if found.state == "queued":
        raise TooLate("too-late", "It may stand on the network already; it is being sent again.")
    raise TooLate("too-late", "It has already left.")


async def find(work: Work, delivery_id: str) -> Delivery:
    """The delivery, locked. Raises NotFound."""
    row = await work.db.fetchrow(
        f"SELECT {_FIELDS} FROM delivery WHERE workspace_id = $1 AND id = $2 FOR UPDATE",  # noqa: S608
        work.workspace_id,
        delivery_id,
    )
    if row is None:
        raise NotFound("delivery")
    return delivery_of(row)


async def requeue(work: Work, delivery_id: str, run_at: datetime) -> Delivery:
    """Send a failed or held delivery again, under the same key. Raises TooLate, NotFound."""
    delivery = await find(work, delivery_id)
    if delivery.state not in ("failed", "held"):
        raise TooLate(
            "too-late", f"It is {delivery.state}; only a failed or held reply can be sent again."
        )
    await work.db.execute(
        """UPDATE delivery SET state = 'queued', run_at = $3, error = '', attempts = 0
           WHERE workspace_id = $1 AND id = $2""",
        work.workspace_id,
        delivery_id,
        run_at,
    )
    return delivery
