"""A web process: the application on the store, served until told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from granian.constants import Interfaces
from granian.server.embed import Server
from litestar import Litestar
from litestar.datastructures import State

from earful import pages
from earful.accounts.secrets import Keyring
from earful.accounts.sight import load_inboxes
from earful.api import folds
from earful.api.application import build
from earful.app.opening import on_signals, opened
from earful.app.own_hosts import own_hosts
from earful.app.readiness import GATE
from earful.kit.clock import system_clock
from earful.kit.fresh import Fresh
from earful.kit.garbage import kept_small
from earful.media.files import media_store
from earful.pages.portal.pace import PortalPace
from earful.portal.bell import Bell
from earful.settings import Settings
from earful.store.pool import Database
from earful.stream.hub import Hub
from earful.stream.screen import Inboxes
from earful.stream.work import Works

COUNTS_GOOD_FOR = 1.0
"""Seconds for which the figures beside the views are not counted again."""

STREAMS = 20_000
"""Connections one web process holds; the rest wait to be accepted."""


def build_web(settings: Settings, database: Database, keyring: Keyring) -> Litestar:
    """The web application on an open database."""

    async def rights(workspace_id: str, agent_id: str) -> Inboxes:
        async with database.acquire() as db:
            return await load_inboxes(db, workspace_id, agent_id)

    hub = Hub(database, rights)

    @asynccontextmanager
    async def listening(_: Litestar) -> AsyncIterator[None]:
        await hub.start()
        yield
        await bell.stop()
        await hub.stop()

    bell = Bell(database)
    state = State(
        {
            "settings": settings,
            "database": database,
            "works": Works(database, system_clock, keyring),
            "hub": hub,
            "bell": bell,
            "portal_pace": PortalPace(database),
            "keyring": keyring,
            "gate": GATE,
            "media": media_store(settings),
            "now": system_clock,
            "fresh": Fresh(system_clock, COUNTS_GOOD_FOR),
            "folds": Fresh(system_clock, folds.GOOD_FOR, most=folds.MOST),
        }
    )
    app = build(state, pages.routes, [listening])
    app.asgi_handler = own_hosts(app.asgi_handler, settings)
    return app


async def run_web(settings: Settings) -> None:
    """Serve until told to stop."""
    async with opened(settings) as (store, keyring):
        app = build_web(settings, store.database, keyring)
        async with kept_small():
            await _serve(app, settings)


async def _serve(app: Litestar, settings: Settings) -> None:
    server = Server(
        app,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        backlog=1024,
        # Every open screen holds a stream: granian's default of 128 would be 128 agents.
        backpressure=STREAMS,
        log_access=False,
        log_enabled=False,
    )
    stopping = on_signals()
    serving = asyncio.create_task(server.serve())
    stop = asyncio.create_task(stopping.wait())
    await asyncio.wait({serving, stop}, return_when=asyncio.FIRST_COMPLETED)
    if not serving.done():
        await app.state.bell.stop()
        await app.state.hub.stop()
        server.stop()  # type: ignore[no-untyped-call]  # granian does not type it
    stop.cancel()
    await serving
