"""Email's harness for the conformance suite: real servers, by password and by token."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta

from earful.networks.conformance import Fault
from earful.networks.email import NETWORK
from tests.networks.email.bench import Answering, Bench
from tests.networks.email.line import Line


class PasswordHarness:
    """The brand's mailbox, signed in to by a password; Carol writes to it."""

    network = NETWORK

    def __init__(self, bench: Bench, line: Line) -> None:
        self._bench, self._line = bench, line
        self._ids: dict[str, str] = {}

    def channel(self) -> Answering:
        """A fresh connector on the stored session."""
        return self._bench.open()

    def intruder(self) -> Answering:
        """A connector with a wrong password."""
        return self._bench.open(password="wrong")

    async def expire(self) -> None:
        """A password opens no session that could run out."""

    async def write(
        self, text: str, *, at: datetime | None = None, below: str | None = None
    ) -> str | None:
        """Carol writes."""
        headers = {"In_Reply_To": f"<{self._ids[below]}>"} if below else {}
        name, identifier = await self._bench.write(text, at=at, **headers)
        self._ids[name] = identifier
        return name

    async def erase(self, external_id: str) -> None:
        """Somebody deletes the mail in the mailbox."""
        await self._bench.mail.take("INBOX", self._ids[external_id])

    async def standing(self) -> list[str]:
        """What the mail server took, in order."""
        bodies = [mail.get_body(("plain",)) for mail in self._bench.post.got]
        return [body.get_content().strip() for body in bodies if body is not None]

    def fault(self, fault: Fault) -> AbstractAsyncContextManager[None]:
        """Disturb the line, or the mail server."""
        if fault is Fault.CUT_STREAM:
            return self._line.cutting()
        return self._bench.post.broken_by(fault)


class EmailHarness(PasswordHarness):
    """The same mailbox, signed in to by tokens."""

    def intruder(self) -> Answering:
        """A connector with a refresh token that nobody gave."""
        self._bench.tokens.saved.clear()
        self._bench.tokens.saved.append({"refresh_token": "stolen"})
        return self._bench.open(password="wrong")

    async def expire(self) -> None:
        """Keep an access token that only the servers know to be stale."""
        ends_at = datetime.now(UTC) + timedelta(hours=1)
        stale = {"access_token": "stale", "ends_at": ends_at.isoformat()}
        await self._bench.tokens.save({**stale, "refresh_token": "refresh-1"})
