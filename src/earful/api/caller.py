"""Who calls: the principal of each request, what she may see, and the unit of work she acts in."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import msgspec
from litestar import Request
from litestar.datastructures import State
from litestar.di import NamedDependency

from earful.accounts.csrf import csrf_matches
from earful.accounts.identify import Principal, identify, refresh
from earful.accounts.roles import Scope, may
from earful.kit.ids import is_id
from earful.kit.refusal import NotFound, Refused
from earful.stream.screen import Inboxes
from earful.stream.work import Actor, Work

COOKIE = "earful_session"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Caller(msgspec.Struct, frozen=True):
    """An agent behind a request. `inboxes` are those she may see; None means all."""

    who: Principal
    inboxes: Inboxes
    state: State
    key: tuple[str, bytes] | None = None
    """The idempotency key she sent, and the hash of what came with it."""

    @property
    def workspace_id(self) -> str:
        """Her workspace."""
        return self.who.workspace_id

    @property
    def id(self) -> str:
        """Her agent id."""
        return self.who.agent_id

    @property
    def actor(self) -> Actor:
        """Her as the actor of events."""
        return Actor("agent", self.who.agent_id, self.who.name)

    def now(self) -> datetime:
        """The instant, by the app's clock."""
        instant: datetime = self.state.now()
        return instant

    def need(self, act: str) -> None:
        """Raise Refused unless she may do `act`."""
        if scope := self.who.lacks(act):
            raise Refused("forbidden", self._lacking(scope), scope=scope)
        if not self.who.may(act):
            raise Refused("forbidden", "Your role does not allow this. Ask a lead or an owner.")

    def _lacking(self, scope: Scope) -> str:
        words = f"This token was made without the scope {scope}, which this needs."
        if scope == "admin" and not may(self.who.role, "token.change"):
            return f"{words} Tokens of your role have no such scope: sign in to do this."
        return f"{words} Make a token that has it, or sign in to do this."

    def check_inbox(self, inbox_id: str | None) -> None:
        """Raise NotFound unless she may see the inbox."""
        if self.inboxes is not None and inbox_id not in self.inboxes:
            raise NotFound("conversation")

    @asynccontextmanager
    async def work(self, act: str) -> AsyncIterator[Work]:
        """A unit of work by her, once `act` is allowed; commits on a clean exit."""
        self.need(act)
        async with self.state.works.open(self.workspace_id, self.actor) as work:
            yield work

    @asynccontextmanager
    async def on(self, conversation_id: str, act: str) -> AsyncIterator[Work]:
        """A unit of work on a conversation that she may see."""
        check_id(conversation_id, "conversation")
        async with self.work(act) as work:
            inbox_id = await work.db.fetchval(
                "SELECT inbox_id FROM conversation WHERE workspace_id = $1 AND id = $2",
                self.workspace_id,
                conversation_id,
            )
            if inbox_id is None:
                raise NotFound("conversation")
            self.check_inbox(inbox_id)
            yield work


Called = NamedDependency[Caller]
"""How a route asks for its caller."""


def check_id(text: str, what: str) -> str:
    """`text` if it has the shape of an id. Raises NotFound."""
    if not is_id(text):
        raise NotFound(what)
    return text


async def provide_caller(request: Request[Any, Any, Any]) -> Caller:
    """The caller of a request. Raises Refused("unauthorized") or ("csrf")."""
    cookie = request.cookies.get(COOKIE)
    bearer = _bearer(request.headers.get("authorization"))
    state = request.app.state
    async with state.database.acquire() as db:
        who = await identify(db, cookie=cookie, bearer=bearer, now=state.now())
        if who is None:
            raise Refused("unauthorized", "Sign in first.")
        if who.stale:
            await refresh(db, who, now=state.now())
    unsafe = request.method not in _SAFE and who.session_id is not None
    if unsafe and not csrf_matches(cookie, request.headers.get("x-csrf-token")):
        raise Refused("csrf", "The page is out of date. Reload it, then try again.")
    return Caller(who, who.inboxes, state, await _key(request))


async def _key(request: Request[Any, Any, Any]) -> tuple[str, bytes] | None:
    key = request.headers.get("idempotency-key")
    if key is None or request.method != "POST":
        return None
    asked = request.url.path.encode() + b"\0" + await request.body()
    return key, hashlib.sha256(asked).digest()


def _bearer(header: str | None) -> str | None:
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
