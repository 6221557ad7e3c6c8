"""One portal: what visitors write is read from the desk's own pages, answers are put up there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from earful.networks.contract import (
    Batch,
    Board,
    Draft,
    Identity,
    Ports,
    Published,
    Reach,
    Receipt,
    Rejected,
    RetryLater,
    Target,
)
from earful.networks.portal.translate import SCHEME, change_of

AT_ONCE = 200
LOOK_EVERY = 5.0
"""Seconds. The pages hand on at once what is written; this is for what they could not."""


class PortalConnector:
    """Keeps Connector, Streams, Polls, Sends, Reaches, Settles, Shows, Hides of the contract."""

    def __init__(self, identity: Identity, length: int, ports: Ports) -> None:
        self._identity, self._length, self._ports = identity, length, ports

    @property
    def _board(self) -> Board:
        if self._ports.board is None:
            raise RetryLater("The portal is not set up yet.")
        return self._ports.board

    async def probe(self) -> Identity:
        """Who we are is what was typed."""
        return self._identity

    async def close(self) -> None:
        """There is nothing to let go of."""

    async def fetch(self, since: Mapping[str, Any] | None) -> Batch:
        """What visitors wrote after the cursor."""
        seq = int((since or {}).get("seq", 0))
        said = await self._board.since(seq, AT_ONCE)
        return Batch(tuple(change_of(one) for one in said), {"seq": said[-1].seq if said else seq})

    async def stream(self, since: Mapping[str, Any] | None) -> AsyncIterator[Batch]:
        """The same, for ever."""
        batch = await self.fetch(since)
        yield batch
        while True:
            if len(batch.changes) < AT_ONCE:
                await self._ports.wait(LOOK_EVERY)
            batch = await self.fetch(batch.cursor)
            if batch.changes:
                yield batch

    async def send(self, draft: Draft, key: str) -> Receipt:
        """Put an answer up for its visitor, once for each key; without one, a notice for all."""
        if len(draft.text) > self._length:
            raise Rejected(f"The portal takes at most {self._length} characters.")
        return _receipt(await self._board.publish(draft, key), draft)

    async def reach(self, target: Target) -> Reach:
        """Who began a talk in private goes on in private; a public one stays public."""
        if target.private:
            return Reach(True)
        return Reach(
            False, "A public talk of the portal stays public. Ask them to write privately."
        )

    async def settle(self, draft: Draft, key: str) -> Receipt | None:
        """Look whether it stands."""
        found = await self._board.find(key)
        return _receipt(found, draft) if found else None

    async def picture(self, url: str) -> bytes | None:
        """A picture that a visitor sent."""
        return await self._board.picture(url.removeprefix(SCHEME))

    async def hide(self, external_id: str, *, hidden: bool) -> None:
        """Take a message off the public page, or put it back."""
        await self._board.hide(external_id, hidden=hidden)


def _receipt(message_id: str, draft: Draft) -> Receipt:
    ref = {"thread": draft.reply_to.ref.get("thread", "")} if draft.reply_to else {}
    return Receipt((Published(message_id, "", draft.text, ref),))
