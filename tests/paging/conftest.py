"""The cast with somebody to wake, and a service on this machine that wakes her."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from earful.accounts.secrets import Keyring
from earful.desk.timers import act_on_time
from earful.kit.addresses import LOOPBACK, Guard
from earful.media.files import MediaFiles
from earful.paging.alerts import Alert
from earful.paging.ladders import Ladder, Step, Who, add_ladder
from earful.paging.listing import list_open
from earful.paging.pagers import NewPager, Pager, add_pager
from earful.paging.rules import AFTER, AGAIN, Cause, Rule, keep_rule
from earful.store.pool import Database
from earful.stream.work import Actor
from earful.worker import paging
from earful.worker.desk import Shared
from tests.cast import CAROL, Cast, gather, post
from tests.desk.acts import home_of, rows, take
from tests.paging.pages_apart import KEY
from tests.paging.services import Service, serving


class Night:
    """A workspace whose worker pages when it is told to."""

    def __init__(self, cast: Cast, shared: Shared, service: Service) -> None:
        self.cast, self.shared, self.service = cast, shared, service

    async def does(self, command: Any, *args: Any, by: Actor | None = None) -> Any:
        """A command, by Alice unless said otherwise."""
        async with self.shared.works.open(self.cast.workspace_id, by or self.cast.alice) as work:
            return await command(work, *args)

    async def pager(self, who: Actor, name: str = "", address: str = "") -> Pager:
        """A way to reach somebody."""
        new = NewPager(
            agent_id=who.id,
            team_id=None,
            name=name or who.name,
            address=address or self.service.address("json", f"{who.name}-secret"),
            service="JSON",
            host="localhost",
        )
        found: Pager = await self.does(add_pager, self.shared.keyring, new)
        return found

    async def ladder(self, *people: Actor, wait_for: int = 300, rounds: int = 1) -> Ladder:
        """One after the other."""
        steps = tuple(Step((Who("agent", one.id),), wait_for) for one in people)
        found: Ladder = await self.does(add_ladder, "Night", steps, rounds)
        return found

    async def on_call(self) -> Ladder:
        """Whoever is on call just then."""
        steps = (Step((Who("on_call"),), 300),)
        found: Ladder = await self.does(add_ladder, "On call", steps, 1)
        return found

    async def pages_for(self, cause: Cause, ladder: Ladder, **more: int) -> Rule:
        """Have a cause page."""
        lengths = {"after_for": AFTER.get(cause, 0), "again_for": AGAIN[cause]} | more
        rule: Rule = await self.does(keep_rule, Rule(cause=cause, ladder_id=ladder.id, **lengths))
        return rule

    async def round(self, *, look: bool = True) -> None:
        """Clocks speak, then one round of the worker, with all pages that are due."""
        async with self.shared.works.open(self.cast.workspace_id) as work:
            await act_on_time(work)
        await paging.notice(self.shared, look=look)
        await paging.climb_due(self.shared)
        while await paging.page_due(self.shared, "https://care.example"):
            pass

    async def writes(self, number: str = "1", **more: Any) -> str:
        """Somebody writes. Returns the conversation's id."""
        more.setdefault("author", CAROL)
        more.setdefault("published_at", self.cast.time())
        await take(self.cast, post(number, "Where is my order?", **more))
        return await home_of(self.cast, number)

    async def open(self) -> list[Alert]:
        """The alerts that are not over."""
        async with self.cast.database.acquire() as db:
            return (await list_open(db, self.cast.workspace_id, None))[0]

    async def rows(self, sql: str, *args: Any) -> list[Any]:
        """Look into the database."""
        return await rows(self.cast, sql, *args)

    def told(self) -> list[str]:
        """Who was told, by the path of her address."""
        return [one.path.removeprefix("/").removesuffix("-secret") for one in self.service.told]


@pytest.fixture
async def night(database: Database, tmp_path: Path) -> AsyncIterator[Night]:
    """A workspace with a service on this machine, which the operator allows."""
    cast = await gather(database)
    keyring = Keyring([KEY])
    shared = Shared(database, cast.time, keyring, MediaFiles(tmp_path), guard=Guard(LOOPBACK))
    async with serving() as service:
        yield Night(cast, shared, service)
