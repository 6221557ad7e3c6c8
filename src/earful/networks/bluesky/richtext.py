"""Pure: what in a text is a link, a mention or a hashtag, and where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import regex

_LINK = regex.compile(r"(?<=^|\s|\()https?://[^\s]+", regex.IGNORECASE)
_MENTION = regex.compile(r"(?<=^|\s|\()@((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*)",
                         regex.IGNORECASE)  # fmt: skip
_TAG = regex.compile(
    r"(?<=^|\s|\()[#＃](?=[^\s\p{P}]*[^\s\p{P}\d])([^\s\p{P}](?:[^\s]*[^\s\p{P}])?)"
)
_TRAILING = ".,;:!?…'\"»”’"
_TAG_CHARACTERS = 64


class Span(msgspec.Struct, frozen=True):
    """`text[start:end]` is a `kind` ("link", "mention", "tag") that means `value`."""

    start: int
    end: int
    kind: str
    value: str


def spans(text: str) -> list[Span]:
    """All spans in order; none overlaps another."""
    found = [*_links(text)]
    for match in _MENTION.finditer(text):
        found.append(Span(match.start(), match.end(), "mention", match[1].lower()))
    for match in _TAG.finditer(text):
        if len(match[1]) <= _TAG_CHARACTERS:
            found.append(Span(match.start(), match.end(), "tag", match[1]))
    found.sort(key=lambda span: (span.start, span.kind))
    kept: list[Span] = []
    for span in found:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def facets(text: str, dids: Mapping[str, str]) -> list[dict[str, Any]]:
    """The record's facets, in bytes of UTF-8. A mention whose handle is not in `dids` is text."""
    return [
        {
            "index": {
                "byteStart": len(text[: span.start].encode()),
                "byteEnd": len(text[: span.end].encode()),
            },
            "features": [feature],
        }
        for span in spans(text)
        if (feature := _feature(span, dids))
    ]


def _links(text: str) -> list[Span]:
    found = []
    for match in _LINK.finditer(text):
        address = match[0].rstrip(_TRAILING)
        while address.endswith(")") and address.count(")") > address.count("("):
            address = address[:-1].rstrip(_TRAILING)
        if address.partition("://")[2]:
            found.append(Span(match.start(), match.start() + len(address), "link", address))
    return found


def _feature(span: Span, dids: Mapping[str, str]) -> dict[str, str] | None:
    if span.kind == "link":
        return {"$type": "app.bsky.richtext.facet#link", "uri": span.value}
    if span.kind == "tag":
        return {"$type": "app.bsky.richtext.facet#tag", "tag": span.value}
    did = dids.get(span.value)
    return {"$type": "app.bsky.richtext.facet#mention", "did": did} if did else None
