"""Hands a mail to the mail server, and says what its refusals mean."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from email.message import EmailMessage

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from earful.kit.text import one_line
from earful.networks.contract import NetworkError, Reauthorize, Rejected, RetryLater, Uncertain
from earful.networks.email.login import Credentials
from earful.networks.email.wire import Place, unreachable

GetCredentials = Callable[..., Awaitable[Credentials]]
_BUSY = 60.0
_LIMITED = re.compile(r"\b4\.7\.|rate|limit|too many|throttl", re.IGNORECASE)


class Smtp:
    """A mail server that takes mail for one account."""

    def __init__(self, place: Place, domain: str, who: GetCredentials, *, by_token: bool) -> None:
        self._place, self._domain = place, domain
        self._who, self._by_token = who, by_token

    async def probe(self) -> None:
        """Sign in, and leave. Raises a NetworkError."""
        async with self._signed_in():
            pass

    async def hand_over(self, mail: EmailMessage, sender: str, recipient: str) -> None:
        """Send once. Raises a NetworkError: Uncertain when it may have been taken."""
        raw = mail.as_bytes()
        async with self._signed_in() as client:
            with self._before("the sender or the recipient"):
                await client.mail(sender, options=_size(client, raw))
                await client.rcpt(recipient)
            with self._while_sending():
                await client.data(raw)

    @asynccontextmanager
    async def _signed_in(self) -> AsyncIterator[SMTP]:
        client = SMTP(
            hostname=self._place.host,
            port=self._place.port,
            use_tls=self._place.security == "tls",
            start_tls=False,
            local_hostname=self._domain if self._domain.isascii() else "localhost",
            timeout=self._place.answer_within,
            tls_context=ssl.create_default_context(),
        )
        try:
            await self._enter(client)
            yield client
        finally:
            client.close()

    async def _enter(self, client: SMTP) -> None:
        with self._before("the connection"):
            try:
                await client.connect()
            except (OSError, SMTPException, TimeoutError) as error:
                if isinstance(error, SMTPResponseException):
                    raise
                cause = error.__cause__ or error
                raise RetryLater(unreachable(self._place, cause), after=10.0) from error
            if self._place.security == "starttls":
                await client.starttls()
            await client.ehlo()
        try:
            await self._sign_in(client, await self._who())
        except Reauthorize:
            if not self._by_token:
                raise
            await self._sign_in(client, await self._who(fresh=True))

    async def _sign_in(self, client: SMTP, who: Credentials) -> None:
        if not client.supports_extension("auth"):
            return  # a server that asks for none, in one's own network
        with self._before("the sign-in"):
            if who.token:
                await client.auth_xoauth2(who.username, who.token)
            else:
                await client.login(who.username, who.password)

    @contextmanager
    def _before(self, what: str) -> Iterator[None]:
        """What goes wrong before the mail itself was sent: nothing happened."""
        host = self._place.host
        try:
            yield
        except NetworkError:
            raise
        except SMTPAuthenticationError as error:
            if error.code < 500:
                raise RetryLater(f"{host} can't sign us in now: {_said(error)}", _BUSY) from error
            raise Reauthorize(f"{host} refuses the sign-in: {_said(error)}") from error
        except SMTPNotSupported as error:
            raise Reauthorize(f"{host} offers no way to sign in here: {error.message}") from error
        except (SMTPSenderRefused, SMTPRecipientRefused, SMTPResponseException) as error:
            raise self._refused(error, what) from error
        except (SMTPException, OSError, TimeoutError) as error:
            raise RetryLater(f"{host} broke off ({type(error).__name__}).", 5.0) from error

    @contextmanager
    def _while_sending(self) -> Iterator[None]:
        """What goes wrong while the mail is sent: it was taken, refused, or nobody knows."""
        try:
            yield
        except SMTPResponseException as error:
            if error.code < 400:  # half an answer
                raise Uncertain(f"{self._place.host} gave no clear answer.") from error
            raise self._refused(error, "the mail") from error
        except (SMTPException, OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            words = f"{self._place.host} did not say whether it took the mail"
            raise Uncertain(f"{words} ({type(error).__name__}).") from error

    def _refused(self, error: SMTPResponseException, what: str) -> NetworkError:
        words = f"{self._place.host} refuses {what}: {_said(error)}"
        if error.code >= 500:
            return Rejected(words)
        return RetryLater(words, 300.0 if _LIMITED.search(error.message) else _BUSY)


def _size(client: SMTP, raw: bytes) -> list[str]:
    return [f"size={len(raw)}"] if client.supports_extension("size") else []


def _said(error: SMTPResponseException) -> str:
    return f"{error.code} {one_line(error.message.replace(chr(0), ''), 300)}"
