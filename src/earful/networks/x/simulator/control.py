"""The tester's door: `/_sim/`, with a token of its own, on this machine only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec

from earful.networks.x.simulator import stage
from earful.networks.x.simulator.faults import Fault
from earful.networks.x.simulator.plan import Change
from earful.networks.x.simulator.problems import blank
from earful.networks.x.simulator.state import State
from earful.networks.x.simulator.streams import Spoiling as StreamSpoiling
from earful.networks.x.simulator.things import Post
from earful.networks.x.simulator.webhooks import Spoiling as HookSpoiling
from earful.networks.x.simulator.wire import Answer, Request

PREFIX = "/_sim/"
T = TypeVar("T")
_Act = Callable[[State, Request], Awaitable[Any]]


class Step(msgspec.Struct, forbid_unknown_fields=True):
    """Move the clock on by so many seconds."""

    advance: float


class Named(msgspec.Struct, forbid_unknown_fields=True):
    """An account of the brand."""

    handle: str


class Countries(msgspec.Struct, forbid_unknown_fields=True):
    """Where a post is withheld."""

    countries: tuple[str, ...]


class Ended(msgspec.Struct, forbid_unknown_fields=True):
    """End all streams; where `said`, with X's last words, else as a broken line does."""

    said: bool = False


class Spent(msgspec.Struct, forbid_unknown_fields=True):
    """Use up the requests of a place, of the user `handle` or of the app."""

    place: str
    handle: str = ""


async def control(state: State, request: Request) -> Answer:
    """Answer a tester."""
    if request.headers.get("x-sim-token") != state.tokens.app.control:
        return blank(401, "x-sim-token is wanted")
    path = request.path.removeprefix(PREFIX)
    kind, _, id_ = path.partition("/")
    act = _ACTS.get((request.method, kind + ("/" if id_ else "")))
    if act is None:
        return blank(404, f"nothing at {request.method} {request.path}")
    try:
        told = await act(state, msgspec.structs.replace(request, path=id_))
    except (msgspec.MsgspecError, ValueError, KeyError) as error:
        return Answer(422, {"detail": str(error)})
    return Answer(204, b"") if told is None else Answer(200, told)


def _read(request: Request, kind: type[T]) -> T:
    return msgspec.json.decode(request.body or b"{}", type=kind)


async def _ledger(state: State, request: Request) -> Any:
    return {"entries": state.world.ledger[int(request.query.get("after", 0)) :]}


async def _spend(state: State, _: Request) -> Any:
    return state.spend.told()


async def _account(state: State, request: Request) -> Any:
    return stage.account(state.world, _read(request, stage.Account))


async def _post(state: State, request: Request) -> Any:
    return stage.post(state.world, _read(request, stage.Line))


async def _delete_post(state: State, request: Request) -> Any:
    stage.delete(state.world, request.path)


async def _withhold(state: State, request: Request) -> Any:
    found: Post = state.world.posts[request.path]
    found.withheld = _read(request, Countries).countries


async def _dm(state: State, request: Request) -> Any:
    return stage.dm(state, _read(request, stage.Word))


async def _read_dm(state: State, request: Request) -> Any:
    state.hub.read(state.world.dms[request.path])


async def _burst(state: State, request: Request) -> Any:
    return {"ids": stage.burst(state.world, _read(request, stage.Burst))}


async def _fault(state: State, request: Request) -> Any:
    state.faults.add(_read(request, Fault))


async def _no_fault(state: State, _: Request) -> Any:
    state.faults.clear()


async def _streams(state: State, request: Request) -> Any:
    state.hub.streams.spoil(_read(request, StreamSpoiling))


async def _end_streams(state: State, request: Request) -> Any:
    said = _read(request, Ended).said
    for connection in state.hub.streams.active():
        state.hub.streams.end(connection, "upstream", said=said)


async def _hooks(state: State, request: Request) -> Any:
    state.webhooks.spoil(_read(request, HookSpoiling))


async def _clock(state: State, request: Request) -> Any:
    return {"now": state.now.advance(_read(request, Step).advance)}


async def _tokens(state: State, request: Request) -> Any:
    """New tokens for an account, as if it had signed in."""
    user = state.world.user(_read(request, Named).handle)
    if user is None or user.id not in state.world.brands:
        raise stage.Unknown("no such brand")
    return state.tokens.grant(user.id)


async def _expire(state: State, request: Request) -> Any:
    state.tokens.expire(state.world.ids[_read(request, Named).handle.lower()])


async def _revoke(state: State, request: Request) -> Any:
    """The user takes the app's rights back."""
    revoke(state, _read(request, Named).handle)


async def _spent(state: State, request: Request) -> Any:
    wish = _read(request, Spent)
    user = state.world.user(wish.handle) if wish.handle else None
    state.limits.spend(wish.place, user.id if user else None)


async def _plan(state: State, request: Request) -> Any:
    _read(request, Change).apply(state.plan)


async def _state(state: State, _: Request) -> Any:
    active = [one.endpoint for one in state.hub.streams.active()]
    return {
        "now": state.now(),
        "streams": active,
        "webhooks": list(state.webhooks.hooks.values()),
        "answers": state.webhooks.answers,
        "struck": state.faults.struck,
    }


def revoke(state: State, handle: str) -> None:
    """A user takes the app's rights back, and whoever subscribed hears of it."""
    user = state.world.user(handle)
    if user is None:
        raise stage.Unknown(f"no account {handle}")
    state.tokens.revoke_user(user.id)
    payload = {
        "date_time": state.now().isoformat(timespec="seconds"),
        "user_id": user.id,
        "app_id": state.tokens.app.id,
    }
    state.hub.spread(("oauth.revoke", user.id, payload, None))


_ACTS: dict[tuple[str, str], _Act] = {
    ("GET", "ledger"): _ledger,
    ("GET", "spend"): _spend,
    ("GET", "state"): _state,
    ("POST", "accounts"): _account,
    ("POST", "posts"): _post,
    ("DELETE", "posts/"): _delete_post,
    ("PUT", "withheld/"): _withhold,
    ("POST", "dms"): _dm,
    ("PUT", "read/"): _read_dm,
    ("POST", "burst"): _burst,
    ("POST", "faults"): _fault,
    ("DELETE", "faults"): _no_fault,
    ("PUT", "streams"): _streams,
    ("DELETE", "streams"): _end_streams,
    ("PUT", "webhooks"): _hooks,
    ("POST", "clock"): _clock,
    ("POST", "tokens"): _tokens,
    ("POST", "expire"): _expire,
    ("POST", "revoke"): _revoke,
    ("POST", "spent"): _spent,
    ("PUT", "plan"): _plan,
}
