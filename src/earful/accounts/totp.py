"""Codes from an authenticator app, each of which is taken once."""

from __future__ import annotations

import hmac
from datetime import datetime

import msgspec
import pyotp

from earful.accounts.recovery import drop_codes, make_codes
from earful.accounts.secrets import Keyring, context_of
from earful.store.pool import Connection

STEP_FOR = 30
"""Seconds a code is shown for; the one before and the one after are taken too."""

_PLACE = "totp.secret"


class Enrolment(msgspec.Struct, frozen=True):
    """What an authenticator app needs: `uri` for the QR code, `secret` to type."""

    secret: str
    uri: str


async def begin_enrolment(
    db: Connection,
    keyring: Keyring,
    workspace_id: str,
    agent_id: str,
    *,
    email: str,
    issuer: str,
    now: datetime,
) -> Enrolment | None:
    """A secret to be confirmed by a code; the same one until then. None if codes are on already."""
    fresh = pyotp.random_base32()
    context = context_of(workspace_id, _PLACE, agent_id)
    sealed = keyring.seal(fresh.encode(), context=context)
    row = await db.fetchrow(_BEGIN, workspace_id, agent_id, sealed, now)
    if row is None or row["confirmed_at"] is not None:
        return None
    secret = keyring.open(row["secret"], context=context).decode()
    uri = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)
    return Enrolment(secret, uri)


async def confirm_enrolment(
    db: Connection,
    keyring: Keyring,
    workspace_id: str,
    agent_id: str,
    code: str,
    *,
    now: datetime,
) -> list[str] | None:
    """Turn codes on. Returns the recovery codes, shown once, or None if `code` is wrong."""
    if not await _spend(db, keyring, workspace_id, agent_id, code, confirmed=False, now=now):
        return None
    await db.execute(_CONFIRM, workspace_id, agent_id, now)
    return await make_codes(db, workspace_id, agent_id, now=now)


async def check_code(
    db: Connection,
    keyring: Keyring,
    workspace_id: str,
    agent_id: str,
    code: str,
    *,
    now: datetime,
) -> bool:
    """Whether `code` is right now and was not taken before; it is spent by this."""
    return await _spend(db, keyring, workspace_id, agent_id, code, confirmed=True, now=now)


async def turn_off(db: Connection, workspace_id: str, agent_id: str) -> bool:
    """Forget the secret and the recovery codes. False if there were none."""
    await drop_codes(db, workspace_id, agent_id)
    gone = await db.fetchval(
        "DELETE FROM totp WHERE workspace_id = $1 AND agent_id = $2 RETURNING agent_id",
        workspace_id,
        agent_id,
    )
    return gone is not None


async def has_codes(db: Connection, workspace_id: str, agent_id: str) -> bool:
    """Whether this agent signs in with a code."""
    return bool(await db.fetchval(_HAS, workspace_id, agent_id))


async def _spend(
    db: Connection,
    keyring: Keyring,
    workspace_id: str,
    agent_id: str,
    code: str,
    *,
    confirmed: bool,
    now: datetime,
) -> bool:
    row = await db.fetchrow(_ROW, workspace_id, agent_id, confirmed)
    if row is None:
        return False
    context = context_of(workspace_id, _PLACE, agent_id)
    secret = keyring.open(row["secret"], context=context).decode()
    step = _step_of(secret, code, now, after=row["last_step"])
    if step is None:
        return False
    # Conditional, so that of two who bring the same code at once only one gets in.
    return await db.fetchval(_SPEND, workspace_id, agent_id, step) is not None


def _step_of(secret: str, code: str, now: datetime, *, after: int) -> int | None:
    """The time step whose code this is, if it is later than `after`."""
    typed = "".join(code[:20].split()).encode("utf-8", "replace")
    totp = pyotp.TOTP(secret)
    current = int(now.timestamp()) // STEP_FOR
    found = None
    for step in (current - 1, current, current + 1):
        right = hmac.compare_digest(totp.generate_otp(step).encode(), typed)
        if right and step > after:
            found = step
    return found


# An unconfirmed secret stays the same when the page is loaded again.
_BEGIN = """
INSERT INTO totp AS t (workspace_id, agent_id, secret, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (workspace_id, agent_id) DO UPDATE SET created_at = t.created_at
RETURNING secret, confirmed_at
"""

_ROW = """
SELECT secret, last_step FROM totp
WHERE workspace_id = $1 AND agent_id = $2 AND (confirmed_at IS NOT NULL) = $3
"""

_SPEND = """
UPDATE totp SET last_step = $3 WHERE workspace_id = $1 AND agent_id = $2 AND last_step < $3
RETURNING last_step
"""

_CONFIRM = """
UPDATE totp SET confirmed_at = $3
WHERE workspace_id = $1 AND agent_id = $2 AND confirmed_at IS NULL
"""

_HAS = """
SELECT EXISTS (SELECT 1 FROM totp
  WHERE workspace_id = $1 AND agent_id = $2 AND confirmed_at IS NOT NULL)
"""
