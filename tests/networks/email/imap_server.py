"""A real IMAP server in this process (pymap): takes a password or, if told, tokens."""

from __future__ import annotations

import asyncio
import imaplib
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from proxyprotocol.result import ProxyResultLocal
from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, DictBackend, Identity, Login
from pymap.exceptions import InvalidAuth
from pymap.imap import IMAPServer
from pymap.user import Passwords, UserMetadata
from pysasl import SASLAuth
from pysasl.creds.external import ExternalCredentials
from pysasl.hashing import Cleartext

from tests.networks.email.serving import serving

USER, PASSWORD = "care@northwind.example", "three-quick-foxes"


class Mail:
    """Where the mailbox is. `valid` are the tokens that it takes."""

    def __init__(self) -> None:
        self.port = 0
        self.valid: set[str] = set()

    async def put(self, raw: bytes, folder: str = "INBOX", *, at: datetime | None = None) -> None:
        """Have a mail arrive, as another client would."""
        await asyncio.to_thread(self._put, raw, folder, at or datetime.now(UTC))

    async def take(self, folder: str, identifier: str) -> None:
        """Delete a mail for good, as another client would."""
        await asyncio.to_thread(self._take, folder, identifier)

    async def all(self, folder: str) -> list[tuple[bytes, bytes]]:
        """Flags and bytes of each mail in a folder."""
        return await asyncio.to_thread(self._all, folder)

    def _client(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.port)
        client.login(USER, PASSWORD)
        return client

    def _put(self, raw: bytes, folder: str, at: datetime) -> None:
        with self._client() as client:
            done = client.append(folder, "", imaplib.Time2Internaldate(at), raw)
            assert done[0] == "OK", done

    def _take(self, folder: str, identifier: str) -> None:
        with self._client() as client:
            client.select(folder)
            _, found = client.search(None, "HEADER", "Message-ID", identifier)
            for number in found[0].split():
                client.store(number.decode(), "+FLAGS", "(\\Deleted)")
            client.expunge()

    def _all(self, folder: str) -> list[tuple[bytes, bytes]]:
        with self._client() as client:
            client.select(folder, readonly=True)
            _, found = client.search(None, "ALL")
            mails = []
            for number in found[0].split():
                _, told = client.fetch(number.decode(), "(FLAGS BODY.PEEK[])")
                flags = b" ".join(part for part in told if isinstance(part, bytes))
                head, raw = next(part for part in told if isinstance(part, tuple))
                mails.append((head + flags, raw))
            return mails


class _Login(Login):
    def __init__(self, config: Config, mail: Mail) -> None:
        super().__init__(config)
        self._mail = mail

    async def authenticate(self, credentials: Any) -> Identity:
        """Tokens are looked up, passwords checked."""
        if isinstance(credentials, ExternalCredentials):
            if credentials._token not in self._mail.valid:
                raise InvalidAuth
            return Identity(credentials.authzid, self, None, set())
        return await super().authenticate(credentials)


class _Config(Config):
    @property
    def initial_auth(self) -> SASLAuth:
        """A password or a token, on this machine without TLS."""
        return SASLAuth.named([b"PLAIN", b"LOGIN", b"XOAUTH2"])

    tls_auth = initial_auth


@asynccontextmanager
async def pymap_server(*, idles: bool = True) -> AsyncIterator[Mail]:
    """A server with one user, an INBOX and a Sent folder."""
    mail = Mail()
    args = Namespace(passlib_cfg=None, proxy_protocol=None, inherited_sockets=None)
    config = _Config(
        args, host="127.0.0.1", port=0, tls_enabled=False, invalid_user_sleep=0,
        demo_data=False, demo_user=USER, demo_password=PASSWORD, disable_idle=not idles,
        hash_context=Cleartext(),
    )  # fmt: skip
    login = _Login(config, mail)
    hashed = await Passwords(config).hash_password(PASSWORD)
    login.users_dict[USER] = UserMetadata(config, USER, password=hashed)
    backend = DictBackend(login, config)
    config.apply_context()
    async with AsyncExitStack() as stack:
        await backend.start(stack)
        speak = IMAPServer(login, config)

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await speak(reader, writer, SocketInfo.get(writer, ProxyResultLocal(), unique_id=b""))

        mail.port = await stack.enter_async_context(serving(serve))
        await asyncio.to_thread(_make_sent, mail)
        yield mail


def _make_sent(mail: Mail) -> None:
    with mail._client() as client:
        client.create("Sent")
