"""Posts in pages, newest first: mentions, an account's posts, quotes, recent search."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from earful.networks.x.prices import QUERY_LENGTH, QUERY_LENGTH_ENTERPRISE, Item
from earful.networks.x.simulator import render
from earful.networks.x.simulator.call import Call, Route, checked
from earful.networks.x.simulator.fields import words
from earful.networks.x.simulator.problems import invalid, missing
from earful.networks.x.simulator.query import BadQuery, parse
from earful.networks.x.simulator.things import Post
from earful.networks.x.simulator.wire import Answer
from earful.networks.x.times import made_at

_READ = words("tweet.read users.read")
_MARK = "7140dibdnow9c"
_RECENT = timedelta(days=7)


async def mentions(call: Call) -> Answer:
    """Posts that call an account; cheaper for the app's owner."""
    world = call.state.world
    id_ = checked("id", call.path["id"])
    if id_ not in world.users:
        return call.say({"errors": [missing("user", "id", id_)]})
    own = call.viewer == id_ == world.brands[0]
    return _page(
        call,
        world.by_mention.get(id_, []),
        most=call.number("max_results", 5, 100, 10),
        item=Item.READ_MENTION if own else Item.READ_POST,
    )


async def posts(call: Call) -> Answer:
    """Posts that an account wrote."""
    world = call.state.world
    id_ = checked("id", call.path["id"])
    if id_ not in world.users:
        return call.say({"errors": [missing("user", "id", id_)]})
    no_replies = "replies" in call.request.query.get("exclude", "")
    return _page(
        call,
        world.by_author.get(id_, []),
        most=call.number("max_results", 5, 100, 10),
        test=lambda post: not (no_replies and post.reply_to),
    )


async def quotes(call: Call) -> Answer:
    """Posts that quote one."""
    id_ = checked("id", call.path["id"])
    return _page(
        call,
        list(call.state.world.posts),
        most=call.number("max_results", 10, 100, 10),
        test=lambda post: post.quoted == id_,
    )


async def search(call: Call) -> Answer:
    """What was written in the last seven days."""
    state, query = call.state, call.request.query.get("query", "")
    longest = QUERY_LENGTH_ENTERPRISE if state.plan.tier == "enterprise" else QUERY_LENGTH
    if not 1 <= len(query) <= longest:
        raise invalid("query", query[:50], f"The query is not between 1 and {longest} characters")
    try:
        test = parse(query)
    except BadQuery as error:
        raise invalid("query", query, f"There were errors processing your request: {error}") from (
            error
        )
    since = call.request.query.get("since_id", "")
    oldest = state.now() - _RECENT
    if since and (made_at(checked("since_id", since)) or datetime.min.replace(tzinfo=UTC)) < oldest:
        raise invalid("since_id", since, f"'since_id' must be a tweet id created after [{oldest}]")
    return _page(
        call,
        list(state.world.posts),
        most=call.number("max_results", 10, 100, 10),
        test=lambda post: post.created_at >= oldest and test(state.world, post),
        viewer=None,
    )


def _page(
    call: Call,
    ids: Sequence[str],
    *,
    most: int,
    item: Item = Item.READ_POST,
    test: Callable[[Post], bool] = lambda _: True,
    viewer: str | None = "",
) -> Answer:
    """One page of `ids`, which rise. The last id of the page stands in the next one's token."""
    world = call.state.world
    viewer = call.viewer if viewer == "" else viewer
    first, last = _bounds(call, ids)
    fits = _within(call)
    good = (
        post
        for post in (world.posts[ids[index]] for index in range(last - 1, first - 1, -1))
        if post.stands
        and not post.superseded
        and world.visible(post, viewer)
        and fits(post)
        and test(post)
    )
    found = list(islice(good, most + 1))
    shown = found[:most]
    call.state.spend.charge(item, [post.id for post in shown])
    meta: dict[str, Any] = {"result_count": len(shown)}
    if not shown:
        return call.say({"meta": meta})
    meta |= {"newest_id": shown[0].id, "oldest_id": shown[-1].id}
    if len(found) > most:
        meta["next_token"] = _MARK + shown[-1].id
    body = render.page(world, shown, call.want, call.viewer, call.state.service)
    return call.say(body | {"meta": meta})


def _bounds(call: Call, ids: Sequence[str]) -> tuple[int, int]:
    query = call.request.query
    first, last = 0, len(ids)
    if since := query.get("since_id"):
        first = bisect_right(ids, int(checked("since_id", since)), key=int)
    until = query.get("until_id")
    token = query.get("pagination_token") or query.get("next_token")
    if until:
        last = bisect_left(ids, int(checked("until_id", until)), key=int)
    if token:
        if not token.startswith(_MARK) or not token[len(_MARK) :].isdecimal():
            raise invalid("pagination_token", token, "The pagination token is not valid")
        last = min(last, bisect_left(ids, int(token[len(_MARK) :]), key=int))
    return first, last


def _within(call: Call) -> Callable[[Post], bool]:
    def read(name: str) -> datetime | None:
        text = call.request.query.get(name)
        try:
            return datetime.fromisoformat(text) if text else None
        except ValueError as error:
            raise invalid(name, text or "", "not an instant of RFC 3339") from error

    start, end = read("start_time"), read("end_time")
    return lambda post: (
        (start is None or post.created_at >= start) and (end is None or post.created_at < end)
    )


ROUTES = (
    Route("GET", "/2/users/{id}/mentions", "mentions", mentions, "both", _READ),
    Route("GET", "/2/users/{id}/tweets", "timeline", posts, "both", _READ),
    Route("GET", "/2/tweets/{id}/quote_tweets", "quotes", quotes, "both", _READ),
    Route("GET", "/2/tweets/search/recent", "search", search, "both", _READ),
)
