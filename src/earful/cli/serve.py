"""serve, web, worker, demo."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Callable
from functools import partial

import click

from earful.cli.keeping import FREE_WITHIN, becomes_free, keep, stop_on_signals
from earful.cli.options import NO_BACKUP
from earful.settings import Settings, SettingsError

PR_SET_PDEATHSIG = 1
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def die_with(parent: int | None) -> None:
    """End when the process that started us ends, however it ends (Linux)."""
    if parent is None:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit("the process that started this one has ended")


def refuse_open_address(settings: Settings) -> None:
    """A desk that others can reach needs TLS in front. Raises SettingsError."""
    safe = settings.host in _LOOPBACK or settings.host.startswith("127.")
    if not safe and not settings.behind_proxy:
        raise SettingsError(
            f"EARFUL_HOST={settings.host} can be reached by others without encryption. Put a "
            "proxy with TLS in front and set EARFUL_BEHIND_PROXY=yes, or listen on 127.0.0.1."
        )


@click.command()
@NO_BACKUP
def serve(no_backup: bool) -> None:
    """Run the desk: database, web and worker."""
    settings = Settings.from_env(os.environ)
    refuse_open_address(settings)
    _run(settings, lambda: asyncio.run(first_words(settings, backup_first=not no_backup)))


async def first_words(settings: Settings, *, backup_first: bool) -> str:
    """What a person does first: set the desk up, or just open it."""
    from earful.accounts.keys import keyring_of  # noqa: PLC0415 - only in this short moment
    from earful.accounts.setup import needs_setup  # noqa: PLC0415
    from earful.store.opening import open_store  # noqa: PLC0415

    say = partial(click.echo, err=True)
    async with (
        open_store(settings, size=2, backup_first=backup_first, say=say) as store,
        store.database.acquire() as db,
    ):
        if await needs_setup(db):
            key = keyring_of(settings).setup_key
            return f"Set the desk up at\n{settings.base_url}/setup?key={key}"
    return settings.base_url


def _run(settings: Settings, prepare: Callable[[], str]) -> None:
    """The parent of a desk, with the database for as long as it runs.

    `prepare` is called once that is up; what it gives is printed when the desk can be opened.
    """
    from earful.kit.logs import configure  # noqa: PLC0415

    configure(settings.log_level)
    address = (settings.host, settings.port)
    if not becomes_free(address, FREE_WITHIN):
        raise SettingsError(
            f"Something else listens on {settings.host}:{settings.port} already. Stop it, or "
            "choose another port with EARFUL_PORT."
        )
    stopping = stop_on_signals()
    running = None
    if settings.embedded:
        from earful.store.running import start  # noqa: PLC0415 - only where it is needed

        running = start(settings)
    try:
        words = prepare()
        keep(os.environ, stopping, address, lambda: click.echo(words))
    finally:
        if running is not None:
            running.stop()


@click.command()
@click.option("--parent", type=int, hidden=True)
def web(parent: int | None) -> None:
    """Run a web process on a database that runs."""
    die_with(parent)
    settings = Settings.from_env(os.environ)
    refuse_open_address(settings)
    from earful.app import run_web  # noqa: PLC0415
    from earful.kit.logs import configure  # noqa: PLC0415

    configure(settings.log_level)
    _loop(run_web(settings))


@click.command()
@click.option("--parent", type=int, hidden=True)
def worker(parent: int | None) -> None:
    """Run a worker process on a database that runs."""
    die_with(parent)
    settings = Settings.from_env(os.environ)
    from earful.app import run_work  # noqa: PLC0415
    from earful.kit.logs import configure  # noqa: PLC0415

    configure(settings.log_level)
    _loop(run_work(settings))


def _loop(job: object) -> None:
    import uvloop  # noqa: PLC0415

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(job)  # type: ignore[arg-type]


@click.command()
@click.option("--port", type=int, help="Port to listen on; default EARFUL_PORT or 8420.")
@NO_BACKUP
def demo(port: int | None, no_backup: bool) -> None:
    """Run a desk with a rehearsal network in it. Nothing leaves this machine."""
    if port is not None:
        os.environ["EARFUL_PORT"] = str(port)
    settings = Settings.from_env(os.environ)
    refuse_open_address(settings)
    from earful.cli.demo import make_demo  # noqa: PLC0415

    def prepare() -> str:
        accounts = asyncio.run(make_demo(settings, backup_first=not no_backup))
        ways_in = [f"  {one.email:<28} {one.password}   ({one.role})" for one in accounts]
        words = "Earful rehearses: nothing leaves this machine. Sign in as"
        return "\n".join([words, *ways_in, settings.base_url])

    _run(settings, prepare)
