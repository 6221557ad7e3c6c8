"""A trial of a webhook: one signed telling now, and what came of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
from litestar import post
from litestar.params import FromPath

from earful.accounts.secrets import SecretError, context_of
from earful.api.caller import Called, Caller, check_id
from earful.api.webhook_address import guard_of
from earful.api.webhooks import note
from earful.kit.ids import new_id
from earful.kit.refusal import NotFound, Refused
from earful.kit.safe_http import guarded_client
from earful.kit.signed_post import signed_post

WAIT_FOR = 15.0
"""Seconds the receiver has in all."""
NOT_BEFORE = timedelta(seconds=3)
"""Between two trials: a desk is no tool to knock at doors with."""


@post("/webhooks/{webhook_id:str}/test")
async def post_test(caller: Called, webhook_id: FromPath[str]) -> dict[str, Any]:
    """Tell it `webhook.tested` now, signed as all else. `trouble` is empty when it was taken."""
    check_id(webhook_id, "webhook")
    row = await _claimed(caller, webhook_id)
    context = context_of(caller.workspace_id, "webhook.secret", webhook_id)
    try:
        secret = caller.state.keyring.open(row["secret"], context=context)
    except SecretError as error:
        return {"taken": False, "trouble": str(error)}
    key = f"{caller.workspace_id}:test-{new_id()}"
    now = caller.now()
    body = msgspec.json.encode(
        {
            "id": key,
            "workspace_id": caller.workspace_id,
            "seq": None,
            "kind": "webhook.tested",
            "at": now,
            "actor": caller.actor,
            "data": {},
        }
    )
    try:
        async with (
            asyncio.timeout(WAIT_FOR),
            guarded_client(await guard_of(caller)) as client,
        ):
            trouble = await signed_post(client, row["url"], secret, key, body=body, at=now)
    except TimeoutError:
        trouble = "It takes too long to answer."
    return {"taken": not trouble, "trouble": trouble}


async def _claimed(caller: Caller, webhook_id: str) -> Any:
    """The webhook, its trial noted before the call: nothing is open while the network is asked."""
    async with caller.work("webhook.change") as work:
        row = await work.db.fetchrow(
            """SELECT url, secret, tested_at FROM webhook
               WHERE workspace_id = $1 AND id = $2 FOR UPDATE""",
            caller.workspace_id,
            webhook_id,
        )
        if row is None:
            raise NotFound("webhook")
        if row["tested_at"] is not None and row["tested_at"] > work.now - NOT_BEFORE:
            raise Refused("throttled", "It was tested a moment ago. Wait a few seconds.")
        await work.db.execute(
            "UPDATE webhook SET tested_at = $3 WHERE workspace_id = $1 AND id = $2",
            caller.workspace_id,
            webhook_id,
            work.now,
        )
        await note(caller, work, "webhook.tested", webhook_id)
    return row


ROUTES = [post_test]
