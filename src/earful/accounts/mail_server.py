"""The mail server of a workspace: one setting, its password encrypted at rest."""

from __future__ import annotations

import ipaddress
import re
from datetime import datetime
from typing import get_args

import msgspec

from earful.accounts.emails import clean_email
from earful.accounts.errors import Invalid
from earful.accounts.mail import MailServer, Security
from earful.accounts.secrets import Keyring, context_of
from earful.store.pool import Connection

_PLACE = "mail_server.password"
_HOST = re.compile(r"[\w.\-]{1,253}|\[?[0-9A-Fa-f:.]{2,45}\]?")
_SAME = ("host", "port", "security", "username")


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """The setting as an owner writes it. `password`: None keeps the one there is, "" is none."""

    host: str
    sender: str
    port: int = 587
    security: str = "starttls"
    username: str = ""
    password: str | None = None


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """The setting as owners see it. `trouble` is what last went wrong, "" when nothing did."""

    is_set: bool
    host: str = ""
    port: int = 587
    security: str = "starttls"
    username: str = ""
    password_set: bool = False
    sender: str = ""
    trouble: str = ""
    trouble_at: datetime | None = None


async def show_server(db: Connection, workspace_id: str) -> Shown:
    """The workspace's setting, without the password."""
    row = await db.fetchrow(_SHOW, workspace_id)
    return Shown(is_set=False) if row is None else Shown(is_set=True, **dict(row))


async def load_server(db: Connection, keyring: Keyring, workspace_id: str) -> MailServer | None:
    """The workspace's mail server, ready to use. None if there is none."""
    row = await db.fetchrow(_LOAD, workspace_id)
    if row is None:
        return None
    password = ""
    if row["password"] is not None:
        context = context_of(workspace_id, _PLACE, workspace_id)
        password = keyring.open(row["password"], context=context).decode()
    return msgspec.convert({**dict(row), "password": password}, MailServer)


async def keep_server(
    db: Connection, keyring: Keyring, workspace_id: str, wanted: Wanted, *, now: datetime
) -> None:
    """Set the workspace's mail server. Raises Invalid.

    A password is kept only for the server it was written for: whoever points the setting at another
    server must not be able to have the old password sent there.
    """
    clean = _clean(wanted)
    before = await db.fetchrow(_LOAD, workspace_id)
    sealed = None
    if clean.password is not None:
        sealed = _sealed(keyring, workspace_id, clean.password)
    elif before is not None and before["password"] is not None:
        if any(before[name] != getattr(clean, name) for name in _SAME):
            raise Invalid("password", "The server changed: write its password again.")
        sealed = before["password"]
    if clean.username and sealed is None:
        raise Invalid("password", "Write the password of this user.")
    if clean.username and clean.security == "none" and not _is_here(clean.host):
        raise Invalid("security", "A password is not sent without TLS. Choose STARTTLS or TLS.")
    fields = (clean.host, clean.port, clean.security, clean.username)
    await db.execute(_KEEP, workspace_id, *fields, sealed, clean.sender, now)


async def drop_server(db: Connection, workspace_id: str) -> bool:
    """Send no mail any more; letters that wait are dropped. False if there was no server."""
    await db.execute("DELETE FROM letter WHERE workspace_id = $1", workspace_id)
    gone = await db.fetchval(
        "DELETE FROM mail_server WHERE workspace_id = $1 RETURNING true", workspace_id
    )
    return gone is not None


def _sealed(keyring: Keyring, workspace_id: str, password: str) -> bytes | None:
    context = context_of(workspace_id, _PLACE, workspace_id)
    return keyring.seal(password.encode(), context=context) if password else None


def _clean(wanted: Wanted) -> Wanted:
    host = wanted.host.strip()
    if not _HOST.fullmatch(host):
        raise Invalid("host", "Write the name of the mail server, such as smtp.example.org.")
    if not 1 <= wanted.port <= 65535:
        raise Invalid("port", "The port is a number from 1 to 65535; mail is mostly 587 or 465.")
    if wanted.security not in get_args(Security):
        raise Invalid("security", f"The security is one of {', '.join(get_args(Security))}.")
    for name, text in (("username", wanted.username), ("password", wanted.password or "")):
        if len(text) > 500 or not text.isprintable():
            raise Invalid(name, f"This {name} has signs in it that no mail server takes.")
    try:
        sender = clean_email(wanted.sender)
        sender.rpartition("@")[2].encode("idna")
    except (Invalid, UnicodeError):
        words = "Write the address that mail comes from, such as care@example.org."
        raise Invalid("sender", words) from None
    return msgspec.structs.replace(wanted, host=host, sender=sender)


def _is_here(host: str) -> bool:
    """Whether the name can only mean this machine."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


_SHOW = """
SELECT host, port, security, username, password IS NOT NULL AS password_set, sender, trouble,
  trouble_at
FROM mail_server WHERE workspace_id = $1
"""

_LOAD = """
SELECT m.host, m.port, m.security, m.username, m.password, m.sender, w.name AS sender_name,
  w.rehearsal AS local_only
FROM mail_server m JOIN workspace w ON w.id = m.workspace_id WHERE m.workspace_id = $1
"""

_KEEP = """
INSERT INTO mail_server
  (workspace_id, host, port, security, username, password, sender, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (workspace_id) DO UPDATE SET host = $2, port = $3, security = $4, username = $5,
  password = $6, sender = $7, changed_at = $8, trouble = '', trouble_at = NULL
"""
