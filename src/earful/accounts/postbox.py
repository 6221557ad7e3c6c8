"""Letters that wait to be sent: put in with the change they tell of, taken out by a worker."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from earful.accounts.acts import Act
from earful.accounts.audit import Line, append
from earful.accounts.mail import Letter, MailTrouble
from earful.accounts.secrets import Keyring, context_of
from earful.store.pool import Connection
from earful.stream.work import WAKE, Work

_PLACE = "letter.sealed"
LEASE_FOR = 120.0
"""Seconds one attempt may take; longer than handing a letter over ever does."""
LONGEST_WAIT = timedelta(minutes=10)


class Claimed(msgspec.Struct, frozen=True):
    """A letter that this worker is to send. `attempts` counts this one."""

    workspace_id: str
    id: str
    agent_id: str | None
    sealed: bytes
    attempts: int
    expires_at: datetime


async def can_mail(db: Connection, workspace_id: str | None = None) -> bool:
    """Whether the workspace (or, with None, any) has a mail server."""
    return bool(await db.fetchval(_CAN, workspace_id))


async def put_in(
    db: Connection,
    keyring: Keyring,
    workspace_id: str,
    agent_id: str | None,
    letter: Letter,
    *,
    lasts_for: timedelta,
    now: datetime,
) -> None:
    """Have a worker send `letter`, within `lasts_for`: an old link is no use to anybody.

    `agent_id` is the colleague it is for; None for a visitor of the portal.
    """
    sealed = keyring.seal(
        msgspec.json.encode(letter), context=context_of(workspace_id, _PLACE, letter.id)
    )
    await db.execute(_PUT, workspace_id, letter.id, agent_id, sealed, now, now + lasts_for)
    await db.execute("SELECT pg_notify($1, $2)", WAKE, workspace_id)


async def claim(db: Connection, *, now: datetime) -> list[Claimed]:
    """Lease a few letters that are due; forget those that are too late. The caller commits."""
    await db.execute("DELETE FROM letter WHERE expires_at <= $1", now)
    rows = await db.fetch(_CLAIM, now, LEASE_FOR)
    return [msgspec.convert(dict(row), Claimed) for row in rows]


def read(keyring: Keyring, claimed: Claimed) -> Letter:
    """What the letter says. Raises SecretError."""
    context = context_of(claimed.workspace_id, _PLACE, claimed.id)
    return msgspec.json.decode(keyring.open(claimed.sealed, context=context), type=Letter)


async def next_due(db: Connection) -> datetime | None:
    """When the next letter is due, None if none waits."""
    due: datetime | None = await db.fetchval(_NEXT)
    return due


async def taken(work: Work, claimed: Claimed) -> None:
    """The server took the letter: nothing of it is kept."""
    await _forget(work, claimed)
    await work.db.execute(_TROUBLE, work.workspace_id, "", None)
    await _told(work, claimed, "mail.sent")


async def refused(work: Work, claimed: Claimed, trouble: MailTrouble) -> None:
    """The server did not take it: tried again while it is of use, unless that is pointless."""
    await work.db.execute(_TROUBLE, work.workspace_id, str(trouble), work.now)
    run_at = work.now + min(timedelta(seconds=5 * 2 ** min(claimed.attempts, 10)), LONGEST_WAIT)
    if trouble.passing and run_at < claimed.expires_at:
        await work.db.execute(_POSTPONE, work.workspace_id, claimed.id, run_at)
        return
    await _forget(work, claimed)
    await _told(work, claimed, "mail.failed")


async def _forget(work: Work, claimed: Claimed) -> None:
    await work.db.execute(
        "DELETE FROM letter WHERE workspace_id = $1 AND id = $2", work.workspace_id, claimed.id
    )


async def _told(work: Work, claimed: Claimed, kind: Act) -> None:
    """What became of the letter, for the stream and the audit log."""
    work.emit(kind, {"agent_id": claimed.agent_id})
    object_kind = "agent" if claimed.agent_id else "visitor"
    line = Line(actor_kind="system", act=kind, object_kind=object_kind, object_id=claimed.agent_id)
    await append(work.db, work.workspace_id, line, now=work.now)


_CAN = "SELECT EXISTS (SELECT 1 FROM mail_server WHERE $1::uuid IS NULL OR workspace_id = $1)"

_PUT = """
INSERT INTO letter (workspace_id, id, agent_id, sealed, run_at, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $5, $6)
"""

_FREE = "(lease_until IS NULL OR lease_until < clock_timestamp())"

_CLAIM = f"""
UPDATE letter t SET lease_until = clock_timestamp() + make_interval(secs => $2),
  attempts = t.attempts + 1
FROM (SELECT workspace_id, id FROM letter WHERE run_at <= $1 AND {_FREE}
      ORDER BY run_at LIMIT 5 FOR UPDATE SKIP LOCKED) due
WHERE t.workspace_id = due.workspace_id AND t.id = due.id
RETURNING t.workspace_id, t.id, t.agent_id, t.sealed, t.attempts, t.expires_at
"""  # noqa: S608 - a constant of this file

_NEXT = f"SELECT min(run_at) FROM letter WHERE {_FREE}"  # noqa: S608 - as above

_POSTPONE = """
UPDATE letter SET run_at = $3, lease_until = NULL WHERE workspace_id = $1 AND id = $2
"""

_TROUBLE = "UPDATE mail_server SET trouble = $2, trouble_at = $3 WHERE workspace_id = $1"
