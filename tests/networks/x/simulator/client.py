"""A brand's side of a simulator, and the hands of its customers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import msgspec

from earful.networks.x.simulator import State, stage, told
from earful.networks.x.simulator.things import Post


class Brand:
    """@Northwind's token, the app's, and what customers do."""

    def __init__(self, state: State) -> None:
        self.state, self.keys = state, told(state)
        self.id = str(self.keys["users"]["Northwind"]["id"])
        self.user = self._client(self.keys["users"]["Northwind"]["access_token"])
        self.app = self._client(self.keys["bearer"])

    def _client(self, token: str) -> httpx.AsyncClient:
        headers = {"authorization": f"Bearer {token}"}
        return httpx.AsyncClient(
            base_url=self.state.service, headers=headers, trust_env=False, timeout=5
        )

    async def close(self) -> None:
        await self.user.aclose()
        await self.app.aclose()

    def says(self, text: str, by: str = "dana", **more: Any) -> Post:
        """A customer posts."""
        return stage.post(self.state.world, stage.Line(by=by, text=text, **more))

    async def reply(self, parent: Post, text: str, **more: Any) -> httpx.Response:
        body = {"text": text, "reply": {"in_reply_to_tweet_id": parent.id}, **more}
        return await self.user.post("/2/tweets", json=body)

    async def mentions(self, **query: Any) -> Any:
        answer = await self.user.get(f"/2/users/{self.id}/mentions", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()


class Reader:
    """Reads a stream line by line; empty lines are signs of life."""

    def __init__(self, answer: httpx.Response) -> None:
        self._chunks = answer.aiter_bytes()
        self._rest = b""

    async def line(self) -> Any:
        """The next object, or None for a sign of life. Raises StopAsyncIteration at the end."""
        async with asyncio.timeout(5):
            while b"\r\n" not in self._rest:
                self._rest += await anext(self._chunks)
        line, _, self._rest = self._rest.partition(b"\r\n")
        return msgspec.json.decode(line) if line else None

    async def next(self) -> Any:
        """The next object."""
        while (found := await self.line()) is None:
            continue
        return found

    async def ended(self) -> bool:
        """Whether the line breaks off, after whatever else is said."""
        try:
            while True:
                await self.line()
        except (StopAsyncIteration, httpx.RemoteProtocolError):
            return True
        except TimeoutError:
            return False


@asynccontextmanager
async def reading(
    client: httpx.AsyncClient, path: str, **query: Any
) -> AsyncIterator[tuple[int, Reader]]:
    """An open stream: its status and a reader."""
    async with client.stream("GET", path, params=query) as answer:
        yield answer.status_code, Reader(answer)
