"""The rehearsal network as another process: what it wrote down is the truth."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec

from earful.networks.rehearsal.ledger import Entry


class Town:
    """A running rehearsal server."""

    def __init__(self, url: str, pid: int) -> None:
        self.url = url
        self.pid = pid
        self.http = httpx.AsyncClient(base_url=url, trust_env=False, timeout=60)

    async def ask(self, path: str, **body: Any) -> Any:
        """POST `body`; the answer's JSON."""
        response = await self.http.post(path, json=body)
        response.raise_for_status()
        return response.json() if response.content else None

    async def entries(self) -> list[Entry]:
        """The whole ledger."""
        response = await self.http.get("/ledger")
        return msgspec.convert(response.json()["entries"], list[Entry])


@asynccontextmanager
async def town(ledger: Path, *handles: str, rate: float = 0) -> AsyncIterator[Town]:
    """A town of its own; silent but for what is asked of it, unless `rate` (posts a minute)."""
    options = [part for handle in handles for part in ("--handle", handle)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "earful.networks.rehearsal", "--ledger", str(ledger),
        "--rate", str(rate), "--backlog", "0", *options, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None  # noqa: S101 - asked for above
        said = msgspec.json.decode(await process.stdout.readline())
        running = Town(said["service"], process.pid)
        yield running
        await running.http.aclose()
    finally:
        process.terminate()
        await process.wait()
