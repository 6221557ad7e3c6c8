"""Pure: what a report of failed delivery says (RFC 3464), and of which mail of ours.

Older mail servers (qmail, Exim, Domino) report in words alone, and some leave out the part for
programs: what they return of our mail tells then that it is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message

import msgspec

from earful.kit.text import one_line
from earful.networks.email.automatic import by_mail_server, is_report
from earful.networks.email.headers import Headers, decoded
from earful.networks.email.names import Us, is_ours
from earful.networks.email.parsing import parsed

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}@[a-z0-9.\-]{1,253}", re.I)
_NAMED = re.compile(r"^\s*<?([^\s<>@:]{1,64}@[^\s<>@:]{1,250})>?:?\s*$", re.MULTILINE)
_FINAL = re.compile(
    r"permanent (?:fatal )?error|given up|wasn't able to deliver|could ?n[o']t be delivered|"
    r"delivery (?:has )?failed|undeliver(?:ed|able)|unzustellbar|n'a pas pu être remis",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"delayed|will be (?:re)?tried|still trying|not yet been delivered|do not need to resend",
    re.IGNORECASE,
)
_WORDS = {
    "1.1": "there is no such address",
    "1.2": "there is no such mail server",
    "1.10": "that domain takes no mail",
    "2.1": "the mailbox is shut",
    "2.2": "the mailbox is full",
    "2.3": "the mail is too large for it",
    "3.4": "the mail is too large for the server",
    "4.1": "its mail server does not answer",
    "4.4": "its mail server can't be found",
    "4.7": "it could not be delivered in time",
    "7.1": "its mail server refuses our mail",
    "7.26": "its mail server wants SPF or DKIM to hold for our domain",
}


class Bounce(msgspec.Struct, frozen=True):
    """`original` is our Message-ID, or empty: then it is about no mail of ours. `final`: the mail
    will not be delivered; else it was only delayed, or did arrive."""

    original: str
    recipient: str
    words: str
    final: bool


def bounce_of(message: Message, headers: Headers, us: Us) -> Bounce | None:
    """What a report says; None where the mail is no report of a delivery."""
    if not (is_report(headers) or by_mail_server(headers)):
        return None
    status = _part(message, "message/delivery-status", "message/global-delivery-status")
    if status is None:
        return _in_words(message, headers, us)
    fields = _fields(status)
    action = fields.get("action", "failed").lower().strip()
    recipient = fields.get("final-recipient") or fields.get("original-recipient", "")
    recipient = one_line(decoded(recipient.partition(";")[2] or recipient), 250)
    said = one_line(decoded(fields.get("diagnostic-code", "").partition(";")[2]), 400)
    code = _STATUS.search(fields.get("status", "")) or _STATUS.search(said)
    final = action == "failed" and not (code and code[1] == "4")
    return Bounce(_original(message, headers, us), recipient, _words(action, code, said), final)


def _in_words(message: Message, headers: Headers, us: Us) -> Bounce | None:
    """What a report says that is for people; None where it returns no mail of ours."""
    texts = list(_texts(message))
    whole = "\n".join(texts)
    ours = (found for found in _IDS.findall(whole) if is_ours(found, us))
    original = _original(message, headers, us) or next(ours, "")
    if not original:
        return None
    failed = headers.people("x-failed-recipients")
    named = _NAMED.search(whole)
    recipient = failed[0].address if failed else named[1].lower() if named else ""
    said = one_line(_said_of(whole, recipient), 400)
    code = _STATUS.search(said) or _STATUS.search(whole)
    final = bool((code and code[1] == "5") or failed or _FINAL.search(whole))
    final = final and not (code and code[1] == "4") and not _DELAYED.search(whole)
    return Bounce(original, recipient, _words("failed" if final else "delayed", code, said), final)


def _said_of(text: str, recipient: str) -> str:
    """What stands behind the name of the recipient: why it came back, as a rule."""
    found = re.search(re.escape(recipient), text, re.IGNORECASE) if recipient else None
    behind = text[found.end() :][:2_000] if found else ""
    return behind.lstrip(">: \t\n").partition("\n\n")[0]


def _texts(message: Message) -> Iterator[str]:
    """The words of a report, as far as they are looked at."""
    parts = message.get_payload()
    for part in parts[:20] if isinstance(parts, list) else [message]:
        if isinstance(part, Message) and part.get_content_maintype() == "text":
            data = part.get_payload(decode=True)
            if isinstance(data, bytes):
                yield data[:100_000].decode("latin-1").replace("\r\n", "\n")


def _words(action: str, code: re.Match[str] | None, said: str) -> str:
    if action in ("delivered", "relayed", "expanded"):
        return "It was delivered."
    known = _WORDS.get(f"{int(code[2])}.{int(code[3])}", "") if code else ""
    told = f"{code[0]} {said}".strip() if code and code[0] not in said else said
    why = ": ".join(each for each in (known, told) if each) or "no reason was given"
    return f"It is delayed, and tried again: {why}" if action == "delayed" else f"{why}"


def _original(message: Message, headers: Headers, us: Us) -> str:
    """Our Message-ID in what the report returns of our mail; empty for none."""
    for kind in (
        "message/rfc822",
        "text/rfc822-headers",
        "message/global",
        "message/global-headers",
    ):
        part = _part(message, kind)
        if part is not None:
            for found in _IDS.findall(_head(part)):
                if is_ours(found, us):
                    return str(found)
    for found in (*headers.ids("in-reply-to"), *headers.ids("references")):
        if is_ours(found, us):
            return found
    return ""


def _head(part: Message) -> str:
    payload = part.get_payload()
    if isinstance(payload, list):
        inner = payload[0] if payload else None
        return str(inner.get("message-id", "")) if isinstance(inner, Message) else ""
    data = part.get_payload(decode=True)
    text = data.decode("latin-1") if isinstance(data, bytes) else str(payload)
    found = re.search(r"^message-id:\s*(.+)$", text[:200_000], re.IGNORECASE | re.MULTILINE)
    return found[1] if found else ""


def _part(message: Message, *kinds: str) -> Message | None:
    """The first part of such a type near the top."""
    parts = message.get_payload()
    for part in parts[:20] if isinstance(parts, list) else ():
        if isinstance(part, Message) and part.get_content_type() in kinds:
            return part
    return None


def _fields(status: Message) -> dict[str, str]:
    """The fields of the report: those of the first recipient that failed, over the mail's own."""
    payload = status.get_payload()
    blocks = (
        [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []
    )
    if blocks and status.get_content_type() != "message/delivery-status":
        # The library reads these as a mail: its head is the first block, its text the others.
        rest = blocks[0].get_payload()
        blocks += [parsed(one.encode()) for one in str(rest)[:50_000].split("\n\n")]
    if not blocks:
        data = status.get_payload(decode=True)
        text = data.decode("latin-1") if isinstance(data, bytes) else ""
        return {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in text[:50_000].splitlines())
        }
    recipients = [block for block in blocks if "action" in block or "final-recipient" in block]
    failed = [one for one in recipients if str(one.get("action", "")).strip().lower() == "failed"]
    chosen = (failed or recipients or blocks[-1:])[0]
    return {name.lower(): str(value) for name, value in chosen.items()}
