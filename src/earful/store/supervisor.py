"""Keeps the embedded PostgreSQL running as a direct child of this process.

A keeper thread starts the server, waits for its end and starts it again unless `stop` asked for
it. The same thread must start and wait: Linux sends the death signal when the *thread* that
started a child ends, so a server started from a short-lived thread would stop with it. However
this process ends, even by kill -9, the server gets SIGINT and shuts down cleanly.
"""

from __future__ import annotations

import logging
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

from earful.store.binaries import keep_programs
from earful.store.child import command, environment
from earful.store.cluster import make_cluster, server_options, write_config
from earful.store.errors import StoreError, Unreachable
from earful.store.orphan import end_orphan, is_ready
from earful.store.place import MAJOR, Place, find_socket_dir

START_WITHIN = 60.0  # seconds; recovery after a power cut can take a while
STOP_WITHIN = 20.0
RESTART_PAUSES = (0.1, 0.5, 2.0, 5.0)
CALM_AFTER = 0.5  # seconds of taking connections after which the pauses begin again

log = logging.getLogger(__name__)


class Pauses:
    """How long to wait before a server that ended is started again, in seconds."""

    def __init__(self) -> None:
        self._left = list(RESTART_PAUSES)

    def after(self, served_for: float) -> float:
        """The pause after it took connections for `served_for` seconds: longer each time it fails.

        One that served was hit by something; one that cannot run ends before it serves.
        """
        if served_for > CALM_AFTER:
            self._left = list(RESTART_PAUSES)
        return self._left.pop(0) if len(self._left) > 1 else self._left[0]


class Supervisor:
    """One embedded server. `start` and `stop` block; call them from a thread in async code."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.restarts = 0
        self.socket_dir: Path = place.home
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._started = threading.Event()
        self._failure: StoreError | None = None
        self._keeper = threading.Thread(target=self._keep, name="postgres-keeper", daemon=True)

    @property
    def pid(self) -> int | None:
        """Process id of the server while it runs."""
        return self._process.pid if self._process else None

    @property
    def ready(self) -> bool:
        """Whether the server takes connections now."""
        process = self._process
        if process is None or process.poll() is not None:
            return False
        return is_ready(self.place.cluster, process.pid)

    def start(self) -> None:
        """Start the server and wait until it takes connections. Makes the cluster if need be."""
        make_cluster(self.place)
        keep_programs(self.place.bin_dir, self.place.home, MAJOR)
        end_orphan(self.place.cluster, within=STOP_WITHIN)
        self.socket_dir = find_socket_dir(self.place)
        write_config(self.place, self.socket_dir)
        self._keeper.start()
        self._started.wait()
        if self._failure:
            raise self._failure

    def stop(self) -> None:
        """Stop the server: fast shutdown first, immediate if that takes too long."""
        self._stopping.set()
        if self._keeper.ident is None:  # never got as far as starting the server
            return
        for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            self._signal(how)
            self._keeper.join(STOP_WITHIN)
            if not self._keeper.is_alive():
                break
        if self.socket_dir.parent == Path("/tmp"):  # noqa: S108 - made by find_socket_dir
            shutil.rmtree(self.socket_dir, ignore_errors=True)

    def _signal(self, how: signal.Signals) -> None:
        process = self._process
        if process and process.poll() is None:
            process.send_signal(how)

    def _keep(self) -> None:
        pauses = Pauses()
        while True:
            served_for = self._run_once()
            self._started.set()
            if self._stopping.is_set() or self._failure:
                return
            pause = pauses.after(served_for)
            log.error("the database ended unexpectedly; starting it again in %s s", pause)
            if self._stopping.wait(pause):
                return
            self.restarts += 1
            end_orphan(self.place.cluster, within=STOP_WITHIN)

    def _run_once(self) -> float:
        """Start the server and wait for its end. Returns the seconds it took connections."""
        ready_at: float | None = None
        try:
            self._process = self._spawn()
            if self._stopping.is_set():  # asked for while we were starting
                self._signal(signal.SIGINT)
            self._await_ready(self._process)
        except StoreError as error:
            # Only the first start reports to its caller; later ones are tried again.
            if not self._started.is_set():
                self._failure = error
                self._signal(signal.SIGQUIT)
            log.error("%s", error)
        except OSError as error:
            self._failure = Unreachable(f"PostgreSQL could not be started: {error}.")
            return 0.0
        else:
            ready_at = time.monotonic()
            self._started.set()
        if self._process:
            self._process.wait()
        return 0.0 if ready_at is None else time.monotonic() - ready_at

    def _spawn(self) -> subprocess.Popen[bytes]:
        place = self.place
        args = command(
            place.user,
            place.bin_dir / "postgres",
            *server_options(place),
            die_with_us=True,
        )
        with (place.home / "start.log").open("wb") as said:
            return subprocess.Popen(  # noqa: S603 - our own program and arguments, no shell
                args,
                env=environment(),
                cwd=place.home,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,  # Ctrl-C in the terminal is for us; we stop the server
            )

    def _await_ready(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + START_WITHIN
        while time.monotonic() < until:
            if process.poll() is not None:
                raise Unreachable(f"PostgreSQL did not start: {self._last_words()}")
            if is_ready(self.place.cluster, process.pid):
                return
            time.sleep(0.005)
        raise Unreachable(f"PostgreSQL was not ready within {START_WITHIN:.0f} s.")

    def _last_words(self) -> str:
        logs = (self.place.cluster / "log").glob("*.log")
        newest = sorted(logs, key=lambda path: path.stat().st_mtime)[-1:]
        paths = [self.place.home / "start.log", *newest]
        texts = [path.read_text(errors="replace") for path in paths]
        return " ".join(text.strip()[-800:] for text in texts if text.strip())
