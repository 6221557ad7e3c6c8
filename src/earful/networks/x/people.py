"""Who wrote what: X leaves authors out now and then, and they are asked for once."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from earful.networks.contract import Change, NetworkError, Person, Post
from earful.networks.x.api import Call
from earful.networks.x.asking import user_fields
from earful.networks.x.payloads import pieces, read_user
from earful.networks.x.prices import Item
from earful.networks.x.session import Session
from earful.networks.x.spending import Spending
from earful.networks.x.times import number
from earful.networks.x.translate import person, web_address
from earful.networks.x.wire import User

_KNOWN = 20_000
_PAGE = 100


class People:
    """Remembers people as long as the connector lives."""

    def __init__(self, session: Session, spending: Spending, names: str) -> None:
        self._session, self._spending, self._names = session, spending, names
        self._known: dict[str, Person] = {}

    async def completed(self, changes: Iterable[Change]) -> list[Change]:
        """The changes, with handles and names where X left them out. Never fails: somebody whom X
        does not tell of goes by a number until she writes again."""
        told = list(changes)
        missing = []
        for change in told:
            for each in _people(change):
                if each.handle and each.name:
                    self._note(each)
                elif each.external_id not in self._known and number(each.external_id):
                    missing.append(each.external_id)
        missing = list(dict.fromkeys(missing))
        for first in range(0, len(missing), _PAGE):
            await self._ask(missing[first : first + _PAGE])
        return self.named(told)

    def named(self, changes: Iterable[Change]) -> list[Change]:
        """The changes, with what is known of people by now."""
        return [self._named(change) for change in changes]

    async def user(self, id_: str) -> User | None:
        """Somebody, asked now; None when X does not tell. Raises a NetworkError."""
        found = await self._users([id_])
        return found[0] if found else None

    async def _ask(self, ids: list[str]) -> None:
        try:
            for user in await self._users(ids):
                self._note(person(user.id, user))
        except NetworkError:
            return

    async def _users(self, ids: list[str]) -> list[User]:
        params = {"ids": ",".join(ids), **user_fields(self._names)}
        page = await self._session.call(Call(path="/2/users", bucket="users", params=params))
        told = (read_user(raw) for raw in pieces(page.data))
        found = [user for user in told if user is not None]
        await self._spending.read(Item.READ_USER, [user.id for user in found])
        return found

    def _note(self, somebody: Person) -> None:
        while len(self._known) >= _KNOWN:
            self._known.pop(next(iter(self._known)))
        self._known[somebody.external_id] = somebody

    def _named(self, change: Change) -> Change:
        if not isinstance(change, Post):
            return change
        author = self._full(change.author)
        other = self._full(change.to) if change.to else None
        if author is change.author and other is change.to:
            return change
        uri = change.uri
        if "/i/status/" in uri and author.handle != author.external_id:
            uri = web_address(str(change.ref.get("id", change.external_id)), author.handle)
        return msgspec.structs.replace(change, author=author, to=other, uri=uri)

    def _full(self, somebody: Person) -> Person:
        if somebody.handle:
            return somebody
        number = somebody.external_id
        return self._known.get(number) or Person(number, number, somebody.name)


def _people(change: Change) -> list[Person]:
    if not isinstance(change, Post):
        return []
    found = [change.author, *([change.to] if change.to else [])]
    return [each for each in found if not each.handle or each.name]
