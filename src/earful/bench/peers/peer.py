"""What a bench wants of a network that runs beside it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

import msgspec

from earful.desk.connect import Account

HANDLE = "Northwind"
START_WITHIN = 120.0  # seconds; on two busy cores some take their time


class Absent(Exception):
    """This network can't run here; the words say why."""


class Peer(Protocol):
    """A running network. `url` is where it stands."""

    url: str

    async def account(self, url: str) -> Account:
        """The brand's account, reached at `url`."""

    async def write(self, posts: int) -> None:
        """So many customers' posts."""

    async def told(self) -> set[str]:
        """The ids of all that customers wrote, asked of the network itself."""


@asynccontextmanager
async def started(
    *command: str,
    cwd: str | None = None,
    env: dict[str, str] | None = None,
    says: bool = True,
    quiet: bool = False,
) -> AsyncIterator[dict[str, Any]]:
    """A process that ends with the block. Its standard input closes when ours ends, however.

    Gives the JSON of the first line that it prints, if it `says` one. A `quiet` one's complaints go
    nowhere. Raises RuntimeError.
    """
    pipe, nowhere = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        *command, cwd=cwd, env=env, stdin=pipe, stdout=pipe if says else nowhere,
        stderr=nowhere if quiet else None,
    )  # fmt: skip
    try:
        yield await _first_line(process) if says else {}
    finally:
        await _end(process)


async def _first_line(process: asyncio.subprocess.Process) -> dict[str, Any]:
    if process.stdout is None:
        return {}
    line = await asyncio.wait_for(process.stdout.readline(), START_WITHIN)
    if not line:
        raise RuntimeError(f"a network ended at once (exit code {await process.wait()})")
    return dict(msgspec.json.decode(line))


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    if process.returncode is None:
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), 10)
    except TimeoutError:
        process.kill()
        await process.wait()
