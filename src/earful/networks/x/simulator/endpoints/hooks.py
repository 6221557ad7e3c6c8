"""Webhooks: made, listed, checked again, taken away, told again."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

import msgspec

from earful.networks.x.simulator.call import Call, Route
from earful.networks.x.simulator.clock import stamp
from earful.networks.x.simulator.problems import invalid, not_found
from earful.networks.x.simulator.webhooks import Webhook
from earful.networks.x.simulator.wire import Answer


async def create(call: Call) -> Answer:
    """Check an address by challenge, and take it."""
    webhooks, url = call.state.webhooks, str(call.body().get("url") or "")
    if not 1 <= len(url) <= 200:
        raise invalid("url", url[:50], "1 to 200 characters are wanted")
    webhooks.admissible(url)
    if any(hook.url == url for hook in webhooks.hooks.values()):
        raise invalid("url", url, "This webhook URL is already registered")
    hook = Webhook(call.state.world.new_id(), url, call.state.now(), False)
    if not await webhooks.check(hook):
        raise invalid("url", url, "CRC validation failed: the receiver did not answer as it must")
    webhooks.hooks[hook.id] = hook
    # One description has the webhook bare, the other under `data`.
    return call.say({**_told(hook), "data": _told(hook)})


async def several(call: Call) -> Answer:
    """All of the app."""
    found = [_told(hook) for hook in call.state.webhooks.hooks.values()]
    meta = {"result_count": len(found)}
    return call.say({"data": found, "meta": meta} if found else {"meta": meta})


async def check(call: Call) -> Answer:
    """Challenge it again."""
    valid = await call.state.webhooks.check(_hook(call, call.path["id"]))
    attempted = {"attempted": True} if call.names == "tweet" else {}
    return call.say({"data": {"valid": valid, **attempted}})


async def delete(call: Call) -> Answer:
    """Take it away, with the subscriptions that lead to it."""
    hook, hub = _hook(call, call.path["id"]), call.state.hub
    del call.state.webhooks.hooks[hook.id]
    for wish in [wish for wish in hub.subscriptions.values() if wish.webhook_id == hook.id]:
        del hub.subscriptions[wish.id]
    return call.say({"data": {"deleted": True}})


async def replay(call: Call) -> Answer:
    """Tell again what was to be told in a time."""
    body = call.body()
    hook = _hook(call, str(body.get("webhook_id") or ""))
    first, last = _minute(body, "from_date"), _minute(body, "to_date")
    if first >= last:
        raise invalid("from_date", str(body["from_date"]), "must be before `to_date`")
    told = {"job_id": secrets.token_hex(8), "created_at": stamp(call.state.now())}
    end = {
        "replay_job_status": {
            "webhook_id": hook.id,
            "job_id": told["job_id"],
            "job_state": "Complete",
            "job_state_description": "Job completed successfully",
        }
    }
    call.state.webhooks.replay(hook.id, first, last, msgspec.json.encode(end))
    return call.say({**told, "data": told})


def _minute(body: dict[str, Any], name: str) -> datetime:
    text = str(body.get(name) or "")
    try:
        if len(text) != 12:
            raise ValueError
        return datetime.strptime(text, "%Y%m%d%H%M").replace(tzinfo=UTC)
    except ValueError as error:
        raise invalid(name, text, "yyyymmddhhmm is wanted") from error


def _hook(call: Call, id_: str) -> Webhook:
    hook = call.state.webhooks.hooks.get(id_)
    if hook is None:
        raise not_found("webhook", "webhook_id", id_)
    return hook


def _told(hook: Webhook) -> dict[str, Any]:
    at = stamp(hook.created_at)
    return {"id": hook.id, "url": hook.url, "created_at": at, "valid": hook.valid}


ROUTES = (
    Route("POST", "/2/webhooks", "webhooks", create, "app"),
    Route("GET", "/2/webhooks", "webhooks", several, "app"),
    Route("POST", "/2/webhooks/replay", "replay", replay, "app"),
    Route("PUT", "/2/webhooks/{id}", "webhooks", check, "app"),
    Route("DELETE", "/2/webhooks/{id}", "webhooks", delete, "app"),
)
