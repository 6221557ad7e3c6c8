"""The rehearsal network's API: what a brand account and a tester may ask of a town."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from itertools import islice
from typing import Any

import msgspec

from earful.networks.rehearsal.crowd import Burst, crowd
from earful.networks.rehearsal.faults import AFTER, Fault, Faults
from earful.networks.rehearsal.guests import Aside, Guest, aside, guest
from earful.networks.rehearsal.town import Offer, Refused, Town
from earful.networks.rehearsal.wire import Answer, Request

LOOKS_EVERY = 2.0
LONGEST_WAIT = 25.0
_CHUNK = 500


class Switch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether a second publish under a known key gives back the first post."""

    idempotent: bool


class Service:
    """Answers requests. `now` is the server's clock."""

    def __init__(self, town: Town, now: Callable[[], datetime]) -> None:
        self.town = town
        self.faults = Faults()
        self._now = now
        self._stirred = asyncio.Event()
        self._routes: dict[tuple[str, str], tuple[str, Callable[[Request], Awaitable[Answer]]]] = {
            ("GET", "/account"): ("account", self._account),
            ("GET", "/changes"): ("changes", self._changes),
            ("POST", "/posts"): ("publish", self._publish),
            ("GET", "/posts"): ("lookup", self._lookup),
            ("DELETE", "/posts"): ("remove", self._remove),
            ("GET", "/reach"): ("reach", self._reach),
            ("GET", "/heard"): ("search", self._heard),
            ("GET", "/ledger"): ("", self._ledger),
            ("POST", "/guests"): ("", self._guest),
            ("POST", "/asides"): ("", self._aside),
            ("POST", "/burst"): ("", self._burst),
            ("POST", "/faults"): ("", self._fault),
            ("DELETE", "/faults"): ("", self._no_fault),
            ("PUT", "/switch"): ("", self._switch),
        }

    async def handle(self, request: Request) -> Answer:
        """Answer one request, or go wrong as somebody asked."""
        place, route = self._routes.get((request.method, request.path), ("", _unknown))
        fault = self.faults.take(place) if place else None
        if fault is not None and fault.kind not in AFTER:
            return broken(fault, None)
        try:
            answer = await route(request)
        except Refused as refusal:
            answer = Answer(422, {"detail": str(refusal)})
        except (msgspec.MsgspecError, ValueError) as error:
            answer = Answer(400, {"detail": str(error)})
        return answer if fault is None else broken(fault, answer)

    async def _account(self, request: Request) -> Answer:
        return Answer(200, self.town.account(request.query.get("handle", "")))

    async def _changes(self, request: Request) -> Answer:
        query = request.query
        until = asyncio.get_running_loop().time() + min(float(query.get("wait", 0)), LONGEST_WAIT)
        while True:
            stirred = self._stirred
            now = self._now()
            self.town.advance(now)
            page = self.town.changes(
                query.get("handle", ""), int(query.get("after", 0)), query.get("ledger", "")
            )
            left = until - asyncio.get_running_loop().time()
            if page.entries or left <= 0:
                return Answer(200, page)
            due = self.town.next_at(now)
            pause = LOOKS_EVERY if due is None else max((due - now).total_seconds(), 0.01)
            await _either(stirred, min(pause, left, LOOKS_EVERY))

    async def _publish(self, request: Request) -> Answer:
        offer = msgspec.json.decode(request.body, type=Offer)
        entry = self.town.publish(offer, self._now())
        self._stir()
        return Answer(201, entry)

    async def _lookup(self, request: Request) -> Answer:
        key, id_ = request.query.get("key", ""), request.query.get("id", "")
        found = self.town.by_key(key) if key else self.town.post(id_)
        return Answer(200, found) if found else Answer(404, {"detail": "no such post"})

    async def _remove(self, request: Request) -> Answer:
        self.town.remove(request.query.get("id", ""), self._now())
        self._stir()
        return Answer(204)

    async def _reach(self, request: Request) -> Answer:
        return Answer(200, self.town.takes_private(request.query.get("person", "")))

    async def _heard(self, request: Request) -> Answer:
        return Answer(200, self.town.heard(int(request.query.get("after", -1)), self._now()))

    async def _ledger(self, request: Request) -> Answer:
        self.town.ledger.sync()
        after = int(request.query.get("after", 0))
        ledger = self.town.ledger
        return Answer(200, {"header": ledger.header, "entries": ledger.entries[after:]})

    async def _guest(self, request: Request) -> Answer:
        said = msgspec.json.decode(request.body, type=Guest)
        with self.town.ledger.locked():
            entry = guest(self.town, said, self._now())
            self.town.record([entry])
        self._stir()
        return Answer(201, entry)

    async def _aside(self, request: Request) -> Answer:
        wanted = msgspec.json.decode(request.body, type=Aside)
        with self.town.ledger.locked():
            entry = aside(self.town, wanted, self._now())
            self.town.record([entry])
        self._stir()
        return Answer(201, entry)

    async def _burst(self, request: Request) -> Answer:
        burst = msgspec.json.decode(request.body, type=Burst)
        ledger = self.town.ledger
        first, handle = len(ledger.entries), self.town.handles[0]
        coming = crowd(burst, header=ledger.header, handle=handle, first=first, at=self._now())
        while chunk := list(islice(coming, _CHUNK)):
            with ledger.locked():
                self.town.record(chunk)
            self._stir()
            await asyncio.sleep(0)  # let readers in between
        return Answer(201, {"first": first, "n": burst.n})

    async def _fault(self, request: Request) -> Answer:
        self.faults.add(msgspec.json.decode(request.body, type=Fault))
        return Answer(204)

    async def _no_fault(self, _: Request) -> Answer:
        self.faults.clear()
        return Answer(204)

    async def _switch(self, request: Request) -> Answer:
        self.town.idempotent = msgspec.json.decode(request.body, type=Switch).idempotent
        return Answer(204)

    def _stir(self) -> None:
        """Wake everybody who waits for changes."""
        stirred, self._stirred = self._stirred, asyncio.Event()
        stirred.set()


def broken(fault: Fault, answer: Answer | None) -> Answer:
    """What becomes of `answer` (None: the work was not done) under `fault`."""
    if fault.kind == "half" and answer is not None:
        return msgspec.structs.replace(answer, half=True)
    if fault.kind in ("drop", "drop-before"):
        return Answer(0, cut=True)
    if fault.kind in ("hang", "hang-after"):
        return Answer(0, hang=True)
    headers = {"retry-after": f"{fault.after:g}"} if fault.kind in ("429", "503") else {}
    detail: dict[str, Any] = {"detail": f"a {fault.kind} was asked for"}
    return Answer(int(fault.kind[:3]), detail, headers)


async def _unknown(request: Request) -> Answer:
    return Answer(404, {"detail": f"nothing at {request.method} {request.path}"})


async def _either(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
