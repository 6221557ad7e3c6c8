"""The desk's own processes, as `earful serve` runs them, to be measured and killed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx

from earful.bench.ground import Ground
from earful.intake.receive import PASSING

READY_WITHIN = 60.0


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Child:
    """`earful web` or `earful worker`."""

    def __init__(self, role: str, on: Ground) -> None:
        self._role = role
        self._on = on
        self._log = on.settings.data_dir / f"{role}.log"
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "earful", self._role, "--parent", str(os.getpid())]
        with self._log.open("ab") as log:
            return subprocess.Popen(command, env=self._on.environ, stdout=log, stderr=log)  # noqa: S603

    def tend(self) -> None:
        """Start it again if it ended."""
        if self.process.poll() is not None:
            self.process = self._start()

    def kill(self) -> None:
        """As a power cut does it."""
        # Whoever tends it meanwhile starts another, which is not to be waited for.
        process = self.process
        process.kill()
        process.wait()

    def stop(self) -> None:
        """Ask it to end, and wait."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()

    def said(self) -> str:
        """The end of what it wrote."""
        return self._log.read_text(errors="replace")[-4000:]


class Desk:
    """A web process, a worker, and an agent's way in by API token."""

    def __init__(self, on: Ground) -> None:
        self.on = on
        self.url = f"http://127.0.0.1:{on.settings.port}"
        self.web = Child("web", on)
        self.worker = Child("worker", on)

    def client(self, token: str | None = None) -> httpx.AsyncClient:
        """A client that is signed in; close it."""
        return httpx.AsyncClient(
            base_url=self.url,
            headers={"Authorization": f"Bearer {token or self.on.token}"},
            trust_env=False,
            timeout=20,
            limits=httpx.Limits(max_connections=1000, max_keepalive_connections=20),
        )

    def tend(self) -> None:
        """Start again what ended."""
        self.web.tend()
        self.worker.tend()

    async def working(self) -> None:
        """Wait until the worker that runs now listens to a channel. Raises TimeoutError."""
        async with asyncio.timeout(READY_WITHIN):
            while not await self._listens():
                self.tend()
                await asyncio.sleep(0.02)

    async def _listens(self) -> bool:
        try:
            async with self.on.store.database.acquire() as db:
                found = await db.fetchval(
                    "SELECT true FROM channel WHERE listener LIKE $1 LIMIT 1",
                    f"%|{self.worker.process.pid}|%",
                )
        except PASSING:
            return False
        return bool(found)

    async def ready(self) -> None:
        """Wait until the web process and its database answer. Raises TimeoutError."""
        try:
            await await_ready(self.on.settings.port, self.tend)
        except TimeoutError as error:
            raise TimeoutError(f"the desk does not come up: {self.web.said()}") from error


async def await_ready(port: int, tend: Callable[[], None] = lambda: None) -> None:
    """Wait for the desk at `port`, calling `tend` meanwhile. Raises TimeoutError."""
    async with asyncio.timeout(READY_WITHIN), httpx.AsyncClient(trust_env=False) as client:
        while True:
            with contextlib.suppress(httpx.TransportError):
                answer = await client.get(f"http://127.0.0.1:{port}/readyz")
                if answer.status_code == 200:
                    return
            tend()
            await asyncio.sleep(0.02)


@asynccontextmanager
async def desk(on: Ground) -> AsyncIterator[Desk]:
    """The processes, ready; stopped at the end."""
    running = Desk(on)
    try:
        await running.ready()
        yield running
    finally:
        for child in (running.web, running.worker):
            await asyncio.to_thread(child.stop)
