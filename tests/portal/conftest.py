"""A portal that is open, its pages in an app, and visitors without script."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.datastructures import State

from earful.accounts.secrets import Keyring
from earful.desk.connect import add_channel, probe
from earful.media.files import MediaFiles
from earful.pages import routes
from earful.pages.portal.pace import PortalPace
from earful.portal import places
from earful.portal.bell import Bell
from earful.portal.settings import PortalSettings
from earful.settings import Settings
from earful.store.pool import Database
from earful.stream.work import Works
from earful.worker.desk import Shared
from earful.worker.sending import _claim as claim
from earful.worker.sending import attempt
from tests.cast import Cast, gather
from tests.pages.browser import hidden

KEYRING = Keyring(["a key for the tests of the portal, long enough"])
GOOD = PortalSettings(
    intro="We answer within the hour.",
    privacy="We keep what you write for a year.",
    imprint="Northwind Ltd, 1 Main Street",
    contact="https://northwind.example/contact",
    public=True,
)


class Desk:
    """A workspace with an open portal at /portal/help."""

    def __init__(self, cast: Cast, app: Litestar, shared: Shared, channel_id: str) -> None:
        self.cast, self.app, self.shared, self.channel_id = cast, app, shared, channel_id

    async def set(self, settings: PortalSettings, *, live: bool = True) -> None:
        """Decide about the portal."""
        async with self.cast.works.open(self.cast.workspace_id, self.cast.alice) as work:
            place = await places.place_of(work.db, work.workspace_id, self.channel_id)
            await places.keep_settings(work, place, settings)
            place = await places.place_of(work.db, work.workspace_id, self.channel_id)
            await (places.go_live if live else places.close)(work, place)

    async def send_out(self) -> None:
        """What waits to leave leaves."""
        for delivery in await claim(self.shared, self.cast.workspace_id):
            await attempt(self.shared, delivery)


class Visitor:
    """Somebody with a browser without script and without cookies."""

    def __init__(self, desk: Desk, address: str = "192.0.2.7") -> None:
        self.desk, self.time = desk, desk.cast.time
        transport = httpx.ASGITransport(app=desk.app, client=(address, 50000))  # type: ignore[arg-type]
        self.http = httpx.AsyncClient(transport=transport, base_url="http://desk.example")

    async def fill_in(self, path: str = "/portal/help") -> dict[str, str]:
        """Open a form, and take a while."""
        shown = await self.http.get(path)
        self.time.pass_(seconds=5)
        return hidden(shown.text)

    async def write(
        self, text: str, path: str = "/portal/help", files: Any = None, **fields: str
    ) -> httpx.Response:
        """Open the form at `path`, fill it in and send it."""
        data = {**await self.fill_in(path), "text": text, **fields}
        return await self.send(data, path, files)

    async def send(
        self, data: dict[str, str], path: str = "/portal/help", files: Any = None
    ) -> httpx.Response:
        """Send a form as it was filled in, as browsers do."""
        parts = [(name, (None, value)) for name, value in data.items()]
        return await self.http.post(path, files=[*parts, *(files or [])])


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> AsyncIterator[Desk]:
    cast = await gather(database)
    cast.works = Works(database, cast.time, KEYRING)
    media = MediaFiles(tmp_path)
    state = {
        "database": database,
        "settings": Settings(public_url="https://care.example.org"),
        "keyring": KEYRING,
        "now": cast.time,
        "works": cast.works,
        "media": media,
        "bell": Bell(database),
        "portal_pace": PortalPace(database),
    }
    app = Litestar(routes, state=State(state), openapi_config=None)
    account = await probe("portal", {"slug": "help", "name": "Northwind"}, cast.time)
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        channel = await add_channel(work, KEYRING, account, cast.channel.inbox_id)
    shared = Shared(database, cast.time, KEYRING, media, public_url="https://care.example.org")
    desk = Desk(cast, app, shared, channel["id"])
    await desk.set(GOOD)
    yield desk
    await app.state.bell.stop()


@pytest.fixture
def visitor(desk: Desk) -> Visitor:
    return Visitor(desk)


@pytest.fixture
def visitors(desk: Desk) -> Callable[[int], Visitor]:
    return lambda number: Visitor(desk, f"198.51.{number // 250}.{number % 250 + 1}")
