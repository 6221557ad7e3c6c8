"""Pure: a text as its author typed it, out of one as X tells it.

X's texts have `&`, `<` and `>` escaped, links shortened to t.co, a reply's handles in front and
the links of media and quotes at the end; `display_text_range` says what X's own app shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import regex

from earful.networks.x.wire import Url

_SHORT = regex.compile(r"https?://t\.co/[A-Za-z0-9]+")
_ONLY_LINKS = regex.compile(r"\s*(?:https?://t\.co/[A-Za-z0-9]+\s*)+")
_HANDLE = regex.compile(r"[@＠]\w{1,15}(?:\s+|$)")
_HANDLES = regex.compile(r"(?:[@＠]\w{1,15}\s+)*[@＠]\w{1,15}\s*")


def shown(text: str, range_: Sequence[int] | None) -> tuple[str, str]:
    """The handles that X hides in front of `text`, and the text it shows.

    Ranges count UTF-16 units, but characters in older answers: each cut must look like one.
    """
    if not range_ or len(range_) < 2:
        return "", text
    first, last = range_[0], range_[1]
    for end in (_from_utf16(text, last), last):
        if end < len(text) and _ONLY_LINKS.fullmatch(text, max(end, 0)):
            text = text[:end].rstrip()
            break
    at = _after_handle(text, first) if first > 0 else 0
    return text[:at], text[at:]


def typed(text: str, links: Iterable[Url], hidden: Iterable[str] = ()) -> str:
    """`text` with its links in full and its signs as they are.

    `hidden` are short links that stand for what is shown otherwise: media and quotes.
    """
    if "&" in text:
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    if "//t.co/" not in text:
        return text
    full = {link.url: link.expanded_url or link.url for link in links}
    gone = frozenset(hidden)
    if gone:
        text = _SHORT.sub(lambda found: "" if found[0] in gone else found[0], text).rstrip()
    return _SHORT.sub(lambda found: full.get(found[0], found[0]), text)


def after_handles(text: str) -> str:
    """`text` without handles in front."""
    found = _HANDLES.match(text)
    return text[found.end() :] if found else text


def _after_handle(text: str, first: int) -> int:
    """Where the handles in front end that are cut at `first`; 0 where that cuts something else.

    X's own example is one sign off.
    """
    at = 0
    while (found := _HANDLE.match(text, at)) is not None and at < first + 1:
        at = found.end()
        if abs(at - first) <= 1:
            return at
    return 0


def _from_utf16(text: str, units: int) -> int:
    """The place in characters of a place in UTF-16 units."""
    if text.isascii() or units <= 0:
        return units
    data = text.encode("utf-16-le", "surrogatepass")[: units * 2]
    return len(data.decode("utf-16-le", "ignore"))
