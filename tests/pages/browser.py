"""A browser without script: keeps cookies, fills in forms as they were shown."""

from __future__ import annotations

import re
from html import unescape
from typing import Any, cast

import httpx
from litestar import Litestar


class Browser:
    """One person's browser. Redirects are not followed, so that tests see them."""

    def __init__(
        self, app: Litestar, base: str = "http://testserver.local", address: str = "127.0.0.1"
    ) -> None:
        transport = httpx.ASGITransport(app=cast(Any, app), client=(address, 50000))
        self.http = httpx.AsyncClient(
            transport=transport, base_url=base, headers={"user-agent": "Test browser"}
        )

    async def get(self, path: str, **more: Any) -> httpx.Response:
        return await self.http.get(path, **more)

    async def send(self, path: str, /, shown_at: str = "", **fields: str) -> httpx.Response:
        """Open the form at `shown_at` (else `path`), fill in `fields`, send it."""
        shown = await self.get(shown_at or path)
        return await self.http.post(path, data={**hidden(shown.text), **fields})

    def session(self) -> str | None:
        return self.http.cookies.get("earful_session")


def hidden(html: str) -> dict[str, str]:
    """The hidden fields of a form."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html)
    return {name: unescape(value) for name, value in found}
