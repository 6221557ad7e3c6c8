"""/password/change: a new password for somebody who is signed in and knows the old one."""

from __future__ import annotations

from litestar import get, post

from earful.accounts import throttle
from earful.accounts.errors import Invalid
from earful.accounts.identify import Principal
from earful.accounts.new_password import change_password
from earful.pages.door import AnyRequest, Door, Page
from earful.pages.markup import Html, field, form, join, link, paragraph, problem
from earful.pages.sign_in import STALE

TITLE = "Change your password"


@get("/password/change")
async def show(request: AnyRequest) -> Page:
    """The form."""
    door = Door(request)
    if await door.principal() is None:
        return door.go("/sign-in?next=%2F")
    return door.page(TITLE, _body(door))


@post("/password/change")
async def submit(request: AnyRequest) -> Page:
    """Take the new password; this session goes on, all others end."""
    door = Door(request)
    principal = await door.principal()
    if principal is None:
        return door.go("/sign-in")
    data = await door.form()
    if not door.is_ours(data):
        return door.page(TITLE, _body(door, words=STALE), status=403)
    counted = {"purpose": "change", "account": principal.agent_id, "address": door.address}
    async with door.database.transaction() as db:
        wait = await throttle.attempt(db, **counted, now=door.now)
    if wait is not None:
        words = f"Too many attempts. Wait {throttle.in_words(wait)}, then try again."
        return door.wait(TITLE, _body(door, words=words), wait)
    try:
        await _change(door, principal, data)
    except Invalid as error:
        return door.page(TITLE, _body(door, error), status=422)
    async with door.database.transaction() as db:
        await throttle.succeeded(db, **counted)
    done = join(paragraph("Everywhere else you are signed out."), link("/", "Back to the desk"))
    return door.page("Your password is changed", done)


async def _change(door: Door, principal: Principal, data: dict[str, str]) -> None:
    async with door.database.transaction() as db:
        await change_password(
            db,
            principal.workspace_id,
            principal.agent_id,
            current=data.get("current", ""),
            new=data.get("password", ""),
            keep_session=principal.session_id,
            now=door.now,
        )


def _body(door: Door, error: Invalid | None = None, words: str = "") -> Html:
    rows = [
        ("current", "The password you have", "current-password", ""),
        ("password", "The new one", "new-password", "At least 10 characters."),
    ]
    fields = [
        field(
            name,
            label,
            kind="password",
            autocomplete=autocomplete,
            hint=hint,
            error=str(error) if error and error.field == name else "",
            focus=name == (error.field if error else "current"),
            extra=Html(" required"),
        )
        for name, label, autocomplete, hint in rows
    ]
    return join(
        problem(words),
        form("/password/change", csrf=door.csrf, button="Change it", fields=join(*fields)),
        link("/", "Back to the desk"),
    )
