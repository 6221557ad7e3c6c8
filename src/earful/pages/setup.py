"""/setup: the first workspace and its owner, once."""

from __future__ import annotations

from litestar import get, post

from earful.accounts import signing_in
from earful.accounts.audit import Line, append
from earful.accounts.errors import AlreadySetUp, Invalid
from earful.accounts.setup import needs_setup, set_up
from earful.accounts.signing_in import SignedIn, Step
from earful.accounts.throttle import attempt, in_words
from earful.accounts.visitors import is_loopback
from earful.pages.door import AnyRequest, Door, Page
from earful.pages.markup import Html, field, form, join, paragraph, problem
from earful.pages.sign_in import STALE, arrive

TITLE = "Set up Earful"


@get("/setup")
async def show(request: AnyRequest) -> Page:
    """The form, as long as there is nobody."""
    door = Door(request)
    async with door.database.acquire() as db:
        if not await needs_setup(db):
            return door.go("/sign-in")
    key = request.query_params.get("key", "")
    return door.page(TITLE, _body(door, {"key": key}))


@post("/setup")
async def submit(request: AnyRequest) -> Page:
    """Make the workspace and sign its owner in."""
    door = Door(request)
    data = await door.form()
    if not door.is_ours(data):
        return door.page(TITLE, _body(door, data, words=STALE), status=403)
    async with door.database.transaction() as db:
        wait = await attempt(db, purpose="setup", account="", address=door.address, now=door.now)
    if wait is not None:
        words = f"Too many attempts. Wait {in_words(wait)}, then try again."
        return door.wait(TITLE, _body(door, data, words=words), wait)
    if asks_key(door) and not door.keyring.is_setup_key(data.get("key", "")):
        wrong = Invalid("key", "This is not the setup key that Earful printed when it started.")
        return door.page(TITLE, _body(door, data, wrong), status=403)
    try:
        return arrive(door, await _make(door, data), "/")
    except AlreadySetUp:
        return door.go("/sign-in")
    except Invalid as error:
        return door.page(TITLE, _body(door, data, error), status=422)


def asks_key(door: Door) -> bool:
    """Whether a stranger could be here: all but a visit from this machine to this machine.

    Behind a proxy every visit may look local, so there the key is asked for too.
    """
    settings = door.settings
    public = settings.public_url is not None or settings.behind_proxy
    return public or not is_loopback(door.address) or _was_forwarded(door)


def _was_forwarded(door: Door) -> bool:
    headers = door.request.headers
    return any(name in headers for name in ("x-forwarded-for", "forwarded", "via"))


async def _make(door: Door, data: dict[str, str]) -> SignedIn | Step:
    async with door.database.transaction() as db:
        workspace_id, owner = await set_up(
            db,
            workspace=data.get("workspace", ""),
            name=data.get("name", ""),
            email=data.get("email", ""),
            password=data.get("password", ""),
            now=door.now,
        )
        line = Line(
            actor_kind="agent",
            actor_id=owner.id,
            act="workspace.created",
            object_kind="workspace",
            object_id=workspace_id,
        )
        await append(db, workspace_id, line, now=door.now)
        return await signing_in.enter(db, workspace_id, owner.id, visit=door.visit, now=door.now)


def _body(door: Door, data: dict[str, str], error: Invalid | None = None, words: str = "") -> Html:
    rows = [
        ("workspace", "Name of your organisation", "text", "organization", ""),
        ("name", "Your name", "text", "name", "Public replies are signed with your initials."),
        ("email", "Your e-mail address", "email", "username", ""),
        ("password", "Password", "password", "new-password", "At least 10 characters."),
    ]
    if asks_key(door):
        rows.append(("key", "Setup key", "text", "off", "Earful printed it when it started."))
    fields = [
        field(
            name,
            label,
            kind=kind,
            value="" if kind == "password" else data.get(name, "")[:254],
            autocomplete=autocomplete,
            hint=hint,
            error=str(error) if error and error.field == name else "",
            focus=name == (error.field if error else "workspace"),
            extra=Html(" required"),
        )
        for name, label, kind, autocomplete, hint in rows
    ]
    return join(
        problem(words),
        paragraph("Nobody works here yet. You will be the owner."),
        form("/setup", csrf=door.csrf, button="Begin", fields=join(*fields)),
    )
