"""The X Activity API's events, in the shape of X's samples: they speak the older words."""

from __future__ import annotations

from typing import Any

from earful.networks.x.simulator import render
from earful.networks.x.simulator.clock import milliseconds
from earful.networks.x.simulator.fields import NEWER, everything
from earful.networks.x.simulator.things import Dm, Post
from earful.networks.x.simulator.world import World

ALL = everything("tweet")
POST_FIELDS = ALL.post
FACE_FIELDS = ALL.user - {"receives_your_dm"}
USER_FIELDS = FACE_FIELDS - {"most_recent_tweet_id"}
Told = tuple[str, str, dict[str, Any], dict[str, Any] | None]
"""The event's type, the user it happened to, payload and includes."""


_COUNTS = (("retweet_count", "repost_count"), ("tweet_count", "post_count"))
_NEWER = frozenset(new for _, new in _COUNTS)


def of_post(world: World, post: Post) -> list[Told]:
    """What a new post, or a new version, sets off."""
    payload = _post(world, post)
    told: list[Told] = [("post.create", post.author_id, payload, _with_post(world, post))]
    called = [id_ for id_ in post.mentions if id_ in post.explicit and id_ != post.author_id]
    told += [("post.mention.create", id_, payload, _with_post(world, post, id_)) for id_ in called]
    if post.reply_to_user and post.reply_to_user != post.author_id:
        told.append(("post.reply.create", post.reply_to_user, payload, {}))
    if quoted := world.posts.get(post.quoted or ""):
        told.append(("post.quote.create", quoted.author_id, payload, {}))
    return told


def of_deletion(world: World, post: Post) -> list[Told]:
    """What a deletion sets off."""
    author = {"data": _user(world, post.author_id)}
    payload = {"id": post.id, "author_id": post.author_id}
    return [("post.delete", post.author_id, payload, {"users": [author]})]


def of_dm(world: World, dm: Dm, kinds: tuple[str, ...] = ("dm.received", "dm.sent")) -> list[Told]:
    """What a direct message sets off, for its recipient and its sender."""
    data: dict[str, Any] = {"text": dm.text, "entities": _old_entities()}
    for id_ in dm.media:
        medium = world.media[id_]
        media = {"id": int(id_), "id_str": id_, "type": medium.kind, "media_key": medium.key}
        media["media_url_https"] = media["media_url"] = render.private_place(medium, dm.id)
        data["attachment"] = {"type": "media", "media": media}
    message = {
        "target": {"recipient_id": dm.recipient_id},
        "sender_id": dm.sender_id,
        "message_data": data,
    }
    event = {
        "type": "message_create",
        "id": dm.id,
        "created_timestamp": str(milliseconds(dm.created_at)),
        "message_create": message,
    }
    users = {id_: {"data": _user(world, id_)} for id_ in (dm.sender_id, dm.recipient_id)}
    payload = {"direct_message_events": [event], "users": users}
    ends = {"dm.received": dm.recipient_id, "dm.sent": dm.sender_id, "dm.read": dm.sender_id}
    return [(kind, ends[kind], payload, None) for kind in kinds]


def numbers_told_twice(thing: Any) -> Any:
    """Every number in an object also as text, `start` and `start_str`, as X does in events."""
    if isinstance(thing, list):
        return [numbers_told_twice(one) for one in thing]
    if not isinstance(thing, dict):
        return thing
    out: dict[str, Any] = {}
    for name, value in thing.items():
        if name in _NEWER:
            continue
        out[name] = numbers_told_twice(value)
        if isinstance(value, int) and not isinstance(value, bool):
            out[f"{name}_str"] = str(value)
    return out


def in_newer_words(thing: Any) -> Any:
    """An event in X's newer words; counts stand in both, as they do elsewhere."""
    if isinstance(thing, list):
        return [in_newer_words(one) for one in thing]
    if not isinstance(thing, dict):
        return thing
    counts = {new: thing[old] for old, new in _COUNTS if old in thing}
    told = {NEWER.get(name, name): in_newer_words(one) for name, one in thing.items()}
    return told | counts


def _post(world: World, post: Post) -> dict[str, Any]:
    told = render.post(world, post, POST_FIELDS)
    if post.reply_to:
        told["in_reply_to_tweet_id"] = post.reply_to
    found = numbers_told_twice(told)
    assert isinstance(found, dict)  # noqa: S101 - it was one
    return found


def _user(world: World, id_: str, fields: frozenset[str] = USER_FIELDS) -> dict[str, Any]:
    found = numbers_told_twice(render.user(world, world.users[id_], fields))
    assert isinstance(found, dict)  # noqa: S101 - it was one
    return found


def _with_post(world: World, post: Post, *others: str) -> dict[str, Any]:
    users = [_user(world, id_, FACE_FIELDS) for id_ in dict.fromkeys((post.author_id, *others))]
    return {"users": users, "tweets": [_post(world, post)]}


def _old_entities() -> dict[str, list[Any]]:
    return {"hashtags": [], "symbols": [], "user_mentions": [], "urls": []}
