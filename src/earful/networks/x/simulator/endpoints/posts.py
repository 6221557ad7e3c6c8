"""Posts looked up, published, edited, deleted, hidden."""

from __future__ import annotations

from typing import Any

from earful.networks.x.prices import Item
from earful.networks.x.simulator import render
from earful.networks.x.simulator.call import Call, Route, checked
from earful.networks.x.simulator.fields import words
from earful.networks.x.simulator.problems import forbidden, hidden, invalid, missing, not_found
from earful.networks.x.simulator.publishing import admitted, price
from earful.networks.x.simulator.things import Post
from earful.networks.x.simulator.wire import Answer
from earful.networks.x.simulator.writing import write

_READ = words("tweet.read users.read")
_WRITE = words("tweet.read tweet.write users.read")


async def one(call: Call) -> Answer:
    """One post; 200 with `errors` where it isn't to be had."""
    id_ = checked("id", call.path["id"])
    good, errors = _found(call, [id_], "id")
    if not good:
        return call.say({"errors": errors})
    body = render.page(call.state.world, good, call.want, call.viewer, call.state.service)
    return call.say(body | {"data": body["data"][0]})


async def many(call: Call) -> Answer:
    """Up to 100 posts, and what kept the others."""
    good, errors = _found(call, call.ids("ids"), "ids")
    body: dict[str, Any] = {}
    if good:
        body = render.page(call.state.world, good, call.want, call.viewer, call.state.service)
    return call.say(body | ({"errors": errors} if errors else {}))


async def publish(call: Call) -> Answer:
    """A new post, reply, quote, or a new version."""
    state = call.state
    written = admitted(state, call.me, call.body())
    item = price(state.world, call.me, written)
    post = write(state.world, call.me, written)
    state.spend.charge(item, [post.id])
    data = {
        "id": post.id,
        "text": render.text_of(state.world, post),
        "edit_history_tweet_ids": list(post.history),
    }
    return call.say({"data": data}, 201)


async def delete(call: Call) -> Answer:
    """One's own post goes, with all its versions."""
    post = _standing(call, call.path["id"])
    if post.author_id != call.me.id:
        raise forbidden("You are not authorized to delete this Tweet.")
    call.state.world.remove(post, by_api=True)
    call.state.spend.charge(Item.DELETE, [post.id])
    return call.say({"data": {"deleted": True}})


async def hide(call: Call) -> Answer:
    """A reply in one's own conversation is hidden or shown again."""
    wish = call.body().get("hidden")
    if not isinstance(wish, bool):
        raise invalid("hidden", str(wish), "true or false is wanted")
    post = _standing(call, call.path["id"])
    root = call.state.world.posts[post.conversation_id]
    if post.reply_to is None or root.author_id != call.me.id:
        raise forbidden("You are not permitted to hide this reply.")
    call.state.world.hide(post, call.me.id, hidden=wish)
    return call.say({"data": {"hidden": wish}})


def _standing(call: Call, id_: str) -> Post:
    post = call.state.world.post(checked("id", id_))
    if post is None:
        raise not_found("tweet", "id", id_)
    return post


def _found(call: Call, ids: list[str], parameter: str) -> tuple[list[Post], list[dict[str, Any]]]:
    world, good, errors = call.state.world, [], []
    for id_ in ids:
        post = world.post(id_)
        if post is None:
            errors.append(missing("tweet", parameter, id_))
        elif not world.visible(post, call.viewer):
            errors.append(hidden("tweet", parameter, id_))
        else:
            good.append(post)
    call.state.spend.charge(Item.READ_POST, [post.id for post in good])
    return good, errors


ROUTES = (
    Route("GET", "/2/tweets", "posts", many, "both", _READ),
    Route("GET", "/2/tweets/{id}", "post", one, "both", _READ),
    Route("POST", "/2/tweets", "publish", publish, "user", _WRITE),
    Route("DELETE", "/2/tweets/{id}", "delete", delete, "user", _WRITE),
    Route(
        "PUT",
        "/2/tweets/{id}/hidden",
        "hide",
        hide,
        "user",
        words("tweet.read tweet.moderate.write users.read"),
    ),
)
