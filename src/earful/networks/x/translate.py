"""Pure: a post of X and what came with it, into the contract's words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
import regex

from earful.networks.contract import (
    Attachment,
    Change,
    Person,
    Post,
    Published,
    Unreadable,
    counted,
)
from earful.networks.x.payloads import pieces, read_included, read_post, unread, why
from earful.networks.x.reading import after_handles, shown, typed
from earful.networks.x.times import instant, made_at
from earful.networks.x.wire import (
    Included,
    Medium,
    Page,
    Reference,
    Url,
    User,
    XPost,
)

BARRED = (
    "X lets programs answer only those who mention or quote us. Open the post in X to answer there."
)
NOBODYS = "X does not say who wrote it"
STRANGE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What may go wrong with a payload that is none (msgspec's errors are a ValueError)."""

_NO_LANGUAGE = frozenset({"und", "zxx", "art", "qam", "qct", "qht", "qme", "qst"})
_REPOSTS = frozenset({"retweeted", "reposted"})


class Us(msgspec.Struct, frozen=True):
    """Our account, and whether X answers programs only where we were summoned."""

    id: str
    handle: str
    summoned_only: bool = True


def to_changes(
    page: Page, us: Us, now: datetime, *, quotes_us: bool = False, included: Included | None = None
) -> list[Change]:
    """All that a page tells, in its order. `quotes_us`: X told so of them."""
    included = included or read_included(page.includes)
    found = (to_change(raw, included, us, now, quotes_us) for raw in pieces(page.data))
    return [change for change in found if change is not None]


def to_change(
    raw: msgspec.Raw, included: Included, us: Us, now: datetime, quotes_us: bool = False
) -> Change | None:
    """The post, or Unreadable with the reason; None for a repost, which says nothing of its own."""
    try:
        return to_post(read_post(raw), included, us, now, quotes_us)
    except STRANGE as error:
        name, payload = unread(raw)
        return Unreadable(external_id=name, reason=why(error), payload=payload)


def to_post(
    told: XPost, included: Included, us: Us, now: datetime, quotes_us: bool = False
) -> Post | None:
    """The post. Raises ValueError when its author is not told."""
    about = {each.type: each for each in told.references}
    if about.keys() & _REPOSTS:
        return None
    if not told.id:
        raise ValueError("X does not say which post it is")
    if not told.author_id:
        raise ValueError(NOBODYS)
    first = told.history[0]
    author = person(told.author_id, included.users.get(told.author_id), told.username)
    at = made_at(first) or now
    parent, quoted = _parent(told, about, included), about.get("quoted")
    own = told.author_id == us.id
    named = _names(told, us)
    summoned = named or quotes_us or _quotes(told, quoted, included, us)
    edited = first != told.id
    return Post(
        external_id=first,
        author=author,
        text=_text(told, included, quoted),
        published_at=at if edited else instant(told.created_at, at),
        uri=web_address(told.id, author.handle),
        parent_id=parent,
        root_id=told.conversation_id if told.conversation_id not in ("", first) else None,
        quoted_id=_first_version(quoted.id, included) if quoted else None,
        language="" if told.lang in _NO_LANGUAGE else told.lang,
        attachments=_attachments(told, included, author.handle),
        addressed=summoned or told.in_reply_to_user_id == us.id,
        own=own,
        edited_at=instant(told.created_at, made_at(told.id) or now) if edited else None,
        warning=_warning(told, included),
        barred=BARRED if us.summoned_only and not (summoned or own) else "",
        ref={"id": told.id},
    )


def person(id_: str, user: User | None, username: str = "") -> Person:
    """Somebody; where X tells no handle, it is empty."""
    if user is None:
        return Person(id_, username)
    kind = user.affiliation.description if user.affiliation else ""
    return Person(
        id_,
        user.username or user.screen_name or username,
        user.name,
        bot=kind == "Automated",
        avatar=user.profile_image_url,
        followers=_followers(user.public_metrics),
    )


def _followers(metrics: Any) -> int | None:
    return counted(metrics.get("followers_count")) if isinstance(metrics, dict) else None


def web_address(id_: str, handle: str = "") -> str:
    """Where a person can read the post."""
    return f"https://x.com/{handle or 'i'}/status/{id_}"


def to_published(id_: str, text: str, handle: str) -> Published:
    """A part of our own that stands on X."""
    return Published(id_, web_address(id_, handle), text, {"id": id_})


def plain(told: XPost, included: Included) -> str:
    """Its text as typed, for comparing."""
    quoted = next((each for each in told.references if each.type == "quoted"), None)
    return _text(told, included, quoted)


def _text(told: XPost, included: Included, quoted: Reference | None) -> str:
    hidden, text = shown(told.text, told.display_text_range)
    note = told.note
    if note is not None and note.text:
        text = after_handles(note.text) if hidden else note.text
    links = _links(told)
    text = typed(text, links, _silent(links, quoted, included))
    if told.attachments and told.attachments.poll_ids:
        text += _polls(told.attachments.poll_ids, included)
    return text


def _links(told: XPost) -> list[Url]:
    """Those of a long text too, of which X tells apart."""
    found = (told.entities, told.note.entities if told.note else None)
    return [link for each in found if each for link in each.urls or ()]


def _silent(links: Iterable[Url], quoted: Reference | None, included: Included) -> list[str]:
    """Short links that only stand for the quoted post, or for media that X told of."""
    tail = f"/status/{quoted.id}" if quoted else None
    return [
        link.url
        for link in links
        if link.media_key in included.media or (tail and link.expanded_url.endswith(tail))
    ]


def _polls(ids: Iterable[str], included: Included) -> str:
    polls = [included.polls[each] for each in ids if each in included.polls]
    labels = [option.label for poll in polls for option in poll.options or ()]
    return "\n\n" + "\n".join(f"◯ {label}" for label in labels) if labels else ""


def _parent(told: XPost, about: dict[str, Reference], included: Included) -> str | None:
    named = about["replied_to"].id if "replied_to" in about else ""
    found = named or told.in_reply_to_tweet_id or told.in_reply_to_post_id
    return _first_version(found, included) if found else None


def _first_version(id_: str, included: Included) -> str:
    """The id by which a post is known here: its first, whichever version was meant."""
    known = included.posts.get(id_)
    return known.history[0] if known else id_


def _names(told: XPost, us: Us) -> bool:
    """Whether it calls us, in its own words or in the handles that X puts before a reply.

    X does not say whether the latter summon us. It often is a customer who goes on talking, so
    she is not kept waiting for a guess: X's refusal would come in words.
    """
    handle = us.handle.lower()
    for entities in (told.entities, told.note.entities if told.note else None):
        for each in (entities.mentions if entities else None) or ():
            if each.id == us.id or (not each.id and each.username.lower() == handle):
                return True
    if told.entities is not None or not handle:
        return False
    called = regex.compile(rf"(?<!\w)[@＠]{regex.escape(handle)}(?!\w)")
    whole = f"{told.text} {told.note.text if told.note else ''}".lower()
    return called.search(whole) is not None


def _quotes(told: XPost, quoted: Reference | None, included: Included, us: Us) -> bool:
    if quoted is None:
        return False
    known = included.posts.get(quoted.id)
    if known is not None and known.author_id:
        return bool(known.author_id == us.id)
    ours = f"/{us.handle.lower()}/status/{quoted.id}"
    return any(link.expanded_url.lower().endswith(ours) for link in _links(told))


def _attachments(told: XPost, included: Included, handle: str) -> tuple[Attachment, ...]:
    if told.attachments is None or not told.attachments.media_keys:
        return ()
    known = (included.media.get(key) for key in told.attachments.media_keys)
    page = web_address(told.id, handle)
    return tuple(attachment(medium, page) for medium in known if medium is not None)


def attachment(medium: Medium, page: str) -> Attachment:
    """A picture, or a film that is watched at `page`."""
    if medium.type == "photo" and medium.url:
        return Attachment(medium.url, alt=medium.alt_text, width=medium.width, height=medium.height)
    return Attachment(page, mime="video/mp4", alt=medium.alt_text)


def _warning(told: XPost, included: Included) -> str:
    words = []
    if told.withheld is not None:
        where = ", ".join(told.withheld.country_codes or ()) or "some countries"
        why = " for a claim of copyright" if told.withheld.copyright else ""
        words.append(f"X withholds this post in {where}{why}.")
    author = included.users.get(told.author_id)
    if author is not None and author.protected:
        words.append("This account is protected: only its followers can read it.")
    if told.possibly_sensitive:
        words.append("Its author or X marks it as sensitive.")
    return " ".join(words)
