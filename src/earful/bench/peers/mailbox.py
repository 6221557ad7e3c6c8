"""A mailbox on a real IMAP server, into which a real SMTP server puts what customers send."""

from __future__ import annotations

import asyncio
import imaplib
import itertools
import re
import smtplib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from earful.bench.ground import Ground
from earful.bench.peers.fetched import python_with
from earful.bench.peers.peer import HANDLE, Peer, started
from earful.desk.connect import Account, probe
from earful.kit.clock import system_clock
from earful.networks.email.names import name_of

USER, PASSWORD = "care@northwind.example", "three-quick-foxes"
CUSTOMERS = 40
_ID = re.compile(rb"message-id:\s*<([^>]+)>", re.IGNORECASE)
_SERVERS = Path(__file__).with_name("mail_servers.py")


class _Mailbox:
    def __init__(self, said: dict[str, Any]) -> None:
        self._said = said
        self.url = f"imap://127.0.0.1:{said['imap']}"
        self._numbers = itertools.count(1)

    async def account(self, url: str) -> Account:
        fields = {
            "address": USER, "name": HANDLE, "password": PASSWORD,
            "imap": urlsplit(url).netloc, "imap_security": "none",
            "smtp": f"127.0.0.1:{self._said['smtp']}", "smtp_security": "none",
        }  # fmt: skip
        return await probe("email", fields, system_clock)

    async def write(self, posts: int) -> None:
        await asyncio.to_thread(self._write, list(itertools.islice(self._numbers, posts)))

    def _write(self, numbers: list[int]) -> None:
        with smtplib.SMTP("127.0.0.1", self._said["smtp"], timeout=60) as smtp:
            for number in numbers:
                smtp.send_message(_mail(number))

    async def told(self) -> set[str]:
        return await asyncio.to_thread(self._told)

    def _told(self) -> set[str]:
        with imaplib.IMAP4("127.0.0.1", self._said["imap"], timeout=300) as client:
            client.login(USER, PASSWORD)
            client.select("INBOX", readonly=True)
            _, parts = client.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")
        heads = [part[1] for part in parts if isinstance(part, tuple)]
        found = [match[1].decode() for head in heads if (match := _ID.search(head))]
        return {name_of(each, _author(int(each.partition("@")[0]))) for each in found}


def _author(number: int) -> str:
    return f"carol{number % CUSTOMERS}@customers.example"


def _mail(number: int) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Carol <{_author(number)}>", USER
    mail["Subject"] = f"Parcel {number}"
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<{number}@customers.example>"
    mail.set_content(f"My parcel number {number} has not come.")
    return mail


@asynccontextmanager
async def mailbox(on: Ground) -> AsyncIterator[Peer]:
    """The two servers as one process."""
    del on  # all is in memory
    python = await asyncio.to_thread(
        python_with, pymap="pymap>=0.36.7,<0.37", aiosmtpd="aiosmtpd>=1.4.6"
    )
    async with started(python, str(_SERVERS), USER, PASSWORD) as said:
        yield _Mailbox(said)
