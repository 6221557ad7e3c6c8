"""/sign-out: a button, so that no link or picture can sign anybody out."""

from __future__ import annotations

from litestar import get, post

from earful.accounts.audit import Line, append
from earful.accounts.csrf import csrf_matches
from earful.accounts.sessions import revoke
from earful.pages.door import SESSION_COOKIE, STEP_COOKIE, AnyRequest, Door, Page
from earful.pages.markup import Html, form, join, link, problem
from earful.pages.sign_in import STALE

TITLE = "Sign out"


@get("/sign-out")
async def show(request: AnyRequest) -> Page:
    """The button."""
    door = Door(request)
    if await door.principal() is None:
        return door.go("/sign-in")
    return door.page(TITLE, _body(door))


@post("/sign-out")
async def submit(request: AnyRequest) -> Page:
    """End this session. The screen sends X-CSRF-Token instead of a form."""
    door = Door(request)
    principal = await door.principal()
    header = request.headers.get("x-csrf-token")
    by_screen = csrf_matches(request.cookies.get(SESSION_COOKIE), header)
    if not by_screen and not door.is_ours(await door.form()):
        return door.page(TITLE, _body(door, STALE), status=403)
    if principal is not None and principal.session_id is not None:
        ids = (principal.workspace_id, principal.agent_id)
        line = Line(
            actor_kind="agent",
            actor_id=principal.agent_id,
            act="session.closed",
            object_kind="session",
            object_id=principal.session_id,
        )
        async with door.database.transaction() as db:
            await revoke(db, *ids, principal.session_id, now=door.now)
            await append(db, principal.workspace_id, line, now=door.now)
    door.drop(SESSION_COOKIE)
    door.drop(STEP_COOKIE)
    return door.go("/sign-in")


def _body(door: Door, words: str = "") -> Html:
    return join(
        problem(words),
        form("/sign-out", csrf=door.csrf, button="Sign out", fields=Html("")),
        link("/", "Back to the desk"),
    )
