"""A channel on Mastodon: one account on one server, listened to and spoken for."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

import msgspec

from earful.networks.contract import (
    Batch,
    Draft,
    Identity,
    Limits,
    Ports,
    Post,
    Reach,
    Receipt,
    Sought,
    Target,
)
from earful.networks.mastodon.api import Api
from earful.networks.mastodon.lines import lines
from earful.networks.mastodon.listening import Listening
from earful.networks.mastodon.names import local_id
from earful.networks.mastodon.searching import Searching
from earful.networks.mastodon.sending import Sending
from earful.networks.mastodon.session import Session
from earful.networks.mastodon.statuses import Statuses
from earful.networks.mastodon.translate import to_change
from earful.networks.mastodon.uploads import Uploads


class Place(msgspec.Struct, frozen=True):
    """The account's server, as it was typed, and what signs us in there.

    `streaming` is where to stream: empty for where the server says, "off" for nowhere.
    """

    origin: str
    host: str
    token: str = ""
    streaming: str = ""
    answer_within: float = 20.0


class MastodonConnector:
    """Keeps the contract's Connector, Streams, Sends, Settles and Looks, and of the more special
    ones Removes, Reaches, Searches and Limited."""

    def __init__(self, place: Place, ports: Ports) -> None:
        self._place, self._ports = place, ports
        self._api = Api(place.origin, ports, place.answer_within)
        self._session = Session(self._api, place.host, place.token, ports)
        self._statuses = Statuses(self._session)
        uploads = Uploads(self._session, ports)
        self._sending = Sending(self._api, self._session, self._statuses, uploads)

    async def probe(self) -> Identity:
        """Who we are, asked of the server now. Raises Reauthorize, Rejected or RetryLater."""
        return await self._session.confirm()

    async def describe(self) -> str:
        """Our profile's words."""
        return await self._session.note()

    async def close(self) -> None:
        """Let go of connections."""
        await self._api.close()

    async def stream(self, since: Mapping[str, Any] | None) -> AsyncGenerator[Batch, None]:
        """Everything that addresses us, what we post ourselves, edits and deletions of it."""
        where = await self._session.where()
        ways = []
        if self._place.streaming != "off":
            told = self._place.streaming or (await self._session.instance()).streaming
            ways = lines(self._place.origin, told)
        listening = Listening(
            session=self._session,
            statuses=self._statuses,
            ports=self._ports,
            where=where,
            lines=ways,
            since=since,
        )
        async with aclosing(listening.batches()) as batches:
            async for batch in batches:
                yield batch

    async def search(self, sought: Sought, since: Mapping[str, Any] | None) -> Batch:
        """Posts of anybody, by their tags and words, as far as this server knows them."""
        return await Searching(self._session, self._ports).search(sought, since)

    async def send(self, draft: Draft, key: str) -> Receipt:
        """Publish once, as one post or a thread."""
        return await self._sending.send(draft, key)

    async def settle(self, draft: Draft, key: str) -> Receipt | None:
        """The receipt if all parts stand among our own posts."""
        return await self._sending.settle(draft, key)

    async def remove(self, external_id: str) -> None:
        """Take one of our own posts away. Raises Rejected for anybody else's."""
        await self._sending.remove(external_id)

    async def reach(self, target: Target) -> Reach:
        """Anybody can be written to directly, unless they blocked us, which no server tells."""
        del target
        return Reach(True)

    async def limits(self) -> Limits:
        """What the server says it allows."""
        told = await self._session.instance()
        return Limits(
            length=told.length,
            link_length=told.link_length,
            images=told.images,
            image_bytes=told.image_bytes,
            image_types=told.image_types,
        )

    async def look(self, external_id: str) -> Post | None:
        """A post of this server by its external id."""
        status = await self._statuses.one(local_id(self._place.host, external_id))
        if status is None:
            return None
        change = to_change(status, await self._session.where(), self._ports.now())
        return change if isinstance(change, Post) else None
