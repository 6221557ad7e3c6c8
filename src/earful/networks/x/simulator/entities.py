"""Pure: what X finds in a text: links (shortened to t.co), mentions, hashtags.

Texts leave the simulator as X's do: links are t.co addresses, `&`, `<` and `>` are escaped, and
indices count UTF-16 units of the text as it stands in the answer.
"""

from __future__ import annotations

import hashlib
import html
from typing import Any

import msgspec
import regex

from earful.networks.x.length import links

_CALLED = regex.compile(r"(?<![\w@＠])[@＠]([A-Za-z0-9_]{1,15})(?![\w@＠])")
_TAG = regex.compile(r"(?<![\w&])[#＃](\w*\p{L}\w*)")


class Shown(msgspec.Struct, frozen=True):
    """A text as X answers it, with its entities; `plain` has the t.co links, but no escapes."""

    text: str
    plain: str
    entities: dict[str, Any]


def mentioned(text: str) -> list[str]:
    """The handles that a text calls, without the @, in order."""
    closed = links(text)
    return [
        str(match[1])
        for match in _CALLED.finditer(text)
        if not any(first <= match.start() < last for first, last in closed)
    ]


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def short(address: str) -> str:
    """The t.co address that stands for another; always the same."""
    if address.startswith("https://t.co/"):
        return address
    digest = hashlib.sha256(address.encode()).hexdigest()[:10]
    return f"https://t.co/{digest}"


def shown(text: str, ids: dict[str, str]) -> Shown:
    """`text` as X answers it; `ids` has the user ids of handles in lower case."""
    out, at, plain = "", 0, ""
    urls: list[dict[str, Any]] = []
    for first, last in links(text):
        link = short(text[first:last])
        out += _escaped(text[at:first])
        plain += text[at:first]
        urls.append({"start": units(out), "end": units(out + link), **_link(text[first:last])})
        out, plain, at = out + link, plain + link, last
    out, plain = out + _escaped(text[at:]), plain + text[at:]
    closed = [(url["start"], url["end"]) for url in urls]
    found = {"urls": urls, "mentions": _mentions(out, ids, closed), "hashtags": _tags(out, closed)}
    return Shown(out, plain, {kind: value for kind, value in found.items() if value})


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


def _link(address: str) -> dict[str, Any]:
    full = address if "://" in address else f"http://{address}"
    display = full.split("://", 1)[1].removeprefix("www.")
    return {
        "url": short(address),
        "expanded_url": full,
        "display_url": display if len(display) <= 26 else display[:25] + "…",
    }


def _mentions(
    text: str, ids: dict[str, str], closed: list[tuple[int, int]]
) -> list[dict[str, Any]]:
    found = []
    for match in _CALLED.finditer(text):
        span = _span(text, match.start(), match.end())
        name = str(match[1])
        # Handles that nobody has are no mentions.
        if name.lower() in ids and not _inside(span, closed):
            found.append(span | {"username": name, "id": ids[name.lower()]})
    return found


def _tags(text: str, closed: list[tuple[int, int]]) -> list[dict[str, Any]]:
    found = []
    for match in _TAG.finditer(text):
        span = _span(text, match.start(), match.end())
        if not _inside(span, closed):
            found.append(span | {"tag": str(match[1])})
    return found


def _span(text: str, first: int, last: int) -> dict[str, Any]:
    return {"start": units(text[:first]), "end": units(text[:last])}


def _inside(span: dict[str, Any], closed: list[tuple[int, int]]) -> bool:
    return any(first <= span["start"] < last for first, last in closed)
