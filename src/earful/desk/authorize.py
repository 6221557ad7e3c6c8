"""Signing in to an account on the network's own pages: begun here, finished when she is back.

What was typed and what the network needs to finish are sealed beside the hash of a random `state`,
which works once, for fifteen minutes, and only for who began.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
import structlog

from earful.accounts.secrets import Keyring, context_of
from earful.accounts.tokens import digest, is_token, new_token
from earful.desk.connect import Account, Typed, ask, find, in_words
from earful.kit.clock import Clock
from earful.kit.ids import new_id
from earful.kit.refusal import Refused
from earful.networks.contract import Authorizes, Field, Grant, NetworkError
from earful.store.pool import Connection
from earful.stream.work import Work

log = structlog.get_logger()
LASTS_FOR = timedelta(minutes=15)
CALL_FOR = 30.0


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in under way: who began it, for which inbox, and for which channel if it is again."""

    agent_id: str
    session_id: str | None
    inbox_id: str
    channel_id: str | None


class Kept(msgspec.Struct, frozen=True):
    """What is sealed: what was typed, and what the network needs to finish."""

    typed: Typed
    keep: dict[str, Any]


def is_needed(given: Typed) -> bool:
    """Whether what was typed leaves the sign-in on the network's own pages to be done."""
    found = find(given.network)
    values = given.config | given.secrets
    instead = any(_is_instead(field, values.get(field.name, "")) for field in found.manifest.fields)
    return isinstance(found, Authorizes) and not instead


def _is_instead(field: Field, value: str) -> bool:
    if not field.instead:
        return False
    return value == field.choices[0] if field.choices else bool(value)


async def begin(given: Typed, callback: str, state: str) -> Grant:
    """Ask the network where to send the person. Hold no transaction. Raises Refused."""
    found = find(given.network)
    if not isinstance(found, Authorizes):
        raise Refused("invalid", f"{found.manifest.title} has no pages of its own to sign in on.")
    async with in_words(given.network):
        starting = found.begin(given.config, given.secrets, callback, state)
        grant = await asyncio.wait_for(starting, CALL_FOR)
    if not grant.url.startswith(("https://", "http://")):
        raise Refused("cannot-connect", f"{found.manifest.title} named no page to sign in on.")
    return grant


async def finish(kept: Kept, callback: str, query: Mapping[str, str], clock: Clock) -> Account:
    """What came back becomes an account. Hold no transaction. Raises Refused."""
    given = kept.typed
    found = find(given.network)
    if not isinstance(found, Authorizes):
        raise Refused("invalid", f"{found.manifest.title} has no pages of its own to sign in on.")
    ending = found.finish(given.config, given.secrets, callback, kept.keep, query)
    async with in_words(given.network):
        try:
            session = await asyncio.wait_for(ending, CALL_FOR)
        except (NetworkError, TimeoutError, OSError):
            raise
        except Exception as error:
            log.error("sign-in broken", network=given.network, error=type(error).__name__)
            raise NetworkError("what it sent back makes no sense. Try again.") from error
    return await ask(given, clock, session)


async def keep(work: Work, keyring: Keyring, begun: Begun, kept: Kept, state: str) -> str:
    """Keep a sign-in until she is back. Returns its id."""
    key = new_id()
    context = context_of(work.workspace_id, "sign_in_there.sealed", key)
    await work.db.execute(
        _KEEP,
        work.workspace_id,
        key,
        digest(state),
        begun.agent_id,
        begun.session_id,
        kept.typed.network,
        begun.inbox_id,
        begun.channel_id,
        keyring.seal(msgspec.json.encode(kept), context=context),
        work.now,
        work.now + LASTS_FOR,
    )
    return key


def new_state() -> str:
    """A fresh random state."""
    return new_token()


async def use(
    db: Connection,
    keyring: Keyring,
    state: str,
    *,
    agent_id: str,
    session_id: str | None,
    now: datetime,
) -> tuple[Begun, Kept] | None:
    """Take a sign-in away, so that it works once. None unless this person began it, not long ago.

    The caller commits before the network is asked.
    """
    if not is_token(state):
        return None
    row = await db.fetchrow(_USE, digest(state), agent_id, session_id, now)
    if row is None:
        return None
    context = context_of(row["workspace_id"], "sign_in_there.sealed", row["id"])
    kept = msgspec.json.decode(keyring.open(row["sealed"], context=context), type=Kept)
    names = ("agent_id", "session_id", "inbox_id", "channel_id")
    return Begun(**{name: row[name] for name in names}), kept


async def tidy(db: Connection, *, now: datetime) -> None:
    """Forget sign-ins that nobody came back from."""
    await db.execute("DELETE FROM sign_in_there WHERE expires_at < $1", now)


_KEEP = """
INSERT INTO sign_in_there (workspace_id, id, sha256, agent_id, session_id, network, inbox_id,
  channel_id, sealed, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""

# Begun by a token of hers, it is finished by any session of hers; else by the same session only.
_USE = """
DELETE FROM sign_in_there WHERE sha256 = $1 AND agent_id = $2
  AND (session_id IS NULL OR session_id = $3) AND expires_at > $4
RETURNING workspace_id, id, agent_id, session_id, network, inbox_id, channel_id, sealed
"""
