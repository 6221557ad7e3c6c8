"""All commands in one group, and how their errors are said."""

from __future__ import annotations

import importlib
import sys

import click

from earful import __version__
from earful.settings import SettingsError

# Loaded when called: `earful serve` is the parent of every desk and stays small in memory.
COMMANDS = {
    "serve": "earful.cli.serve:serve",
    "demo": "earful.cli.serve:demo",
    "web": "earful.cli.serve:web",
    "worker": "earful.cli.serve:worker",
    "user": "earful.cli.operate:user",
    "token": "earful.cli.operate:token",
    "channel": "earful.cli.channels:channel",
    "bench": "earful.cli.bench:bench",
    "doctor": "earful.cli.keep:doctor",
    "migrate": "earful.cli.keep:migrate",
    "keys": "earful.cli.keys:keys",
    "backup": "earful.cli.keep:backup",
    "setup": "earful.cli.setup:setup",
    "retention": "earful.cli.retention:retention",
    "restore": "earful.cli.keep:restore",
    "set-aside": "earful.cli.set_aside:set_aside",
    "roster": "earful.cli.roster:roster",
    "sla": "earful.cli.sla:sla",
    "triage": "earful.cli.triage:triage",
    "bursts": "earful.cli.bursts:bursts",
    "figures": "earful.cli.figures:figures",
}


class Lazy(click.Group):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Names, in order."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        found: click.Command = getattr(importlib.import_module(module), name)
        return found


LASTING = ("serve", "demo", "web", "worker")
"""Processes with a log of their own; serve and demo stay small, and load nothing for it."""


@click.group(cls=Lazy)
@click.version_option(__version__, prog_name="earful")
@click.pass_context
def earful(ctx: click.Context) -> None:
    """The open, self-hosted desk for customer care on social networks."""
    if ctx.invoked_subcommand not in LASTING:
        import structlog  # noqa: PLC0415 - see LASTING

        # What is logged must not stand before the JSON of an answer.
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))


def main(command: click.Command = earful) -> None:
    """Run the command line; errors of the operator's are said in one line, not a traceback."""
    try:
        command()
    except Exception as error:
        if not _is_said_plainly(error):
            raise
        click.echo(f"earful: {error}", err=True)
        sys.exit(1)


def _is_said_plainly(error: Exception) -> bool:
    if isinstance(error, SettingsError):
        return True
    names = {f"{kind.__module__}.{kind.__name__}" for kind in type(error).__mro__}
    plain = {
        "earful.store.errors.StoreError",
        "earful.kit.refusal.Refused",
        "earful.accounts.errors.AccountError",
        "earful.accounts.secrets.SecretError",
    }
    return bool(names & plain)
