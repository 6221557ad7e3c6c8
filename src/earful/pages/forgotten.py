"""/password: a link for somebody who forgot theirs, without telling who has an account."""

from __future__ import annotations

import structlog
from litestar import get, post
from litestar.background_tasks import BackgroundTask

from earful.accounts import throttle
from earful.accounts.errors import AccountError
from earful.accounts.mail import SendsMail
from earful.accounts.new_password import reset
from earful.pages.door import AnyRequest, Door, Page
from earful.pages.markup import Html, field, form, join, link, paragraph, problem
from earful.pages.sign_in import STALE

TITLE = "Forgotten password"
_LOG = structlog.get_logger("earful.pages")


@get("/password")
async def show(request: AnyRequest) -> Page:
    """The form, or how to get a link where no mail can be sent."""
    door = Door(request)
    return door.page(TITLE, _body(door) if door.mail else _no_mail())


@post("/password")
async def submit(request: AnyRequest) -> Page:
    """Say the same whether or not there is such an account; the mail goes out afterwards."""
    door = Door(request)
    if door.mail is None:
        return door.page(TITLE, _no_mail(), status=409)
    data = await door.form()
    email = data.get("email", "")
    if not door.is_ours(data):
        return door.page(TITLE, _body(door, STALE), status=403)
    async with door.database.transaction() as db:
        wait = await throttle.attempt(
            db, purpose="forgotten", account=email, address=door.address, now=door.now
        )
    if wait is not None:
        words = f"Too many requests. Wait {throttle.in_words(wait)}, then try again."
        return door.wait(TITLE, _body(door, words), wait)
    told = paragraph(
        "If this address belongs to somebody here, a link is on its way. It works for two hours."
    )
    body = join(told, link("/sign-in", "Back to sign-in"))
    return door.page(TITLE, body, task=BackgroundTask(send_link, door, door.mail, email))


async def send_link(door: Door, mail: SendsMail, email: str) -> None:
    """Make a link and mail it, if there is such an account."""
    try:
        async with door.database.transaction() as db:
            found, token = await reset(db, email=email, now=door.now)
    except AccountError:
        return
    text = _MAIL.format(name=found.name, url=f"{door.settings.base_url}/password/{token}")
    try:
        await mail.send(to=found.email, subject="A new password for Earful", text=text)
    except OSError as error:
        _LOG.warning("mail.failed", agent_id=found.agent_id, error=str(error))


def _body(door: Door, words: str = "") -> Html:
    email = field(
        "email",
        "E-mail address",
        kind="email",
        autocomplete="username",
        focus=True,
        extra=Html(" required"),
    )
    return join(
        problem(words),
        paragraph("We send you a link with which you choose a new password."),
        form("/password", csrf=door.csrf, button="Send the link", fields=email),
        link("/sign-in", "Back to sign-in"),
    )


def _no_mail() -> Html:
    return join(
        paragraph(
            "This Earful can't send mail. Ask an owner or lead of your workspace for a link to "
            "choose a new password, or whoever runs the server: earful user reset."
        ),
        link("/sign-in", "Back to sign-in"),
    )


_MAIL = """Hello {name},

somebody asked for a new password for your Earful account. If it was you, choose one here:

{url}

The link works once, for two hours. If it was not you, there is nothing to do.
"""
