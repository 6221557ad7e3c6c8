"""A stand-in for a server of chat completions: no model can be had where tests run.

What it answers has the form that OpenAI publishes for `POST /v1/chat/completions`
(platform.openai.com/docs/api-reference/chat/object), which llama.cpp, Ollama and vLLM follow.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

Say = Callable[[str], dict[str, Any] | str]


def complaint(_text: str) -> dict[str, Any]:
    """Holds everything for a complaint."""
    return {"kind": "complaint", "complaint": 0.9, "sentiment": -0.7, "needs_reply": True}


class Stand:
    """What it was asked, in order; `say` is what it thinks of a text."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.statuses: list[int] = []
        """Used up one by one, then 200."""
        self.say: Say = complaint
        self.raw: bytes | None = None
        self.wait = 0.0
        self.gone = asyncio.Event()
        self.port = 0

    @property
    def url(self) -> str:
        """Its address, as an operator types it."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def texts(self) -> list[str]:
        """The texts it was told."""
        return [one["messages"][-1]["content"] for one in self.asked]

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read one request, answer it, close."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        line, *fields = head.strip().split("\r\n")
        headers = {name.lower(): value for name, value in (f.split(": ", 1) for f in fields)}
        asked = json.loads(await reader.readexactly(int(headers["content-length"])))
        assert line == "POST /v1/chat/completions HTTP/1.1"
        self.asked.append(asked)
        self.headers.append(headers)
        if self.wait:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.gone.wait(), self.wait)
        status = self.statuses.pop(0) if self.statuses else 200
        body = self.raw if self.raw is not None else _completion(asked, self.say)
        more = "Location: http://127.0.0.1:1/\r\n" if status == 302 else ""
        start = f"HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\n{more}"
        writer.write(f"{start}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode())
        writer.write(body)
        await writer.drain()
        writer.close()


def _completion(asked: dict[str, Any], say: Say) -> bytes:
    said = say(asked["messages"][-1]["content"])
    content = said if isinstance(said, str) else json.dumps(said)
    message: dict[str, Any] = {
        "role": "assistant",
        "content": content,
        "refusal": None,
        "annotations": [],
    }
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    usage = {"prompt_tokens": 180, "completion_tokens": 30, "total_tokens": 210}
    return json.dumps(
        {
            "id": "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT",
            "object": "chat.completion",
            "created": 1741569952,
            "model": asked["model"],
            "choices": [choice],
            "usage": usage,
            "system_fingerprint": None,
        }
    ).encode()


@asynccontextmanager
async def standing() -> AsyncIterator[Stand]:
    """A stand-in while the block runs."""
    stand = Stand()
    server = await asyncio.start_server(stand.handle, "127.0.0.1", 0)
    stand.port = server.sockets[0].getsockname()[1]
    try:
        yield stand
    finally:
        stand.gone.set()
        server.close()
        await server.wait_closed()
