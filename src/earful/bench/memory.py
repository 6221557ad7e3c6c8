"""What the whole desk holds in memory some minutes after ten thousand posts."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from earful.bench.desk import await_ready, free_port
from earful.bench.ground import Ground, connect_channel, folder_of_its_own, settle_in
from earful.bench.say import say
from earful.bench.town import town
from earful.bench.usage import family, pss_mb
from earful.bench.wire import Wire
from earful.store.opening import open_store
from earful.store.running import attach_or_start

TAKEN_WITHIN = 600.0


async def memory(posts: int, wait_for: float) -> dict[str, Any]:
    """`earful serve`, an agent's screen open, `posts` taken in and looked at; then a pause."""
    with folder_of_its_own(free_port()) as (settings, environ):
        serve = _serve(environ)
        try:
            await await_ready(settings.port)
            running = await asyncio.to_thread(attach_or_start, settings)
            async with town(settings.data_dir / "network.jsonl", "Northwind") as network:
                # What the bench opens on the database itself is no part of the desk: it is closed
                # before anything is measured.
                async with open_store(settings, size=2) as store:
                    on = await settle_in(settings, environ, running, store)
                    await connect_channel(on, "Northwind", {"service": network.url})
                    screen = Wire(settings.port, on.token).stream()
                    await anext(screen)
                    reading = asyncio.create_task(_read(screen))
                    await network.ask("/burst", n=posts, replies=0.4, repeats=0.1)
                    await _taken(on, posts)
                    await _look_around(on)
                say(f"taken in; waiting {wait_for:.0f} s")
                await asyncio.sleep(wait_for)
                found = _sum(serve.pid)
                reading.cancel()
        finally:
            serve.send_signal(signal.SIGTERM)
            await asyncio.to_thread(serve.wait, 60)
    return {"posts": posts, "waited_for_s": wait_for, **found}


def _serve(environ: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "earful", "serve"]
    return subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)  # noqa: S603


def _sum(root: int) -> dict[str, Any]:
    """MB of all processes, and of the largest by what they are."""
    by_pid = pss_mb(family(root))
    parts: dict[str, float] = {}
    for pid, size in by_pid.items():
        words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().split()
        name = "database" if not words or "postgres" in words[0] else words[3]
        parts[name] = round(parts.get(name, 0.0) + size, 1)
    return {"mb": round(sum(by_pid.values()), 1), "processes": len(by_pid), "parts_mb": parts}


async def _read(screen: Any) -> None:
    async for _ in screen:
        pass


async def _taken(on: Ground, posts: int) -> None:
    async with asyncio.timeout(TAKEN_WITHIN):
        while True:
            async with on.store.database.acquire() as db:
                if await db.fetchval("SELECT count(*) FROM accepted") >= posts:
                    return
            await asyncio.sleep(1)


async def _look_around(on: Ground) -> None:
    """What an agent's screen asks for in a while."""
    wire = Wire(on.settings.port, on.token)
    page = await wire.ask("GET", "/api/v1/snapshot?view=next")
    for card in page["page"]["items"]:
        await wire.ask("GET", f"/api/v1/conversations/{card['id']}")
    for word in ("help", "order", "phone", "the"):
        await wire.ask("GET", f"/api/v1/search?q={word}")
    for card in page["page"]["items"][:20]:
        body = {"text": "We look into it.", "force": True}
        await wire.ask("POST", f"/api/v1/conversations/{card['id']}/replies", body)
    wire.close()
