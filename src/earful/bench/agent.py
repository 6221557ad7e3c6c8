"""An agent who answers whoever waits, through the HTTP API, however often it breaks off."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from earful.bench.desk import Desk
from earful.kit.ids import new_id

TROUBLE = (httpx.TransportError, httpx.HTTPStatusError, ValueError)


class Agent:
    """Answers. `promised` maps each idempotency key that got a yes to the reply's message id."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._http = desk.client()
        self.promised: dict[str, str] = {}
        self.refused: list[str] = []
        self.broken_off = 0
        self._answered: set[tuple[str, int]] = set()

    async def work(self, stop: asyncio.Event) -> None:
        """Answer the waiting, the newest first, until `stop`."""
        while not stop.is_set():
            try:
                page = (await self.ask("GET", "/conversations?status=open&limit=20"))["items"]
            except TROUBLE:
                self.broken_off += 1
                await asyncio.sleep(0.1)
                continue
            todo = [c for c in page if c["unanswered"] and not c["sending"] and not c["trouble"]]
            for card in todo:
                if (card["id"], card["version"]) not in self._answered and not stop.is_set():
                    self._answered.add((card["id"], card["version"]))
                    await self._answer(card)
            await asyncio.sleep(0.05)

    async def _answer(self, card: dict[str, Any]) -> None:
        """One reply; the same key again until there is an answer, as a browser does it."""
        key = new_id()
        body = {"text": f"We look into it. ({key[-12:]})", "seen_version": card["version"]}
        path = f"/conversations/{card['id']}/replies"
        while True:
            try:
                said = await self.ask("POST", path, json=body, headers={"idempotency-key": key})
            except TROUBLE as error:
                if _is_no(error):
                    self.refused.append(str(error))
                    return
                self.broken_off += 1
                await asyncio.sleep(0.1)
            else:
                self.promised[key] = said["message"]["id"]
                return

    async def ask(self, method: str, path: str, **more: Any) -> Any:
        """The answer's JSON. Raises one of TROUBLE."""
        response = await self._http.request(method, f"/api/v1{path}", **more)
        response.raise_for_status()
        return response.json()

    async def close(self) -> None:
        """Go home."""
        await self._http.aclose()


def _is_no(error: Exception) -> bool:
    """A clear refusal; a 5xx or a broken line says nothing."""
    return isinstance(error, httpx.HTTPStatusError) and error.response.status_code < 500
