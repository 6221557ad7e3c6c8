"""The open list with alike posts folded, and a fold unfolded."""

from __future__ import annotations

from collections.abc import Hashable

from litestar import get
from litestar.params import FromPath, FromQuery

from earful.api.caller import Called, check_id
from earful.desk import views
from earful.folding import listing
from earful.kit.refusal import NotFound

GOOD_FOR = 2.0
"""Seconds for which a folded list is not read again, whoever asks."""
LONG, MEANWHILE = 5_000, 10.0
"""From so many conversations on, nobody waits for it to be read: the one before, of so many seconds
ago at most, is good meanwhile. Who was answered since is left out of it all the same."""
MOST = 64
"""Lists of different agents that are kept."""


@get("/folds")
async def list_folds(
    caller: Called,
    view: FromQuery[str] = "next",
    after: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> listing.Folds:
    """A page of an open view with alike posts folded, the gravest first."""
    caller.need("desk.read")
    async with caller.state.database.acquire() as db:
        asked = await views.find_view(db, caller.workspace_id, view)
    shown = listing.Shown(caller.workspace_id, caller.id, caller.inboxes, asked)

    async def read() -> listing.Front:
        async with caller.state.database.snapshot() as db:
            return await listing.front(db, shown)

    first = await caller.state.folds.get(_key(shown), read, meanwhile=_meanwhile)
    async with caller.state.database.snapshot() as db:
        return await listing.list_folds(db, shown, first, after=after, limit=limit)


def _key(shown: listing.Shown) -> Hashable:
    """What two agents must have alike to see the same list."""
    asked = shown.filter
    hers = asked.assignee == "me" or asked.team == "mine"
    inboxes = None if shown.inboxes is None else frozenset(shown.inboxes)
    return shown.workspace_id, shown.agent_id if hers else None, inboxes, asked


def _meanwhile(front: listing.Front) -> float:
    """A long list takes a while to read: until that is done, there is the one before."""
    return MEANWHILE if front.conversations >= LONG else 0.0


@get("/folds/{fold_id:str}/conversations")
async def get_fold(
    caller: Called,
    fold_id: FromPath[str],
    view: FromQuery[str] = "next",
    after: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> listing.Unfolded:
    """A page of the conversations in a fold, the gravest first. 404 when it is empty by now."""
    caller.need("desk.read")
    check_id(fold_id, "fold")
    key = caller.workspace_id
    async with caller.state.database.snapshot() as db:
        asked = await views.find_view(db, key, view)
        shown = listing.Shown(key, caller.id, caller.inboxes, asked)
        page = await listing.unfold(db, shown, fold_id, after=after, limit=limit)
    if not page.items and not after:
        raise NotFound("fold")
    return page


ROUTES = [list_folds, get_fold]
