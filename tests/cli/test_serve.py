"""`earful serve` as an operator runs it, on a server of her own that goes away and comes back."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from earful.cli.serve import demo, refuse_open_address, serve, web
from earful.settings import Settings, SettingsError
from earful.store.running import Running, start

WITHIN = 60.0
PARENTS = {"asyncio", "asyncpg", "cryptography", "httpx", "litestar", "rich", "structlog"}
"""What the parent of a desk does without: it stays in memory for as long as the desk runs."""
SERVE = [sys.executable, "-m", "earful", "serve"]


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="ef-", dir="/tmp"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def server(folder: Path) -> Settings:
    """Where the operator's own server is."""
    return Settings.from_env({"EARFUL_DATA_DIR": str(folder / "server")})


def environ(folder: Path, running: Running) -> dict[str, str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return os.environ | {
        "EARFUL_DATA_DIR": str(folder / "data"),
        "EARFUL_DATABASE_URL": running.addresses.app,
        "EARFUL_DATABASE_OWNER_URL": running.addresses.owner_or_refuse(),
        "EARFUL_SECRET_KEY": "k" * 32,
        "EARFUL_PORT": str(port),
    }


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, timeout=30.0) as client:
        yield client


@pytest.mark.parametrize("host", ["::", "192.0.2.7", "127.evil.example", "desk.example"])
def test_an_address_that_others_reach_is_refused_without_tls(folder: Path, host: str) -> None:
    """None of the commands that listen does, and nothing was made by then."""
    data = folder / "data"
    environ = {"EARFUL_HOST": host, "EARFUL_DATA_DIR": str(data)}
    for command in (serve, web, demo):
        refused = CliRunner().invoke(command, [], env=environ)
        assert isinstance(refused.exception, SettingsError), command.name
        assert "EARFUL_BEHIND_PROXY=yes" in str(refused.exception)
    assert not data.exists()
    settings = Settings.from_env(environ | {"EARFUL_BEHIND_PROXY": "yes"})
    refuse_open_address(settings)  # a proxy that was declared is believed


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_this_machine_is_no_open_address(host: str) -> None:
    refuse_open_address(Settings.from_env({"EARFUL_HOST": host}))


async def becomes(client: httpx.AsyncClient, url: str, status: int) -> str:
    """Ask until the answer has that status. Returns what it says."""
    async with asyncio.timeout(WITHIN):
        while True:
            try:
                answer = await client.get(url)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code == status:
                return answer.text
            await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    ("modules", "heavy"),
    [
        ("earful.cli.root, earful.cli.serve, earful.store.running", PARENTS),
        ("earful.cli.root, earful.cli.serve, earful.app.worker", {"litestar", "granian"}),
    ],
)
def test_a_process_loads_what_it_needs_alone(modules: str, heavy: set[str]) -> None:
    look = f"import sys, {modules}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "earful.cli.serve" in loaded
    assert not loaded & heavy


async def test_a_database_that_goes_and_comes_back_is_met_with_words(
    folder: Path, server: Settings, client: httpx.AsyncClient
) -> None:
    running = start(server)
    env = environ(folder, running)
    url = f"http://127.0.0.1:{env['EARFUL_PORT']}"
    desk = await asyncio.create_subprocess_exec(*SERVE, env=env)
    try:
        await becomes(client, f"{url}/readyz", 200)
        running.stop()
        assert "does not answer" in await becomes(client, f"{url}/readyz", 503)
        assert (await client.get(f"{url}/healthz")).status_code == 200
        said = await client.get(f"{url}/api/v1/me", headers={"cookie": "earful_session=x"})
        assert (said.status_code, desk.returncode) == (503, None)
        running = start(server)
        await becomes(client, f"{url}/readyz", 200)
        said = await client.get(f"{url}/api/v1/me", headers={"cookie": "earful_session=x"})
        assert said.status_code == 401
    finally:
        desk.terminate()
        await desk.wait()
        running.stop()
    assert desk.returncode == 0


def test_a_database_that_was_never_there_is_said_in_one_line(folder: Path) -> None:
    env = os.environ | {
        "EARFUL_DATABASE_URL": f"postgresql://earful_app@/earful?host={folder}",
        "EARFUL_SECRET_KEY": "k" * 32,
        "EARFUL_DATA_DIR": str(folder),
    }
    done = subprocess.run(SERVE, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("earful: The database can't be reached")
    assert len(done.stderr.splitlines()) == 1


async def test_the_address_is_said_when_it_can_be_opened(
    folder: Path, server: Settings, client: httpx.AsyncClient
) -> None:
    running = start(server)
    env = environ(folder, running)
    desk = await asyncio.create_subprocess_exec(*SERVE, env=env, stdout=asyncio.subprocess.PIPE)
    try:
        assert desk.stdout is not None
        assert b"Set the desk up" in await asyncio.wait_for(desk.stdout.readline(), WITHIN)
        address = (await desk.stdout.readline()).decode().strip()
        assert (await client.get(address)).status_code == 200
    finally:
        desk.terminate()
        await asyncio.wait_for(desk.wait(), WITHIN)
        running.stop()


async def test_a_port_in_use_is_said_in_words(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("earful.cli.serve.FREE_WITHIN", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setenv("EARFUL_PORT", str(other.getsockname()[1]))
        monkeypatch.setenv("EARFUL_DATA_DIR", str(folder / "data"))
        done = await asyncio.to_thread(CliRunner().invoke, serve)
    assert done.exit_code == 1
    assert "Something else listens" in str(done.exception or done.output)
    assert not (folder / "data").exists()
