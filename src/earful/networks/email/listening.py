"""Listens to a mailbox: all numbers after the last known one, then IDLE, then the same again.

The cursor holds, for each folder, its UIDVALIDITY and the last number that was told. Where the
validity changed, numbers mean nothing any more: the mails since the last look are told again, and
the desk knows them by their names.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from earful.networks.contract import Batch, Change, Ports, Unreadable
from earful.networks.email.authors import Authorship
from earful.networks.email.imap import Fetched, Imap, No, Selected
from earful.networks.email.names import Us
from earful.networks.email.translate import Mail, to_change

IDLE_FOR = 29.0
"""Seconds: then one looks again, also where IDLE is offered and says nothing."""
POLL_EVERY = 15.0
FIRST_LOOK_BACK = timedelta(hours=1)
AT_ONCE = 50
AT_ONCE_BYTES = 8_000_000
LONG = 200_000
"""Bytes from which a mail is translated in a thread, so that nobody else waits for it."""
BEGINNING = 262_144
"""Bytes that are read of a mail larger than `Manner.most_bytes`."""
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class Manner(msgspec.Struct, frozen=True, kw_only=True):
    """How a mailbox is listened to. `sent` is empty for no folder of sent mail."""

    folder: str = "INBOX"
    sent: str = ""
    mark_seen: bool = False
    most_bytes: int = 30_000_000
    idle_for: float = IDLE_FOR
    poll_every: float = POLL_EVERY


class Listening:
    """One run of listening on one connection."""

    def __init__(
        self, imap: Imap, us: Us, manner: Manner, ports: Ports, since: Mapping[str, Any] | None
    ) -> None:
        self._imap, self._us, self._manner, self._ports = imap, us, manner, ports
        known = dict((since or {}).get("folders") or {})
        self._last: dict[str, tuple[int, int]] = {
            name: (int(place[0]), int(place[1])) for name, place in known.items()
        }
        self._seen_at = when_iso((since or {}).get("at"), ports.now() - FIRST_LOOK_BACK)
        self._authors = Authorship(imap, us, manner.folder, manner.sent)

    async def batches(self) -> AsyncGenerator[Batch, None]:
        """Batches for as long as it goes well."""
        folders = [self._manner.folder, *([self._manner.sent] if self._manner.sent else [])]
        first = True
        while True:
            for name in reversed(folders):  # what is idled on is opened last
                async for batch in self._news(name):
                    yield batch
            self._seen_at = self._ports.now()
            if first:
                yield Batch((), self._cursor())
            first = False
            while await self._waited():
                async for batch in self._news(self._manner.folder):
                    yield batch

    async def _waited(self) -> bool:
        """Wait for news. False when there was none, and all folders are looked at."""
        if self._imap.idles:
            return await self._imap.idle(self._manner.idle_for)
        await self._ports.wait(self._manner.poll_every)
        return False

    def _cursor(self) -> dict[str, Any]:
        folders = {name: list(place) for name, place in self._last.items()}
        return {"folders": folders, "at": self._seen_at.isoformat()}

    async def _news(self, name: str) -> AsyncGenerator[Batch, None]:
        """All that is new in a folder, in batches that each move the cursor behind them."""
        folder = await self._imap.examine(name)
        heads = await self._new_ones(folder)
        for load in _loads(heads, self._manner.most_bytes):
            changes = [
                change
                for head in await self._read(load)
                for change in await self._told(folder, head)
            ]
            self._last[name] = (folder.validity, max(head.uid for head in load))
            yield Batch(tuple(changes), self._cursor())
            if self._manner.mark_seen and name == self._manner.folder:
                await self._imap.examine(name, writing=True)
                await self._imap.store_seen([head.uid for head in load])
            if load is not heads:
                await self._imap.examine(name)
        if name not in self._last or self._last[name][0] != folder.validity:
            self._last[name] = (folder.validity, max(0, folder.next_uid - 1))

    async def _new_ones(self, folder: Selected) -> list[Fetched]:
        """Number, size and arrival of each mail that was not told yet."""
        validity, last = self._last.get(folder.name, (0, 0))
        if validity == folder.validity and validity:
            # `n:*` tells the last mail even where its number is below n.
            uids = [uid for uid in await self._imap.search(f"UID {last + 1}:*") if uid > last]
            return await self._heads(uids)
        since = self._seen_at - (timedelta(hours=1) if validity else timedelta())
        day = since - timedelta(days=1)  # servers compare days, each in a zone of its own
        date = f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}"
        heads = await self._heads(await self._imap.search(f"SINCE {date}"))
        return [head for head in heads if head.arrived_at is None or head.arrived_at >= since]

    async def _heads(self, uids: list[int]) -> list[Fetched]:
        found: dict[int, Fetched] = {}
        for start in range(0, len(uids), 500):
            wanted = ",".join(map(str, uids[start : start + 500]))
            for head in await self._imap.fetch(wanted, "UID RFC822.SIZE INTERNALDATE"):
                found[head.uid] = head
        return [found[uid] for uid in uids if uid in found]

    async def _read(self, load: list[Fetched]) -> list[Fetched]:
        """The mails of a load, in order. What the server won't hand out has no data."""
        large = load[0].size > self._manner.most_bytes
        what = f"UID BODY.PEEK[]<0.{BEGINNING}>" if large else "UID BODY.PEEK[]"
        try:
            told = await self._imap.fetch(",".join(str(head.uid) for head in load), what)
            data = {one.uid: one.data for one in told if one.data is not None}
        except No as error:
            if len(load) == 1:
                return [msgspec.structs.replace(load[0], flags=str(error))]
            return [one for head in load for one in await self._read([head])]
        return [
            msgspec.structs.replace(head, data=data[head.uid]) for head in load if head.uid in data
        ]

    async def _told(self, folder: Selected, head: Fetched) -> list[Change]:
        if head.data is None:
            name = f"unread-{folder.name}-{folder.validity}-{head.uid}"
            reason = f"The mail server does not hand this mail out: {head.flags}"
            return [Unreadable(external_id=name, reason=reason, payload="")]
        mail = Mail(
            raw=head.data,
            folder=folder.name,
            validity=folder.validity,
            uid=head.uid,
            arrived_at=head.arrived_at or self._ports.now(),
            size=max(head.size, len(head.data))
            if head.size > self._manner.most_bytes
            else len(head.data),
            own=folder.name == self._manner.sent,
        )
        authors = await self._authors.of(mail)
        if len(mail.raw) > LONG:
            change = await asyncio.to_thread(to_change, mail, self._us, authors)
        else:
            change = to_change(mail, self._us, authors)
        return [] if change is None else [change]


def _loads(heads: list[Fetched], most: int) -> list[list[Fetched]]:
    """Heads in groups that are read at once; one too large to be read whole stands alone."""
    loads: list[list[Fetched]] = []
    size = 0
    for head in heads:
        alone = head.size > most
        before = loads[-1] if loads else []
        if before and not alone and len(before) < AT_ONCE and size + head.size <= AT_ONCE_BYTES:
            before.append(head)
            size += head.size
        else:
            loads.append([head])
            size = AT_ONCE_BYTES if alone else head.size
    return loads


def when_iso(text: Any, otherwise: datetime) -> datetime:
    """An instant of the cursor; `otherwise` for what is none."""
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return otherwise
