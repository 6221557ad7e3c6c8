"""A request on its way to what answers it, and how endpoints are declared."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any, Literal

import msgspec

from earful.networks.x.simulator.fields import Wanted, renamed, wanted
from earful.networks.x.simulator.plan import Names
from earful.networks.x.simulator.problems import invalid
from earful.networks.x.simulator.state import State
from earful.networks.x.simulator.things import User
from earful.networks.x.simulator.tokens import Access
from earful.networks.x.simulator.wire import Answer, Request

Who = Literal["user", "app", "both", "nobody"]
ID = re.compile(r"[0-9]{1,19}")


class Call(msgspec.Struct, frozen=True):
    """One request, read and let in. `path` has the values of the path's parts."""

    state: State
    request: Request
    access: Access
    path: dict[str, str]

    @property
    def want(self) -> Wanted:
        """The fields asked for. Raises Trouble (400)."""
        return wanted(self.request.query, self.state.plan.names)

    @property
    def names(self) -> Names:
        """The vocabulary of the answer."""
        return self.want.names

    @property
    def me(self) -> User:
        """The user whose token this is."""
        return self.state.world.users[self.access.user_id or ""]

    @property
    def viewer(self) -> str | None:
        """Through whose eyes to look."""
        return self.access.user_id

    def body(self) -> dict[str, Any]:
        """The JSON object in the request. Raises Trouble (400)."""
        try:
            found = msgspec.json.decode(self.request.body or b"{}")
        except (msgspec.DecodeError, RecursionError) as error:
            raise invalid("body", "", f"not JSON: {error}") from error
        if not isinstance(found, dict):
            raise invalid("body", "", "an object is wanted")
        return found

    def number(self, name: str, low: int, high: int, default: int) -> int:
        """A whole number from the query. Raises Trouble (400)."""
        text = self.request.query.get(name)
        if text is None:
            return default
        if not text.isdecimal() or not low <= int(text) <= high:
            message = f"The `{name}` query parameter value [{text}] is not between {low} and {high}"
            raise invalid(name, text, message)
        return int(text)

    def ids(self, name: str, most: int = 100) -> list[str]:
        """Ids from the query. Raises Trouble (400)."""
        given = [part for part in self.request.query.get(name, "").split(",") if part]
        if not 1 <= len(given) <= most:
            raise invalid(name, ",".join(given), f"1 to {most} `{name}` are wanted")
        for one in given:
            checked(name, one)
        return given

    def say(self, body: dict[str, Any], status: int = 200) -> Answer:
        """An answer in the request's words."""
        return Answer(status, renamed(body, self.names))


def checked(name: str, value: str) -> str:
    """An id that looks like one. Raises Trouble (400)."""
    if not ID.fullmatch(value):
        raise invalid(name, value, f"The `{name}` query parameter value [{value}] is not valid")
    return value


class Route(msgspec.Struct, frozen=True):
    """An endpoint. `place` names it for limits and faults; `scopes` are those a user must give."""

    method: str
    path: str
    place: str
    handler: Callable[[Call], Awaitable[Answer]]
    who: Who = "both"
    scopes: frozenset[str] = frozenset()

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """The parts of a path that fits."""
        if method != self.method:
            return None
        pattern, given = self.path.split("/"), path.split("/")
        if len(pattern) != len(given):
            return None
        parts = {}
        for wish, part in zip(pattern, given, strict=True):
            if wish.startswith("{"):
                parts[wish[1:-1]] = part
            elif wish != part:
                return None
        return parts
