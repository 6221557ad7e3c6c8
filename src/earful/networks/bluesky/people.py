"""Who is behind a DID: the firehose gives no handles and names, so they are asked for and kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from earful.networks.bluesky.blobs import CDN, Pictures
from earful.networks.bluesky.session import Session
from earful.networks.bluesky.xrpc import Call
from earful.networks.contract import Person, Ports, Rejected, counted

KEEP_FOR = timedelta(hours=1)
KEEP = 10_000
_AT_ONCE = 25
_AGAIN_AFTER = 0.5
"""Seconds: whoever has just come is posted by the firehose before the AppView knows the profile."""
_UNKNOWN_FOR = timedelta(minutes=1)


class People:
    """Remembers persons by DID."""

    def __init__(self, session: Session, ports: Ports, pictures: Pictures = CDN) -> None:
        self._session, self._ports, self._pictures = session, ports, pictures
        self._known: dict[str, tuple[datetime, Person]] = {}
        self._unknown: dict[str, datetime] = {}

    async def meet(self, dids: Iterable[str]) -> dict[str, Person]:
        """A person for every DID; one the network does not know is called by the DID itself."""
        wanted = list(dict.fromkeys(dids))
        fresh_after = self._ports.now() - KEEP_FOR
        missing = [did for did in wanted if not self._fresh(did, fresh_after)]
        await self._ask_all(missing)
        if strangers := self._strangers(missing):
            await self._ports.wait(_AGAIN_AFTER)
            await self._ask_all(strangers)
        return {did: self._known[did][1] if did in self._known else Person(did, did)
                for did in wanted}  # fmt: skip

    async def weigh(self, dids: Iterable[str]) -> None:
        """Learn how many follow these, where that is not known."""
        wanted = [did for did in dict.fromkeys(dids) if not self._weighed(did)]
        await self._ask_all(wanted)

    def _weighed(self, did: str) -> bool:
        return did in self._known and self._known[did][1].followers is not None

    async def _ask_all(self, dids: list[str]) -> None:
        for start in range(0, len(dids), _AT_ONCE):
            await self._ask(dids[start : start + _AT_ONCE])

    def _strangers(self, asked: list[str]) -> list[str]:
        """Those nobody knew, unless that was so a moment ago as well."""
        now = self._ports.now()
        self._unknown = {did: at for did, at in self._unknown.items() if at > now - _UNKNOWN_FOR}
        found = [did for did in asked if did not in self._known and did not in self._unknown]
        self._unknown |= dict.fromkeys(found, now)
        return found

    def note(self, profile: Mapping[str, Any]) -> Person:
        """The person of a profile that came with an answer."""
        did = str(profile["did"])
        before = self._known[did][1].followers if did in self._known else None
        followers = counted(profile.get("followersCount"))
        person = Person(
            did,
            str(profile["handle"]),
            str(profile.get("displayName") or ""),
            avatar=self._pictures.avatar(str(profile.get("avatar") or "")),
            # Profiles that come with posts are short ones: they don't say it.
            followers=before if followers is None else followers,
        )
        while len(self._known) >= KEEP:
            self._known.pop(next(iter(self._known)))
        self._known[did] = (self._ports.now(), person)
        return person

    def _fresh(self, did: str, after: datetime) -> bool:
        return did in self._known and self._known[did][0] > after

    async def _ask(self, dids: list[str]) -> None:
        call = Call(name="app.bsky.actor.getProfiles", params={"actors": dids})
        try:
            said = await self._session.call(call)
        except Rejected:  # an odd DID must not hold up the posts of all
            return
        for profile in said.get("profiles") or ():
            self.note(profile)
