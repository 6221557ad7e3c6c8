"""Pure: whether a machine wrote a mail, in words. Nobody is owed an answer to those (RFC 3834)."""

from __future__ import annotations

import re

from earful.networks.email.headers import Headers
from earful.networks.email.names import Us

MOST_HOPS = 50
_SUBJECT = re.compile(
    r"^\s*(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office|"
    r"abwesenheitsnotiz|abwesend|automatische antwort|réponse automatique|absence du bureau|"
    r"respuesta automática|fuera de la oficina|risposta automatica|fuori sede|"
    r"automatisch antwoord|automatische reactie|afwezigheidsbericht|resposta automática|"
    r"odpowiedź automatyczna|automatyczna odpowiedź|automatická odpověď|automatiskt svar|"
    r"automatisk svar|autosvar|automaattinen vastaus|автоответ|自动回复|自動回覆|自動応答|"
    r"자동 회신)"
    r"(?!\w)",
    re.IGNORECASE,
)
_ROBOTS = re.compile(r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)\b", re.I)
_ANSWERS = ("x-autoreply", "x-autorespond", "x-autoreply-from", "x-auto-reply", "x-autoresponder")
_LISTS = ("list-id", "list-post", "list-unsubscribe")


def why_automatic(headers: Headers, us: Us) -> str:
    """Why nobody waits for an answer to this mail; empty for a person's mail."""
    return _bounced(headers) or _declared(headers) or _to_many(headers, us) or _circling(headers)


def is_report(headers: Headers) -> bool:
    """Whether it says of itself that it is a report about another mail (RFC 3464)."""
    return headers.raw("content-type").lower().startswith("multipart/report")


def has_no_return(headers: Headers) -> bool:
    """Whether nothing may be sent back for it: an empty return path."""
    return headers.raw("return-path").strip() == "<>"


def _bounced(headers: Headers) -> str:
    kind = headers.raw("content-type").lower()
    if is_report(headers):
        if "delivery-status" in kind:
            return "a report on the delivery of a mail"
        if "disposition-notification" in kind:
            return "a receipt that a mail was opened"
        return "a report by a mail server"
    return "a message from a mail server" if by_mail_server(headers) else ""


def by_mail_server(headers: Headers) -> bool:
    """Whether a mail server wrote it, and no program for people."""
    sender = headers.people("from")
    named = bool(sender) and bool(re.match(r"mailer-daemon\b|postmaster\b", sender[0].address))
    return named or "x-failed-recipients" in headers


def _declared(headers: Headers) -> str:
    said = headers.raw("auto-submitted").lower().strip()
    suppressed = re.search(
        r"\b(?:all|oof|autoreply)\b", headers.raw("x-auto-response-suppress").lower()
    )
    if (
        said.startswith("auto-replied")
        or any(name in headers for name in _ANSWERS)
        or _SUBJECT.match(headers.text("subject"))
    ):
        return "an automatic answer"
    if _is_a_form(headers):
        return ""
    if suppressed or (said and not re.match(r"no\b", said)):
        return "written by a program"
    return "a mail that nothing may be sent back for" if has_no_return(headers) else ""


def _is_a_form(headers: Headers) -> bool:
    """Whether a program passes on what a person wrote: she is named as who to answer."""
    sender = {one.address for one in headers.people("from")}
    back = [one.address for one in headers.people("reply-to")]
    return bool(back) and back[0] not in sender and not unanswerable(back[0])


def _to_many(headers: Headers, us: Us) -> str:
    """A mailing list's mail, unless we are the list: a shared mailbox is often a group."""
    precedence = headers.raw("precedence").lower().strip()
    listed = [headers.raw(name).lower() for name in _LISTS if name in headers]
    if not listed and precedence not in ("bulk", "junk", "list", "auto_reply"):
        return ""
    if precedence == "auto_reply":
        return "an automatic answer"
    for address in us.addresses:
        local, _, domain = address.partition("@")
        if any(address in one or f"{local}.{domain}" in one for one in listed):
            return ""
    return "sent to many at once"


def _circling(headers: Headers) -> str:
    if len(headers.every("received")) > MOST_HOPS:
        return "a mail that goes in circles"
    return ""


def unanswerable(address: str) -> bool:
    """Whether nobody reads what is sent to this address."""
    return bool(_ROBOTS.match(address))
