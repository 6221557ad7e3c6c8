"""/password: a link for somebody who forgot theirs, without telling who has an account."""

from __future__ import annotations

from litestar import get, post
from litestar.background_tasks import BackgroundTask

from earful.accounts import throttle
from earful.accounts.new_password import reset_by_mail
from earful.pages.door import AnyRequest, Door, Page
from earful.pages.markup import Html, field, form, join, link, paragraph, problem
from earful.pages.sign_in import STALE

TITLE = "Forgotten password"


@get("/password")
async def show(request: AnyRequest) -> Page:
    """The form, or how to get a link where no mail can be sent."""
    door = Door(request)
    return door.page(TITLE, _body(door) if await door.can_mail() else _no_mail())


@post("/password")
async def submit(request: AnyRequest) -> Page:
    """Say the same whether or not there is such an account; the mail goes out afterwards."""
    door = Door(request)
    if not await door.can_mail():
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
    instead = paragraph("No mail? Look among the unwanted ones, or ask an owner for a link.")
    body = join(told, instead, link("/sign-in", "Back to sign-in"))
    # After the answer, so that its time does not tell who has an account.
    return door.page(TITLE, body, task=BackgroundTask(send_link, door, email))


async def send_link(door: Door, email: str) -> None:
    """Put a letter with a link into the postbox, if there is such an account."""
    async with door.database.transaction() as db:
        base_url = door.settings.base_url
        await reset_by_mail(db, door.keyring, email=email, base_url=base_url, now=door.now)


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
