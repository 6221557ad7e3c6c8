"""A worker process: all loops, until it is told to stop."""

from __future__ import annotations

import asyncio

from earful.settings import Settings
from earful.worker.asking import keep_asking
from earful.worker.assigning import keep_assigning
from earful.worker.desk import Shared
from earful.worker.fetching import Most, keep_fetching
from earful.worker.following import keep_following
from earful.worker.handing import keep_handing
from earful.worker.judging import keep_judging
from earful.worker.listening import keep_listening
from earful.worker.mailing import keep_mailing
from earful.worker.noticing import keep_noticing
from earful.worker.paging import keep_paging
from earful.worker.parents import keep_parents
from earful.worker.picturing import keep_picturing
from earful.worker.reporting import keep_reporting
from earful.worker.responding import keep_responding
from earful.worker.retention import keep_forgetting
from earful.worker.revisiting import keep_revisiting
from earful.worker.searching import keep_searching
from earful.worker.sending import keep_sending
from earful.worker.settling import keep_settling
from earful.worker.tidying import keep_tidy
from earful.worker.timing import keep_time
from earful.worker.webhooks import keep_webhooks

STOP_WITHIN = 20.0


async def run_worker(shared: Shared, settings: Settings) -> None:
    """Run until `shared.stopping` is set; calls under way are finished, then all loops end."""
    tasks = [
        asyncio.create_task(shared.listen(), name="listen"),
        asyncio.create_task(keep_listening(shared, shared.name), name="listening"),
        asyncio.create_task(keep_sending(shared), name="sending"),
        asyncio.create_task(keep_settling(shared), name="settling"),
        asyncio.create_task(keep_reporting(shared), name="reporting"),
        asyncio.create_task(keep_time(shared), name="timing"),
        asyncio.create_task(keep_parents(shared), name="parents"),
        asyncio.create_task(keep_fetching(shared, _most(settings)), name="fetching"),
        asyncio.create_task(keep_webhooks(shared), name="webhooks"),
        asyncio.create_task(keep_mailing(shared), name="mailing"),
        asyncio.create_task(keep_handing(shared, settings.base_url), name="handing"),
        asyncio.create_task(keep_following(shared, settings), name="following"),
        asyncio.create_task(keep_judging(shared), name="judging"),
        asyncio.create_task(keep_asking(shared), name="asking"),
        asyncio.create_task(keep_searching(shared), name="searching"),
        asyncio.create_task(keep_assigning(shared), name="assigning"),
        asyncio.create_task(keep_responding(shared), name="responding"),
        asyncio.create_task(keep_paging(shared, settings.base_url), name="paging"),
        asyncio.create_task(keep_picturing(shared), name="picturing"),
        asyncio.create_task(keep_revisiting(shared), name="revisiting"),
        asyncio.create_task(keep_noticing(shared, settings), name="noticing"),
        asyncio.create_task(keep_forgetting(shared, shared.data_dir), name="retention"),
        asyncio.create_task(keep_tidy(shared, settings), name="tidying"),
    ]
    stop = asyncio.ensure_future(_until(shared.stopping))
    done, _ = await asyncio.wait({stop, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    shared.stopping.set()
    shared.wake()
    await asyncio.wait(tasks, timeout=STOP_WITHIN)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, stop, return_exceptions=True)
    for task in done - {stop}:
        task.result()  # a loop that ended by itself broke: let the process fail and be restarted


async def _until(event: asyncio.Event) -> None:
    await event.wait()


def _most(settings: Settings) -> Most:
    return Most(settings.media_image_bytes, settings.media_file_bytes)
