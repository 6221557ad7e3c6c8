"""The quick ears: the filtered stream and the stream of activity."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from datetime import datetime, timedelta

import msgspec

from earful.networks.contract import Change, NetworkError, Post, Reauthorize, Rejected
from earful.networks.x.activity import read
from earful.networks.x.api import Call
from earful.networks.x.asker import Live, Put
from earful.networks.x.asking import post_fields
from earful.networks.x.errors import NotAllowed, Refused, words_of
from earful.networks.x.follow import Crowded, Patience, lines
from earful.networks.x.means import Means
from earful.networks.x.payloads import read_page
from earful.networks.x.prices import Item
from earful.networks.x.rules import Rules, marked
from earful.networks.x.spending import Level, charge
from earful.networks.x.subscriptions import Subscriptions
from earful.networks.x.times import instant
from earful.networks.x.translate import Us, to_changes

_RESTS = 300.0
_OFF_FOR = 3600.0
_YIELDS_FOR = 900.0
_ROOM_EVERY = timedelta(minutes=10)
"""Closing all connections of the app helps once, where a dead process holds them. Where that does
not do, somebody else opens them again: two that close each other's would hear nothing."""


class Ear:
    """What both have in common: connect, hear, wait, again. Neither fails for the other."""

    name = ""
    call: Call

    def __init__(self, means: Means, live: Live, put: Put) -> None:
        self._means, self._live, self._put = means, live, put
        self._session, self._ports = means.session, means.ports
        self._spending, self._notices = means.spending, means.notices
        self._patience = Patience(means.ports)
        self._made_room_at: datetime | None = None

    async def run(self, us: Us) -> None:
        """Hear for ever. Raises Reauthorize alone."""
        while True:
            wish = await self.wish()
            if wish is None:
                await self._ports.wait(_RESTS)
                continue
            error: Exception | None = None
            try:
                await self.prepare(us, more=wish)
                await self._hear(us, wish)
            except Reauthorize:
                raise
            except Crowded:
                if await self._yields():
                    await self._ports.wait(_YIELDS_FOR)
                    continue
                await self._make_room()
            except (NetworkError, Refused) as trouble:
                error = trouble
            finally:
                self._set(hears=False)
            if await self._is_off(error):
                await self._ports.wait(_OFF_FOR)
            else:
                await self._patience.after(error)

    async def wish(self) -> bool | None:
        """Whether all that X could tell here is wanted for today's money; None for nothing."""
        raise NotImplementedError

    async def prepare(self, us: Us, *, more: bool) -> None:
        """Have X tell what is wanted."""
        raise NotImplementedError

    async def understand(self, line: bytes, us: Us) -> tuple[Change, ...]:
        """What a line says. Raises Refused when it says that X ends the connection."""
        raise NotImplementedError

    def _set(self, *, hears: bool) -> None:
        setattr(self._live, self.name, hears)
        self._live.gap = True  # what was said while this ear was deaf is asked for

    async def _hear(self, us: Us, wish: bool) -> None:
        """Hear until X ends it, or until something else is wanted."""
        async with aclosing(lines(self._session, self._means.api, self.call)) as told:
            connected = False
            async for line in told:
                if not connected:
                    connected = True
                    self._set(hears=True)
                    self._patience.reset()
                    await self._notices.say(self.name, "")
                if line:
                    await self._put(await self.understand(line, us), {})
                if await self.wish() is not wish:
                    return

    async def _is_off(self, error: Exception | None) -> bool:
        """Whether X does not open this way to us at all, which is told in words."""
        decision = error.decision if isinstance(error, Refused) else error
        if not isinstance(decision, NotAllowed):
            if isinstance(decision, Rejected):
                await self._notices.say(self.name, f"X refuses its {self.name}: {decision}")
            return False
        await self._notices.say(self.name, f"X's {self.name} is not open to us: {decision}")
        return True

    async def _yields(self) -> bool:
        """Whether another channel or program has the connections that X allows this app; told in
        words."""
        now = self._ports.now()
        if self._made_room_at is None or now - self._made_room_at > _ROOM_EVERY:
            self._made_room_at = now
            return False
        words = (
            f"Another channel or program uses all connections that X allows this app for its "
            f"{self.name}: posts are asked for instead, and come a little later. An app of its own "
            "for this channel ends that."
        )
        await self._notices.say(self.name, words)
        return True

    async def _make_room(self) -> None:
        call = Call(method="DELETE", path="/2/connections/all", bucket="connections", app=True)
        try:
            await self._session.call(call)
        except NetworkError:
            return


class Stream(Ear):
    """Posts by our rules, within seconds."""

    name = "stream"

    def __init__(self, means: Means, live: Live, put: Put) -> None:
        super().__init__(means, live, put)
        self._rules = Rules(means.session, means.place.searches, means.notices)
        # It speaks the older words only, whatever the channel's field says of the others.
        params = post_fields("tweet")
        self.call = Call(path="/2/tweets/search/stream", bucket="stream", params=params, app=True)

    async def wish(self) -> bool | None:
        """Its posts come by asking too: as money gets short searches rest, then all of it."""
        level = await self._spending.level()
        return None if level >= Level.NO_DUPLICATES else level < Level.NO_SEARCH

    async def prepare(self, us: Us, *, more: bool) -> None:
        """Our rules stand."""
        await self._rules.keep(us, searching=more)

    async def understand(self, line: bytes, us: Us) -> tuple[Change, ...]:
        """Posts that a rule of ours matched."""
        try:
            page = read_page(line)
        except (msgspec.DecodeError, RecursionError):
            self._live.gap = True  # half a line: what it said is asked for
            return ()
        if bytes(page.data) == b"null":
            raise ended(line)
        mark = marked(us)
        if page.matching_rules and not any(r.tag.startswith(mark) for r in page.matching_rules):
            return ()
        changes = tuple(to_changes(page, us, self._ports.now()))
        ids = [str(each.ref.get("id")) for each in changes if isinstance(each, Post)]
        await self._spending.read(Item.READ_POST, ids)
        return changes


class Activity(Ear):
    """Mentions, replies, quotes, messages and deletions, as X's activity tells them."""

    name = "activity"
    call = Call(path="/2/activity/stream", bucket="activity", app=True)

    def __init__(self, means: Means, live: Live, put: Put, heard_at: Callable[[], str]) -> None:
        super().__init__(means, live, put)
        self._subscriptions = Subscriptions(means)
        self._heard_at = heard_at

    async def wish(self) -> bool | None:
        """Posts only while there is money for both ways; messages always."""
        return await self._spending.level() < Level.NO_DUPLICATES

    async def prepare(self, us: Us, *, more: bool) -> None:
        """Our subscriptions stand."""
        since: datetime | None = None
        if heard := self._heard_at():
            since = instant(heard, self._ports.now())
        await self._subscriptions.keep(us, posts=more, since=since)

    async def understand(self, line: bytes, us: Us) -> tuple[Change, ...]:
        """What one event says."""
        try:
            told = read(line, us, self._ports.now())
        except (ValueError, RecursionError):
            self._live.gap = True
            return ()
        if not told.uuid and words_of(line)[0]:
            raise ended(line)
        if told.revoked and not await self._session.granted_since(told.revoked_at):
            raise Reauthorize(told.revoked)
        await charge(self._spending, told.changes)
        return tuple(await self._means.pictures.completed(told.changes, told.bare))


def ended(line: bytes) -> Exception:
    """What X's last words on a stream mean."""
    if b"toomanyconnections" in line.lower() or b"connection limit" in line.lower():
        return Crowded()
    words, _ = words_of(line)
    return Refused(NetworkError(f"X ended the stream: {words or 'no reason given'}"))
