"""Settles what is uncertain by looking; sends again only where the network's key allows it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import structlog

from earful.desk.channels import hold_stranded
from earful.desk.settle import delivery_moved, delivery_sent, delivery_troubled
from earful.intake.decided import decide
from earful.intake.receive import PASSING
from earful.networks.contract import NetworkError, Receipt, Settles
from earful.networks.registry import network
from earful.outbox import outcome, queue
from earful.outbox.queue import Delivery
from earful.worker.desk import Shared, pause
from earful.worker.names import is_dead
from earful.worker.sending import CALL_FOR, load_draft

log = structlog.get_logger()
ASK_A_PERSON = (
    "We could not find out whether this was posted. Look on the network, then say which it is."
)


async def keep_settling(shared: Shared) -> None:
    """Turn expired attempts into uncertain ones and look each uncertain one up."""
    waker = shared.waker()
    while not shared.stopping.is_set():
        waker.clear()
        try:
            for workspace_id in await shared.workspaces():
                await settle_workspace(shared, workspace_id)
        except PASSING:
            log.warning("database away")
        except Exception as error:
            log.error("settling broken", error=type(error).__name__)
        await pause(shared.stopping, 1.0)
        await pause(waker, 4.0)


async def settle_workspace(shared: Shared, workspace_id: str) -> None:
    """One round for one workspace."""
    async with shared.works.open(workspace_id) as work:
        # A worker that was killed records nothing any more: its attempts need not wait for long.
        dead = [name for name in await queue.senders(work) if is_dead(name)]
        for delivery in await queue.expire_leases(work, dead):
            await delivery_troubled(work, delivery, "uncertain")
        await hold_stranded(work)
    async with shared.works.open(workspace_id) as work:
        claimed = await queue.claim_uncertain(work)
    for delivery in claimed:
        try:
            await _look(shared, delivery)
        except PASSING:
            raise
        except Exception as error:
            log.error("looking broken", delivery=delivery.id, error=type(error).__name__)
    await decide(shared.works, workspace_id)


async def _look(shared: Shared, delivery: Delivery) -> None:
    row = await shared.channel(delivery.workspace_id, delivery.channel_id)
    if row.get("state") != "active":
        return
    draft = await load_draft(shared, delivery)
    receipt: Receipt | None = None
    try:
        async with shared.connector(row) as connector:
            if isinstance(connector, Settles):
                receipt = await asyncio.wait_for(connector.settle(draft, delivery.id), CALL_FOR)
    except (NetworkError, TimeoutError, OSError) as error:
        log.info("cannot look yet", delivery=delivery.id, error=type(error).__name__)
        return
    await _record(shared, delivery, row, receipt)


async def _record(
    shared: Shared, delivery: Delivery, row: dict[str, Any], receipt: Receipt | None
) -> None:
    manifest = network(row["network"]).manifest
    async with shared.works.open(delivery.workspace_id) as work:
        if receipt is not None:
            if await outcome.sent(work, delivery, receipt):
                await delivery_sent(work, delivery)
        elif manifest.idempotent_send and delivery.draft["visibility"] == "public":
            # The network's own key makes a second sending of the same post impossible.
            words = "It was not posted. Sending it again."
            if await outcome.back_to(work, delivery, "queued", words, run_at=work.now):
                await delivery_moved(work, delivery, "delivery.postponed")
        elif delivery.first_sending_at and work.now > delivery.first_sending_at + timedelta(
            seconds=manifest.settle_for
        ):
            # Not found is no proof of not sent: from here a person decides.
            await outcome.back_to(work, delivery, "uncertain", ASK_A_PERSON)
            await delivery_troubled(work, delivery, "uncertain")
