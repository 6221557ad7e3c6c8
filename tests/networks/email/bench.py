"""A connector on the bench: ports held in memory, real servers, and a customer who writes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Any

import msgspec

from earful.kit.clock import system_clock
from earful.networks.contract import Draft, Ports, Receipt, Target
from earful.networks.email.connector import EmailConnector
from earful.networks.email.names import name_of
from earful.networks.email.network import where
from tests.networks.bluesky.bench import MemoryBudget, MemoryTokens
from tests.networks.email.imap_server import PASSWORD, USER, Mail
from tests.networks.email.serving import serving
from tests.networks.email.smtp_server import Post

CAROL = "carol@customers.example"


class Answering(EmailConnector):
    """Mail has no public posts: what is said to nobody is said to Carol."""

    async def send(self, draft: Draft, key: str) -> Receipt:
        """Send to whom it answers."""
        return await super().send(_addressed(draft), key)

    async def settle(self, draft: Draft, key: str) -> Receipt | None:
        """Look for it."""
        return await super().settle(_addressed(draft), key)


def _addressed(draft: Draft) -> Draft:
    if draft.reply_to is not None:
        return draft
    target = Target("a@b#c", CAROL, {"reply_to": CAROL, "subject": "Hello"})
    return msgspec.structs.replace(draft, reply_to=target)


class Bench:
    """Opens connectors for the mailbox."""

    def __init__(self, mail: Mail, post: Post, *, imap_port: int = 0, **config: str) -> None:
        self.mail, self.post = mail, post
        self.tokens = MemoryTokens()
        self.most_bytes = 30_000_000
        self.config = {
            "address": USER,
            "name": "Northwind",
            "imap": f"127.0.0.1:{imap_port or mail.port}",
            "smtp": f"127.0.0.1:{post.port}",
            "imap_security": "none",
            "smtp_security": "none",
            "answer_within": "3",
            **config,
        }

    def open(self, *, password: str = PASSWORD, **config: str) -> Answering:
        """A connector; `config` overrules."""
        ports = Ports(
            now=system_clock, wait=asyncio.sleep, tokens=self.tokens, budget=MemoryBudget()
        )
        place = where({**self.config, **config}, {"password": password})
        manner = msgspec.structs.replace(
            place.manner, idle_for=2.0, poll_every=0.2, most_bytes=self.most_bytes
        )
        return Answering(msgspec.structs.replace(place, manner=manner), ports)

    async def write(
        self, text: str, *, at: datetime | None = None, **headers: str
    ) -> tuple[str, str]:
        """Carol writes. Her mail's name at the desk, and its Message-ID."""
        mail = mail_of(text, at=at, **headers)
        await self.mail.put(mail.as_bytes())
        identifier = str(mail["Message-ID"]).strip("<>")
        return name_of(identifier, CAROL), identifier


def mail_of(text: str, *, at: datetime | None = None, **headers: str) -> EmailMessage:
    """A mail of Carol's. Headers are named with _ for -."""
    mail = EmailMessage()
    said: Mapping[str, Any] = {
        "From": f"Carol <{CAROL}>",
        "To": USER,
        "Subject": "A question",
        "Date": format_datetime(at or datetime.now(UTC)),
        "Message-ID": make_msgid(domain="customers.example"),
    }
    for name, value in {
        **said,
        **{key.replace("_", "-"): value for key, value in headers.items()},
    }.items():
        mail[name] = value
    mail.set_content(text, cte="base64")
    return mail


@asynccontextmanager
async def token_server(mail: Mail, good: str = "refresh-1") -> AsyncIterator[str]:
    """A token endpoint: a new access token for a good refresh token. Yields its address."""
    count = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal count
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        size = int(head.partition("content-length:")[2].split()[0])
        form = (await reader.readexactly(size)).decode()
        if good in form:
            count += 1
            mail.valid.add(f"access-{count}")
            body = f'{{"access_token":"access-{count}","expires_in":3600}}'
            status = "200 OK"
        else:
            body, status = '{"error":"invalid_grant"}', "400 Bad Request"
        said = (
            f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}"
        )
        writer.write(said.encode())
        await writer.drain()

    async with serving(serve) as port:
        yield f"http://127.0.0.1:{port}/token"
