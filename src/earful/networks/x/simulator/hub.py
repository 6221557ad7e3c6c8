"""Who is told of what: stream rules, activity subscriptions, and the fan-out to both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from earful.networks.x.prices import Item
from earful.networks.x.simulator import events
from earful.networks.x.simulator.query import Test
from earful.networks.x.simulator.spend import Spend
from earful.networks.x.simulator.streams import Streams
from earful.networks.x.simulator.things import Dm, Post
from earful.networks.x.simulator.webhooks import Webhooks
from earful.networks.x.simulator.world import World

FILTERED = "filtered_stream"
ACTIVITY = "activity_stream"


class Rule(msgspec.Struct, frozen=True):
    """A rule of the filtered stream."""

    id: str
    value: str
    tag: str
    test: Test


class Subscription(msgspec.Struct, kw_only=True):
    """A wish to hear of one kind of event of one user."""

    id: str
    event_type: str
    user_id: str
    tag: str
    webhook_id: str
    created_at: datetime
    updated_at: datetime


class Matched(msgspec.Struct, frozen=True):
    """A post with the rules that it meets."""

    post: Post
    rules: tuple[Rule, ...]


class Hub:
    """Listens to the world and tells streams and webhooks."""

    def __init__(self, world: World, spend: Spend, webhooks: Webhooks) -> None:
        self._world, self._spend, self._webhooks = world, spend, webhooks
        self.rules: dict[str, Rule] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self.streams = Streams(world.plan, world.now)
        world.listeners.append(self._heard)

    def _heard(self, kind: str, thing: Any) -> None:
        makers: dict[str, Callable[[World, Any], list[events.Told]]] = {
            "post": events.of_post,
            "deletion": events.of_deletion,
            "dm": events.of_dm,
        }
        # Making an event costs more than the post itself; without listeners none is made.
        if self.subscriptions:
            for told in makers[kind](self._world, thing):
                self.spread(told)
        if isinstance(thing, Post) and kind == "post" and self.rules:
            self._match(thing)

    def _match(self, post: Post) -> None:
        if self._world.visible(post, None):
            met = tuple(rule for rule in self.rules.values() if rule.test(self._world, post))
            if met and self.streams.active(FILTERED):
                self._spend.charge(Item.READ_POST, [post.id])
                self.streams.tell(FILTERED, Matched(post, met))

    def spread(self, told: events.Told) -> None:
        """Tell one event to all who subscribed."""
        event_type, user_id, payload, includes = told
        for wish in self.subscriptions.values():
            if (wish.event_type, wish.user_id) == (event_type, user_id):
                self._charge(event_type, payload)
                self._deliver(wish, payload, includes)

    def read(self, dm: Dm) -> None:
        """Tell the sender of a direct message that it was read."""
        for told in events.of_dm(self._world, dm, ("dm.read",)):
            self.spread(told)

    def _charge(self, event_type: str, payload: dict[str, Any]) -> None:
        if event_type == "dm.received":
            self._spend.charge(Item.EVENT_DM, [payload["direct_message_events"][0]["id"]])
        elif event_type.startswith("post.") and event_type != "post.delete":
            self._spend.charge(Item.EVENT_POST, [payload["id"]])

    def _deliver(
        self, wish: Subscription, payload: dict[str, Any], includes: dict[str, Any] | None
    ) -> None:
        # In X's sample a revocation names neither filter nor tag: it concerns the app.
        of_app = wish.event_type == "oauth.revoke"
        data: dict[str, Any] = {
            "event_uuid": self._world.new_id(),
            "filter": {} if of_app else {"user_id": wish.user_id},
            "event_type": wish.event_type,
        }
        if wish.tag and not of_app:
            data["tag"] = wish.tag
        data["payload"] = payload
        if includes is not None:
            data["includes"] = includes
        if wish.webhook_id:
            self._webhooks.deliver(wish.webhook_id, msgspec.json.encode({"data": data}))
        else:
            self.streams.tell(ACTIVITY, {"data": data})
