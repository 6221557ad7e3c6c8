"""A mailbox as a channel."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any
from urllib.parse import unquote

import msgspec

from earful.networks.contract import (
    Batch,
    Draft,
    Finding,
    Identity,
    Ports,
    Post,
    Receipt,
    Rejected,
    RetryLater,
)
from earful.networks.email.authors import Authorship
from earful.networks.email.checking import Checking, Dns
from earful.networks.email.imap import Imap
from earful.networks.email.listening import Listening, Manner
from earful.networks.email.login import Login, OAuth
from earful.networks.email.mailbox import Mailboxes
from earful.networks.email.names import Us
from earful.networks.email.parsing import parsed
from earful.networks.email.sending import Sending
from earful.networks.email.smtp import Smtp
from earful.networks.email.translate import Mail, to_change
from earful.networks.email.wire import Place
from earful.networks.email.writing import Style


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """The account and its servers. `mark` is where the reply token stands; `keep`: we put what we
    sent into the folder of sent mail ourselves."""

    us: Us
    imap: Place
    smtp: Place
    username: str
    password: str = ""
    oauth: OAuth | None = None
    manner: Manner = Manner()
    mark: str = "subject"
    quote: bool = False
    keep: bool = True
    dns: Dns = Dns()


class EmailConnector:
    """Keeps the contract's Connector, Streams, Sends, Settles, Looks, Shows and Checks."""

    def __init__(self, where: Where, ports: Ports) -> None:
        self._where, self._ports = where, ports
        within = where.smtp.answer_within
        login = Login(ports, where.username, where.password, where.oauth, within)
        self._boxes = Mailboxes(where.imap, login, where.manner.folder, where.manner.sent)
        self._smtp = Smtp(where.smtp, where.us.domain, login.credentials, by_token=login.by_token)
        self._sending = Sending(
            self._smtp,
            self._boxes,
            where.us,
            ports,
            style=Style(where.mark, where.quote),
            keep=where.keep,
        )

    async def probe(self) -> Identity:
        """Sign in to both servers. Raises Reauthorize, Rejected or RetryLater."""
        async with self._boxes.open() as imap:
            await self._boxes.check_folder(imap)
        await self._smtp.probe()
        us = self._where.us
        return Identity(us.external_id, us.address, us.name or us.address)

    async def close(self) -> None:
        """Nothing is held beyond a call."""

    async def stream(self, since: Mapping[str, Any] | None) -> AsyncGenerator[Batch, None]:
        """Every mail that came since, then each as it comes."""
        async with self._boxes.open() as imap:
            sent = await self._boxes.sent(imap)
            manner = msgspec.structs.replace(self._where.manner, sent=sent)
            listening = Listening(imap, self._where.us, manner, self._ports, since)
            async with aclosing(listening.batches()) as batches:
                async for batch in batches:
                    yield batch

    async def send(self, draft: Draft, key: str) -> Receipt:
        """Send one mail to the one who is answered."""
        return await self._sending.send(draft, key)

    async def settle(self, draft: Draft, key: str) -> Receipt | None:
        """The receipt if our Message-ID lies among the sent mail."""
        return await self._sending.settle(draft, key)

    async def check(self) -> tuple[Finding, ...]:
        """SPF, DKIM and DMARC of our domain, and a test to ourselves."""
        where = self._where
        return await Checking(where.us, where.smtp.host, where.dns, self._ports).all(
            self._smtp, self._boxes
        )

    async def look(self, external_id: str) -> Post | None:
        """A mail that lies in the mailbox."""
        identifier = external_id.rpartition("#")[0]
        async with self._boxes.open() as imap:
            sent = await self._boxes.sent(imap)
            for folder in dict.fromkeys(one for one in (self._boxes.folder, sent) if one):
                selected = await imap.examine(folder)
                for uid in (await imap.with_id(identifier))[:5]:
                    post = await self._read(imap, folder, selected.validity, uid, sent)
                    if post is not None and post.external_id == external_id:
                        return post
        return None

    async def picture(self, url: str) -> bytes | None:
        """A file of a mail, by the address that its attachment carries."""
        place = Part.of(url)
        async with self._boxes.open() as imap:
            selected = await imap.examine(place.folder)
            uids = [place.uid] if selected.validity == place.validity else []
            uids = uids or await imap.with_id(place.identifier)
            return await _part(imap, uids[0], place.section) if uids else None

    async def _read(
        self, imap: Imap, folder: str, validity: int, uid: int, sent: str
    ) -> Post | None:
        for one in await imap.fetch(str(uid), "UID RFC822.SIZE INTERNALDATE BODY.PEEK[]"):
            if one.data is None or one.size > self._where.manner.most_bytes:
                return None
            mail = Mail(
                raw=one.data,
                folder=folder,
                validity=validity,
                uid=uid,
                arrived_at=one.arrived_at or self._ports.now(),
                size=len(one.data),
                own=folder == sent,
            )
            authors = await Authorship(imap, self._where.us, folder, sent).of(mail)
            change = to_change(mail, self._where.us, authors)
            return change if isinstance(change, Post) else None
        return None


class Part(msgspec.Struct, frozen=True):
    """Where a file of a mail lies."""

    folder: str
    validity: int
    uid: int
    section: str
    identifier: str

    @staticmethod
    def of(url: str) -> Part:
        """The place that an attachment's address names. Raises Rejected when it is none."""
        path, _, identifier = url.removeprefix("mail:").partition("?")
        try:
            folder, validity, uid, section = path.split("/")
            place = Part(unquote(folder), int(validity), int(uid), section, unquote(identifier))
        except ValueError as error:
            raise Rejected("This is no place in a mailbox.") from error
        if not all(one == "all" or one.isdigit() for one in section.split(".")):
            raise Rejected("This is no place in a mail.")
        return place


async def _part(imap: Imap, uid: int, section: str) -> bytes | None:
    async def read(what: str) -> bytes:
        for one in await imap.fetch(str(uid), f"UID BODY.PEEK[{what}]"):
            if one.uid == uid and one.data is not None:
                return one.data
        return b""

    if section == "all":
        return await read("") or None
    head = await read(f"{section}.MIME") or await read("HEADER")
    body = await read(section)
    if not head or not body:
        return None
    part = parsed(head.rstrip() + b"\r\n\r\n" + body)
    if part.get_content_type() == "message/rfc822" or part.is_multipart():
        return body
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        raise RetryLater("This part of the mail could not be read.")
    return data
