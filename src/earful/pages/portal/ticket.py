"""A form's ticket: that we showed it and when, and the token of the talk it may begin.

It is sealed, so that nobody makes or reads one, and it names the form: the same form sent twice is
one message, with the same link.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from datetime import UTC, datetime, timedelta

import msgspec

from earful.accounts.secrets import Keyring, SecretError, context_of
from earful.accounts.tokens import new_token
from earful.portal.places import Place

GOOD_FOR = timedelta(hours=24)
_LONGEST = 500


class Ticket(msgspec.Struct, frozen=True):
    """`token` is random; `at` is when the form was shown."""

    token: str
    at: datetime
    text: str = ""
    """The ticket as the form carries it."""

    @property
    def key(self) -> str:
        """What names the form in the database; tells nothing of the token."""
        return hashlib.sha256(f"form {self.token}".encode()).hexdigest()

    def age(self, now: datetime) -> timedelta:
        """How long the form has been shown."""
        return now - self.at


def issue(keyring: Keyring, place: Place, now: datetime) -> Ticket:
    """A ticket for a form that is shown now."""
    token = new_token()
    plain = msgspec.json.encode([token, now.timestamp()])
    sealed = keyring.seal(plain, context=_context(place))
    return Ticket(token, now, base64.urlsafe_b64encode(sealed).decode().rstrip("="))


def read(keyring: Keyring, place: Place, text: str, now: datetime) -> Ticket | None:
    """The ticket of a form, None where it is none of ours or too old."""
    if not text or len(text) > _LONGEST:
        return None
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        plain = keyring.open(sealed, context=_context(place))
        token, at = msgspec.json.decode(plain, type=tuple[str, float])
    except (SecretError, binascii.Error, ValueError):
        return None
    ticket = Ticket(token, datetime.fromtimestamp(at, UTC), text)
    return ticket if ticket.age(now) <= GOOD_FOR else None


def worked(ticket: Ticket, work: str, bits: int) -> bool:
    """Whether somebody's machine did the sum: sha256("ticket.work") begins with so many zeros."""
    if not work.isascii() or not work.isdigit() or len(work) > 12:
        return False
    found = hashlib.sha256(f"{ticket.text}.{work}".encode()).digest()
    return int.from_bytes(found, "big") >> (256 - bits) == 0


def _context(place: Place) -> str:
    return context_of(place.workspace_id, "portal.ticket", place.channel_id)
