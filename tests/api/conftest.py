"""The API of a desk with two workspaces in one database: the cast's, and Eve's next door."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.datastructures import State

from earful import pages
from earful.accounts.csrf import csrf_for
from earful.accounts.secrets import Keyring
from earful.accounts.sessions import open_session
from earful.accounts.sight import load_inboxes
from earful.api.application import build
from earful.api.caller import COOKIE
from earful.app.readiness import GATE
from earful.kit.fresh import Fresh
from earful.media.files import MediaFiles
from earful.networks.registry import networks
from earful.pages.portal.pace import PortalPace
from earful.portal.bell import Bell
from earful.settings import Settings
from earful.store.pool import Database
from earful.stream.hub import Hub
from earful.stream.screen import Inboxes
from earful.stream.work import Actor
from tests.api.client import Client
from tests.cast import Cast, gather
from tests.networks import doors


@pytest.fixture
async def cast(database: Database) -> Cast:
    """The cast's workspace."""
    return await gather(database)


@pytest.fixture
async def next_door(database: Database, cast: Cast) -> Cast:
    """Another workspace with the same clock; its Alice is called Eve in the tests."""
    other = await gather(database, "Southwind")
    other.time = other.works.clock = cast.time
    return other


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a folder of their own."""
    return Settings.from_env({"EARFUL_DATA_DIR": str(tmp_path)})


@pytest.fixture
def town(monkeypatch: pytest.MonkeyPatch) -> doors.Town:
    """A network that has pages to sign in on, with nothing asked of it yet."""
    town = doors.Town()
    monkeypatch.setattr(doors, "TOWN", town)
    monkeypatch.setitem(networks(), doors.NAME, doors.NETWORK)
    return town


@pytest.fixture
async def app(cast: Cast, settings: Settings, town: doors.Town) -> AsyncIterator[Litestar]:
    """The whole web application, its hub listening."""
    del town  # there from the beginning
    database = cast.database

    async def rights(workspace_id: str, agent_id: str) -> Inboxes:
        async with database.acquire() as db:
            return await load_inboxes(db, workspace_id, agent_id)

    hub = Hub(database, rights)
    state = {
        "settings": settings,
        "database": database,
        "works": cast.works,
        "hub": hub,
        "keyring": Keyring(["a key for the tests of the API, long enough"]),
        "media": MediaFiles(settings.media_dir),
        "now": cast.time,
        "gate": GATE,
        "fresh": Fresh(cast.time, 0),
        "folds": Fresh(cast.time, 0),
        "bell": Bell(database),
        "portal_pace": PortalPace(database),
    }
    await hub.start()
    yield build(State(state), pages.routes)
    await hub.stop()


@pytest.fixture
async def clients(app: Litestar) -> AsyncIterator[list[Client]]:
    """All clients of a test, closed at its end."""
    made: list[Client] = []
    yield made
    for client in made:
        await client.http.aclose()


@pytest.fixture
def sign_in(app: Litestar, clients: list[Client]) -> Any:
    """Signs somebody in by a session of the browser's kind."""

    async def enter(cast: Cast, who: Actor) -> Client:
        assert who.id is not None
        async with cast.database.transaction() as db:
            cookie = await open_session(
                db,
                cast.workspace_id,
                who.id,
                user_agent="tests",
                address="127.0.0.1",
                now=cast.time(),
            )
        client = Client(app, {"cookie": f"{COOKIE}={cookie}", "x-csrf-token": csrf_for(cookie)})
        clients.append(client)
        return client

    return enter


@pytest.fixture
async def alice(cast: Cast, sign_in: Any) -> Client:
    """Alice, who owns the workspace."""
    client: Client = await sign_in(cast, cast.alice)
    return client


@pytest.fixture
async def bob(cast: Cast, sign_in: Any) -> Client:
    """Bob, who answers."""
    client: Client = await sign_in(cast, cast.bob)
    return client


@pytest.fixture
async def eve(next_door: Cast, sign_in: Any) -> Client:
    """Eve, who owns the workspace next door."""
    client: Client = await sign_in(next_door, next_door.alice)
    return client


@pytest.fixture
def nobody(app: Litestar, clients: list[Client]) -> Client:
    """Somebody without a session."""
    client = Client(app, {})
    clients.append(client)
    return client
