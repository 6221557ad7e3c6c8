"""The audit log: appended in the transaction of the act, each line chained to the one before.

Append as the last thing before the commit: it locks the workspace's chain until then.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import msgspec

from earful.accounts.acts import Act
from earful.kit.ids import new_id
from earful.store.pool import Connection

_FIRST = bytes(32)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """Who did what to what. `texts` are hashed, not kept: the log proves them, it can't tell them.

    actor_kind is "agent", "system", "rule" or "contact"; `act` is noun.past_participle.
    """

    actor_kind: str
    act: Act
    object_kind: str
    actor_id: str | None = None
    object_id: str | None = None
    texts: tuple[str, ...] = ()


def by_agent(agent_id: str, act: Act) -> Line:
    """A line about what an agent did with their own account."""
    return Line(
        actor_kind="agent", actor_id=agent_id, act=act, object_kind="agent", object_id=agent_id
    )


class Verdict(msgspec.Struct, frozen=True):
    """What a check of the chain found: `lines` are right, `broken_at` is the first that is not.

    `head` (hex) stands for the whole log: kept elsewhere, it shows later that lines at the end are
    missing.
    """

    lines: int
    head: str
    broken_at: int | None = None

    @property
    def whole(self) -> bool:
        """Whether no line was changed, removed from the middle, or put in."""
        return self.broken_at is None


async def append(db: Connection, workspace_id: str, *lines: Line, now: datetime) -> None:
    """Add lines to the workspace's log, in order."""
    last = await db.fetchrow("SELECT seq, hash FROM audit_end($1)", workspace_id)
    seq, prev = (last["seq"], last["hash"]) if last else (0, _FIRST)
    for line in lines:
        seq += 1
        texts = [sha256_of(text) for text in line.texts]
        fields = (seq, new_id(), now, line.actor_kind, line.actor_id, line.act)
        row = (workspace_id, *fields, line.object_kind, line.object_id, texts)
        after = _hash(prev, row)
        await db.execute(_APPEND, *row, prev, after)
        prev = after


async def verify(db: Connection, workspace_id: str, *, batch: int = 1000) -> Verdict:
    """Walk the workspace's log from its first line and check every link."""
    seq, prev = 0, _FIRST
    while rows := await db.fetch(_READ, workspace_id, seq, batch):
        for row in rows:
            *fields, stored_prev, stored = row
            if fields[1] != seq + 1 or stored_prev != prev or stored != _hash(prev, tuple(fields)):
                return Verdict(seq, prev.hex(), seq + 1)
            seq, prev = seq + 1, stored
    return Verdict(seq, prev.hex())


def sha256_of(text: str) -> bytes:
    """The digest by which a line proves a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _hash(prev: bytes, row: tuple[Any, ...]) -> bytes:
    """sha256 over the line before and this one, in a form with only one reading (JSON array)."""
    workspace_id, seq, line_id, at, *rest, texts = row
    instant = at.astimezone(UTC).isoformat(timespec="microseconds")
    plain = [str(workspace_id), seq, str(line_id), instant, *rest, [t.hex() for t in texts]]
    return hashlib.sha256(prev + msgspec.json.encode(plain)).digest()


_COLUMNS = (
    "workspace_id, seq, id, at, actor_kind, actor_id, act, object_kind, object_id, texts, "
    "prev, hash"
)

_APPEND = f"""
INSERT INTO audit ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""  # noqa: S608 - a constant of this file

_READ = f"""
SELECT {_COLUMNS} FROM audit WHERE workspace_id = $1 AND seq > $2 ORDER BY seq LIMIT $3
"""  # noqa: S608 - as above
