"""Pure: a post record and what is known about it, into the contract's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from earful.networks.bluesky.blobs import CDN, Pictures
from earful.networks.contract import Attachment, Change, Person, Post, Published, Unreadable

POST = "app.bsky.feed.post"
_VIDEO = "app.bsky.embed.video"
_MENTION = "app.bsky.richtext.facet#mention"
_LINK = "app.bsky.richtext.facet#link"
_PAYLOAD_LIMIT = 20_000  # characters kept of what could not be read


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A post record where it was found. `seen_at`: when the network passed it on."""

    uri: str
    cid: str
    record: Any
    author: Person
    seen_at: datetime
    edited: bool = False


def in_view(view: Mapping[str, Any], author: Person, now: datetime) -> Found:
    """A post as the app shows it. Raises KeyError where it says not which."""
    return Found(
        uri=str(view["uri"]),
        cid=str(view["cid"]),
        record=view.get("record"),
        author=author,
        seen_at=instant(view.get("indexedAt"), now),
    )


def to_change(
    found: Found, our_did: str, *, addressed: bool | None = None, pictures: Pictures = CDN
) -> Change:
    """The post, or Unreadable with the reason. `addressed` overrules what the record tells."""
    try:
        return _post(found, our_did, addressed, pictures)
    except (AttributeError, KeyError, LookupError, TypeError, ValueError) as error:
        payload = repr(found.record)[:_PAYLOAD_LIMIT]
        return Unreadable(
            external_id=found.uri, reason=f"{type(error).__name__}: {error}", payload=payload
        )


def author_of(uri: str) -> str:
    """The DID in `at://did/collection/key`; empty when it is none."""
    return uri[5:].split("/", 1)[0] if uri.startswith("at://") else ""


def names_us(record: Mapping[str, Any], our_did: str) -> bool:
    """Whether a record mentions, answers or quotes us, or stands below a post of ours."""
    reply = record.get("reply") or {}
    ends = [_uri(reply.get("parent")), _uri(reply.get("root")), _quoted(record) or ""]
    return any(author_of(uri) == our_did for uri in ends) or any(
        feature.get("did") == our_did for feature in _features(record, _MENTION)
    )


def web_address(uri: str) -> str:
    """Where a person can read the post."""
    did, _, rest = uri.removeprefix("at://").partition("/")
    return f"https://bsky.app/profile/{did}/post/{rest.rsplit('/', 1)[-1]}"


def to_published(uri: str, cid: str, record: Mapping[str, Any]) -> Published:
    """A part of our own that stands on the network."""
    return Published(uri, web_address(uri), str(record.get("text", "")), _luggage(uri, cid, record))


def instant(text: Any, otherwise: datetime) -> datetime:
    """A time as records carry it; `otherwise` for what is none."""
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return otherwise


def _post(found: Found, our_did: str, addressed: bool | None, pictures: Pictures) -> Post:
    record = found.record
    if not isinstance(record["text"], str):
        raise TypeError("the text is no text")
    reply = record.get("reply") or {}
    languages = [each for each in record.get("langs") or () if isinstance(each, str)]
    return Post(
        external_id=found.uri,
        author=found.author,
        text=record["text"],
        published_at=instant(record.get("createdAt"), found.seen_at),
        uri=web_address(found.uri),
        parent_id=_uri(reply.get("parent")) or None,
        root_id=_uri(reply.get("root")) or None,
        quoted_id=_quoted(record),
        language=languages[0] if languages else "",
        attachments=tuple(_attachments(record, found.uri, pictures)),
        addressed=names_us(record, our_did) if addressed is None else addressed,
        own=found.author.external_id == our_did,
        edited_at=found.seen_at if found.edited else None,
        ref=_luggage(found.uri, found.cid, record),
    )


def _luggage(uri: str, cid: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """What a reply to this post needs: its own strong reference and its thread's root."""
    root = (record.get("reply") or {}).get("root") or {"uri": uri, "cid": cid}
    links = [feature.get("uri") for feature in _features(record, _LINK)]
    return {
        "uri": uri,
        "cid": cid,
        "root": {"uri": _uri(root), "cid": str(root["cid"])},
        "links": [link for link in links if isinstance(link, str)],
    }


def _uri(reference: Any) -> str:
    return str(reference.get("uri") or "") if isinstance(reference, dict) else ""


def _features(record: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    facets = record.get("facets") or ()
    features = [
        feature
        for facet in facets
        if isinstance(facet, dict)
        for feature in facet.get("features") or ()
        if isinstance(feature, dict)
    ]
    return [feature for feature in features if feature.get("$type") == kind]


def _quoted(record: Mapping[str, Any]) -> str | None:
    embed = record.get("embed") or {}
    reference = embed.get("record") or {}
    inner = reference.get("record")  # a quote with pictures wraps it once more
    uri = _uri(inner) if isinstance(inner, dict) else _uri(reference)
    return uri if f"/{POST}/" in uri else None


def _attachments(record: Mapping[str, Any], uri: str, pictures: Pictures) -> list[Attachment]:
    embed = record.get("embed") or {}
    wrapped = embed.get("media")  # pictures beside a quote
    media = wrapped if isinstance(wrapped, dict) else embed
    found = []
    if media.get("$type") == _VIDEO:
        alt = str(media.get("alt") or "")
        found.append(Attachment(url=web_address(uri), mime="video/mp4", alt=alt))
    for image in media.get("images") or ():
        blob = image["image"]
        link = blob["ref"]["$link"] if isinstance(blob["ref"], Mapping) else str(blob["ref"])
        size = image.get("aspectRatio") or {}
        found.append(
            Attachment(
                url=pictures.picture(author_of(uri), str(link)),
                mime=str(blob.get("mimeType", "")),
                alt=str(image.get("alt", "")),
                width=size.get("width"),
                height=size.get("height"),
            )
        )
    return found
