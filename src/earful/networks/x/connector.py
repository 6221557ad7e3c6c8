"""A channel on X: one account, listened to and spoken for."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from earful.networks.contract import (
    Answer,
    Batch,
    Change,
    Draft,
    Finding,
    Identity,
    Ports,
    Post,
    Reach,
    Receipt,
    Rejected,
    Sought,
    Target,
)
from earful.networks.contract import Call as Asked
from earful.networks.x.api import Call
from earful.networks.x.asking import post_fields
from earful.networks.x.checking import check
from earful.networks.x.errors import NotThere
from earful.networks.x.gone import Gone
from earful.networks.x.hook import Hook
from earful.networks.x.listening import Listening
from earful.networks.x.means import Means
from earful.networks.x.messages import SCHEME
from earful.networks.x.prices import Item
from earful.networks.x.searching import search
from earful.networks.x.sending import Sending
from earful.networks.x.translate import to_changes
from earful.networks.x.walking import answered
from earful.networks.x.where import Where


class XConnector:
    """Keeps the contract's Connector, Streams, Sends, Settles, Looks, Shows, Hears, Reaches, Hides,
    Removes, Checks, Searches and Revisits."""

    def __init__(self, place: Where, ports: Ports) -> None:
        self._means = Means(place, ports)
        self._gone = Gone(self._means)
        self._hook = Hook(self._means)
        self._sending = Sending(self._means)

    async def probe(self) -> Identity:
        """Who we are, asked of X now. Raises Reauthorize, Rejected or RetryLater."""
        return await self._means.session.confirm()

    async def describe(self) -> str:
        """Our profile's words."""
        return await self._means.session.describe()

    async def close(self) -> None:
        """Let go of connections."""
        await self._means.close()

    async def stream(self, since: Mapping[str, Any] | None) -> AsyncGenerator[Batch, None]:
        """Everything that calls us, what we write ourselves, messages, and deletions."""
        listening = Listening(self._means, self._gone, since)
        async with aclosing(listening.batches()) as batches:
            async for batch in batches:
                yield batch

    async def search(self, sought: Sought, since: Mapping[str, Any] | None) -> Batch:
        """Posts of anybody by their words, at the price of a read each."""
        return await search(self._means, sought, since)

    async def hear(self, call: Asked) -> Answer:
        """X calls: its challenge, or an event."""
        return await self._hook.hear(call)

    async def send(self, draft: Draft, key: str) -> Receipt:
        """Publish, as one post, a thread or a private message."""
        return await self._sending.send(draft, key)

    async def settle(self, draft: Draft, key: str) -> Receipt | None:
        """The receipt if all parts stand in our own timeline."""
        return await self._sending.settle(draft, key)

    async def reach(self, target: Target) -> Reach:
        """Whether the author of `target` takes a private message from us."""
        return await self._sending.reach(target)

    async def hide(self, external_id: str, *, hidden: bool) -> None:
        """Hide a reply below our post, or show it again."""
        path = f"/2/tweets/{_post(external_id)}/hidden"
        call = Call(method="PUT", path=path, bucket="hide", body={"hidden": hidden})
        answered(await self._means.session.call(call))

    async def remove(self, external_id: str) -> None:
        """Delete a post of ours. One that is gone already is fine."""
        call = Call(method="DELETE", path=f"/2/tweets/{_post(external_id)}", bucket="delete")
        try:
            answered(await self._means.session.call(call))
        except NotThere:
            return
        await self._means.spending.charge(Item.DELETE)

    async def look(self, external_id: str) -> Post | None:
        """A post by its id; None when it is gone or not for us to see."""
        if not external_id.isdecimal():
            return None
        path, params = f"/2/tweets/{external_id}", post_fields(self._means.place.names)
        try:
            page = await self._means.session.call(Call(path=path, bucket="post", params=params))
        except NotThere:
            return None
        us = await self._means.session.us()
        found = await self._means.people.completed(to_changes(page, us, self._means.ports.now()))
        await self._means.spending.read(Item.READ_POST, [external_id] if found else [])
        return found[0] if found and isinstance(found[0], Post) else None

    async def check(self) -> tuple[Finding, ...]:
        """The set-up looked over, the worst first."""
        return await check(self._means)

    async def picture(self, url: str) -> bytes | None:
        """A picture of a private message, which X shows to the signed-in only."""
        if not url.startswith(f"{SCHEME}://"):
            return None
        path = f"/2/dm_conversations/media/{url.removeprefix(f'{SCHEME}://')}"
        try:
            return await self._means.session.picture(Call(path=path, bucket="dm_media"))
        except Rejected:
            return None

    async def revisit(self, external_ids: Sequence[str]) -> tuple[Change, ...]:
        """What became of posts we hold: deletions, and edits where they are seen."""
        return await self._gone.among(external_ids)


def _post(external_id: str) -> str:
    if not external_id.isdecimal():
        raise Rejected("That can be done with public posts only.")
    return external_id
