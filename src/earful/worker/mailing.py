"""Sends the letters that wait: claim and commit, hand over, record and commit."""

from __future__ import annotations

import asyncio

import structlog

from earful.accounts import postbox
from earful.accounts.mail import MailTrouble
from earful.accounts.mail_server import load_server
from earful.accounts.postbox import Claimed
from earful.accounts.secrets import SecretError
from earful.accounts.smtp import hand_over
from earful.intake.receive import PASSING
from earful.worker.desk import Shared, pause_calmly

log = structlog.get_logger()


async def keep_mailing(shared: Shared) -> None:
    """Send what is due until told to stop."""
    waker = shared.waker()
    while not shared.stopping.is_set():
        waker.clear()
        wait_for = 1.0
        try:
            await send_due(shared)
            wait_for = await _until_next(shared)
        except PASSING:
            log.warning("database away")
        except Exception as error:
            log.error("mailing broken", error=type(error).__name__)
        await pause_calmly(waker, wait_for)


async def send_due(shared: Shared) -> None:
    """One round: a few of the letters that are due, at the same time."""
    async with shared.database.transaction() as db:
        claimed = await postbox.claim(db, now=shared.clock())
    async with asyncio.TaskGroup() as group:
        for one in claimed:
            group.create_task(_send(shared, one))


async def _send(shared: Shared, claimed: Claimed) -> None:
    trouble: MailTrouble | None = None
    try:
        letter = postbox.read(shared.keyring, claimed)
        async with shared.database.acquire() as db:
            server = await load_server(db, shared.keyring, claimed.workspace_id)
        if server is None:
            trouble = MailTrouble("connect", "No mail server is set any more.", passing=False)
        else:
            await hand_over(server, letter, now=shared.clock())
    except SecretError as error:
        trouble = MailTrouble("auth", str(error))
    except MailTrouble as error:
        trouble = error
    async with shared.works.open(claimed.workspace_id) as work:
        if trouble is None:
            await postbox.taken(work, claimed)
        else:
            await postbox.refused(work, claimed, trouble)
    if trouble is not None:
        log.warning("mail not taken", letter=claimed.id, step=trouble.step)


async def _until_next(shared: Shared) -> float:
    async with shared.database.acquire() as db:
        due = await postbox.next_due(db)
    return 30.0 if due is None else max(0.05, (due - shared.clock()).total_seconds())
