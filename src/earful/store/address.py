"""Where a database is, as connection URIs for the roles that use it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from earful.settings import Settings
from earful.store.errors import Unusable

ADMIN = "earful_admin"
OWNER = "earful_owner"
APP = "earful_app"
DATABASE = "earful"


@dataclass(frozen=True, slots=True)
class Addresses:
    """URIs of one database: for work, for LISTEN, and (where known) for the owner of the tables."""

    app: str
    listen: str
    owner: str | None

    def owner_or_refuse(self) -> str:
        """The owner's URI. Raises Unusable, saying which setting is missing."""
        if self.owner is None:
            raise Unusable(
                "This needs the role that owns the tables: set EARFUL_DATABASE_OWNER_URL."
            )
        return self.owner


def socket_uri(socket_dir: Path, role: str, database: str = DATABASE) -> str:
    """URI of `database` behind the Unix socket in `socket_dir`, as `role`."""
    return f"postgresql://{role}@/{database}?host={quote(str(socket_dir), safe='')}"


def embedded_addresses(socket_dir: Path, database: str = DATABASE) -> Addresses:
    """Addresses of the embedded server."""
    app = socket_uri(socket_dir, APP, database)
    return Addresses(app=app, listen=app, owner=socket_uri(socket_dir, OWNER, database))


def own_addresses(settings: Settings) -> Addresses:
    """Addresses of the operator's own server."""
    if settings.database_url is None:
        raise Unusable("EARFUL_DATABASE_URL is not set.")
    return Addresses(
        app=settings.database_url,
        listen=settings.database_listen_url or settings.database_url,
        owner=settings.database_owner_url,
    )
