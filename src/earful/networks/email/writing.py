"""Pure: a draft into the mail that goes out."""

from __future__ import annotations

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import msgspec

from earful.kit.text import one_line
from earful.networks.contract import Draft, Rejected, Target, Upload
from earful.networks.email.automatic import unanswerable
from earful.networks.email.body import as_html, as_plain
from earful.networks.email.headers import mailboxes
from earful.networks.email.names import Us, message_id, tagged, with_token, without_token

LENGTH = 100_000
MOST_FILES = 20
_OFFICE = "application/vnd.openxmlformats-officedocument"
FILE_TYPES = (
    "application/pdf",
    "text/plain",
    "text/csv",
    "text/calendar",
    "application/rtf",
    f"{_OFFICE}.wordprocessingml.document",
    f"{_OFFICE}.spreadsheetml.sheet",
    f"{_OFFICE}.presentationml.presentation",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/zip",
)
"""What a customer may be sent beside pictures: nothing that runs, by its content or its name."""
MOST_BYTES = 18_000_000
"""Bytes of all files together: a third more on the wire, and 25 MB is what most servers take."""
_RE = re.compile(r"^(?:\s*(?:re|aw|sv|antw|odp|vs|ref|rif|res)(?:\[\d+\])?\s*[:：])+\s*", re.I)
_POLICY = SMTP.clone(max_line_length=76)


def recipient_of(target: Target | None) -> str:
    """The one person that an answer goes to. Raises Rejected when there is none to write to."""
    if target is None:
        raise Rejected("A mail needs somebody to go to: answer one that came.")
    address = str(target.ref.get("reply_to") or target.handle)
    found = mailboxes(address)
    if not found:
        raise Rejected("The mail you are answering names no address to answer to.")
    if unanswerable(found[0].address):
        raise Rejected(f"Nobody reads what is sent to {found[0].address}: a machine wrote from it.")
    return found[0].address


class Style(msgspec.Struct, frozen=True):
    """How an account's mails look. `mark` is where the reply token stands: subject, plus, or off.

    `quote`: what is answered stands below.
    """

    mark: str = "subject"
    quote: bool = False


_PLAIN = Style()


def written(draft: Draft, key: str, us: Us, now: datetime, style: Style = _PLAIN) -> EmailMessage:
    """The mail.

    Its Message-ID is the delivery's, so that a repeat is known as one. Raises Rejected.
    """
    to = recipient_of(draft.reply_to)
    text = draft.text.replace("\x00", "").replace("\r\n", "\n")
    _must_fit(draft, text)
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = _address(us.address, us.name)
    mail["To"] = _address(to)
    mail["Subject"] = _subject(draft, key, style.mark)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message_id(key, us)}>"
    if style.mark == "plus":
        mail["Reply-To"] = _address(tagged(us.address, key), us.name)
    _thread(mail, draft.reply_to)
    if draft.automatic:
        mail["Auto-Submitted"] = "auto-replied"  # RFC 3834: no other machine answers it
    # Their auto-responder need not tell ours that it is on holiday; a person's answer still comes.
    mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    original = draft.original if style.quote else None
    in_html = as_html(text, original)
    mail.set_content(as_plain(text, original), charset="utf-8", cte="quoted-printable")
    mail.add_alternative(in_html, subtype="html", charset="utf-8", cte="quoted-printable")
    for number, upload in enumerate(draft.uploads, 1):
        _attach(mail, upload, number)
    return mail


def _attach(mail: EmailMessage, upload: Upload, number: int) -> None:
    main, _, sub = upload.mime.partition("/")
    ending = sub.split("+")[0].split(".")[-1]
    name = one_line(upload.name, 150) or f"picture-{number}.{ending}"
    mail.add_attachment(upload.data, maintype=main, subtype=sub, filename=name)
    if upload.alt:
        mail.get_payload()[-1]["Content-Description"] = one_line(upload.alt, 500)  # type: ignore[index]


def _must_fit(draft: Draft, text: str) -> None:
    if not text.strip() and not draft.uploads:
        raise Rejected("There is nothing to send.")
    if len(text) > LENGTH:
        raise Rejected(f"The text is longer than {LENGTH:,} characters.")
    if len(draft.uploads) > MOST_FILES:
        raise Rejected(f"A mail takes at most {MOST_FILES} files.")
    if sum(len(upload.data) for upload in draft.uploads) > MOST_BYTES:
        raise Rejected("The files are too large together: most servers refuse mail over 25 MB.")


def _subject(draft: Draft, key: str, mark: str) -> str:
    answered = str(draft.reply_to.ref.get("subject") or "") if draft.reply_to else ""
    words = _RE.sub("", without_token(draft.subject or answered)).strip()
    subject = one_line(f"Re: {words}" if words else "Re: your mail", 250)
    return with_token(subject, key) if mark == "subject" else subject


def _thread(mail: EmailMessage, target: Target | None) -> None:
    """In-Reply-To and References; folded by hand, for ids must never be encoded."""
    if target is None or not (answered := _clean(target.ref.get("message_id"))):
        return
    older = target.ref.get("references") or []
    known = [each for one in older if (each := _clean(one))]
    chain = list(dict.fromkeys([*known[:1], *known[-15:], answered]))
    mail["In-Reply-To"] = f"<{answered}>"
    mail["References"] = " ".join(f"<{each}>" for each in chain)


def _clean(identifier: object) -> str:
    """An id that may stand in a header; empty for one that was made up here."""
    text = str(identifier or "")
    fine = text.isascii() and text.isprintable() and not set(text) & set("<> ")
    return "" if not fine or text.startswith(("none-", "long-")) else text


def _address(address: str, name: str = "") -> Address:
    local, _, domain = address.rpartition("@")
    if not local.isascii():
        raise Rejected(f"{address} is an address that not every mail server takes: write by hand.")
    try:
        return Address(one_line(name, 100), local, domain.encode("idna").decode())
    except (ValueError, IndexError, UnicodeError) as error:
        raise Rejected(f"{address} is no address that mail can be sent to.") from error
