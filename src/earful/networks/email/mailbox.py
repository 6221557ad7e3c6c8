"""Opens the account's mailbox, and knows where its sent mail lies."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from earful.networks.contract import Reauthorize, Rejected, RetryLater
from earful.networks.email.imap import Imap, No
from earful.networks.email.login import Login
from earful.networks.email.wire import Place

_SENT = ("sent", "sent items", "sent mail", "sent messages", "gesendet", "gesendete objekte",
         "gesendete elemente", "envoyés", "éléments envoyés", "enviados", "inviati",
         "verzonden", "verzonden items", "skickat", "sendt")  # fmt: skip


class Mailboxes:
    """The IMAP side of an account."""

    def __init__(self, place: Place, login: Login, folder: str, sent: str) -> None:
        self._place, self._login = place, login
        self.folder = folder
        self._sent_wanted = sent
        self._sent: str | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Imap]:
        """A connection for one piece of work. Raises a NetworkError."""
        imap = Imap(self._place)
        try:
            try:
                await imap.open(await self._login.credentials())
            except Reauthorize:
                if not self._login.by_token:
                    raise
                await imap.close()
                imap = Imap(self._place)
                await imap.open(await self._login.credentials(fresh=True))
            yield imap
        except No as error:
            raise RetryLater(f"{self._place.host} says: {error}", after=30.0) from error
        finally:
            await imap.close()

    async def check_folder(self, imap: Imap) -> None:
        """Raises Rejected where there is no such folder."""
        try:
            await imap.examine(self.folder)
        except No as error:
            names = ", ".join(name for _, name in (await imap.folders())[:30])
            words = f"The mailbox has no folder {self.folder!r}; there are: {names}."
            raise Rejected(words) from error

    async def sent(self, imap: Imap) -> str:
        """The folder of sent mail; empty for none."""
        if self._sent is None:
            self._sent = "" if self._sent_wanted == "off" else self._sent_wanted
            if self._sent_wanted in ("", "auto"):
                self._sent = _sent_among(await imap.folders())
        return self._sent


def _sent_among(folders: list[tuple[str, str]]) -> str:
    for attributes, name in folders:
        if "\\sent" in attributes.lower().split():
            return name
    for known in _SENT:
        for _, name in folders:
            if name.lower() == known or name.lower().endswith((f".{known}", f"/{known}")):
                return name
    return ""
