"""The little of IMAP that a channel needs: read without marking, wait for news, keep what was sent.

Written here because the kept client for asyncio is under the GPL and waits for ever where a server
hangs up before it idles; what blocks in threads can't be cancelled.
"""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import msgspec

from earful.networks.contract import Reauthorize, Rejected, RetryLater
from earful.networks.email.login import Credentials
from earful.networks.email.wire import Line, Place, Wire

_UID = re.compile(r"\bUID (\d+)")
_SIZE = re.compile(r"\bRFC822\.SIZE (\d+)")
_AT = re.compile(r'\bINTERNALDATE "([^"]+)"')
_PASSING = re.compile(
    r"\[(?:UNAVAILABLE|INUSE|LIMIT|OVERQUOTA|THROTTLED|SERVERBUG|CONTACTADMIN)\]|too many|"
    r"try again|temporar|unavailable|rate limit",
    re.IGNORECASE,
)


class No(Exception):
    """The server said NO or BAD; the words are its own."""


class Selected(msgspec.Struct, frozen=True):
    """A folder that is open: its UIDVALIDITY, and the next number it will give (0 if untold)."""

    name: str
    validity: int
    next_uid: int


class Fetched(msgspec.Struct, frozen=True):
    """What a FETCH told of one mail."""

    uid: int
    size: int
    arrived_at: datetime | None
    data: bytes | None
    flags: str = ""


class Imap:
    """One signed-in connection to a mailbox."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._wire = Wire(place)
        self._number = 0
        self._news = False
        self.capabilities: frozenset[str] = frozenset()

    async def open(self, who: Credentials) -> None:
        """Connect and sign in. Raises RetryLater, Reauthorize or Rejected."""
        await self._wire.open()
        greeting = (await self._wire.line()).text
        if not greeting.upper().startswith(("* OK", "* PREAUTH")):
            raise RetryLater(f"{self._place.host} turns us away: {greeting[:200]}", after=30.0)
        if self._place.security == "starttls":
            try:
                await self._do("STARTTLS")
            except No as error:
                raise Rejected(f"{self._place.host} offers no STARTTLS: {error}") from error
            await self._wire.start_tls()
        await self._learn()
        try:
            await self._sign_in(who)
        except No as error:
            if _PASSING.search(str(error)):
                raise RetryLater(f"{self._place.host} says: {error}", after=30.0) from error
            raise Reauthorize(f"{self._place.host} refuses the sign-in: {error}") from error
        await self._learn()

    async def close(self) -> None:
        """Let go of the connection."""
        await self._wire.close()

    async def examine(self, folder: str, *, writing: bool = False) -> Selected:
        """Open a folder; unless `writing`, so that nothing in it can be changed. Raises No."""
        verb = "SELECT" if writing else "EXAMINE"
        text = " ".join(line.text for line in await self._do(f"{verb} {quoted(folder)}"))
        self._news = False  # whoever opens a folder looks what is in it
        validity = re.search(r"\[UIDVALIDITY (\d+)\]", text, re.IGNORECASE)
        following = re.search(r"\[UIDNEXT (\d+)\]", text, re.IGNORECASE)
        return Selected(
            folder, int(validity[1]) if validity else 0, int(following[1]) if following else 0
        )

    async def search(self, what: str) -> list[int]:
        """Numbers (UIDs) of the mails that match, in order."""
        found: set[int] = set()
        for line in await self._do(f"UID SEARCH {what}"):
            if line.text.upper().startswith("* SEARCH"):
                found.update(int(each) for each in line.text[8:].split() if each.isdigit())
        return sorted(found)

    async def with_id(self, identifier: str) -> list[int]:
        """Numbers of the mails that carry a Message-ID, as far as the server's search tells."""
        return await self.search(f"HEADER Message-ID {quoted(identifier)}")

    async def fetch(self, uids: str, what: str) -> list[Fetched]:
        """What was asked of these mails; one that is gone is left out."""
        lines = await self._do(f"UID FETCH {uids} ({what})")
        return [one for line in lines if (one := _fetched(line)) is not None]

    async def store_seen(self, uids: list[int]) -> None:
        """Mark mails as read."""
        await self._do(f"UID STORE {','.join(map(str, uids))} +FLAGS.SILENT (\\Seen)")

    async def append(self, folder: str, raw: bytes) -> None:
        """Put a mail into a folder, marked as read. Raises No."""
        tag = await self._send(f"APPEND {quoted(folder)} (\\Seen) {{{len(raw)}}}")
        await self._until_continued(tag)
        await self._wire.send(raw + b"\r\n")
        await self._answers(tag)

    async def folders(self) -> list[tuple[str, str]]:
        """Attributes and name of each folder."""
        found = []
        for line in await self._do('LIST "" "*"'):
            match = re.match(r'\* LIST \(([^)]*)\) (?:"[^"]*"|NIL) (.*)$', line.text, re.IGNORECASE)
            if match:
                name = line.literals[0].decode("utf-8", "replace") if line.literals else match[2]
                found.append((match[1], unquoted(name)))
        return found

    async def noop(self) -> None:
        """Give the server an occasion to tell news."""
        await self._do("NOOP")

    @property
    def idles(self) -> bool:
        """Whether the server can tell of news by itself."""
        return "IDLE" in self.capabilities

    async def idle(self, seconds: float) -> bool:
        """Wait for news, at most so long. Whether there was any."""
        if self._news:
            return True
        tag = await self._send("IDLE")
        await self._until_continued(tag)
        until = asyncio.get_running_loop().time() + seconds
        while not self._news:
            line = await self._wire.line_within(until - asyncio.get_running_loop().time())
            if line is None:
                break
            self._hear(line, tag)
        await self._wire.send(b"DONE\r\n")
        await self._answers(tag)
        return self._news

    async def _learn(self) -> None:
        for line in await self._do("CAPABILITY"):
            if line.text.upper().startswith("* CAPABILITY "):
                self.capabilities = frozenset(line.text.upper().split()[2:])

    async def _sign_in(self, who: Credentials) -> None:
        for mechanism, said in who.ways(self._place.host, self._place.port):
            if f"AUTH={mechanism}" in self.capabilities:
                await self._authenticate(mechanism, said)
                return
        if who.token:
            raise Rejected(f"{self._place.host} takes no OAuth token to sign in with.")
        await self._do(f"LOGIN {quoted(who.username)} {quoted(who.password)}")

    async def _authenticate(self, mechanism: str, said: bytes) -> None:
        encoded = base64.b64encode(said).decode()
        if "SASL-IR" in self.capabilities:
            tag = await self._send(f"AUTHENTICATE {mechanism} {encoded}")
        else:
            tag = await self._send(f"AUTHENTICATE {mechanism}")
            await self._until_continued(tag)
            await self._wire.send(encoded.encode() + b"\r\n")
        await self._answers(tag, continued=b"\r\n")

    async def _do(self, command: str) -> list[Line]:
        return await self._answers(await self._send(command))

    async def _send(self, command: str) -> str:
        self._number += 1
        tag = f"e{self._number}"
        await self._wire.send(f"{tag} {command}\r\n".encode())
        return tag

    async def _until_continued(self, tag: str) -> None:
        while True:
            line = await self._wire.line()
            if line.text.startswith("+"):
                return
            self._hear(line, tag)

    async def _answers(self, tag: str, continued: bytes | None = None) -> list[Line]:
        """All that was said until the command was done. Raises No."""
        lines: list[Line] = []
        while True:
            line = await self._wire.line()
            if line.text.startswith("+") and continued is not None:
                await self._wire.send(continued)  # the server tells an error and wants to end
            elif self._hear(line, tag):
                return [*lines, line]
            lines.append(line)

    def _hear(self, line: Line, tag: str) -> bool:
        """Whether this line ends the command. Raises No when it was refused."""
        if not line.text.startswith(f"{tag} "):
            said = line.text.upper()
            if said.startswith("* BYE"):
                raise RetryLater(f"{self._place.host} hangs up: {line.text[5:200]}", after=2.0)
            self._news = self._news or said.endswith((" EXISTS", " RECENT"))
            return False
        verdict, _, words = line.text[len(tag) + 1 :].partition(" ")
        if verdict.upper() != "OK":
            raise No(words[:300] or verdict)
        return True


def _fetched(line: Line) -> Fetched | None:
    uid = _UID.search(line.text)
    if uid is None or " FETCH " not in line.text.upper():
        return None
    size, at = _SIZE.search(line.text), _AT.search(line.text)
    data: bytes | None = line.literals[0] if line.literals else None
    if data is None and (
        short := re.search(r'BODY\[[^\]]*\](?:<\d+>)? "((?:[^"\\]|\\.)*)"', line.text)
    ):
        data = re.sub(r"\\(.)", r"\1", short[1]).encode()
    return Fetched(
        uid=int(uid[1]),
        size=int(size[1]) if size else len(data or b""),
        arrived_at=_instant(at[1]) if at else None,
        data=data,
    )


def _instant(text: str) -> datetime | None:
    try:
        return datetime.strptime(text.strip(), "%d-%b-%Y %H:%M:%S %z").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def quoted(text: str) -> str:
    """A string of IMAP. What no quoted string can hold is left out: no name of ours has it."""
    clean = re.sub(r"[\r\n\x00]", "", text)
    return '"' + clean.replace("\\", "\\\\").replace('"', '\\"') + '"'


def unquoted(text: str) -> str:
    """A string of IMAP without its quotes."""
    if len(text) > 1 and text[0] == text[-1] == '"':
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text


@asynccontextmanager
async def connected(place: Place, who: Any) -> AsyncIterator[Imap]:
    """A signed-in connection for one piece of work. `who` gives Credentials when awaited."""
    imap = Imap(place)
    try:
        await imap.open(await who())
        yield imap
    except No as error:
        raise RetryLater(f"{place.host} says: {error}", after=30.0) from error
    finally:
        await imap.close()
