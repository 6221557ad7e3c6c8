"""The workspace's mail server, and a test of it."""

from __future__ import annotations

from litestar import delete, get, post, put
from litestar.params import JSONBody

from earful.accounts import throttle
from earful.accounts.acts import Act
from earful.accounts.letters import test_letter
from earful.accounts.mail import MailTrouble
from earful.accounts.mail_server import (
    Shown,
    Wanted,
    drop_server,
    keep_server,
    load_server,
    show_server,
)
from earful.accounts.people import get_agent
from earful.accounts.smtp import hand_over
from earful.api.caller import Called, Caller
from earful.api.named import audited
from earful.kit.refusal import NotFound, Refused
from earful.store.pool import Connection
from earful.stream.work import Work


@get("/mail")
async def get_mail(caller: Called) -> Shown:
    """The mail server, without its password, and what last went wrong."""
    caller.need("mail.change")
    async with caller.state.database.acquire() as db:
        return await show_server(db, caller.workspace_id)


@put("/mail")
async def put_mail(caller: Called, data: JSONBody[Wanted]) -> Shown:
    """Set the mail server; without `password` the one there is stays, for the same server only."""
    async with caller.work("mail.change") as work:
        keyring = caller.state.keyring
        await keep_server(work.db, keyring, caller.workspace_id, data, now=work.now)
        return await _told(work, caller, "mail.changed")


@delete("/mail")
async def delete_mail(caller: Called) -> None:
    """Send no mail any more."""
    async with caller.work("mail.change") as work:
        if not await drop_server(work.db, caller.workspace_id):
            raise NotFound("mail server")
        await _told(work, caller, "mail.removed")


@post("/mail/test", status_code=200)
async def post_test(caller: Called) -> dict[str, str]:
    """Mail something to the caller, now. Refused with "mail-refused", the step and words."""
    caller.need("mail.change")
    async with caller.state.database.transaction() as db:
        server = await load_server(db, caller.state.keyring, caller.workspace_id)
        me = await get_agent(db, caller.workspace_id, caller.id)
        await _count(db, caller)
    if server is None:
        raise Refused("no-mail", "Set a mail server first.")
    try:
        await hand_over(server, test_letter(me.email, name=me.name), now=caller.now())
    except MailTrouble as trouble:
        raise Refused("mail-refused", str(trouble), step=trouble.step) from None
    async with caller.work("mail.change") as work:
        await audited(work, caller.id, "mail.tested", "workspace", caller.workspace_id)
        await throttle.succeeded(work.db, purpose="mail-test", account=caller.id, address=caller.id)
    return {"sent_to": me.email}


async def _count(db: Connection, caller: Caller) -> None:
    """Each test is an attempt to sign in somewhere: not without end."""
    wait = await throttle.attempt(
        db, purpose="mail-test", account=caller.id, address=caller.id, now=caller.now()
    )
    if wait is not None:
        words = f"Too many tests went wrong. Wait {throttle.in_words(wait)}, then try again."
        raise Refused("throttled", words)


async def _told(work: Work, caller: Caller, kind: Act) -> Shown:
    shown = await show_server(work.db, caller.workspace_id)
    work.emit(kind, {"is_set": shown.is_set})
    await audited(work, caller.id, kind, "workspace", caller.workspace_id)
    return shown


ROUTES = [get_mail, put_mail, delete_mail, post_test]
