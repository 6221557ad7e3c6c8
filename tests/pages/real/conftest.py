"""The pages behind a real server, for a real browser."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from granian.constants import Interfaces
from granian.server.embed import Server
from litestar import Litestar

from tests.browser.conftest import browser, page

__all__ = ["browser", "page"]


@pytest.fixture
async def address(app: Litestar) -> AsyncIterator[str]:
    """Where the app answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    server = Server(app, "127.0.0.1", port, interface=Interfaces.ASGI, log_enabled=False)
    serving = asyncio.create_task(server.serve())
    await _until_open(port)
    yield f"http://127.0.0.1:{port}"
    server.stop()  # type: ignore[no-untyped-call]
    await serving


async def _until_open(port: int) -> None:
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.02)
        else:
            writer.close()
            await writer.wait_closed()
            return
    raise TimeoutError("the server did not open its port")
