"""What is left of a network's limits is shared by all processes, and an app's by its channels."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from earful.accounts.secrets import Keyring
from earful.desk.budgets import App, AppBudget, ChannelBudget, app_of
from earful.desk.ports import open_connector
from earful.kit.ids import new_id
from earful.networks.contract import RetryLater
from earful.networks.x.api import Call
from earful.networks.x.connector import XConnector
from tests.cast import Cast

CHANNEL = """INSERT INTO channel (workspace_id, id, network, external_id, handle, name, inbox_id,
  config, created_at) SELECT workspace_id, $2::uuid, 'x', $2::text, $2::text, 'X', inbox_id,
  jsonb_build_object('client_id', $3::text), created_at FROM channel
  WHERE workspace_id = $1 AND id = $4"""


async def on_x(cast: Cast, client_id: str) -> str:
    """One more channel on X, by that app."""
    made = new_id()
    async with cast.database.acquire() as db:
        await db.execute(CHANNEL, cast.workspace_id, made, client_id, cast.channel.id)
    return made


async def test_two_channels_of_one_app_share_its_limits(cast: Cast) -> None:
    first, second, third = [await on_x(cast, app) for app in ("mine", "mine", "other")]
    assert app_of({"network": "rehearsal", "config": {"client_id": "mine"}}) is None
    assert app_of({"network": "x", "config": {}}) is None
    mine, other = (
        app_of({"network": "x", "config": {"client_id": name}}) for name in ("mine", "other")
    )
    assert mine == App("x", "client_id", "mine")
    assert other is not None

    def budget(app: App) -> AppBudget:
        return AppBudget(cast.database, cast.time, cast.workspace_id, app)

    resets_at = cast.time.now + timedelta(minutes=15)
    await budget(mine).learn("rules:app", 3, resets_at)
    taken = await asyncio.gather(
        *(budget(mine).take("rules:app") for _ in range(5)), return_exceptions=True
    )
    refused = [each for each in taken if each is not None]
    assert len(refused) == 2, "two processes and two channels never take more than there is"
    assert all(isinstance(each, RetryLater) and each.after == 900 for each in refused)
    await budget(other).take("rules:app")
    for each in (first, second, third):
        await ChannelBudget(cast.database, cast.time, cast.workspace_id, each).take("rules:user")
    async with cast.database.acquire() as db:
        row = await db.fetchrow("SELECT * FROM channel WHERE id = $1", second)
    assert row is not None
    keyring = Keyring(["a key for the tests of budgets, long enough"])
    opened = open_connector(cast.database, keyring, cast.time, dict(row))
    assert isinstance(opened, XConnector)
    with pytest.raises(RetryLater):
        await opened._means.api.take(Call(path="/", bucket="rules", app=True))
    await opened.close()
    # The channel that carries it is taken off: the other's goes on from what X says next.
    async with cast.database.acquire() as db:
        await db.execute("UPDATE channel SET state = 'off' WHERE id = $1", first)
    await budget(mine).take("rules:app")
    await budget(mine).learn("rules:app", 0, resets_at)
    with pytest.raises(RetryLater):
        await budget(mine).take("rules:app")
    cast.time.pass_(minutes=15)
    await budget(mine).take("rules:app")


async def test_a_channels_own_limits_are_its_own(cast: Cast) -> None:
    first, second = await on_x(cast, "mine"), await on_x(cast, "mine")
    ours, theirs = (
        ChannelBudget(cast.database, cast.time, cast.workspace_id, each) for each in (first, second)
    )
    await ours.learn("dm_read:user", 0, cast.time.now + timedelta(minutes=15))
    with pytest.raises(RetryLater):
        await ours.take("dm_read:user")
    await theirs.take("dm_read:user")
