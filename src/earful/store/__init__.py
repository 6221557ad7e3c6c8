"""The store room: the database, its supervisor, connections, migrations, backup.

Rooms above use `Database`, `Connection` and `open_store`; the rest is for commands::

    StoreError
    +-- Unreachable      the database can't be reached
    +-- AlreadyRunning   another process runs the embedded database of this data folder
    +-- Unusable         the folder, the user, the binaries or the server version won't do
    +-- MigrationError   the schema and the migrations don't fit together
"""

from __future__ import annotations

from earful.store.errors import (
    AlreadyRunning,
    MigrationError,
    StoreError,
    Unreachable,
    Unusable,
)
from earful.store.opening import Store, open_store
from earful.store.pool import Connection, Database

__all__ = [
    "AlreadyRunning",
    "Connection",
    "Database",
    "MigrationError",
    "Store",
    "StoreError",
    "Unreachable",
    "Unusable",
    "open_store",
]
