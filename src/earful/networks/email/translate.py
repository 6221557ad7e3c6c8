"""Pure: a mail's bytes into the contract's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.message import Message
from typing import Any
from urllib.parse import quote

import msgspec

from earful.networks.contract import Attachment, Change, Person, Post, Unreadable, Visibility
from earful.networks.email.automatic import is_report, unanswerable, why_automatic
from earful.networks.email.bodies import Body, File, body_of
from earful.networks.email.bounces import Bounce, bounce_of
from earful.networks.email.doubts import warning
from earful.networks.email.headers import Headers, Mailbox, decoded, when
from earful.networks.email.names import (
    US,
    Us,
    invitation_in,
    is_ours,
    key_in,
    message_id,
    name_of,
    without_id,
    without_token,
)
from earful.networks.email.parsing import parsed
from earful.networks.email.quotes import new_text

MOST_FILES = 19
"""Files of one mail that are kept, beside the mail itself."""
PICTURES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
TEST_HEADER = "x-earful-test"
_REFERENCES = 30
_NAMED = 50
_PAYLOAD_LIMIT = 20_000
_DELIVERED_TO = ("delivered-to", "x-original-to", "envelope-to", "to", "cc")


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """A mail where it lies. `own`: it lies where our sent mail does; `size` is the whole mail's, of
    which `raw` may be the beginning only."""

    raw: bytes
    folder: str
    validity: int
    uid: int
    arrived_at: datetime
    size: int
    own: bool = False

    @property
    def is_cut(self) -> bool:
        """Whether there is more of it than was read."""
        return self.size > len(self.raw)


Authors = Mapping[str, str]
"""Whose the mails are that others refer to, by Message-ID: an address, or US."""


def to_change(mail: Mail, us: Us, authors: Authors | None = None) -> Change | None:
    """The post, or Unreadable with the reason; None for the test that we sent ourselves."""
    try:
        message = parsed(mail.raw)
        return _post(mail, message, us, authors or {})
    except (RecursionError, LookupError, TypeError, ValueError, AttributeError) as error:
        return Unreadable(
            external_id=without_id(mail.raw),
            reason=f"{type(error).__name__}: {error}"[:500],
            payload=mail.raw[:_PAYLOAD_LIMIT].decode("utf-8", "replace"),
        )


def parents_of(headers: Headers) -> list[str]:
    """The mails that this one answers, the nearest first."""
    answered = headers.ids("in-reply-to")
    return list(dict.fromkeys([*answered, *reversed(headers.ids("references"))]))


def head_of(raw: bytes) -> Headers:
    """The headers of a mail alone."""
    head, _, _ = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    return Headers(parsed(head + b"\n\n"))


def author_of(headers: Headers) -> Mailbox:
    """Who says that they wrote it; an empty address for nobody.

    What a form on a web site sends is by the one whom an answer goes to, not by the form.
    """
    found = headers.people("from", "sender", "return-path")
    if found and unanswerable(found[0].address) and not is_report(headers):
        back = [one for one in headers.people("reply-to") if not unanswerable(one.address)]
        found = back or found
    return found[0] if found else Mailbox("", decoded(headers.raw("from"))[:200])


def author_key(headers: Headers, *, own: bool) -> str:
    """Whose a mail is, as far as names of mails go."""
    return US if own else author_of(headers).address


def _post(mail: Mail, message: Message, us: Us, authors: Authors) -> Change | None:
    headers = Headers(message)
    sender = author_of(headers)
    if TEST_HEADER in headers and us.is_us(sender.address):
        return None
    own_id = next(iter(headers.ids("message-id")), "") or without_id(mail.raw)
    if not mail.own and is_ours(own_id, us) and us.is_us(sender.address):
        reason = "A copy of a mail of our own came back, or somebody pretends so."
        return Unreadable(external_id=f"copy-{own_id}-{mail.uid}", reason=reason, payload="")
    body = body_of(message)
    bounce = None if mail.own else bounce_of(message, headers, us)
    subject = headers.text("subject")[:998]
    own = US if mail.own else sender.address
    parent, root = _links(headers, bounce, us, {**authors, "": own})
    text = _told(bounce) if bounce else new_text(body.text)
    whole = body.text.strip()
    automatic = "" if mail.own else why_automatic(headers, us)
    return Post(
        external_id=name_of(own_id, own),
        author=_person(mail, sender, us, automatic),
        text=text or _empty(body, subject),
        whole=whole if whole != text else "",
        subject=without_token(subject),
        warning="" if mail.own else warning(headers, sender.address),
        invitation="" if mail.own else invitation_in(subject),
        published_at=when(headers.raw("date"), mail.arrived_at),
        parent_id=parent,
        root_id=root,
        visibility=Visibility.EMAIL,
        attachments=_attachments(mail, own_id, body),
        own=mail.own,
        to=_recipient(headers, us) if mail.own else None,
        automatic=automatic,
        returned=parent or "" if bounce and bounce.final else "",
        ref=_luggage(own_id, headers, sender, without_token(subject)),
    )


def _empty(body: Body, subject: str) -> str:
    """What stands for a mail without words."""
    if body.is_sealed:
        about = f"{subject}: " if subject else ""
        return f"({about}the mail is encrypted or sealed, and can't be read here.)"
    return f"({subject})" if subject else "(The mail is empty.)"


def _person(mail: Mail, sender: Mailbox, us: Us, automatic: str) -> Person:
    if mail.own:
        return Person(us.external_id, us.address, us.name)
    if not sender.address:
        return Person("nobody", "nobody", sender.name or "Nobody (no sender is named)")
    name = sender.name or sender.address.partition("@")[0]
    robot = bool(automatic) and unanswerable(sender.address)
    return Person(sender.address, sender.address, name, bot=robot)


def _recipient(headers: Headers, us: Us) -> Person | None:
    for one in headers.people("to", "cc"):
        if not us.is_us(one.address):
            return Person(one.address, one.address, one.name or one.address.partition("@")[0])
    return None


def _links(
    headers: Headers, bounce: Bounce | None, us: Us, authors: Authors
) -> tuple[str | None, str | None]:
    """What the mail answers, and the oldest of its thread that it names.

    A mail of ours among those it refers to is the surest link; then the token; else the nearest.
    Where nobody knows whose a mail is, it is the sender's own (`authors[""]`).
    """

    def name(identifier: str | None) -> str | None:
        if not identifier:
            return None
        told = US if is_ours(identifier, us) else authors[""]
        return name_of(identifier, authors.get(identifier, told))

    if bounce is not None:
        return name(bounce.original), None
    near = parents_of(headers)
    parent = next((each for each in near if is_ours(each, us) or authors.get(each) == US), None)
    if parent is None and (key := _token(headers, us)):
        parent = message_id(key, us)
    parent = parent or next(iter(near), None)
    first = next(iter(headers.ids("references")), None)
    return name(parent), name(first) if first != parent else None


def _token(headers: Headers, us: Us) -> str | None:
    addresses = [one.address for one in headers.people(*_DELIVERED_TO)]
    return key_in(addresses, headers.text("subject"), us)


def _told(bounce: Bounce) -> str:
    about = bounce.recipient or "the recipient"
    if not bounce.original:
        return f"A mail server reports on a mail to {about} that we did not send. {bounce.words}"
    if bounce.words.startswith("It "):
        return f"About your mail to {about}: {bounce.words}"
    return f"Your mail to {about} was not delivered: {bounce.words}"


def _attachments(mail: Mail, own_id: str, body: Body) -> tuple[Attachment, ...]:
    files = [] if mail.is_cut else list(body.files)
    shown = [_attachment(mail, own_id, each) for each in files[:MOST_FILES]]
    if body.from_html or body.cut or mail.is_cut or len(files) > MOST_FILES:
        whole = File("", "message/rfc822", "original.eml", mail.size)
        shown.append(_attachment(mail, own_id, whole))
    return tuple(shown)


def _attachment(mail: Mail, own_id: str, file: File) -> Attachment:
    """A file by an address that only this connector understands."""
    place = f"{quote(mail.folder, safe='')}/{mail.validity}/{mail.uid}/{file.section or 'all'}"
    return Attachment(
        url=f"mail:{place}?{quote(own_id, safe='@')}",
        mime=file.mime,
        alt="" if file.mime in PICTURES else file.name,
        name="" if file.mime in PICTURES else file.name,
    )


def _luggage(own_id: str, headers: Headers, sender: Mailbox, subject: str) -> dict[str, Any]:
    """What an answer needs, and who else was written to (for people to see, never to be mailed)."""
    others = headers.people("to", "cc")
    back = next(iter(headers.people("reply-to")), sender)
    return {
        "message_id": own_id,
        "references": headers.ids("references")[-_REFERENCES:],
        "subject": subject,
        "reply_to": back.address,
        "to": [one.address for one in others[:_NAMED]],
        "to_count": len(others),
    }
