"""Whether a post may be published: X's rules, its tiers', and the summons."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from earful.networks.x.length import LENGTH, acceptable, links, weigh
from earful.networks.x.prices import Item
from earful.networks.x.simulator.fields import words
from earful.networks.x.simulator.problems import DUPLICATE, NOT_SUMMONED, forbidden, invalid
from earful.networks.x.simulator.state import State
from earful.networks.x.simulator.things import Post, User
from earful.networks.x.simulator.world import World
from earful.networks.x.simulator.writing import Written, editable

PREMIUM_LENGTH = 25_000
_DUPLICATE_FOR = timedelta(hours=24)
_KNOWN = words(
    "text reply quote_tweet_id media reply_settings direct_message_deep_link "
    "made_with_ai edit_options card_uri community_id for_super_followers_only geo "
    "nullcast paid_partnership poll share_with_followers"
)
_SETTINGS = frozenset({"everyone", "following", "mentionedUsers", "subscribers", "verified"})


def admitted(state: State, author: User, body: dict[str, Any]) -> Written:
    """Read what is to be published. Raises Trouble where X wouldn't."""
    for name in sorted(set(body) - _KNOWN):
        raise invalid(name, str(body[name])[:50], f"$.{name}: is not defined in the schema")
    reply, edit = body.get("reply") or {}, body.get("edit_options") or {}
    written = Written(
        text=body.get("text") or "",
        reply_to=reply.get("in_reply_to_tweet_id"),
        excluded=tuple(reply.get("exclude_reply_user_ids") or ()),
        quoted=body.get("quote_tweet_id"),
        media=tuple((body.get("media") or {}).get("media_ids") or ()),
        reply_settings=body.get("reply_settings") or "everyone",
        previous=edit.get("previous_post_id"),
        deep_link=body.get("direct_message_deep_link") or "",
        made_with_ai=bool(body.get("made_with_ai")),
        by_api=True,
    )
    _well_formed(state, author, written)
    if written.quoted:
        _quotable(state, author, written.quoted)
    if written.reply_to:
        _answerable(state, author, written.reply_to)
    if written.previous:
        _replaceable(state.world, author, written.previous)
    _new(state.world, author, written)
    return written


def summoned(state: State, author: User, parent: Post) -> bool:
    """Whether the API lets `author` reply to `parent`, by X's rule for self-serve tiers."""
    if state.plan.tier == "enterprise" or parent.author_id == author.id:
        return True
    quoted = state.world.posts.get(parent.quoted or "")
    if quoted and quoted.author_id == author.id:
        return True
    called = parent.mentions if state.plan.implicit_summons else parent.explicit
    return author.id in called


def price(world: World, author: User, written: Written) -> Item:
    """What it costs. Where X doesn't say (a summoned reply with a link) the dearer."""
    if links(written.text) or written.deep_link:
        return Item.POST_WITH_LINK
    parent = world.posts.get(written.reply_to or "")
    return Item.SUMMONED_REPLY if parent and parent.author_id != author.id else Item.POST


def _well_formed(state: State, author: User, written: Written) -> None:
    if not written.text and not written.media:
        raise invalid("text", "", "a text or media is wanted")
    if written.reply_settings not in _SETTINGS:
        raise invalid("reply_settings", written.reply_settings, "not one of them")
    if written.text:
        most = PREMIUM_LENGTH if state.plan.premium else LENGTH
        if weigh(written.text) > most:
            raise forbidden("Your Tweet text is too long.", 186)
        if most == LENGTH and not acceptable(written.text):
            raise invalid("text", "", "The text contains invalid characters")
    if written.deep_link:
        where = urlsplit(written.deep_link)
        if where.hostname not in ("x.com", "twitter.com") or where.path != "/messages/compose":
            raise invalid("direct_message_deep_link", written.deep_link, "not a link to messages")
    if len(written.media) > 4:
        raise invalid("media.media_ids", ",".join(written.media), "at most 4")
    for id_ in written.media:
        medium = state.world.media.get(id_)
        if medium is None or medium.owner_id != author.id or medium.ready_at is None:
            raise invalid("media.media_ids", id_, "Your media IDs are invalid.")


def _quotable(state: State, author: User, id_: str) -> None:
    quoted = state.world.post(id_)
    if quoted is None or not state.world.visible(quoted, author.id):
        raise forbidden("You attempted to quote a Tweet that is deleted or not visible to you.")
    if not summoned(state, author, quoted):
        raise forbidden(NOT_SUMMONED[0])
    if state.plan.tier == "self-serve":
        raise forbidden("You are not permitted to perform this action.")


def _answerable(state: State, author: User, id_: str) -> None:
    parent = state.world.post(id_)
    if parent is None or not state.world.visible(parent, author.id):
        raise forbidden("You attempted to reply to a Tweet that is deleted or not visible to you.")
    if not summoned(state, author, parent):
        # X says the one or the other; here the second stands for replies within a thread.
        raise forbidden(NOT_SUMMONED[1 if parent.reply_to else 0])
    closed = parent.reply_settings not in ("everyone", "mentionedUsers")
    unnamed = parent.reply_settings == "mentionedUsers" and author.id not in parent.mentions
    if parent.author_id != author.id and (closed or unnamed):
        raise forbidden(NOT_SUMMONED[1])


def _replaceable(world: World, author: User, id_: str) -> None:
    previous = world.post(id_)
    if previous is None or previous.author_id != author.id:
        raise forbidden("You are not permitted to edit this Post.")
    if previous.superseded or not editable(world, previous):
        raise forbidden("This Post can no longer be edited.")


def _new(world: World, author: User, written: Written) -> None:
    twin = world.posts.get(world.said.get((author.id, written.reply_to, written.text), ""))
    if twin is None or written.media or not twin.stands or twin.superseded:
        return
    if twin.created_at > world.now() - _DUPLICATE_FOR:
        raise forbidden(DUPLICATE, 187)
