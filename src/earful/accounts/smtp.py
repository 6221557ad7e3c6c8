"""Hands one letter to a mail server, and says in words at which step it would not go on.

The server may stand in a private network or on this machine: its name is chosen by an owner of the
workspace, not by a stranger. Only a rehearsal is held to this machine.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from earful.accounts.letters import domain_of, written
from earful.accounts.mail import Letter, MailServer, MailTrouble, Step
from earful.kit.addresses import HOME, Blocked, resolve
from earful.kit.text import one_line, storable

STEP_FOR = 15.0
"""Seconds for each step of the conversation."""
WHOLE_FOR = 60.0
"""Seconds for all of it."""


async def hand_over(server: MailServer, letter: Letter, *, now: datetime) -> None:
    """Send `letter`. Raises MailTrouble."""
    try:
        async with asyncio.timeout(WHOLE_FOR):
            await _hand_over(server, letter, now)
    except TimeoutError:
        raise MailTrouble("connect", f"{server.host} takes too long to answer.") from None


async def _hand_over(server: MailServer, letter: Letter, now: datetime) -> None:
    client = SMTP(
        hostname=server.host,
        sock=await _connected(server),
        use_tls=server.security == "tls",
        start_tls=False,
        local_hostname=domain_of(server.sender),
        timeout=STEP_FOR,
        tls_context=ssl.create_default_context(),
    )
    with _step("tls" if server.security == "tls" else "connect", server):
        await client.connect()
    try:
        if server.security == "starttls":
            with _step("tls", server):
                await client.starttls()
        if server.username:
            with _step("auth", server):
                await client.login(server.username, server.password)
        with _step("content", server):
            await client.send_message(written(server, letter, now), recipients=[letter.to])
    finally:
        client.close()


async def _connected(server: MailServer) -> socket.socket:
    """A socket to the first address that answers. TLS still proves the name."""
    found = await _addresses(server)
    why = ""
    for address in found:
        try:
            return await _open(address, server.port)
        except TimeoutError:
            why = "it does not answer"
        except OSError as error:
            why = os.strerror(error.errno) if error.errno else type(error).__name__
    words = f"Port {server.port} of {server.host} can't be reached: {why}."
    raise MailTrouble("connect", words)


async def _addresses(server: MailServer) -> list[str]:
    """In a rehearsal without asking DNS: the question would leave the machine."""
    try:
        if server.local_only:
            return await HOME.addresses(server.host, server.port)
        return await resolve(server.host.strip("[]"), server.port)
    except Blocked:
        words = "This is a rehearsal: mail is handed to a server on this machine and to no other."
        raise MailTrouble("connect", words) from None
    except (OSError, UnicodeError):
        words = f"The name {server.host} is not known to DNS. Is it written right?"
        raise MailTrouble("dns", words) from None


async def _open(address: str, port: int) -> socket.socket:
    loop = asyncio.get_running_loop()
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setblocking(False)
    try:
        async with asyncio.timeout(STEP_FOR):
            await loop.sock_connect(made, (address, port))
    except BaseException:
        made.close()
        raise
    return made


@contextmanager
def _step(step: Step, server: MailServer) -> Iterator[None]:
    """Turn what goes wrong in a step into words."""
    try:
        yield
    except SMTPAuthenticationError as error:
        words = f"{server.host} does not take this user name and password: {_said(error)}"
        raise MailTrouble("auth", words) from None
    except SMTPSenderRefused as error:
        words = f"{server.host} refuses {server.sender} as the sender: {_said(error)}"
        raise MailTrouble("sender", words) from None
    except SMTPRecipientsRefused as error:
        refusal = error.recipients[0]
        words = f"{server.host} refuses the recipient: {_said(refusal)}"
        raise MailTrouble("recipient", words, passing=refusal.code < 500) from None
    except SMTPDataError as error:
        words = f"{server.host} refuses the letter: {_said(error)}"
        raise MailTrouble("content", words, passing=error.code < 500) from None
    except SMTPNotSupported as error:
        words = _unsupported(step, server, error)
        raise MailTrouble(step, words, passing=step != "content") from None
    except SMTPResponseException as error:
        raise MailTrouble(step, f"{server.host} answers: {_said(error)}") from None
    except (SMTPException, ssl.SSLError, OSError) as error:
        raise MailTrouble(step, _broken(step, server, error)) from None


def _said(error: SMTPResponseException) -> str:
    """What the server said, on one line: its code and its words."""
    return f"{error.code} {one_line(storable(error.message, 1000), 300)}"


def _unsupported(step: Step, server: MailServer, error: SMTPNotSupported) -> str:
    if step == "auth":
        return f"{server.host} offers no way to sign in here. Does it want TLS first?"
    return f"{server.host} can't do this: {one_line(error.message)}"


def _broken(step: Step, server: MailServer, error: Exception) -> str:
    """Words for a line that broke, with the reason underneath where there is one."""
    cause: BaseException = error
    while not isinstance(cause, ssl.SSLError) and cause.__cause__ is not None:
        cause = cause.__cause__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"The certificate of {server.host} is not trusted: {cause.verify_message}."
    if step == "tls":
        other = "STARTTLS" if server.security == "tls" else "TLS from the start"
        return f"TLS with {server.host} failed on port {server.port}. Does it want {other} there?"
    return f"{server.host} broke off: {one_line(str(error))}"
