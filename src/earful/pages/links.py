"""/invitation/{token} and /password/{token}: choosing a password by a link that works once."""

from __future__ import annotations

from litestar import get, post

from earful.accounts import signing_in
from earful.accounts.errors import Invalid
from earful.accounts.links import Link, Purpose, look_at_link
from earful.accounts.new_password import choose_by_link
from earful.pages.door import AnyRequest, Door, Page
from earful.pages.markup import Html, field, form, join, link, paragraph, problem
from earful.pages.sign_in import STALE, arrive

_TITLES: dict[Purpose, str] = {"invitation": "You are invited", "password": "A new password"}
_DEAD: dict[Purpose, str] = {
    "invitation": "This invitation was used or is too old. Ask for a new one.",
    "password": "This link was used or is too old. Ask for a new one.",
}


@get("/invitation/{token:str}")
async def show_invitation(request: AnyRequest) -> Page:
    """Who is invited, and a field for a password."""
    return await _show(request, "invitation")


@post("/invitation/{token:str}")
async def accept_invitation(request: AnyRequest) -> Page:
    """Take the password and sign in."""
    return await _choose(request, "invitation")


@get("/password/{token:str}")
async def show_password(request: AnyRequest) -> Page:
    """A field for a new password."""
    return await _show(request, "password")


@post("/password/{token:str}")
async def choose_password(request: AnyRequest) -> Page:
    """Take the new password; every other session ends."""
    return await _choose(request, "password")


async def _show(request: AnyRequest, purpose: Purpose) -> Page:
    door = Door(request)
    token: str = request.path_params["token"]
    async with door.database.acquire() as db:
        found = await look_at_link(db, token, purpose, now=door.now)
    if found is None:
        return _dead(door, purpose)
    return door.page(_TITLES[purpose], _body(door, purpose, token, found))


async def _choose(request: AnyRequest, purpose: Purpose) -> Page:
    door = Door(request)
    token: str = request.path_params["token"]
    data = await door.form()
    async with door.database.acquire() as db:
        found = await look_at_link(db, token, purpose, now=door.now)
    if found is None:
        return _dead(door, purpose)
    title = _TITLES[purpose]
    if not door.is_ours(data):
        body = _body(door, purpose, token, found, words=STALE)
        return door.page(title, body, status=403)
    try:
        async with door.database.transaction() as db:
            password = data.get("password", "")
            used = await choose_by_link(db, token, purpose, password, now=door.now)
            if used is None:
                return _dead(door, purpose)
            ids = (used.workspace_id, used.agent_id)
            outcome = await signing_in.enter(db, *ids, visit=door.visit, now=door.now)
    except Invalid as error:
        body = _body(door, purpose, token, found, error=str(error))
        return door.page(title, body, status=422)
    return arrive(door, outcome, "/")


def _dead(door: Door, purpose: Purpose) -> Page:
    body = join(paragraph(_DEAD[purpose]), link("/sign-in", "To the sign-in page"))
    return door.page("This link does not work", body, status=404)


def _body(
    door: Door, purpose: Purpose, token: str, found: Link, *, error: str = "", words: str = ""
) -> Html:
    told = (
        f"{found.name}, you are invited to {found.workspace_name}. You sign in as {found.email}."
        if purpose == "invitation"
        else f"Choose a new password for {found.email}. Everywhere else you will be signed out."
    )
    fields = join(
        # For password managers, which keep a password under a name.
        Html("<div hidden>"),
        field("email", "E-mail address", value=found.email, autocomplete="username"),
        Html("</div>"),
        field(
            "password",
            "Password",
            kind="password",
            autocomplete="new-password",
            hint="At least 10 characters; a sentence is good.",
            error=error,
            focus=True,
            extra=Html(" required"),
        ),
    )
    return join(
        problem(words),
        paragraph(told),
        form(f"/{purpose}/{token}", csrf=door.csrf, button="Keep it", fields=fields),
    )
