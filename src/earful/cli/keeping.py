"""The parent of a desk: runs the database, keeps a web and a worker process alive, stops them."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping

log = logging.getLogger(__name__)
ROLES = ("web", "worker")
STOP_WITHIN = 30.0
FREE_WITHIN = 10.0
"""Seconds that the processes of a parent just killed are given to leave its port."""
SLOWEST_RESTART = 10.0
_STAYED_FOR = 5.0
"""Seconds after which a process that ends counts as having started well."""


class Kept:
    """A child process that is started again when it ends by itself."""

    def __init__(self, role: str, environ: Mapping[str, str]) -> None:
        self._role = role
        self._environ = dict(environ)
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._failures = 0
        self._due_at = 0.0

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process else None

    def tend(self) -> None:
        """Start it if it does not run; a child that keeps failing is given more and more time."""
        now = time.monotonic()
        if self._process is not None:
            if self._process.poll() is None:
                return
            log.warning("process %s ended with %s", self._role, self._process.returncode)
            stayed = now - self._started_at > _STAYED_FOR
            self._failures = 0 if stayed else self._failures + 1
            self._process = None
            self._due_at = now + min(SLOWEST_RESTART, 0.1 * 2**self._failures)
        if now >= self._due_at:
            self._start(now)

    def _start(self, now: float) -> None:
        command = [sys.executable, "-m", "earful", self._role, "--parent", str(os.getpid())]
        self._process = subprocess.Popen(command, env=self._environ)  # noqa: S603
        self._started_at = now

    def stop(self) -> None:
        """Ask it to stop."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def wait(self, seconds: float) -> None:
        """Wait for its end; kill it when the time is over."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.1, seconds))
        except subprocess.TimeoutExpired:
            log.warning("process %s did not stop in time", self._role)
            self._process.kill()
            self._process.wait()


def keep(
    environ: Mapping[str, str],
    stopping: threading.Event,
    address: tuple[str, int],
    say: Callable[[], None],
) -> None:
    """Keep the desk's processes until `stopping` is set. The database must run already.

    `say` is called once, when `address` takes connections: what it prints can be opened at once.
    """
    children = [Kept(role, environ) for role in ROLES]
    said = False
    while not stopping.is_set():
        for child in children:
            child.tend()
        if not said and answers(address):
            said = True
            say()
        stopping.wait(0.2)
    until = time.monotonic() + STOP_WITHIN
    for child in children:
        child.stop()
    for child in children:
        child.wait(until - time.monotonic())


def answers(address: tuple[str, int]) -> bool:
    """Whether anything takes connections there."""
    host, port = address
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - asked, not bound
    try:
        with socket.create_connection((near, port), timeout=1):
            return True
    except OSError:
        return False


def becomes_free(address: tuple[str, int], seconds: float) -> bool:
    """Whether nobody listens there, now or within `seconds`."""
    until = time.monotonic() + seconds
    while answers(address):
        if time.monotonic() >= until:
            return False
        time.sleep(0.2)
    return True


def stop_on_signals() -> threading.Event:
    """An event that SIGTERM, SIGINT and SIGHUP set."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    return stopping
