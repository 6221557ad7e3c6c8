"""Pictures of posts that X's activity names without saying where they lie: asked for, once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from earful.networks.contract import Change, NetworkError, Ports, Post
from earful.networks.x.api import Call
from earful.networks.x.asking import post_fields
from earful.networks.x.prices import Item
from earful.networks.x.session import Session
from earful.networks.x.spending import Level, Spending
from earful.networks.x.translate import to_changes


class Pictures:
    """Looks posts up again, as long as there is money for it."""

    def __init__(self, session: Session, spending: Spending, ports: Ports, names: str) -> None:
        self._session, self._spending, self._ports = session, spending, ports
        self._names = names

    async def completed(self, changes: Iterable[Change], bare: Sequence[str]) -> list[Change]:
        """The changes; posts whose id at X is among `bare` with their pictures. Never fails: a
        post that X does not tell of again stands without them."""
        told = list(changes)
        if not bare:
            return told
        try:
            found = await self._asked(bare)
        except NetworkError:
            return told
        return [_with(change, found.get(_id(change))) for change in told]

    async def _asked(self, ids: Sequence[str]) -> dict[str, Post]:
        if await self._spending.level() >= Level.NO_DUPLICATES:
            return {}
        params = {"ids": ",".join(ids), **post_fields(self._names)}
        page = await self._session.call(Call(path="/2/tweets", bucket="posts", params=params))
        changes = to_changes(page, await self._session.us(), self._ports.now())
        found = {_id(each): each for each in changes if isinstance(each, Post)}
        await self._spending.read(Item.READ_POST, list(found))
        return found


def _id(change: Change) -> str:
    return str(change.ref.get("id", "")) if isinstance(change, Post) else ""


def _with(change: Change, found: Post | None) -> Change:
    if found is None or not isinstance(change, Post):
        return change
    return msgspec.structs.replace(change, attachments=found.attachments, text=found.text)
