"""The embedded server: starts, stops, comes back, and never outlives who started it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from earful.settings import Settings
from earful.store import place
from earful.store.errors import AlreadyRunning
from earful.store.pool import Database
from earful.store.running import Running, attach_or_start, join, start
from earful.store.supervisor import Pauses

START_AND_WAIT = """
import sys, threading
from earful.settings import Settings
from earful.store.running import start
running = start(Settings.from_env({"EARFUL_DATA_DIR": sys.argv[1]}))
print(running.supervisor.pid, flush=True)
threading.Event().wait()
"""


@pytest.fixture
def short_dir() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="ef-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def settings(short_dir: Path) -> Settings:
    return Settings.from_env({"EARFUL_DATA_DIR": str(short_dir / "data")})


def pid_of(running: Running) -> int:
    assert running.supervisor is not None
    assert running.supervisor.pid is not None
    return running.supervisor.pid


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def eventually(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + 20
    while not holds():
        if time.monotonic() > until:
            return False
        threading.Event().wait(0.01)
    return True


async def ask(running: Running, question: str) -> object:
    connection = await asyncpg.connect(running.addresses.owner_or_refuse())
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def test_what_was_written_is_there_after_a_stop(settings: Settings) -> None:
    running = start(settings)
    first = pid_of(running)
    try:
        await ask(running, "CREATE TABLE kept AS SELECT 7 AS id")
    finally:
        running.stop()
    assert not alive(first)
    running = start(settings)
    try:
        assert await ask(running, "SELECT id FROM kept") == 7
        assert await ask(running, "SHOW fsync") == "on"
        assert await ask(running, "SHOW listen_addresses") == ""
        assert await ask(running, "SHOW jit") == "off"
    finally:
        running.stop()


def test_a_second_supervisor_is_refused_and_a_command_joins(settings: Settings) -> None:
    assert join(settings) is None
    running = start(settings)
    try:
        with pytest.raises(AlreadyRunning, match=f"process {os.getpid()}"):
            start(settings)
        joined = attach_or_start(settings)
        assert joined.supervisor is None
        assert joined.addresses == running.addresses
        joined.stop()
        assert alive(pid_of(running))
    finally:
        running.stop()
    assert join(settings) is None


async def test_a_server_that_dies_is_started_again(settings: Settings) -> None:
    running = start(settings)
    supervisor = running.supervisor
    assert supervisor is not None
    try:
        await ask(running, "CREATE TABLE kept AS SELECT 7 AS id")
        first = pid_of(running)
        os.kill(first, signal.SIGKILL)
        assert eventually(lambda: supervisor.ready and supervisor.pid != first)
        assert supervisor.restarts >= 1
        assert await ask(running, "SELECT id FROM kept") == 7
    finally:
        running.stop()


def test_a_server_that_served_comes_back_at_once_and_one_that_cannot_run_ever_later() -> None:
    pauses = Pauses()
    assert [pauses.after(0.0) for _ in range(5)] == [0.1, 0.5, 2.0, 5.0, 5.0]
    assert [pauses.after(9.0), pauses.after(9.0), pauses.after(0.2)] == [0.1, 0.1, 0.5]


async def test_work_waits_for_a_server_that_is_being_restarted(settings: Settings) -> None:
    running = start(settings)
    try:
        database = await Database.connect(running.addresses, size=2)
        server = pid_of(running)
        os.kill(server, signal.SIGINT)
        assert eventually(lambda: not alive(server))
        async with database.transaction() as connection:
            assert await connection.fetchval("SELECT 7") == 7
        await database.close()
    finally:
        running.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="the death signal is Linux's")
def test_a_killed_parent_leaves_no_server_behind(settings: Settings) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", START_AND_WAIT, str(settings.data_dir)], stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        server = int(parent.stdout.readline())
        assert alive(server)
        parent.kill()
    assert eventually(lambda: not alive(server))
    log = "".join(p.read_text() for p in (settings.data_dir / "pg/18/log").glob("*.log"))
    assert "database system is shut down" in log
    running = start(settings)
    running.stop()


def test_a_server_started_from_a_passing_thread_stays(settings: Settings) -> None:
    started: list[Running] = []
    thread = threading.Thread(target=lambda: started.append(start(settings)))
    thread.start()
    thread.join()
    try:
        threading.Event().wait(0.1)  # the death signal of an ended thread would have arrived
        assert alive(pid_of(started[0]))
    finally:
        started[0].stop()


def test_a_stale_pid_file_is_no_hindrance(settings: Settings) -> None:
    start(settings).stop()
    innocent = os.getpid()
    pid_file = settings.data_dir / "pg/18/postmaster.pid"
    pid_file.write_text(f"{innocent}\n{pid_file.parent}\n1\n5432\n/nowhere\n\n1 1\nready\n")
    if os.geteuid() == 0:
        shutil.chown(pid_file, pid_file.parent.owner())
    running = start(settings)
    running.stop()


def test_a_long_path_gets_a_short_socket(short_dir: Path) -> None:
    settings = Settings.from_env({"EARFUL_DATA_DIR": str(short_dir / ("long" * 25))})
    running = start(settings)
    socket_dir = running.socket_dir
    try:
        assert socket_dir.parent == Path(tempfile.gettempdir())
        assert socket_dir.stat().st_mode & 0o777 == 0o700
        joined = join(settings)
        assert joined is not None
        assert joined.socket_dir == socket_dir
    finally:
        running.stop()
    assert not socket_dir.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to hand the server to another user")
async def test_a_closed_home_of_root_gets_its_cluster_elsewhere(
    short_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = short_dir / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(place, "ROOTS_HOME", short_dir / "var")
    settings = Settings.from_env({"EARFUL_DATA_DIR": str(closed / ".earful")})
    running = start(settings)
    try:
        link = settings.data_dir / "pg"
        assert link.is_symlink()
        assert link.resolve().is_relative_to(short_dir / "var")
        await ask(running, "CREATE TABLE kept AS SELECT 7 AS id")
    finally:
        running.stop()
    running = start(settings)
    try:
        assert await ask(running, "SELECT id FROM kept") == 7
    finally:
        running.stop()
