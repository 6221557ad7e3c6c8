"""The open list with alike posts folded, and a fold unfolded."""

from __future__ import annotations

from litestar import get
from litestar.params import FromPath, FromQuery

from earful.api.caller import Called, check_id
from earful.desk import views
from earful.folding import listing
from earful.kit.refusal import NotFound


@get("/folds")
async def list_folds(
    caller: Called,
    view: FromQuery[str] = "next",
    after: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> listing.Folds:
    """A page of an open view with alike posts folded, the gravest first."""
    caller.need("desk.read")
    key = caller.workspace_id
    async with caller.state.database.snapshot() as db:
        asked = await views.find_view(db, key, view)
        shown = listing.Shown(key, caller.id, caller.inboxes, asked)
        return await listing.list_folds(db, shown, after=after, limit=limit)


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
