"""Nightly: what is too old is forgotten, content left behind is swept up, and the list of erasures
is completed."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import structlog

from earful.desk.erasures import complete_list
from earful.desk.retention import COUNTED, Forgotten, forget
from earful.intake.receive import PASSING
from earful.media.files import MediaStore
from earful.media.keeping import drop_unused
from earful.media.sweeping import Swept, sweep
from earful.stream.work import Works
from earful.worker.desk import Shared, pause

log = structlog.get_logger()
NIGHT = 3
"""The hour (UTC) after which the day's forgetting is done."""


async def keep_forgetting(shared: Shared, data_dir: Path | None) -> None:
    """Once a day, by whichever worker comes first."""
    while not shared.stopping.is_set():
        try:
            ours = False
            for workspace_id in await shared.workspaces():
                if await _is_ours(shared, workspace_id):
                    ours = True
                    await forget_all(shared.works, shared.media, workspace_id)
                    if data_dir is not None:
                        async with shared.database.acquire() as db:
                            await complete_list(db, data_dir)
            if ours:
                await sweep_media(shared)
        except PASSING:
            pass
        except Exception as error:
            log.error("retention broken", error=type(error).__name__)
        await pause(shared.stopping, 30.0)


async def sweep_media(shared: Shared) -> Swept:
    """Delete content that was left behind, and say how much."""
    try:
        done = await sweep(shared.database, shared.media, now=shared.clock())
    except OSError as error:
        log.error("sweeping pictures failed", error=type(error).__name__)
        return Swept()
    if done.refused:
        log.error("pictures of another desk", looked=done.looked, unknown=done.left_behind)
    elif done.left_behind:
        log.info("pictures swept", looked=done.looked, deleted=done.deleted)
    return done


def last_night(now: datetime) -> datetime:
    """The latest instant at which a night's forgetting was due."""
    due = now.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    return due if due <= now else due - timedelta(days=1)


async def _is_ours(shared: Shared, workspace_id: str) -> bool:
    """Take this night's turn; False when it is done or taken."""
    async with shared.database.transaction() as db:
        took = await db.fetchval(
            """UPDATE workspace SET settings = settings || jsonb_build_object('forgot_at', $2::text)
               WHERE id = $1 AND coalesce(settings->>'forgot_at', '') < $3 RETURNING true""",
            workspace_id,
            shared.clock().isoformat(),
            last_night(shared.clock()).isoformat(),
        )
    return took is True


async def forget_all(works: Works, media: MediaStore, workspace_id: str) -> Forgotten:
    """Forget until nothing too old is left, a helping at a time. Returns the sums."""
    sums = dict.fromkeys(COUNTED, 0)
    come_to: dict[tuple[str, str], datetime] = {}
    while True:
        async with works.open(workspace_id) as work:
            done = await forget(work, come_to=come_to)
        await drop_unused(works.database, media, done.files)
        now = {kind: int(getattr(done, kind)) for kind in COUNTED}
        sums = {kind: sums[kind] + now[kind] for kind in COUNTED}
        if not any(now.values()):
            return msgspec.convert(sums, Forgotten)
