"""What can go wrong with the store. Every text is meant for the operator."""

from __future__ import annotations


class StoreError(Exception):
    """Any trouble of the store."""


class Unreachable(StoreError):
    """The database can't be reached."""


class AlreadyRunning(StoreError):
    """Another process runs the embedded database of this data folder."""


class Unusable(StoreError):
    """The folder, the user, the binaries or the server version won't do."""


class MigrationError(StoreError):
    """The schema and the migrations don't fit together."""


class OlderAtWork(MigrationError):
    """A migration has to wait until the processes of the version before have ended."""
