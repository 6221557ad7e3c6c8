"""Posts whose time for edits runs: each is looked at once when it is over.

X tells of an edit where the new version names us too. One that names us no more is told by nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from earful.networks.contract import Change, Deletion, Post, Visibility
from earful.networks.x.prices import EDITABLE_FOR
from earful.networks.x.times import made_at

_MOST = 20_000
_KEPT = 200
"""The youngest so many stand in the channel's cursor: a process that ends forgets no more."""

_OVER = timedelta(seconds=EDITABLE_FOR) + timedelta(minutes=2)


class Edits:
    """Remembers the posts of others until their time for edits is over and they were looked at."""

    def __init__(self, known: object) -> None:
        ids = known if isinstance(known, list) else []
        self._open = dict.fromkeys(each for each in ids if isinstance(each, str))

    def kept(self) -> list[str]:
        """What is still to be looked at, as the cursor carries it: oldest first."""
        return list(self._open)[-_KEPT:]

    def note(self, changes: Iterable[Change], now: datetime) -> None:
        """Remember those that may be edited from now on."""
        for each in changes:
            if isinstance(each, Deletion):
                self._open.pop(each.external_id, None)
            elif _may_change(each, now):
                self._open.setdefault(each.external_id)
        while len(self._open) > _MOST:
            self._open.pop(next(iter(self._open)))

    def due(self, now: datetime) -> list[str]:
        """Those that can't be edited any more."""
        return [each for each in self._open if _over(each, now)]

    def done(self, ids: Iterable[str]) -> None:
        """They were looked at."""
        for each in ids:
            self._open.pop(each, None)


def _may_change(change: Change, now: datetime) -> bool:
    return (
        isinstance(change, Post)
        and not change.own
        and change.visibility is Visibility.PUBLIC
        and made_at(change.external_id) is not None
        and not _over(change.external_id, now)
    )


def _over(id_: str, now: datetime) -> bool:
    made = made_at(id_)
    return made is None or now >= made + _OVER
