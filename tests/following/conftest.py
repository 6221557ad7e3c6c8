"""The cast, and people who write in private."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from earful.accounts.secrets import Keyring
from earful.following.rules import Rules, keep_rules
from earful.media.files import MediaFiles
from earful.networks.contract import Visibility
from earful.settings import Settings
from earful.store.pool import Database
from earful.worker import following
from earful.worker.desk import Shared
from tests.cast import CAROL, Cast, gather, post
from tests.desk.acts import home_of, take


class Care:
    """A workspace whose worker follows up when it is told to."""

    def __init__(self, cast: Cast, shared: Shared, settings: Settings) -> None:
        self.cast, self.shared, self.settings = cast, shared, settings

    async def follow(self) -> None:
        """One round of the worker."""
        await following.hear_on(self.shared)
        await following.follow_due(self.shared, self.settings)

    async def rules(self, **changes: Any) -> None:
        """Set the inbox's rules."""
        async with self.cast.works.open(self.cast.workspace_id, self.cast.alice) as work:
            await keep_rules(work, self.cast.channel.inbox_id, Rules(**changes))

    async def asked(self, number: str = "1", **more: Any) -> str:
        """Somebody asks in private. Returns the conversation's id."""
        more.setdefault("visibility", Visibility.DIRECT)
        more.setdefault("author", CAROL)
        more.setdefault("published_at", self.cast.time())
        await take(self.cast, post(number, "Where is my order?", **more))
        return await home_of(self.cast, number)


@pytest.fixture
async def care(database: Database, tmp_path: Path) -> Care:
    """A workspace with a public address; its worker began to listen."""
    cast = await gather(database)
    keyring = Keyring(["a key for the tests of following up, long enough"])
    shared = Shared(database, cast.time, keyring, MediaFiles(tmp_path))
    made = Care(cast, shared, Settings(public_url="https://care.example"))
    await made.follow()
    return made
