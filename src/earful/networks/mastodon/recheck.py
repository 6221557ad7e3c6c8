"""Looks again at posts that were told lately: not every server tells of edits and deletions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from earful.networks.contract import Change, Deletion, Post
from earful.networks.mastodon.events import from_status
from earful.networks.mastodon.names import local_id, post_id
from earful.networks.mastodon.statuses import AT_ONCE, Statuses
from earful.networks.mastodon.translate import Where, to_change

REMEMBER = 60
_SINGLY = 3


class Recheck:
    """Remembers the newest posts of others, and asks for some of them at each round."""

    def __init__(self, statuses: Statuses, where: Where, known: Iterable[str]) -> None:
        self._statuses, self._where = statuses, where
        self._known: dict[str, None] = dict.fromkeys(known)
        self._turn = 0

    @property
    def known(self) -> list[str]:
        """The server's ids of what is remembered, oldest first."""
        return list(self._known)

    def note(self, changes: Iterable[Change]) -> None:
        """Remember posts that were told, forget deleted ones."""
        for change in changes:
            local = local_id(self._where.host, change.external_id)
            if isinstance(change, Post) and not change.own and local:
                self._known.setdefault(local)
            elif isinstance(change, Deletion):
                self._known.pop(local, None)
        while len(self._known) > REMEMBER:
            self._known.pop(next(iter(self._known)))

    async def look(self, now: datetime) -> list[Change]:
        """What became of some of them: told anew if shown, else as gone."""
        wanted = self._some(AT_ONCE)
        if not wanted:
            return []
        shown = await self._statuses.several(wanted)
        if shown is None:
            shown, wanted = {}, self._some(_SINGLY)
        found: list[Change] = []
        for local in wanted:
            status = shown.get(local) or await self._statuses.one(local)
            if status is None:
                gone = post_id(self._where.host, local)
                found.append(Deletion(external_id=gone, at=now))
            elif change := to_change(status, self._where, now):
                found += from_status(status, self._where, now) or [change]
        return found

    def _some(self, count: int) -> list[str]:
        """Half of them the newest, half of them in turn."""
        known = self.known[::-1]
        newest, rest = known[: (count + 1) // 2], known[(count + 1) // 2 :]
        self._turn += count // 2
        start = self._turn % len(rest) if rest else 0
        return newest + (rest[start:] + rest[:start])[: count // 2]
