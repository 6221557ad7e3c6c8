"""A channel's state: active, held by a person, waiting for a new sign-in, or off."""

from __future__ import annotations

from typing import Any, Literal, get_args

import msgspec

from earful.desk.settle import delivery_moved, delivery_troubled
from earful.kit.refusal import NotFound
from earful.networks.measure import measure
from earful.outbox.queue import delivery_of
from earful.stream.work import Work


def describe(row: Any) -> dict[str, Any]:
    """A channel as the screen and the events show it: nothing secret."""
    names = ("id", "network", "handle", "name", "inbox_id", "state", "state_reason")
    measured = measure(row["network"], row["limits"])
    notice = " ".join(filter(None, (row["notice"], row["profile_notice"])))
    shown = {"notice": notice, "limits": measured.shown(), "can": measured.can()}
    return {name: row[name] for name in names} | shown


async def change_channel(work: Work, channel_id: str, column: Told, value: Any) -> None:
    """Keep what a connector told of its channel, and tell it on where it is new."""
    row = await work.db.fetchrow(_CHANGE[column], work.workspace_id, channel_id, value)
    if row is not None:
        work.emit("channel.changed", {"channel": describe(row)}, inbox_id=row["inbox_id"])


Told = Literal["notice", "profile_notice", "limits"]
_CHANGE: dict[Told, str] = {
    column: f"""UPDATE channel SET {column} = $3
      WHERE workspace_id = $1 AND id = $2 AND state <> 'off' AND {column} <> $3
      RETURNING *"""  # noqa: S608 - a constant
    for column in get_args(Told)
}


async def set_channel_state(work: Work, channel_id: str, state: str, reason: str = "") -> None:
    """Move a channel to a state and tell it. What waited to leave is held, or freed again."""
    row = await work.db.fetchrow(
        """UPDATE channel SET state = $3, state_reason = $4
           WHERE workspace_id = $1 AND id = $2 AND (state, state_reason) <> ($3, $4) RETURNING *""",
        work.workspace_id,
        channel_id,
        state,
        reason,
    )
    if row is None:
        exists = await work.db.fetchval(
            "SELECT true FROM channel WHERE workspace_id = $1 AND id = $2",
            work.workspace_id,
            channel_id,
        )
        if not exists:
            raise NotFound("channel")
        return
    kind = {"active": "channel.activated", "off": "channel.disconnected"}.get(state, "channel.held")
    work.emit(kind, {"channel": describe(row), "reason": reason}, inbox_id=row["inbox_id"])
    await (_free(work, channel_id) if state == "active" else _hold(work, channel_id, reason))


async def _hold(work: Work, channel_id: str, reason: str) -> None:
    rows = await work.db.fetch(
        """UPDATE delivery SET state = 'held', error = $3
           WHERE workspace_id = $1 AND channel_id = $2 AND state = 'queued' RETURNING *""",
        work.workspace_id,
        channel_id,
        f"Not sent: the channel is held. {reason}".strip(),
    )
    for row in rows:
        await delivery_troubled(work, delivery_of(row), "held")


class Leaving(msgspec.Struct, frozen=True):
    """How many replies have not left by a channel: `queued`, `held`, or `under_way` just now.

    Of those under way (being sent, or uncertain) only what has arrived can be told.
    """

    queued: int
    held: int
    under_way: int


async def count_leaving(db: Any, workspace_id: str, channel_id: str) -> Leaving:
    """What a channel that is disconnected now would leave behind."""
    row = await db.fetchrow(
        """SELECT count(*) FILTER (WHERE state = 'queued') AS queued,
             count(*) FILTER (WHERE state = 'held') AS held,
             count(*) FILTER (WHERE state IN ('sending', 'uncertain')) AS under_way
           FROM delivery WHERE workspace_id = $1 AND channel_id = $2
             AND state IN ('queued', 'held', 'sending', 'uncertain')""",
        workspace_id,
        channel_id,
    )
    return Leaving(**dict(row))


async def hold_stranded(work: Work) -> int:
    """Hold what was queued in the moment its channel was held. Returns how many."""
    rows = await work.db.fetch(
        """UPDATE delivery d SET state = 'held', error = 'Not sent: the channel is held. '
             || c.state_reason
           FROM channel c WHERE d.workspace_id = $1 AND d.state = 'queued'
             AND c.workspace_id = $1 AND c.id = d.channel_id AND c.state <> 'active'
           RETURNING d.*""",
        work.workspace_id,
    )
    for row in rows:
        await delivery_troubled(work, delivery_of(row), "held")
    return len(rows)


async def _free(work: Work, channel_id: str) -> None:
    # What Earful says by itself is said then or never; workers of an older version held it, too.
    rows = await work.db.fetch(
        """UPDATE delivery SET error = '',
             state = CASE WHEN agent_id IS NULL THEN 'undone' ELSE 'queued' END
           WHERE workspace_id = $1 AND channel_id = $2 AND state = 'held' RETURNING *""",
        work.workspace_id,
        channel_id,
    )
    for row in rows:
        kind = "delivery.requeued" if row["agent_id"] else "delivery.undone"
        await delivery_moved(work, delivery_of(row), kind)
