"""Pure: a status, notification or streamed event as the API tells it, into the contract's words."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from earful.networks.contract import (
    Attachment,
    Change,
    Person,
    Post,
    Published,
    Unreadable,
    Visibility,
    counted,
)
from earful.networks.mastodon.html import to_text
from earful.networks.mastodon.names import full_acct, post_id, web_link

_PAYLOAD_LIMIT = 20_000  # characters kept of what could not be read
_FILMS = {"video": "video/mp4", "gifv": "video/mp4", "audio": "audio/mpeg"}
_OPEN = frozenset({"public", "unlisted", "local", "unlocked"})
"""For everybody (of the server, in the words of some). Whatever else a server calls it ("private",
"direct", "mutuals_only", "list") is for some, and what nobody knows is taken for that, too."""


class Where(msgspec.Struct, frozen=True):
    """The account we are, as its server tells it: the server's host, the domain of its accounts,
    and our own id there."""

    host: str
    domain: str
    account_id: str

    def is_us(self, account_id: Any) -> bool:
        """Whether an account's id is ours: a text, but for servers that tell a number."""
        return account_id == self.account_id or str(account_id) == self.account_id


def to_change(status: Any, where: Where, seen_at: datetime) -> Change | None:
    """The post; Unreadable with the reason; None for a boost, which says nothing of its own."""
    try:
        return None if status.get("reblog") else _post(status, where, seen_at)
    except (AttributeError, KeyError, LookupError, TypeError, ValueError) as error:
        local = status.get("id", "unknown") if isinstance(status, Mapping) else "unknown"
        return Unreadable(
            external_id=post_id(where.host, local),
            reason=f"{type(error).__name__}: {error}",
            payload=repr(status)[:_PAYLOAD_LIMIT],
        )


def to_person(account: Mapping[str, Any], domain: str) -> Person:
    """Who an account is; its full name is the same on every server, and never changes."""
    acct = full_acct(account["acct"], domain)
    avatar = account.get("avatar_static") or account.get("avatar")
    return Person(
        external_id=acct,
        handle=acct,
        name=account.get("display_name") or account.get("username") or "",
        bot=account.get("bot") is True,
        avatar=web_link(avatar),
        followers=counted(account.get("followers_count")),
    )


def to_published(status: Mapping[str, Any], text: str, where: Where) -> Published:
    """A part of our own that stands on the network; `text` as it was written."""
    return Published(
        post_id(where.host, status["id"]),
        web_link(status.get("url")) or web_link(status.get("uri")),
        text,
        luggage(status),
    )


def luggage(status: Mapping[str, Any]) -> dict[str, Any]:
    """What a reply needs: the server's id, who wrote it as the server calls them, who may read."""
    return {
        "id": str(status["id"]),
        "acct": str(status["account"]["acct"]),
        "visibility": str(status.get("visibility") or "public"),
    }


def instant(value: Any, otherwise: datetime) -> datetime:
    """A time as statuses carry it; `otherwise` for what is none."""
    try:
        found = datetime.fromisoformat(value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return otherwise


def names_us(status: Mapping[str, Any], where: Where) -> bool:
    """Whether a status mentions, answers or quotes us."""
    if where.is_us(status.get("in_reply_to_account_id")):
        return True
    if any(where.is_us(mention.get("id")) for mention in status.get("mentions") or ()):
        return True
    quoted = _quoted(status)
    return quoted is not None and where.is_us((quoted.get("account") or {}).get("id"))


def content_of(status: Mapping[str, Any], domain: str) -> str:
    """What a status says, as text, with the names of those it mentions in full."""
    names: dict[str, str] = {}
    for each in status.get("mentions") or ():
        if not (acct := each.get("acct")):
            continue
        names[each.get("url") or ""] = full = full_acct(acct, domain)
        # Some servers link a name to another address than they say.
        names.setdefault(f"@{acct.partition('@')[0].lower()}", full)
    return to_text(status.get("content") or "", names)


def _post(status: Mapping[str, Any], where: Where, seen_at: datetime) -> Post:
    author, parent = status["account"], status.get("in_reply_to_id")
    url = web_link(status.get("url")) or web_link(status.get("uri"))
    edited, own = status.get("edited_at"), where.is_us(author["id"])
    hidden = (status.get("visibility") or "public") not in _OPEN
    return Post(
        external_id=post_id(where.host, status["id"]),
        author=to_person(author, where.domain),
        text=_text(status, where.domain),
        published_at=instant(status.get("created_at"), seen_at),
        uri=url,
        parent_id=post_id(where.host, parent) if parent else None,
        quoted_id=_quoted_id(status, where.host),
        visibility=Visibility.DIRECT if hidden else Visibility.PUBLIC,
        language=status.get("language") or "",
        warning=status.get("spoiler_text") or "",
        attachments=_attachments(status, url),
        addressed=names_us(status, where),
        own=own,
        edited_at=instant(edited, seen_at) if edited else None,
        to=_first_named(status, where) if own and hidden and not parent else None,
        ref=luggage(status),
    )


def _first_named(status: Mapping[str, Any], where: Where) -> Person | None:
    """Whom a direct post of ours is for, where it answers none."""
    for each in status.get("mentions") or ():
        if not where.is_us(each.get("id")):
            return to_person(each, where.domain)
    return None


def _text(status: Mapping[str, Any], domain: str) -> str:
    parts = [content_of(status, domain)]
    if poll := status.get("poll"):
        parts.append(
            "\n".join(f"○ {option.get('title') or ''}" for option in poll.get("options") or ())
        )
    return "\n\n".join(part for part in parts if part)


def _quoted(status: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The status that is quoted, as Mastodon 4.4 tells it, or Fedibird and Akkoma before."""
    quote = status.get("quote")
    if not isinstance(quote, Mapping):
        return None
    inner = quote.get("quoted_status", quote)
    return inner if isinstance(inner, Mapping) and inner.get("id") else None


def _quoted_id(status: Mapping[str, Any], host: str) -> str | None:
    quoted = _quoted(status)
    local = quoted["id"] if quoted else status.get("quote_id")
    if not local and isinstance(status.get("quote"), Mapping):
        local = status["quote"].get("quoted_status_id")
    return post_id(host, local) if local else None


def _attachments(status: Mapping[str, Any], page: str) -> tuple[Attachment, ...]:
    media = status.get("media_attachments")
    made = (_attachment(each, page) for each in media or ())
    return tuple(each for each in made if each.url)


def _attachment(media: Mapping[str, Any], page: str) -> Attachment:
    kind, alt = media.get("type"), media.get("description") or ""
    url = web_link(media.get("url")) or web_link(media.get("remote_url"))
    if mime := _FILMS.get(str(kind)):
        return Attachment(url=page or url, mime=mime, alt=alt)
    size = (media.get("meta") or {}).get("original") or {}
    return Attachment(
        url=url,
        mime=mimetypes.guess_type(url.partition("?")[0])[0] or "",
        alt=alt,
        width=_whole(size.get("width")),
        height=_whole(size.get("height")),
    )


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and value > 0 else None
