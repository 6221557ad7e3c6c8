"""Accounts: by id, by name, and one's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from earful.networks.x.prices import Item
from earful.networks.x.simulator import render
from earful.networks.x.simulator.call import Call, Route, checked
from earful.networks.x.simulator.fields import words
from earful.networks.x.simulator.problems import hidden, invalid, missing
from earful.networks.x.simulator.things import User
from earful.networks.x.simulator.wire import Answer

_NAME = re.compile(r"[A-Za-z0-9_]{1,15}")
_READ = words("users.read tweet.read")


async def me(call: Call) -> Answer:
    """The account whose token it is."""
    return call.say({"data": _shown(call, call.me)})


async def by_id(call: Call) -> Answer:
    """One account."""
    return _one(call, "id", checked("id", call.path["id"]), call.state.world.users.get)


async def by_username(call: Call) -> Answer:
    """One account by its name."""
    return _one(call, "username", _named(call.path["username"]), call.state.world.user)


async def by_ids(call: Call) -> Answer:
    """Up to 100 accounts."""
    return _many(call, "ids", call.ids("ids"), call.state.world.users.get)


async def by_usernames(call: Call) -> Answer:
    """Up to 100 accounts by their names."""
    given = [part for part in call.request.query.get("usernames", "").split(",") if part]
    if not 1 <= len(given) <= 100:
        raise invalid("usernames", ",".join(given), "1 to 100 `usernames` are wanted")
    return _many(call, "usernames", [_named(one) for one in given], call.state.world.user)


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise invalid("username", name, f"The `username` value [{name}] does not match its form")
    return name


def _one(call: Call, parameter: str, value: str, find: Callable[[str], User | None]) -> Answer:
    user = find(value)
    if user is None:
        return call.say({"errors": [missing("user", parameter, value)]})
    if user.suspended:
        return call.say({"errors": [_suspended(parameter, value)]})
    return call.say({"data": _shown(call, user)})


def _many(
    call: Call, parameter: str, values: list[str], find: Callable[[str], User | None]
) -> Answer:
    data, errors = [], []
    for value in values:
        user = find(value)
        if user is None:
            errors.append(missing("user", parameter, value))
        elif user.suspended:
            errors.append(_suspended(parameter, value))
        else:
            data.append(_shown(call, user))
    body = {"data": data, "errors": errors}
    return call.say({name: value for name, value in body.items() if value})


def _suspended(parameter: str, value: str) -> dict[str, Any]:
    detail = f"User has been suspended: [{value}]."
    return hidden("user", parameter, value) | {"detail": detail, "title": "Forbidden"}


def _shown(call: Call, user: User) -> dict[str, Any]:
    call.state.spend.charge(Item.READ_USER, [user.id])
    return render.user(call.state.world, user, call.want.user, call.viewer)


ROUTES = (
    Route("GET", "/2/users/me", "me", me, "user", _READ),
    Route("GET", "/2/users", "users", by_ids, "both", _READ),
    Route("GET", "/2/users/by", "users", by_usernames, "both", _READ),
    Route("GET", "/2/users/by/username/{username}", "users", by_username, "both", _READ),
    Route("GET", "/2/users/{id}", "users", by_id, "both", _READ),
)
