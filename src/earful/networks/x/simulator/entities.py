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
    """A text as X answers it, with its entities. `end` is where what its author wrote ends, in
    UTF-16 units; behind it stand links that X adds."""

    text: str
    entities: dict[str, Any]
    end: int


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


def shown(text: str, ids: dict[str, str], added: dict[str, dict[str, str]] | None = None) -> Shown:
    """`text` as X answers it; `ids` has the user ids of handles in lower case.

    `added` are the links that X puts behind it, with what it says of them.
    """
    out, at = "", 0
    urls: list[dict[str, Any]] = []
    for first, last in links(text):
        out += _escaped(text[at:first])
        out, at = _linked(out, text[first:last], {}, urls), last
    out += _escaped(text[at:])
    end = units(out)
    for address, more in (added or {}).items():
        out = _linked(out + " " if out else "", address, more, urls)
    closed = [(url["start"], url["end"]) for url in urls]
    found = {"urls": urls, "mentions": _mentions(out, ids, closed), "hashtags": _tags(out, closed)}
    return Shown(out, {kind: value for kind, value in found.items() if value}, end)


def _linked(out: str, address: str, more: dict[str, str], urls: list[dict[str, Any]]) -> str:
    """`out` with a link behind it, which is added to `urls`."""
    after = out + short(address)
    urls.append({"start": units(out), "end": units(after), **_link(address), **more})
    return after


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
