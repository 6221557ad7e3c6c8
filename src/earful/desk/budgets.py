"""What is left of a network's limits, taken in the database so that all processes share it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from earful.kit.clock import Clock
from earful.networks.contract import RetryLater
from earful.networks.registry import network
from earful.store.pool import Database


class App(msgspec.Struct, frozen=True):
    """An app at a network, by the field of a channel's config that names it."""

    network: str
    field: str
    name: str


def app_of(row: Mapping[str, Any]) -> App | None:
    """The app of a channel's row; None where it has none that others could share."""
    field = network(row["network"]).manifest.app_field
    name = str((row["config"] or {}).get(field) or "").strip() if field else ""
    return App(row["network"], field, name) if name else None


class ChannelBudget:
    """A channel's rate budget."""

    def __init__(
        self, database: Database, clock: Clock, workspace_id: str, channel_id: str
    ) -> None:
        self._database, self._clock = database, clock
        self._row: str = _CHANNEL
        self._key: tuple[str, ...] = (workspace_id, channel_id)

    async def take(self, bucket: str, cost: int = 1) -> None:
        """Spend `cost` of the bucket. Raises RetryLater until its reset when it is empty."""
        now = self._clock()
        async with self._database.acquire() as db:
            row = await db.fetchrow(_TAKE.format(self._row), bucket, cost, now, *self._key)
        if row is not None and row["left"] < 0:
            wait_for = (row["resets_at"] - now).total_seconds()
            raise RetryLater("The network's rate limit is spent.", after=max(1.0, wait_for))

    async def learn(self, bucket: str, remaining: int, resets_at: datetime) -> None:
        """Keep what the network said is left."""
        async with self._database.acquire() as db:
            await db.execute(_LEARN.format(self._row), bucket, remaining, resets_at, *self._key)


class AppBudget(ChannelBudget):
    """The budget of an app that several channels of a workspace may share: it stands with the
    oldest of them."""

    def __init__(self, database: Database, clock: Clock, workspace_id: str, app: App) -> None:
        self._database, self._clock = database, clock
        self._row, self._key = _OLDEST, (workspace_id, app.network, app.field, app.name)


_CHANNEL = "workspace_id = $4 AND id = $5"
_OLDEST = """workspace_id = $4 AND id = (
  SELECT id FROM channel
  WHERE workspace_id = $4 AND network = $5 AND config->>$6::text = $7 AND state <> 'off'
  ORDER BY id LIMIT 1)"""
_TAKE = """
UPDATE channel SET budget = jsonb_set(budget, ARRAY[$1, 'remaining'],
  to_jsonb((budget->$1->>'remaining')::int - $2))
WHERE {} AND budget ? $1 AND (budget->$1->>'resets_at')::timestamptz > $3
RETURNING (budget->$1->>'remaining')::int AS left,
  (budget->$1->>'resets_at')::timestamptz AS resets_at
"""
_LEARN = """
UPDATE channel SET budget = budget || jsonb_build_object($1::text,
  jsonb_build_object('remaining', $2::int, 'resets_at', $3::timestamptz))
WHERE {}
"""
