"""The X Activity API: subscriptions, and the stream of what has no webhook."""

from __future__ import annotations

import uuid
from typing import Any

from earful.networks.x.prices import ACTIVITY_CONNECTIONS, SUBSCRIPTIONS
from earful.networks.x.simulator.call import Call, Route
from earful.networks.x.simulator.clock import stamp
from earful.networks.x.simulator.events import in_newer_words
from earful.networks.x.simulator.fields import words
from earful.networks.x.simulator.hub import ACTIVITY, Subscription
from earful.networks.x.simulator.problems import forbidden, invalid, not_found
from earful.networks.x.simulator.wire import Answer

_TYPES = words(
    "post.create post.delete post.mention.create post.reply.create post.quote.create "
    "dm.sent dm.received dm.read chat.sent chat.received oauth.revoke"
)
_PRIVATE = ("dm.", "chat.")


async def create(call: Call) -> Answer:
    """Subscribe."""
    state, body = call.state, call.body()
    event_type, tag = str(body.get("event_type") or ""), str(body.get("tag") or "")
    if event_type not in _TYPES:
        raise invalid("event_type", event_type, "not an event that this simulator has")
    user_id = str((body.get("filter") or {}).get("user_id") or "")
    if user_id not in state.world.users:
        raise invalid("filter.user_id", user_id, "an account is wanted")
    if event_type.startswith(_PRIVATE) and user_id not in state.world.brands:
        raise forbidden("This event needs the permission of its user.")
    webhook_id = str(body.get("webhook_id") or "")
    if webhook_id and webhook_id not in state.webhooks.hooks:
        raise not_found("webhook", "webhook_id", webhook_id)
    wishes = state.hub.subscriptions
    if len(wishes) >= SUBSCRIPTIONS:
        raise forbidden(f"At most {SUBSCRIPTIONS} subscriptions.")
    if any(
        (one.event_type, one.user_id, one.webhook_id) == (event_type, user_id, webhook_id)
        for one in wishes.values()
    ):
        raise invalid("event_type", event_type, "This subscription exists")
    wish = Subscription(
        id=state.world.new_id(),
        event_type=event_type,
        user_id=user_id,
        tag=tag,
        webhook_id=webhook_id,
        created_at=state.now(),
        updated_at=state.now(),
    )
    wishes[wish.id] = wish
    return _told_with_count(call, wish)


async def several(call: Call) -> Answer:
    """All of the app."""
    found = [_told(wish) for wish in call.state.hub.subscriptions.values()]
    return call.say({"data": found, "meta": {"result_count": len(found)}})


async def update(call: Call) -> Answer:
    """Another tag or webhook."""
    wish, body = _wish(call, call.path["id"]), call.body()
    if "tag" in body:
        wish.tag = str(body["tag"])
    if "webhook_id" in body:
        wish.webhook_id = str(body["webhook_id"])
    wish.updated_at = call.state.now()
    return _told_with_count(call, wish)


async def delete(call: Call) -> Answer:
    """Take one back."""
    wish = _wish(call, call.path["id"])
    del call.state.hub.subscriptions[wish.id]
    meta = {"total_subscriptions": len(call.state.hub.subscriptions)}
    return call.say({"data": {"deleted": True}, "meta": meta})


async def delete_several(call: Call) -> Answer:
    """Take several back; the two descriptions differ in what they answer."""
    wishes = call.state.hub.subscriptions
    gone = [id_ for id_ in call.ids("ids") if wishes.pop(id_, None)]
    each = [{"deleted": True, "subscription_id": id_} for id_ in gone]
    data: Any = each if call.names == "post" else {"deleted": bool(gone)}
    return call.say({"data": data, "meta": {"total_subscriptions": len(wishes)}})


async def stream(call: Call) -> Answer:
    """Events as they come."""

    newer = call.state.plan.names == "post"

    def shown(event: dict[str, Any]) -> dict[str, Any]:
        return in_newer_words(event) if newer else event

    streams = call.state.hub.streams
    return streams.open(str(uuid.uuid4()), ACTIVITY, ACTIVITY_CONNECTIONS, shown)


def _wish(call: Call, id_: str) -> Subscription:
    wish = call.state.hub.subscriptions.get(id_)
    if wish is None:
        raise not_found("subscription", "subscription_id", id_)
    return wish


def _told(wish: Subscription) -> dict[str, Any]:
    told: dict[str, Any] = {
        "subscription_id": wish.id,
        "event_type": wish.event_type,
        "filter": {"user_id": wish.user_id},
        "created_at": stamp(wish.created_at),
        "updated_at": stamp(wish.updated_at),
    }
    more = {"tag": wish.tag, "webhook_id": wish.webhook_id}
    return told | {name: value for name, value in more.items() if value}


def _told_with_count(call: Call, wish: Subscription) -> Answer:
    count = len(call.state.hub.subscriptions)
    data = {"subscription": _told(wish), "total_subscriptions": count}
    return call.say({"data": data, "meta": {"total_subscriptions": count}})


ROUTES = (
    Route("POST", "/2/activity/subscriptions", "subscriptions", create),
    Route("GET", "/2/activity/subscriptions", "subscriptions", several),
    Route("DELETE", "/2/activity/subscriptions", "subscriptions", delete_several),
    Route("PUT", "/2/activity/subscriptions/{id}", "subscriptions", update),
    Route("DELETE", "/2/activity/subscriptions/{id}", "subscriptions", delete),
    Route("GET", "/2/activity/stream", "activity", stream, "app"),
)
