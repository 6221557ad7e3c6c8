"""One page to one address: by the desk's own mail server, or by the library."""

from __future__ import annotations

from datetime import datetime

import msgspec

from earful.accounts.mail import Letter, MailTrouble
from earful.accounts.mail_server import load_server
from earful.accounts.secrets import Keyring
from earful.accounts.smtp import hand_over
from earful.kit.addresses import Guard
from earful.kit.ids import new_id
from earful.kit.refusal import Refused
from earful.paging.call import Call, Outcome
from earful.paging.calling import place
from earful.paging.pagers import is_mail
from earful.store.pool import Database

MAIL = "E-mail"


class From(msgspec.Struct, frozen=True):
    """Whose desk pages. `guard` says what may be called; a rehearsal calls this machine alone."""

    database: Database
    keyring: Keyring
    guard: Guard
    workspace_id: str
    rehearsal: bool


async def tell(sender: From, address: str, head: str, body: str, *, now: datetime) -> Outcome:
    """Page `address`. No transaction may be open: it takes as long as the network does."""
    if not is_mail(address):
        return await place(_call(sender, address, head, body))
    async with sender.database.acquire() as db:
        server = await load_server(db, sender.keyring, sender.workspace_id)
    if server is None:
        words = "The desk has no mail server: an owner sets one under Mail."
        return Outcome(sent=False, service=MAIL, words=words)
    letter = Letter(id=new_id(), to=address, subject=head, text=body)
    try:
        await hand_over(server, letter, now=now)
    except MailTrouble as error:
        return Outcome(sent=False, service=MAIL, words=str(error), passing=error.passing)
    return Outcome(sent=True, service=MAIL)


async def look_at(sender: From, address: str) -> tuple[str, str]:
    """The service and the host of an address, without calling it. Raises Refused."""
    if is_mail(address):
        return MAIL, ""
    call = _call(sender, address, "", "")
    outcome = await place(msgspec.structs.replace(call, send=False))
    if not outcome.sent:
        raise Refused("invalid", outcome.words)
    return outcome.service, outcome.host


def _call(sender: From, address: str, head: str, body: str) -> Call:
    allowed = tuple(map(str, sender.guard.allowed))
    return Call(address=address, title=head, text=body, home=sender.rehearsal, allowed=allowed)
