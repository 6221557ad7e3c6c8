"""What stands in the mail that Earful sends for itself, and how it is written down for the wire."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from earful.accounts.mail import Letter, MailServer
from earful.kit.ids import new_id
from earful.kit.text import one_line


def invitation(to: str, *, name: str, workspace: str, url: str) -> Letter:
    """The letter by which somebody comes in for the first time."""
    text = _INVITATION.format(name=name, workspace=workspace, url=url)
    return Letter(id=new_id(), to=to, subject=f"You are invited to {workspace}", text=text)


def new_password(to: str, *, name: str, url: str) -> Letter:
    """The letter by which somebody chooses a new password."""
    text = _FORGOTTEN.format(name=name, url=url)
    return Letter(id=new_id(), to=to, subject="A new password for Earful", text=text)


def test_letter(to: str, *, name: str) -> Letter:
    """The letter of the test button."""
    return Letter(id=new_id(), to=to, subject="Earful can send mail", text=_TEST.format(name=name))


def to_visitor(
    to: str, *, brand: str, subject: str, parts: Sequence[str], stop: str = ""
) -> Letter:
    """A letter to somebody who has no account; `stop` is where one click ends such letters."""
    text = "\n\n".join(parts) + "\n"
    return Letter(
        id=new_id(), to=to, subject=subject, text=text, unsubscribe=stop, sender_name=brand
    )


def written(server: MailServer, letter: Letter, now: datetime) -> EmailMessage:
    """The letter as a message. Every header is on one line, whatever stands in the letter."""
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(
        server.sender, one_line(letter.sender_name or server.sender_name, 100)
    )
    message["To"] = _address(letter.to)
    message["Subject"] = one_line(letter.subject, 200)
    message["Date"] = format_datetime(now)
    # The same at each attempt, so that a letter that was sent twice shows up once.
    message["Message-ID"] = f"<{letter.id}@{domain_of(server.sender)}>"
    message["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text)
    return message


def domain_of(address: str) -> str:
    """The part after the @, as DNS has it."""
    domain = address.rpartition("@")[2]
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return "localhost"


def _address(address: str, name: str = "") -> Address:
    local, _, domain = address.rpartition("@")
    return Address(name, local, domain)


_INVITATION = """Hello {name},

you are invited to work in {workspace} with Earful. Choose a password here:

{url}

The link works once, for seven days.
"""

_FORGOTTEN = """Hello {name},

somebody asked for a new password for your Earful account. If it was you, choose one here:

{url}

The link works once, for two hours. If it was not you, there is nothing to do.
"""

_TEST = """Hello {name},

this is the test that you asked for: Earful can send mail to you. Invitations and links for new
passwords now go out by mail.
"""
