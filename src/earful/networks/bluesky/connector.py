"""A channel on Bluesky: one account, listened to and spoken for."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

import msgspec

from earful.networks.bluesky.blobs import CDN, Pictures
from earful.networks.bluesky.chat import SERVICE, UNPRIVILEGED, Chat
from earful.networks.bluesky.listening import Listening
from earful.networks.bluesky.notifications import Notifications
from earful.networks.bluesky.people import People
from earful.networks.bluesky.posts import Posts
from earful.networks.bluesky.searching import Searching
from earful.networks.bluesky.sending import Sending
from earful.networks.bluesky.session import Session
from earful.networks.bluesky.translate import in_view, to_change
from earful.networks.bluesky.xrpc import Call, Xrpc
from earful.networks.contract import (
    Batch,
    Draft,
    Identity,
    Ports,
    Post,
    Reach,
    Receipt,
    Rejected,
    Sought,
    Target,
    Visibility,
)


class Where(msgspec.Struct, frozen=True):
    """The account and where it lives. `firehose` is empty for none; `answer_within` in seconds.

    `chat` is the service of private messages, empty for none.
    """

    service: str
    firehose: str
    handle: str
    app_password: str
    answer_within: float = 20.0
    pictures: Pictures = CDN
    chat: str = SERVICE


class BlueskyConnector:
    """Keeps Connector, Streams, Sends, Settles, Looks, Reaches, Removes and Searches."""

    def __init__(self, where: Where, ports: Ports) -> None:
        self._where, self._ports = where, ports
        self._xrpc = Xrpc(where.service, ports, where.answer_within)
        self._session = Session(self._xrpc, where.handle, where.app_password, ports)
        self._people = People(self._session, ports, where.pictures)
        self._posts = Posts(self._session)
        self._sending = Sending(self._session, self._posts)
        self._chat = Chat(self._session, self._people, self._posts, ports, where.chat)

    async def probe(self) -> Identity:
        """Who we are, asked of the network now. Raises Reauthorize, Rejected or RetryLater."""
        who = await self._session.confirm()
        person = (await self._people.meet([who.external_id]))[who.external_id]
        return Identity(who.external_id, who.handle, person.name)

    async def describe(self) -> str:
        """Our profile's words."""
        who = await self._session.confirm()
        place = {"repo": who.external_id, "collection": "app.bsky.actor.profile", "rkey": "self"}
        try:
            said = await self._session.call(Call(name="com.atproto.repo.getRecord", params=place))
        except Rejected:  # no profile was ever written
            return ""
        return str(said.get("value", {}).get("description") or "")

    async def close(self) -> None:
        """Let go of connections."""
        await self._xrpc.close()

    async def stream(self, since: Mapping[str, Any] | None) -> AsyncGenerator[Batch, None]:
        """Everything that addresses us, what we post ourselves, and deletions of anything."""
        did = (await self._session.who()).external_id
        listening = Listening(
            firehose=self._where.firehose,
            our_did=did,
            people=self._people,
            notifications=Notifications(
                self._session, self._people, self._ports, did, self._where.pictures
            ),
            ports=self._ports,
            since=since,
            pictures=self._where.pictures,
            chat=await self._open_chat(),
        )
        async with aclosing(listening.batches()) as batches:
            async for batch in batches:
                yield batch

    async def search(self, sought: Sought, since: Mapping[str, Any] | None) -> Batch:
        """Posts of anybody by their words."""
        searching = Searching(self._session, self._people, self._ports, self._where.pictures)
        return await searching.search(sought, since)

    async def _open_chat(self) -> Chat | None:
        """The private messages, if this channel has them; if not, its people are told why."""
        allowed = await self._chat.allowed()
        await self._ports.tell(UNPRIVILEGED if self._where.chat and not allowed else "")
        return self._chat if allowed else None

    async def send(self, draft: Draft, key: str) -> Receipt:
        """Publish once, as one post or a thread. Repeating it with the same key changes nothing.

        Nothing like that holds for a private message.
        """
        if draft.visibility is Visibility.DIRECT:
            return await self._chat.send(draft, key)
        return await self._sending.send(draft, key)

    async def settle(self, draft: Draft, key: str) -> Receipt | None:
        """The receipt if all parts stand on our own server."""
        if draft.visibility is Visibility.DIRECT:
            return await self._chat.settle(draft, key)
        return await self._sending.settle(draft, key)

    async def reach(self, target: Target) -> Reach:
        """Whether the author of a post takes a private message from us."""
        return await self._chat.reach(target)

    async def remove(self, external_id: str) -> None:
        """Take one of our own posts away. Raises Rejected for anybody else's."""
        await self._sending.remove(external_id)

    async def look(self, external_id: str) -> Post | None:
        """A post by its at:// address."""
        view = await self._posts.view(external_id)
        if view is None:
            return None
        did = (await self._session.who()).external_id
        found = in_view(view, self._people.note(view["author"]), self._ports.now())
        change = to_change(found, did, pictures=self._where.pictures)
        return change if isinstance(change, Post) else None
