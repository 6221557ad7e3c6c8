"""Sends once, keeps what was sent in the folder of sent mail, and finds it there again."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from email.message import EmailMessage

import structlog

from earful.networks.contract import Draft, NetworkError, Ports, Published, Receipt
from earful.networks.email.imap import Imap, No
from earful.networks.email.mailbox import Mailboxes
from earful.networks.email.names import Us, message_id, our_name
from earful.networks.email.smtp import Smtp
from earful.networks.email.writing import Style, recipient_of, written

log = structlog.get_logger()
KEEP_FOR = 15.0
"""Seconds that keeping a copy may take: the mail is out, and the receipt must not wait for long."""


class Sending:
    """Sends and settles for one account."""

    def __init__(
        self, smtp: Smtp, boxes: Mailboxes, us: Us, ports: Ports, *, style: Style, keep: bool
    ) -> None:
        self._smtp, self._boxes, self._us, self._ports = smtp, boxes, us, ports
        self._style, self._keep = style, keep

    async def send(self, draft: Draft, key: str) -> Receipt:
        """Send the mail. Raises a NetworkError."""
        mail = written(draft, key, self._us, self._ports.now(), self._style)
        await self._smtp.hand_over(mail, self._us.address, recipient_of(draft.reply_to))
        if self._keep:
            await self._keep_copy(mail, key)
        return _receipt(mail, draft.text, key, self._us)

    async def settle(self, draft: Draft, key: str) -> Receipt | None:
        """The receipt if the mail lies among the sent ones."""
        async with self._boxes.open() as imap:
            uids = await self._found(imap, key)
        if not uids:
            return None
        mail = written(draft, key, self._us, self._ports.now(), self._style)
        return _receipt(mail, draft.text, key, self._us)

    async def _found(self, imap: Imap, key: str) -> list[int]:
        folder = await self._boxes.sent(imap)
        if not folder:
            return []
        await imap.examine(folder)
        return await imap.with_id(message_id(key, self._us))

    async def _keep_copy(self, mail: EmailMessage, key: str) -> None:
        """Put the mail among the sent ones, unless the server did. It is out either way."""
        try:
            async with asyncio.timeout(KEEP_FOR), self._boxes.open() as imap:
                folder = await self._boxes.sent(imap)
                if folder and not await self._found(imap, key):
                    with suppress(No):
                        await imap.append(folder, mail.as_bytes())
        except (NetworkError, OSError, TimeoutError) as error:
            log.info("no copy of the mail was kept", error=type(error).__name__)


def _receipt(mail: EmailMessage, text: str, key: str, us: Us) -> Receipt:
    ref = {
        "message_id": message_id(key, us),
        "references": [one.strip("<>") for one in str(mail["References"] or "").split()],
        "subject": str(mail["Subject"]),
        "reply_to": str(mail["To"]),
    }
    return Receipt((Published(our_name(key, us), "", text, ref),))
