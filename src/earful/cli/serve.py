"""serve, web, worker, demo."""

from __future__ import annotations

import ipaddress
import os
import subprocess
import sys
from types import ModuleType
from typing import cast

import click

from earful.cli.keeping import FREE_WITHIN, becomes_free, keep, stop_on_signals
from earful.cli.options import BARE, NO_BACKUP
from earful.cli.parent import die_with
from earful.kit.log_lines import configure_plainly
from earful.settings import Settings, SettingsError


def refuse_open_address(settings: Settings) -> None:
    """A desk that others can reach needs TLS in front. Raises SettingsError."""
    if not _stays_here(settings.host) and not settings.behind_proxy:
        raise SettingsError(
            f"EARFUL_HOST={settings.host} can be reached by others without encryption. Put a "
            "proxy with TLS in front and set EARFUL_BEHIND_PROXY=yes, or listen on 127.0.0.1."
        )


def _stays_here(host: str) -> bool:
    """Whether only this machine reaches it; of names that is said of one alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@click.command()
@NO_BACKUP
def serve(no_backup: bool) -> None:
    """Run the desk: database, web and worker."""
    settings = Settings.from_env(os.environ)
    refuse_open_address(settings)
    _run(settings, "desk", *_given(no_backup=no_backup))


def _run(settings: Settings, what: str, *options: str) -> None:
    """The parent of a desk or a demo, with the database for as long as it runs.

    It imports little, for it stays in memory beside those that work.
    """
    configure_plainly(settings.log_level)
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
        words = _prepared(what, *options)
        keep(os.environ, stopping, address, lambda: click.echo(words))
    finally:
        if running is not None:
            running.stop()


def _prepared(what: str, *options: str) -> str:
    """Have another process make the database ready. Returns what a person is told."""
    command = [sys.executable, "-m", "earful.cli.prepare", what, "--parent", str(os.getpid())]
    done = subprocess.run([*command, *options], stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        sys.exit(done.returncode)  # it has said why
    return done.stdout.rstrip("\n")


@click.command()
@click.option("--parent", type=int, hidden=True)
def web(parent: int | None) -> None:
    """Run a web process on a database that runs."""
    die_with(parent)
    _leave_out("rich", "pydantic")
    settings = Settings.from_env(os.environ)
    refuse_open_address(settings)
    from earful.app.web import run_web  # noqa: PLC0415
    from earful.kit.logs import configure  # noqa: PLC0415

    configure(settings.log_level)
    _loop(run_web(settings))


@click.command()
@click.option("--parent", type=int, hidden=True)
def worker(parent: int | None) -> None:
    """Run a worker process on a database that runs."""
    die_with(parent)
    _leave_out("rich")
    settings = Settings.from_env(os.environ)
    from earful.app.worker import run_work  # noqa: PLC0415
    from earful.kit.logs import configure  # noqa: PLC0415

    configure(settings.log_level)
    _loop(run_work(settings))


def _leave_out(*packages: str) -> None:
    """Let these count as not installed: libraries load them when they find them, 5 MB each.

    rich draws on terminals; pydantic's models, which the test tools bring, are in no route.
    """
    for name in packages:
        sys.modules.setdefault(name, cast("ModuleType", None))


def _loop(job: object) -> None:
    import asyncio  # noqa: PLC0415 - the parent needs neither

    import uvloop  # noqa: PLC0415

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(job)  # type: ignore[arg-type]


@click.command()
@click.option("--port", type=int, help="Port to listen on; default EARFUL_PORT or 8420.")
@NO_BACKUP
@BARE
def demo(port: int | None, no_backup: bool, bare: bool) -> None:
    """Run a desk with a rehearsal network in it. Nothing leaves this machine."""
    if port is not None:
        os.environ["EARFUL_PORT"] = str(port)
    settings = Settings.from_env(os.environ)
    refuse_open_address(settings)
    _run(settings, "demo", *_given(no_backup=no_backup, bare=bare))


def _given(**flags: bool) -> list[str]:
    """The flags that were given, as they are written."""
    return [f"--{name.replace('_', '-')}" for name, given in flags.items() if given]
