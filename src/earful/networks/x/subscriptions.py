"""Our webhook and our subscriptions to activity: kept as they should be, others' left alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import msgspec

from earful.networks.contract import NetworkError, Rejected
from earful.networks.x.api import Call
from earful.networks.x.means import Means
from earful.networks.x.payloads import several
from earful.networks.x.rules import marked
from earful.networks.x.translate import Us
from earful.networks.x.wire import Page

MESSAGES = ("dm.received", "dm.sent", "chat.received", "chat.sent")
OTHERS = ("post.delete", "oauth.revoke")
POSTS = ("post.mention.create", "post.reply.create", "post.quote.create", "post.create")
_MAY_BE_REFUSED = frozenset({"chat.received", "chat.sent", "oauth.revoke", "post.create"})
"""Not every plan has them, and nothing is lost without: asking and refusals tell the same."""

_MINUTE = timedelta(minutes=1)
_LOOPBACK = "127.0.0.1"
_PATH = "/2/activity/subscriptions"


class Subscription(msgspec.Struct, rename={"id": "subscription_id"}):
    """What X tells us of, and where: to a webhook, or on the stream where there is none."""

    id: str = ""
    event_type: str = ""
    tag: str = ""
    webhook_id: str = ""


class Webhook(msgspec.Struct):
    """An address that X calls."""

    id: str = ""
    url: str = ""
    valid: bool = False


_SUBSCRIPTION = msgspec.json.Decoder(Subscription)
_WEBHOOK = msgspec.json.Decoder(Webhook)


class Subscriptions:
    """Keeps one channel's."""

    def __init__(self, means: Means) -> None:
        self._session, self._ports, self._notices = means.session, means.ports, means.notices
        place = means.place
        self._may_be_called = bool(place.consumer_secret) and callable_by_x(
            means.ports.hook, place.api
        )

    async def keep(self, us: Us, *, posts: bool, since: datetime | None) -> None:
        """Have X tell what we want to know, on the stream, and by webhook where it can call us.

        `posts` off leaves messages and deletions. `since`: what X could not tell the webhook from
        then on is told again. Raises a NetworkError when nothing can be asked.
        """
        kinds = [*MESSAGES, *OTHERS, *(POSTS if posts else ())]
        webhook = await self._webhook(since) if self._may_be_called else ""
        places = ["", webhook] if webhook else [""]
        wanted = {(kind, place) for kind in kinds for place in places}
        standing = await self._standing(us)
        ours = {(each.event_type, each.webhook_id) for each in standing}
        surplus = [each.id for each in standing if (each.event_type, each.webhook_id) not in wanted]
        if surplus:
            params = {"ids": ",".join(surplus[:100])}
            await self._ask(Call(method="DELETE", path=_PATH, bucket="subscriptions",
                                 params=params, app=True))  # fmt: skip
        await self._subscribe(us, sorted(wanted - ours))

    async def _subscribe(self, us: Us, missing: Iterable[tuple[str, str]]) -> None:
        words = {}
        for kind, place in missing:
            body = {"event_type": kind, "filter": {"user_id": us.id}, "tag": f"{marked(us)}{kind}"}
            if place:
                body["webhook_id"] = place
            call = Call(method="POST", path=_PATH, bucket="subscriptions", body=body)
            try:
                await self._session.call(call)
            except Rejected as error:
                if kind not in _MAY_BE_REFUSED and not _stands_already(str(error)):
                    words[kind] = str(error)
        refused = ", ".join(sorted(words))
        told = f"X does not tell of {refused}: {next(iter(words.values()))}" if words else ""
        await self._notices.say("subscriptions", told)

    async def _standing(self, us: Us) -> list[Subscription]:
        found: list[Subscription] = []
        params: dict[str, str] = {}
        while True:
            page = await self._ask(
                Call(path=_PATH, bucket="subscriptions", params=params, app=True)
            )
            found += several(page.data, _SUBSCRIPTION)
            token = page.meta.next_token if page.meta else ""
            if not token or token == params.get("pagination_token"):
                return [each for each in found if each.tag.startswith(marked(us))]
            params = {"pagination_token": token}

    async def _webhook(self, since: datetime | None) -> str:
        """The id of our webhook, made or woken if need be; empty where X will not have it."""
        try:
            ours = await self._ours()
            if ours is None:
                body = {"url": self._ports.hook}
                await self._ask(Call(method="POST", path="/2/webhooks", bucket="webhooks",
                                            body=body, app=True))  # fmt: skip
                ours = await self._ours() or Webhook()
            elif not ours.valid:
                await self._ask(Call(method="PUT", path=f"/2/webhooks/{ours.id}",
                                     bucket="webhooks", app=True))  # fmt: skip
                await self._again(ours.id, since)
        except Rejected as error:
            await self._notices.say(
                "webhook", f"X can't call us, the stream tells instead: {error}"
            )
            return ""
        await self._notices.say("webhook", "")
        return ours.id

    async def _ours(self) -> Webhook | None:
        page = await self._ask(Call(path="/2/webhooks", bucket="webhooks", app=True))
        known = several(page.data, _WEBHOOK)
        return next((each for each in known if each.url == self._ports.hook), None)

    async def _again(self, webhook: str, since: datetime | None) -> None:
        """Have told again what X could not tell while it took the webhook for dead."""
        if since is None:
            return
        body = {
            "webhook_id": webhook,
            "from_date": (since - _MINUTE).strftime("%Y%m%d%H%M"),
            "to_date": self._ports.now().strftime("%Y%m%d%H%M"),
        }
        call = Call(method="POST", path="/2/webhooks/replay", bucket="replay", body=body, app=True)
        try:
            await self._session.call(call)
        except NetworkError:
            return  # asking (mentions, messages) fills the gap in any case

    async def _ask(self, call: Call) -> Page:
        return await self._session.call(call)


def callable_by_x(hook: str, api: str) -> bool:
    """X calls https addresses without a port only; one on this machine calls this machine too."""
    parts = urlsplit(hook)
    if parts.hostname == _LOOPBACK:
        return urlsplit(api).hostname == _LOOPBACK
    return parts.scheme == "https" and bool(parts.hostname) and parts.port is None


def _stands_already(words: str) -> bool:
    return "duplicate" in words.lower() or "exists" in words.lower()
