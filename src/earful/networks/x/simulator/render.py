"""Accounts, posts, media and direct messages as X answers them, in its older words."""

from __future__ import annotations

from typing import Any

from earful.networks.x.length import LENGTH, weigh
from earful.networks.x.simulator.clock import stamp
from earful.networks.x.simulator.entities import Shown, short, shown
from earful.networks.x.simulator.fields import Wanted
from earful.networks.x.simulator.things import EDITABLE_FOR, EDITS, Dm, Medium, Post, User
from earful.networks.x.simulator.world import World
from earful.networks.x.simulator.writing import editable

Thing = dict[str, Any]


def user(world: World, who: User, fields: frozenset[str], viewer: str | None = None) -> Thing:
    """An account."""
    posts = world.by_author.get(who.id, [])
    full: Thing = {
        "id": who.id,
        "name": who.name,
        "username": who.username,
        "created_at": stamp(who.created_at),
        "description": who.description,
        "protected": who.protected,
        "verified": who.verified_type != "none",
        "verified_type": who.verified_type,
        "profile_image_url": f"https://pbs.twimg.com/profile_images/{who.id}/face_normal.png",
        "receives_your_dm": receives(world, who, viewer),
        "public_metrics": {
            "followers_count": who.followers,
            "following_count": 0,
            "tweet_count": len(posts),
            "post_count": len(posts),
            "listed_count": 0,
            "like_count": 0,
            "media_count": 0,
        },
        "url": "",
        "location": "",
    }
    if posts:
        full["most_recent_tweet_id"] = posts[-1]
    if who.withheld:
        full["withheld"] = {"country_codes": list(who.withheld), "scope": "user"}
    return {name: value for name, value in full.items() if name in fields}


def receives(world: World, who: User, sender: str | None) -> bool:
    """Whether `sender` may write to `who`: open to all, or has been written to."""
    return who.receives_dms or (who.id, sender) in world.wrote


def post(world: World, it: Post, fields: frozenset[str]) -> Thing:
    """A post. A long one is cut short, its whole text in `note_tweet`."""
    brief, whole = _texts(world, it)
    full: Thing = {
        "id": it.id,
        "text": brief.text,
        "edit_history_tweet_ids": list(it.history),
        "author_id": it.author_id,
        "created_at": stamp(it.created_at),
        "conversation_id": it.conversation_id,
        "display_text_range": [it.prefix, brief.end],
        "lang": it.lang,
        "possibly_sensitive": False,
        "paid_partnership": False,
        "reply_settings": it.reply_settings,
        "edit_controls": {
            "edits_remaining": EDITS + 1 - len(it.history),
            "is_edit_eligible": editable(world, it),
            "editable_until": stamp(world.posts[it.history[0]].created_at + EDITABLE_FOR),
        },
        "public_metrics": {
            # Each of X's descriptions demands its own word for this; the other is more than asked.
            "retweet_count": 0,
            "repost_count": 0,
            "reply_count": 0,
            "like_count": 0,
            "quote_count": 0,
            "bookmark_count": 0,
            "impression_count": 0,
        },
        "entities": brief.entities,
        "in_reply_to_user_id": it.reply_to_user,
        "referenced_tweets": _references(it),
        "attachments": {"media_keys": [world.media[id_].key for id_ in it.media]}
        if it.media
        else None,
        "note_tweet": {"text": whole.text, "entities": whole.entities} if whole else None,
        "withheld": {"copyright": False, "country_codes": list(it.withheld)}
        if it.withheld
        else None,
    }
    return {
        name: value for name, value in full.items() if name in fields and (value or value is False)
    }


def medium(it: Medium, fields: frozenset[str], service: str) -> Thing:
    """A picture or film; its file lies with the simulator."""
    full: Thing = {
        "media_key": it.key,
        "type": it.kind,
        "width": it.width,
        "height": it.height,
        "alt_text": it.alt,
    }
    address = f"{service}/media/{it.id}"
    if it.kind == "photo":
        full["url"] = address
    else:
        full["preview_image_url"] = address
        full["variants"] = [{"bit_rate": 0, "content_type": "video/mp4", "url": address}]
        full["duration_ms"] = 1000
    return {name: value for name, value in full.items() if name in fields and value != ""}


def private(it: Medium, dm_id: str, fields: frozenset[str]) -> Thing:
    """A picture or film in a direct message; only those who write to each other may have it."""
    told = medium(it, fields, "")
    for name in ("url", "preview_image_url"):
        if name in told:
            told[name] = private_place(it, dm_id)
    told.pop("variants", None)
    return told


def private_place(it: Medium, dm_id: str) -> str:
    """Where X says that it lies: of use to nobody who does not ask the API for it."""
    return f"https://ton.x.com/1.1/ton/data/dm/{dm_id}/{it.id}/{it.id}.png"


def dm(world: World, it: Dm, fields: frozenset[str]) -> Thing:
    """A direct message."""
    seen = shown(it.text, world.ids)
    full: Thing = {
        "id": it.id,
        "text": seen.text,
        "event_type": "MessageCreate",
        "created_at": stamp(it.created_at),
        "sender_id": it.sender_id,
        "dm_conversation_id": it.conversation_id,
        "participant_ids": None,
        "entities": seen.entities,
        "attachments": {"media_keys": [world.media[id_].key for id_ in it.media]}
        if it.media
        else None,
    }
    return {name: value for name, value in full.items() if name in fields and value}


def text_of(world: World, it: Post) -> str:
    """The text as the answer to its publication has it."""
    return _texts(world, it)[0].text


def _texts(world: World, it: Post) -> tuple[Shown, Shown | None]:
    """As answered, and whole where that is cut short; made once, since counting takes its time."""
    if it.id not in world.shown:
        world.shown[it.id] = _written_out(world, it)
    return world.shown[it.id]


def _written_out(world: World, it: Post) -> tuple[Shown, Shown | None]:
    added: dict[str, dict[str, str]] = {}
    if quoted := world.posts.get(it.quoted or ""):
        name = world.users[quoted.author_id].username
        added[f"https://twitter.com/{name}/status/{quoted.id}"] = {}
    if it.media:
        medium = world.media[it.media[0]]
        kind = "photo" if medium.kind == "photo" else "video"
        address = f"https://x.com/{world.users[it.author_id].username}/status/{it.id}/{kind}/1"
        shortly = short(address).replace("https://t.co/", "pic.x.com/")
        added[address] = {"display_url": shortly, "media_key": medium.key}
    # What leads a reply is not counted, nor the links that X puts behind a text.
    if weigh(it.typed) <= LENGTH:
        return shown(it.text, world.ids, added), None
    return shown(it.text[: it.prefix + 270] + "…", world.ids, added), shown(it.text, world.ids)


def _references(it: Post) -> list[Thing]:
    found = (("replied_to", it.reply_to), ("quoted", it.quoted))
    return [{"type": kind, "id": id_} for kind, id_ in found if id_]


def page(world: World, posts: list[Post], want: Wanted, viewer: str | None, service: str) -> Thing:
    """Posts with what they expand to, for the body of an answer."""
    body: Thing = {"data": [post(world, it, want.post) for it in posts]}
    if included := _included(world, posts, want, viewer, service):
        body["includes"] = included
    return body


def _included(
    world: World, posts: list[Post], want: Wanted, viewer: str | None, service: str
) -> Thing:
    ids: list[str | None] = []
    media = list(posts) if "attachments.media_keys" in want.expansions else []
    others: list[Post] = []
    if want.expansions & {"referenced_tweets.id", "referenced_posts"}:
        near = (world.post(id_) for it in posts for id_ in (it.reply_to, it.quoted) if id_)
        others = [it for it in near if it and world.visible(it, viewer)]
    if "referenced_tweets.id.author_id" in want.expansions:
        ids += [it.author_id for it in others]
    if "referenced_tweets.id.attachments.media_keys" in want.expansions:
        media += others
    for it in posts:
        if want.expansions & {"author_id", "username"}:
            ids.append(it.author_id)
        if "in_reply_to_user_id" in want.expansions:
            ids.append(it.reply_to_user)
        if "entities.mentions.username" in want.expansions:
            ids += it.mentions
    found: Thing = {
        "users": [
            user(world, world.users[id_], want.user, viewer) for id_ in dict.fromkeys(ids) if id_
        ],
        "tweets": [post(world, it, want.post) for it in {it.id: it for it in others}.values()],
        "media": [
            medium(world.media[id_], want.media, service)
            for id_ in dict.fromkeys(id_ for it in media for id_ in it.media)
        ],
    }
    return {name: value for name, value in found.items() if value}
