"""The process that pages: one call from its input, one outcome on its output, then it ends.

It is started anew for each page, so that the library and all it draws in live for a second, hold no
memory of the worker's and know nothing of it: no keys, no database, no environment.
"""

from __future__ import annotations

import logging
import smtplib
import sys
from ipaddress import ip_network
from typing import Any

import msgspec

from earful.kit.addresses import HOME, Blocked, Guard
from earful.paging.call import Call, Outcome
from earful.paging.fence import put_up
from earful.paging.redact import redacted

STEP_FOR = 10.0
"""Seconds a service has for each step."""
LOCAL = frozenset({"dbus", "kde", "qt", "glib", "gnome", "macosx", "windows", "syslog", "blink1"})
"""Ways of this very machine, which would not leave it, or start a program."""
GONE = frozenset({400, 401, 403, 404, 405, 410, 413, 422})
"""What a service says that trying again does not change."""


class Heard(logging.Handler):
    """Keeps what the library says, and what services answer, to tell it in words."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []
        self.status: int | None = None
        self.blocked: Blocked | None = None
        self.broken = ""
        self.smtp = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line of the log."""
        words = record.getMessage()
        told = words.partition("Socket Exception: ")[2]
        if told or record.levelno >= logging.WARNING:
            self.said.append(told or words)


def listen(heard: Heard) -> None:
    """Have `heard` told what services answer."""
    import requests  # noqa: PLC0415 - large, and wanted only here

    whole = requests.Session.send

    def send(session: Any, request: Any, **more: Any) -> Any:
        try:
            answer = whole(session, request, **more)
        except Exception as error:
            heard.blocked, heard.broken = _blocked(error), _broken(error)
            raise
        heard.status = answer.status_code
        return answer

    requests.Session.send = send  # type: ignore[assignment,method-assign]
    plain = smtplib.SMTP.getreply

    def reply(server: Any) -> tuple[int, bytes]:
        heard.smtp, said = plain(server)
        return heard.smtp, said

    smtplib.SMTP.getreply = reply  # type: ignore[assignment,method-assign]


def page(call: Call) -> Outcome:
    """Look at the address, and page it if that is asked."""
    import apprise  # noqa: PLC0415 - large, and wanted only here

    heard = Heard()
    logger = logging.getLogger("apprise")
    logger.addHandler(heard)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    listen(heard)
    asset = apprise.AppriseAsset(
        app_id="Earful", app_desc="Earful", app_url="", secure_logging=True
    )
    found = apprise.Apprise.instantiate(call.address, asset=asset, suppress_exceptions=True)
    if not isinstance(found, apprise.NotifyBase):
        words = "Earful knows no service that has such an address."
        return Outcome(sent=False, words=words, passing=False)
    schemes = {str(one) for one in _schemes(found)}
    service, host = str(found.service_name), _host(found)
    if schemes & LOCAL:
        words = f"{service} is a way of this machine: it reaches nobody who is not there."
        return Outcome(sent=False, service=service, words=words, passing=False)
    if not call.send:
        return Outcome(sent=True, service=service, host=host)
    guard = HOME if call.home else Guard(tuple(map(ip_network, call.allowed)))
    found.socket_connect_timeout = found.socket_read_timeout = STEP_FOR
    put_up(guard)
    try:
        sent = bool(found.notify(body=call.text, title=call.title, notify_type="failure"))
    except Exception as error:
        heard.blocked = heard.blocked or _blocked(error)
        heard.said.append(type(error).__name__)
        sent = False
    return _outcome(call, heard, sent, service, host)


def _outcome(call: Call, heard: Heard, sent: bool, service: str, host: str) -> Outcome:
    if sent:
        return Outcome(sent=True, service=service, host=host)
    if heard.blocked is not None:
        words, passing = str(heard.blocked), heard.blocked.passing
        return Outcome(sent=False, service=service, host=host, words=words, passing=passing)
    if heard.broken:
        return Outcome(sent=False, service=service, host=host, words=f"{service} {heard.broken}.")
    said = redacted(heard.said[-1] if heard.said else "it does not say why", call.address, host)
    if heard.status is not None:
        words = f"{service} answers {heard.status}: {said}"
        return Outcome(
            sent=False, service=service, host=host, words=words, passing=heard.status not in GONE
        )
    return Outcome(
        sent=False, service=service, host=host, words=f"{service}: {said}",
        passing=not 500 <= heard.smtp < 600,
    )  # fmt: skip


def _host(found: Any) -> str:
    """Whom the address calls, where it says so: for many services that place holds a token."""
    named = all("{host}" in str(template) for template in found.templates)
    return str(getattr(found, "host", "") or "") if named else ""


def _broken(error: Exception) -> str:
    """What went wrong on the line, in words."""
    import requests  # noqa: PLC0415 - as above

    if isinstance(error, requests.exceptions.SSLError):
        return "can't be trusted: its certificate is not right"
    if isinstance(error, requests.Timeout):
        return "takes too long to answer"
    return "can't be reached"


def _schemes(found: Any) -> set[Any]:
    schemes: set[Any] = set()
    for given in (found.protocol, found.secure_protocol):
        schemes |= {given} if isinstance(given, str) else set(given or ())
    return schemes


def _blocked(error: BaseException | None) -> Blocked | None:
    """The fence's refusal, wherever in the chain of causes it stands."""
    for _ in range(20):
        if error is None or isinstance(error, Blocked):
            return error
        inner = [given for given in (*error.args, getattr(error, "reason", None)) if given]
        hidden = [given for given in inner if isinstance(given, BaseException)]
        error = error.__cause__ or error.__context__ or (hidden[0] if hidden else None)
    return None


def main() -> None:
    """One call in, one outcome out."""
    call = msgspec.json.decode(sys.stdin.buffer.read(), type=Call)
    outcome = page(call)
    sys.stdout.buffer.write(msgspec.json.encode(outcome))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
