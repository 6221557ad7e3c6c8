"""The way in: password, then a code where one is due, then a session.

A failed attempt must be committed (it counts), so nothing here raises for a wrong password; the
outcome says what to show.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from earful.accounts import passwords, recovery, throttle, totp
from earful.accounts.audit import append, by_agent
from earful.accounts.emails import clean_email
from earful.accounts.errors import Invalid
from earful.accounts.links import Link, make_link, use_link
from earful.accounts.secrets import Keyring
from earful.accounts.sessions import open_session
from earful.store.pool import Connection


class Visit(msgspec.Struct, frozen=True):
    """Where a request comes from. `address` is an IP address."""

    address: str
    user_agent: str


class Account(msgspec.Struct, frozen=True):
    """What sign-in needs to know of an agent."""

    workspace_id: str
    agent_id: str
    hash: str | None
    codes: bool
    codes_required: bool


class Wrong(msgspec.Struct, frozen=True):
    """The password was wrong, or there is no such account (None): visitors are told the same."""

    account: Account | None


class SignedIn(msgspec.Struct, frozen=True):
    """Done: `token` goes into the session's cookie."""

    token: str


class Step(msgspec.Struct, frozen=True):
    """The password was right and a code is due; `token` goes into the step's cookie.

    `enrol`: the workspace requires codes and this agent has no authenticator yet.
    """

    token: str
    enrol: bool


async def begin(
    db: Connection, *, email: str, visit: Visit, now: datetime
) -> Account | timedelta | None:
    """Count an attempt and find the account; None if there is none. A timedelta says: wait so long.

    The caller commits, then calls `passwords.matches`, also for None: both take the same time.
    """
    wait = await throttle.attempt(
        db, purpose="sign-in", account=email, address=visit.address, now=now
    )
    if wait is not None:
        return wait
    try:
        row = await db.fetchrow(_FIND, clean_email(email))
    except Invalid:
        return None
    return None if row is None else msgspec.convert(dict(row), Account)


async def refused(db: Connection, account: Account, *, now: datetime) -> None:
    """Write a wrong password into the audit log of the workspace it was tried on."""
    line = by_agent(account.agent_id, "session.refused")
    await append(db, account.workspace_id, line, now=now)


async def proven(
    db: Connection, account: Account, *, email: str, password: str, visit: Visit, now: datetime
) -> SignedIn | Step | None:
    """After the right password. None if the account was shut, or changed, in between."""
    if account.hash is None or not await _still(db, account):
        return None
    await throttle.succeeded(db, purpose="sign-in", account=email, address=visit.address)
    ids = (account.workspace_id, account.agent_id)
    await passwords.rehash_if_old(db, *ids, password, account.hash)
    return await enter(db, *ids, visit=visit, now=now)


async def enter(
    db: Connection, workspace_id: str, agent_id: str, *, visit: Visit, now: datetime
) -> SignedIn | Step:
    """The next step for somebody who proved a password, or used a link: a code, or in."""
    row = await db.fetchrow(_CODES, workspace_id, agent_id)
    if row is not None and (row["codes"] or row["codes_required"]):
        token = await make_link(db, workspace_id, agent_id, "step", now=now)
        return Step(token, enrol=not row["codes"])
    return await _open(db, workspace_id, agent_id, visit=visit, now=now)


async def count_code(
    db: Connection, link: Link, *, visit: Visit, now: datetime
) -> timedelta | None:
    """Count an attempt at a code; how long to wait when it may not be made. The caller commits."""
    return await throttle.attempt(
        db, purpose="code", account=link.agent_id, address=visit.address, now=now
    )


async def finish(
    db: Connection,
    keyring: Keyring,
    link: Link,
    step: str,
    code: str,
    *,
    visit: Visit,
    now: datetime,
) -> SignedIn | None:
    """Spend a code (or a recovery code) and the step's token. None if the code is wrong."""
    ids = (link.workspace_id, link.agent_id)
    right = await totp.check_code(db, keyring, *ids, code, now=now)
    if not right and not await recovery.use_code(db, *ids, code, now=now):
        await append(db, link.workspace_id, by_agent(link.agent_id, "session.refused"), now=now)
        return None
    return await after_code(db, link, step, visit=visit, now=now)


async def after_code(
    db: Connection, link: Link, step: str, *, visit: Visit, now: datetime
) -> SignedIn | None:
    """Use the step up and open the session. None if another request was faster."""
    if await use_link(db, step, "step", now=now) is None:
        return None
    await throttle.succeeded(db, purpose="code", account=link.agent_id, address=visit.address)
    return await _open(db, link.workspace_id, link.agent_id, visit=visit, now=now)


async def _open(
    db: Connection, workspace_id: str, agent_id: str, *, visit: Visit, now: datetime
) -> SignedIn:
    token = await open_session(
        db, workspace_id, agent_id, user_agent=visit.user_agent, address=visit.address, now=now
    )
    await append(db, workspace_id, by_agent(agent_id, "session.opened"), now=now)
    return SignedIn(token)


async def _still(db: Connection, account: Account) -> bool:
    """Locks the credential: a password changed at this moment counts before or after, not both."""
    return bool(await db.fetchval(_STILL, account.workspace_id, account.agent_id, account.hash))


_FIND = """
SELECT a.workspace_id::text, a.id::text AS agent_id, c.hash,
  t.confirmed_at IS NOT NULL AS codes,
  coalesce((w.settings ->> 'codes_required')::boolean, false) AS codes_required
FROM agent a
JOIN workspace w ON w.id = a.workspace_id
LEFT JOIN credential c ON c.workspace_id = a.workspace_id AND c.agent_id = a.id
LEFT JOIN totp t ON t.workspace_id = a.workspace_id AND t.agent_id = a.id
WHERE lower(a.email) = lower($1) AND a.disabled_at IS NULL
"""

_CODES = """
SELECT t.confirmed_at IS NOT NULL AS codes,
  coalesce((w.settings ->> 'codes_required')::boolean, false) AS codes_required
FROM workspace w
LEFT JOIN totp t ON t.workspace_id = w.id AND t.agent_id = $2
WHERE w.id = $1
"""

_STILL = """
SELECT true FROM credential c
JOIN agent a ON a.workspace_id = c.workspace_id AND a.id = c.agent_id
WHERE c.workspace_id = $1 AND c.agent_id = $2 AND c.hash = $3 AND a.disabled_at IS NULL
FOR UPDATE OF c
"""
