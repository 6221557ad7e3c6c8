"""An X that says what it is told to say, path by path."""

from __future__ import annotations

import json
from typing import Any

from earful.networks.x.simulator.wire import Answer, Request
from earful.networks.x.times import id_at
from tests.networks.x.memory import Memory
from tests.networks.x.samples import CAROL, US, users

MENTIONS = f"/2/users/{US.id}/mentions"
EMPTY: dict[str, Any] = {"meta": {"result_count": 0}}


class StandIn:
    """Answers by path, as it was told: the first answer once, the last for ever."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.says: dict[str, list[Answer]] = {}
        self.asked: list[Request] = []

    async def handle(self, request: Request) -> Answer:
        """The next answer."""
        self.asked.append(request)
        told = self.says.get(request.path) or [Answer(200, EMPTY)]
        return told.pop(0) if len(told) > 1 else told[0]

    def will(self, path: str, *bodies: Any, status: int = 200, **headers: str) -> None:
        """What is said at a path."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.says[path] = [
            Answer(status, body if isinstance(body, bytes) else json.dumps(body).encode(), named)
            for body in bodies
        ]

    def id(self, number: int) -> str:
        """An id made just now."""
        return str(id_at(self.memory.ports.now()) + number)


def mention(id_: str, **more: Any) -> dict[str, Any]:
    """A post to us; its author named."""
    return {"id": id_, "text": f"@{US.handle} hello {id_}", "author_id": CAROL, **more}


def page(*posts: Any, token: Any = None, **more: Any) -> dict[str, Any]:
    """A page of a listing."""
    meta = {"result_count": len(posts)} | ({"next_token": token} if token else {})
    return {"data": list(posts), "includes": {"users": users(CAROL)}, "meta": meta, **more}


def message(id_: str, **more: Any) -> dict[str, Any]:
    """A private message to us."""
    return {"id": id_, "event_type": "MessageCreate", "text": "psst", "sender_id": CAROL, **more}
