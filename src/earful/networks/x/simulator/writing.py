"""How posts and direct messages come to be, whoever writes them."""

from __future__ import annotations

import msgspec

from earful.networks.x.simulator.things import EDITABLE_FOR, EDITS, Dm, Post, User
from earful.networks.x.simulator.world import World


class Written(msgspec.Struct, kw_only=True):
    """What an author hands in. `excluded` are ids that a reply shall not call by itself."""

    text: str
    reply_to: str | None = None
    quoted: str | None = None
    media: tuple[str, ...] = ()
    reply_settings: str = "everyone"
    excluded: tuple[str, ...] = ()
    previous: str | None = None
    deep_link: str = ""
    made_with_ai: bool = False
    by_api: bool = False
    lang: str = "en"
    key: str = ""


def write(world: World, author: User, written: Written) -> Post:
    """Publish. What is referred to must exist; who may is not asked here."""
    id_ = world.new_id()
    text, explicit = written.text, world.called(written.text)
    parent = world.posts[written.reply_to] if written.reply_to else None
    prefix = ""
    if parent:
        prefix = _prefix(world, author, parent, written)
        text = prefix + text
    previous = world.posts[written.previous] if written.previous else None
    post = Post(
        id=id_,
        author_id=author.id,
        text=text,
        created_at=world.now(),
        conversation_id=parent.conversation_id if parent else id_,
        reply_to=parent.id if parent else None,
        reply_to_user=parent.author_id if parent else None,
        quoted=written.quoted,
        mentions=world.called(text),
        explicit=frozenset(explicit),
        media=written.media,
        reply_settings=written.reply_settings,
        lang=written.lang,
        history=[id_],
        prefix=len(prefix),
        deep_link=written.deep_link,
        made_with_ai=written.made_with_ai,
        by_api=written.by_api,
        key=written.key,
    )
    if previous:
        _supersede(post, previous)
    world.put(post)
    return post


def editable(world: World, post: Post) -> bool:
    """Whether its author may still edit it: an hour, five times, and no reply to another."""
    other = post.reply_to_user not in (None, post.author_id)
    early = world.now() < world.posts[post.history[0]].created_at + EDITABLE_FOR
    return early and not other and len(post.history) <= EDITS


def message(world: World, sender: User, recipient: User, text: str, media: tuple[str, ...]) -> Dm:
    """A direct message, made but not sent."""
    return Dm(
        id=world.new_id(),
        sender_id=sender.id,
        recipient_id=recipient.id,
        text=text,
        created_at=world.now(),
        media=media,
    )


def _prefix(world: World, author: User, parent: Post, written: Written) -> str:
    """The handles that X puts before a reply: its parent's author and whom that one called.

    A customer's app shows the reply without them; in the API they stand in the text.
    """
    ids = dict.fromkeys((parent.author_id, *parent.mentions))
    typed = set(world.called(written.text))
    left_out = {author.id, *written.excluded} | typed
    return "".join(f"@{world.users[id_].username} " for id_ in ids if id_ not in left_out)


def _supersede(post: Post, previous: Post) -> None:
    """Share one history; an edit keeps the place of what it replaces."""
    previous.history.append(post.id)
    post.history = previous.history
    post.conversation_id = previous.conversation_id
    post.reply_to, post.reply_to_user = previous.reply_to, previous.reply_to_user
    post.quoted = post.quoted or previous.quoted
    post.reply_settings = previous.reply_settings
