"""A channel on the rehearsal network: one brand account of one town."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

from msgspec.structs import replace

from earful.networks.contract import (
    Batch,
    Draft,
    Identity,
    Post,
    Reach,
    Receipt,
    Sought,
    Target,
    Visibility,
)
from earful.networks.rehearsal.doors import Door
from earful.networks.rehearsal.gossip import number_of
from earful.networks.rehearsal.pictures import draw
from earful.networks.rehearsal.town import Offer
from earful.networks.rehearsal.translate import to_change, to_post, to_receipt


class RehearsalConnector:
    """Keeps Connector, Streams, Sends, Settles, Looks, Shows, Reaches, Removes and Searches."""

    def __init__(self, door: Door, handle: str) -> None:
        self._door = door
        self._handle = handle

    async def probe(self) -> Identity:
        """Who we are in the town."""
        account = await self._door.account(self._handle)
        return Identity(account.external_id, account.handle, account.name)

    async def close(self) -> None:
        """Leave the town."""
        await self._door.close()

    async def stream(self, since: Mapping[str, Any] | None) -> AsyncIterator[Batch]:
        """Everything addressed to us, from the cursor on; from the beginning without one.

        Without one the first batch is empty and comes at once: what is written while a silent town
        is waited on is told from that place after a restart, too.
        """
        if since is None:
            yield Batch((), {"position": 0, "ledger": ""})
        position = int((since or {}).get("position", 0))
        ledger = str((since or {}).get("ledger", ""))
        while True:
            page = await self._door.changes(self._handle, position, ledger)
            if page.entries or page.position != position:
                changes = tuple(map(to_change, page.entries))
                yield Batch(changes, {"position": page.position, "ledger": page.ledger})
            position, ledger = page.position, page.ledger

    async def search(self, sought: Sought, since: Mapping[str, Any] | None) -> Batch:
        """What is said of the brand and not to it: all of it, whatever is looked for."""
        after = int((since or {}).get("heard", -1))
        entries = await self._door.heard(after)
        posts = tuple(replace(to_post(entry), addressed=False) for entry in entries[: sought.most])
        return Batch(posts, {"heard": max([after, *map(number_of, entries)])})

    async def send(self, draft: Draft, key: str) -> Receipt:
        """Publish; a second call with the same key publishes a second time."""
        offer = Offer(
            handle=self._handle,
            text=draft.text,
            parent=draft.reply_to.external_id if draft.reply_to else None,
            key=key,
            alts=tuple(upload.alt for upload in draft.uploads),
            language=draft.language,
            private=draft.visibility is Visibility.DIRECT,
            reader=draft.reply_to.author_id if draft.reply_to else "",
        )
        return to_receipt(await self._door.publish(offer))

    async def settle(self, draft: Draft, key: str) -> Receipt | None:  # noqa: ARG002 - the key says it all
        """Look our post up by the delivery key."""
        found = await self._door.by_key(key)
        return to_receipt(found) if found else None

    async def reach(self, target: Target) -> Reach:
        """Whether the person takes private messages from a brand."""
        if await self._door.takes_private(target.author_id):
            return Reach(True)
        return Reach(False, "They take private messages only from those they follow.")

    async def remove(self, external_id: str) -> None:
        """Take one of our posts away."""
        await self._door.remove(external_id)

    async def picture(self, url: str) -> bytes | None:
        """A customer's picture or face, drawn here: nothing is fetched."""
        return await asyncio.to_thread(draw, url)

    async def look(self, external_id: str) -> Post | None:
        """A post that still stands, with its newest text."""
        found = await self._door.post(external_id)
        return to_post(found) if found else None
