"""A real SMTP server in this process (aiosmtpd) that goes wrong on request.

What it takes it also puts into the mailbox's folder of sent mail, as large providers do.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword

from earful.networks.conformance import Fault
from tests.networks.email.imap_server import PASSWORD, USER, Mail


class Post:
    """What was taken; `fault` is what goes wrong with the next mails; `answer` is given instead."""

    def __init__(self, mail: Mail) -> None:
        self.mail, self.port = mail, 0
        self.got: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.fault: Fault | None = None
        self.answer = ""
        self.saves = True
        self.struck = 0
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Take connections; always on the same port."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._speak, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Take no more."""
        if self._server is not None:
            self._server.close()

    @asynccontextmanager
    async def broken_by(self, fault: Fault) -> AsyncIterator[None]:
        """Go wrong for a while."""
        self.fault, before = fault, self.struck
        if fault is Fault.UNREACHABLE:
            await self.close()
        yield
        self.fault = None
        if fault is Fault.UNREACHABLE:
            await self.open()
        else:
            assert self.struck > before, f"the fault struck nothing: {fault}"

    def _speak(self) -> SMTP:
        return SMTP(
            self, hostname="mail.test", authenticator=_by_password,
            auth_require_tls=False, data_size_limit=60_000_000,
        )  # fmt: skip

    async def auth_XOAUTH2(self, _server: SMTP, args: list[str]) -> AuthResult:
        """Sign in by a token."""
        said = base64.b64decode(args[1]).decode()
        token = said.partition("auth=Bearer ")[2].rstrip("\x01")
        return AuthResult(success=token in self.mail.valid, handled=False)

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """A recipient is named."""
        if address.startswith("unknown@"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Envelope) -> str:
        """A mail comes in."""
        self.struck += self.fault is not None
        if self.answer:
            return self.answer
        if self.fault is Fault.HANGS:
            await asyncio.Event().wait()
        if self.fault is Fault.BROKEN:
            return "451 4.3.0 something of ours broke"
        if self.fault is Fault.LIMITED:
            return "450 4.7.1 too many mails, later"
        await self._take(envelope)
        if self.fault in (Fault.LOST_ANSWER, Fault.HALF_ANSWER):
            transport = cast(asyncio.Transport, server.transport)
            transport.write(b"25" if self.fault is Fault.HALF_ANSWER else b"")
            transport.close()
        return "250 taken"

    async def _take(self, envelope: Envelope) -> None:
        raw = cast(bytes, envelope.content)
        message = message_from_bytes(raw, policy=default)
        self.got.append(message)
        self.recipients += envelope.rcpt_tos
        if self.saves:
            await self.mail.put(raw, "Sent")
        if USER in envelope.rcpt_tos:
            await self.mail.put(raw)


def _by_password(
    _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any
) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=right, handled=False)


@asynccontextmanager
async def smtp_server(mail: Mail) -> AsyncIterator[Post]:
    """A server on a free port."""
    post = Post(mail)
    await post.open()
    yield post
    await post.close()
