"""The `earful` command."""

from earful.cli.root import main

__all__ = ["main"]
