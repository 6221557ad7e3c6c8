"""A server that speaks Mastodon's API as a process of its own (the bench's), and accounts on it.

It is the package mastodon-mock: real HTTP, WebSocket and server-sent events, a database that lasts
as long as the process. Its known faults: a third party may read direct posts, rate limits reset at
an epoch number, a deletion is told to the author's followers only, and a post cannot claim another
time than now. Posts of another time are therefore written into its database.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from earful.bench.peers.mastodon import Server, mastodon_server


@dataclass(frozen=True)
class Account:
    """A person or brand on a server, signed in."""

    id: str
    acct: str
    domain: str
    token: str
    http: httpx.AsyncClient

    @property
    def full(self) -> str:
        """The name that holds on every server."""
        return f"{self.acct}@{self.domain}"

    @property
    def headers(self) -> dict[str, str]:
        """What signs a call."""
        return {"Authorization": f"Bearer {self.token}"}

    async def call(self, method: str, path: str, **more: Any) -> Any:
        """A call in the account's name. Raises on anything but success."""
        answer = await self.http.request(method, path, headers=self.headers, **more)
        answer.raise_for_status()
        return answer.json()

    async def post(self, text: str, **more: Any) -> dict[str, Any]:
        """Publish a status."""
        made = await self.call("POST", "/api/v1/statuses", json={"status": text, **more})
        return dict(made)

    async def edit(self, id_: str, text: str) -> None:
        """Write a status anew."""
        await self.call("PUT", f"/api/v1/statuses/{id_}", json={"status": text})

    async def delete(self, id_: str) -> None:
        """Take a status away."""
        await self.call("DELETE", f"/api/v1/statuses/{id_}")

    async def posts(self) -> list[dict[str, Any]]:
        """All that the account has published, oldest first."""
        path = f"/api/v1/accounts/{self.id}/statuses"
        found = list(await self.call("GET", path, params={"limit": 40}))
        return sorted(found, key=lambda each: (len(each["id"]), each["id"]))


class MockServer:
    """A running server."""

    def __init__(self, server: Server) -> None:
        self._server, self.url, self.http = server, server.url, server.http
        self._numbers: dict[str, int] = {}

    async def account(self, name: str) -> Account:
        """A new account; its name gets a number."""
        number = self._numbers[name] = self._numbers.get(name, 0) + 1
        made = await self._server.person(f"{name}{number}")
        domain = (await self.http.get("/api/v2/instance")).json()["domain"]
        return Account(made["id"], made["username"], domain, made["access_token"], self.http)

    async def written_at(
        self, author: Account, brand: Account, text: str, at: datetime, below: str | None = None
    ) -> str:
        """A mention that claims another time, as one that came late from another server does. It
        stands in the lists, and no stream tells it."""
        more = {"in_reply_to_id": below} if below else {}
        id_ = int((await author.post("nobody is named", **more))["id"])
        moment, now = (_sql(each) for each in (at, datetime.now(UTC)))
        with closing(sqlite3.connect(self._server.database, timeout=10)) as db, db:
            content = f"<p>@{brand.acct} {text}</p>"
            db.execute(
                "UPDATE statuses SET content = ?, created_at = ? WHERE id = ?",
                (content, moment, id_),
            )
            db.execute(
                "INSERT INTO status_mentions (id, status_id, account_id) VALUES (?, ?, ?)",
                (id_, id_, int(brand.id)),
            )
            db.execute(
                """INSERT INTO notifications (id, account_id, type, from_account_id, status_id,
                     created_at, read) VALUES (?, ?, 'mention', ?, ?, ?, 0)""",
                (id_, int(brand.id), int(author.id), id_, now),
            )
        return str(id_)


def _sql(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


@asynccontextmanager
async def mock_server(folder: Path, config: str = "") -> AsyncIterator[MockServer]:
    """A fresh server, ended with the block. `config` is added to its configuration file."""
    async with mastodon_server(folder, config) as server:
        yield MockServer(server)
