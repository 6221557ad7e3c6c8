"""A database server that runs for a moment, as a child of the thread that asks for it."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from earful.store.child import User, command, environment
from earful.store.errors import Unreachable
from earful.store.orphan import end_orphan, is_ready

START_WITHIN = 300.0  # seconds; it may have to recover from a power cut first
STOP_WITHIN = 300.0  # its last checkpoint writes everything to the disk

SETTINGS = """\
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 20
shared_buffers = 64MB
maintenance_work_mem = 128MB
max_wal_size = 1GB
max_locks_per_transaction = 128
autovacuum = off
jit = off
logging_collector = off
log_error_verbosity = terse
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_min_error_statement = panic
"""
"""What servers of all majors understand."""


@contextmanager
def passing_server(
    user: User, bin_dir: Path, cluster: Path, options: dict[str, str], said: Path
) -> Iterator[None]:
    """A server on `cluster` while the block runs; its words go to the file `said`. Blocks.

    It ends with this process, however that ends. Raises Unreachable if it doesn't start, or
    doesn't end well, which is when all it was told is on the disk.
    """
    end_orphan(cluster, within=STOP_WITHIN)
    given = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    args = command(user, bin_dir / "postgres", "-D", str(cluster), *given, die_with_us=True)
    with said.open("wb") as words:
        process = subprocess.Popen(  # noqa: S603 - our own program and arguments, no shell
            args,
            env=environment(),
            cwd=said.parent,
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            start_new_session=True,
        )
    try:
        _await_ready(process, cluster, said)
        yield
    finally:
        code = _end(process)
    if code != 0:
        raise Unreachable(f"{bin_dir / 'postgres'} did not end well: {_last_words(said)}")


def _await_ready(process: subprocess.Popen[bytes], cluster: Path, said: Path) -> None:
    until = time.monotonic() + START_WITHIN
    while not is_ready(cluster, process.pid):
        if process.poll() is not None or time.monotonic() > until:
            raise Unreachable(f"PostgreSQL did not start on {cluster}: {_last_words(said)}")
        time.sleep(0.01)


def _end(process: subprocess.Popen[bytes]) -> int:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    try:
        return process.wait(STOP_WITHIN)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)
        return process.wait()


def _last_words(said: Path) -> str:
    return said.read_text(errors="replace").strip()[-800:]
