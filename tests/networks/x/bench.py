"""A connector on the bench: a simulated X, ports in memory, and time that waits move on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import msgspec

from earful.networks.contract import Change
from earful.networks.x.connector import XConnector
from earful.networks.x.simulator import stage
from earful.networks.x.simulator.state import State
from earful.networks.x.simulator.writing import Written, write
from earful.networks.x.where import where
from tests.networks.x.memory import Memory

ANSWER_WITHIN = 3.0  # seconds
WITHIN = 20.0
BRAND = "Northwind"


class Bench:
    """Opens connectors for @Northwind and closes them. Customers write by `says`."""

    def __init__(self, state: State, service: str = "", *, hook: str = "", **config: str) -> None:
        self.state, self.world = state, state.world
        self.service = service or state.service
        self.memory = Memory(hook, state.now)
        self.brand = self.world.users[self.world.brands[0]]
        app, granted = state.tokens.app, state.tokens.grant(self.brand.id)
        self.secrets = {
            "client_secret": app.client_secret,
            "consumer_secret": app.consumer_secret,
            "bearer_token": app.bearer,
            "access_token": granted.access,
            "refresh_token": granted.refresh,
        }
        self.config = {"api": self.service, "client_id": app.client_id, **config}
        self._open: list[XConnector] = []

    def open(self, secrets: dict[str, str] | None = None, /, **config: str) -> XConnector:
        """A connector on the stored session; `config` and `secrets` overrule."""
        place = where({**self.config, **config}, {**self.secrets, **(secrets or {})})
        place = msgspec.structs.replace(place, answer_within=ANSWER_WITHIN)
        made = XConnector(place, self.memory.ports)
        self._open.append(made)
        return made

    async def close(self) -> None:
        """Close all."""
        for connector in self._open:
            await connector.close()

    def says(self, text: str, by: str = "carol", **more: Any) -> str:
        """Somebody writes; the post's id."""
        return write(self.world, self.world.add_user(by), Written(text=text, **more)).id

    def writes(self, text: str, by: str = "carol", alts: tuple[str, ...] = ()) -> str:
        """Somebody writes to us in private; the message's id."""
        word = stage.Word(by=by, to=self.brand.username, text=text, alts=alts)
        return stage.dm(self.state, word).id

    def ours(self) -> list[str]:
        """The texts of all that we published and that stands, oldest first."""
        ids = self.world.by_author.get(self.brand.id, [])
        posts = [self.world.posts[id_] for id_ in ids]
        return [post.text for post in posts if post.stands and post.by_api]


class Heard:
    """What a stream told up to now."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.cursor: Any = None

    def ids(self) -> list[str]:
        """Of all changes, in order."""
        return [each.external_id for each in self.changes]


async def listen(connector: XConnector, until: Callable[[Heard], bool], since: Any = None) -> Heard:
    """Read the stream until `until` holds for what was told. Raises TimeoutError."""
    heard = Heard()
    async with asyncio.timeout(WITHIN), aclosing(connector.stream(since)) as batches:
        async for batch in batches:
            heard.changes += batch.changes
            heard.cursor = batch.cursor
            if until(heard):
                break
    return heard
