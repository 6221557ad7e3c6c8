"""Attempts, counted per account and per address in the database, so that all processes share them.

An attempt is counted before the password is looked at: attempts made at the same instant can't
all read the same low count. The caller commits the count before it does the work of hashing, so
that no connection is held meanwhile.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
from datetime import datetime, timedelta

from earful.store.pool import Connection

FREE = {"account": 5, "address": 20}
"""How many failures in a row cost no waiting, by kind."""

LONGEST_WAIT = timedelta(minutes=15)
FORGET_AFTER = timedelta(days=1)


def wait_after(attempts: int, kind: str) -> timedelta:
    """How long to wait after so many failed attempts in a row: nothing, then doubling."""
    over = attempts - FREE[kind]
    if over < 0:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(over + 1, 20)), LONGEST_WAIT)


async def attempt(
    db: Connection, *, purpose: str, account: str, address: str, now: datetime
) -> timedelta | None:
    """Count an attempt. Returns how long to wait instead, when it may not be made now.

    `purpose` keeps apart what is counted ("sign-in", "code", "forgotten"). The caller commits,
    whatever comes of the attempt.
    """
    keys = _keys(purpose, account, address)
    waits = [await _free_in(db, kind, key, now) for kind, key in keys]
    if any(waits):
        return max(waits)
    for kind, key in keys:
        await _count(db, kind, key, now)
    return None


async def succeeded(db: Connection, *, purpose: str, account: str, address: str) -> None:
    """Forget the account's failures, and take this attempt back from the address's.

    Only this one: somebody with an account of their own must not be able to wipe the count of
    the guesses they make at other people's.
    """
    (kind, key), (address_kind, address_key) = _keys(purpose, account, address)
    await db.execute("DELETE FROM throttle WHERE kind = $1 AND key = $2", kind, key)
    await db.execute(_TAKE_BACK, address_kind, address_key)


async def forgive(db: Connection, *, purpose: str, account: str) -> None:
    """Forget the account's failures: its owner showed that they are who they say."""
    kind, key = _keys(purpose, account, "")[0]
    await db.execute("DELETE FROM throttle WHERE kind = $1 AND key = $2", kind, key)


async def forget_old(db: Connection, *, now: datetime) -> None:
    """Delete what no longer counts."""
    await db.execute("DELETE FROM throttle WHERE last_at < $1", now - FORGET_AFTER)


def in_words(wait: timedelta) -> str:
    """A wait as a person says it: "40 seconds", "3 minutes"."""
    seconds = max(1, math.ceil(wait.total_seconds()))
    if seconds < 60:
        return f"{seconds} second{'' if seconds == 1 else 's'}"
    minutes = math.ceil(seconds / 60)
    return f"{minutes} minute{'' if minutes == 1 else 's'}"


def network_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 that one IPv6 customer has."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)


def _keys(purpose: str, account: str, address: str) -> tuple[tuple[str, bytes], ...]:
    # Always in this order, so that two transactions can't lock the rows against each other.
    return (
        ("account", _key(purpose, account.strip().lower())),
        ("address", _key(purpose, network_of(address))),
    )


def _key(purpose: str, text: str) -> bytes:
    return hashlib.sha256(f"{purpose}\n{text}".encode("utf-8", "replace")).digest()


async def _free_in(db: Connection, kind: str, key: bytes, now: datetime) -> timedelta:
    free_at: datetime = await db.fetchval(_LOCK, kind, key, now)
    return max(free_at - now, timedelta(0))


async def _count(db: Connection, kind: str, key: bytes, now: datetime) -> None:
    attempts = await db.fetchval(_COUNT, kind, key, now, now - FORGET_AFTER)
    wait = wait_after(attempts, kind)
    if wait:
        await db.execute(_BLOCK, kind, key, now + wait)


# The update changes nothing but takes the row's lock, also when another process made the row.
_LOCK = """
INSERT INTO throttle AS t (kind, key, attempts, last_at, free_at) VALUES ($1, $2, 0, $3, 'epoch')
ON CONFLICT (kind, key) DO UPDATE SET kind = t.kind RETURNING free_at
"""

_COUNT = """
UPDATE throttle SET last_at = $3,
  attempts = CASE WHEN last_at < $4 THEN 1 ELSE attempts + 1 END
WHERE kind = $1 AND key = $2 RETURNING attempts
"""

_BLOCK = "UPDATE throttle SET free_at = $3 WHERE kind = $1 AND key = $2"

_TAKE_BACK = """
UPDATE throttle SET attempts = greatest(attempts - 1, 0), free_at = 'epoch'
WHERE kind = $1 AND key = $2
"""
