"""Housekeeping: what ended long ago goes, and the scheduled backup is made when it is due."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import structlog

from earful.accounts.tidy import tidy
from earful.automation import keeping
from earful.desk import authorize, moves, spend
from earful.desk.erasures import complete_list
from earful.folding import hearing
from earful.intake import tombstones
from earful.intake.receive import PASSING
from earful.listening import finding
from earful.outreach import queue
from earful.paging import alerts
from earful.settings import Settings
from earful.store.backup import scheduled_backup
from earful.store.erasure_copies import Copies
from earful.store.errors import StoreError
from earful.worker.desk import Shared, pause

log = structlog.get_logger()
EVERY = timedelta(hours=1)
KEYS_KEPT_FOR = timedelta(days=2)
"""How long a repeated request gets its first answer again."""
FORGET_KEYS = "DELETE FROM idempotency WHERE at < $1"


async def keep_tidy(shared: Shared, settings: Settings) -> None:
    """Once an hour, until told to stop."""
    due = shared.clock()
    copies = Copies(settings)
    while not shared.stopping.is_set():
        await _copy_erasures(copies, shared.clock())
        if shared.clock() >= due:
            due = shared.clock() + EVERY
            await _once(shared, settings)
            if await _backed_up(settings, shared.clock()):
                copies.soon()
        await pause(shared.stopping, 30.0)


async def _once(shared: Shared, settings: Settings) -> None:
    now = shared.clock()
    try:
        async with shared.database.transaction() as db:
            await tidy(db, now=now)
            await db.execute(FORGET_KEYS, now - KEYS_KEPT_FOR)
            await spend.tidy(db, now=now)
            await authorize.tidy(db, now=now)
            await alerts.forget_old(db, now=now)
            await keeping.forget_old(db, now=now)
            await finding.forget_old(db, now=now)
            await queue.forget_old(db, now=now)
            await hearing.forget_old(db, now=now)
        await tombstones.tidy(shared.database, now=now)
        for workspace_id in await shared.workspaces():
            async with shared.works.open(workspace_id) as work:
                await moves.lose_due(work)
    except PASSING as error:
        log.warning("tidying postponed", error=type(error).__name__)
    try:
        async with shared.database.acquire() as db:
            await complete_list(db, settings.data_dir)
    except (*PASSING, OSError) as error:
        log.warning("list of erasures postponed", error=type(error).__name__)


async def _backed_up(settings: Settings, now: datetime) -> bool:
    """Make the backup that is due, and copy what is not copied yet; whether there was any."""
    made = None
    try:
        made = await scheduled_backup(settings, now=now)
    except (StoreError, OSError) as error:
        log.error("backup failed", reason=str(error))
    else:
        if made is not None:
            log.info("backup made", path=made.path, bytes=made.file_bytes)
    copied = await _copied_away(settings, now) if settings.backup_bucket else []
    return made is not None or bool(copied)


async def _copy_erasures(copies: Copies, now: datetime) -> None:
    """Whom the desk erased must stay erased after a restore: their list lies with the backups."""
    try:
        await asyncio.to_thread(copies.bring_in_line, now)
    except StoreError as error:
        log.error("copying the list of erasures failed", reason=str(error))


async def _copied_away(settings: Settings, now: datetime) -> list[str]:
    from earful.store.off_machine import copy_away  # noqa: PLC0415 - its library is large

    try:
        copied = await asyncio.to_thread(copy_away, settings, now=now)
    except (StoreError, OSError) as error:
        log.error("copying backups failed", reason=str(error))
        return []
    if copied:
        log.info("backups copied", names=copied)
    return copied
