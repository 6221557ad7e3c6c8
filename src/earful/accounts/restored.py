"""That a desk was restored from a backup stands in the audit log of each of its workspaces."""

from __future__ import annotations

from datetime import UTC, datetime

from earful.accounts.audit import Line, append
from earful.store.codecs import set_codecs
from earful.store.pool import Connection


async def note_restored(db: Connection, *, made_at: datetime, name: str, now: datetime) -> None:
    """Add a line to each log: by the system, of the backup made at `made_at`.

    The file's `name` is hashed, as all texts there.
    """
    await set_codecs(db)
    made = made_at.astimezone(UTC).isoformat(timespec="seconds")
    line = Line(
        actor_kind="system",
        act="backup.restored",
        object_kind="backup",
        object_id=made,
        texts=(name,),
    )
    for row in await db.fetch("SELECT id FROM workspace ORDER BY id"):
        await append(db, row["id"], line, now=now)
