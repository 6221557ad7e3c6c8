"""Pure: a post's HTML into plain text with its links.

What comes out is text and is only ever shown as text: nothing of the markup is trusted or kept. It
is read tag by tag in one pass. A tag ends at the next `>` and cannot hold a `<`, so a text of
nothing but opened brackets costs no more than its length.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)>")
_SPAN = re.compile(r"</?span(?:\s[^<>]*)?>", re.IGNORECASE)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_BREAKS = re.compile(r"[ ]*\n(?:[ ]*\n)+")
_PARAGRAPHS = frozenset({"p", "blockquote", "pre", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"})
_LINES = frozenset({"div", "li", "tr"})
_SILENT = frozenset({"script", "style", "template"})


def to_text(content: str, mentions: Mapping[str, str]) -> str:
    """The text of `content`. `mentions` gives the full name behind a profile's address."""
    if "<" not in content:
        return unescape(content).strip()
    if "<!--" in content:
        content = _uncommented(content)
    # Half of all tags are spans, which mean nothing here: they are taken out at once.
    return _Reader(mentions).read(_SPAN.sub("", content))


def _uncommented(content: str) -> str:
    """Without comments; one that never ends hides the rest."""
    first, *others = content.split("<!--")
    kept = [first]
    for other in others:
        _, end, rest = other.partition("-->")
        if not end:
            break
        kept.append(rest)
    return "".join(kept)


class _Reader:
    """Collects text; `_link` is the address of the link we are in, `_from` where it began."""

    def __init__(self, mentions: Mapping[str, str]) -> None:
        self._mentions = mentions
        self._out: list[str] = []
        self._link, self._from = "", 0
        self._silent = ""

    def read(self, content: str) -> str:
        out, at = self._out, 0
        for tag in _TAG.finditer(content):
            start = tag.start()
            if start > at and not self._silent:
                self._say(content[at:start])
            at = tag.end()
            self._tag(tag[2].lower(), tag[3], closing=tag[1] == "/")
        if at < len(content) and not self._silent:
            self._say(content[at:])
        self._end_link()
        text = "".join(out)
        return (_BREAKS.sub("\n\n", text) if "\n\n" in text else text).strip()

    def _say(self, text: str) -> None:
        if text.isspace() and "\n" in text:
            return  # the source's own line breaks between paragraphs
        self._out.append(unescape(text) if "&" in text else text)

    def _tag(self, name: str, rest: str, *, closing: bool) -> None:
        if self._silent:
            if closing and name == self._silent:
                self._silent = ""
        elif name == "a":
            self._end_link()
            if not closing:
                self._begin_link(rest)
        elif name == "br":
            self._out.append("\n")
        elif name in _PARAGRAPHS:
            self._out.append("\n\n" if closing else "\n")
        elif name in _LINES:
            self._out.append("• " if name == "li" and not closing else "\n" if closing else "")
        elif name in _SILENT and not closing and not rest.endswith("/"):
            self._silent = name

    def _begin_link(self, rest: str) -> None:
        found = _HREF.search(rest)
        if found:
            self._link = unescape(found[1] or found[2] or found[3] or "")
            self._from = len(self._out)

    def _end_link(self) -> None:
        """A mention in full; the address behind other words, which may claim anything."""
        link, self._link = self._link, ""
        if not link:
            return
        shown = "".join(self._out[self._from :])
        if name := self._mentions.get(link) or self._mentions.get(shown.lower()):
            self._out[self._from :] = [f"@{name}"]
        elif link.startswith(("https://", "http://")) and not _tells(shown, link):
            self._out.append(f" ({link})" if shown.strip() else link)


def _tells(shown: str, link: str) -> bool:
    """Whether the words of a link are its address, or a name on the network that it leads to."""
    if shown[:1] in ("#", "@") and " " not in shown:
        return True
    return _bare(shown) == _bare(link)


def _bare(address: str) -> str:
    return address.partition("://")[2].rstrip("/") if "://" in address else address.rstrip("/")
