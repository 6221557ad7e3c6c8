"""Mails as a mailbox holds them, made up, to measure how fast they are translated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from earful.networks.contract import Change
from earful.networks.email.names import Us
from earful.networks.email.translate import Mail, to_change

_US = Us("care@northwind.example", "Northwind")
_AT = datetime(2026, 11, 1, tzinfo=UTC)
_SAID = (
    "Hello,\n\nmy parcel {0} is lost and nobody answers. This is the third time this month that "
    "I write. Please tell me when it comes.\n\nKind regards\nCustomer\n"
)
_QUOTED = "\nOn Sat, 31 Oct 2026 at 10:00, Northwind wrote:\n> We look into it.\n> Northwind\n"


def payloads(count: int) -> list[bytes]:
    """So many mails of text with an HTML part; 40% answer an earlier one and quote us."""
    return [_mail(number) for number in range(count)]


def translate(payload: bytes) -> Sequence[Change]:
    """What a mail becomes, the way listening does it."""
    mail = Mail(raw=payload, folder="INBOX", validity=1, uid=1, arrived_at=_AT, size=len(payload))
    change = to_change(mail, _US)
    return (change,) if change is not None else ()


def _mail(number: int) -> bytes:
    mail = EmailMessage()
    mail["From"] = f"Customer {number % 997} <customer{number % 997}@example.org>"
    mail["To"] = "Northwind <care@northwind.example>"
    mail["Subject"] = f"Parcel {number}: wo bleibt sie? – still nothing"
    mail["Date"] = format_datetime(_AT + timedelta(seconds=number))
    mail["Message-ID"] = f"<{number}@example.org>"
    text = _SAID.format(number)
    if number % 5 < 2 and number >= 7:
        mail["In-Reply-To"] = f"<{number - 7}@example.org>"
        mail["References"] = f"<{number - 7}@example.org>"
        text += _QUOTED
    mail.set_content(text)
    mail.add_alternative(f"<p>{text.replace(chr(10), '<br>')}</p>", subtype="html")
    return mail.as_bytes()
