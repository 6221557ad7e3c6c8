"""HTML from strangers as plain text with its links: nothing of it is ever shown as HTML."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

MOST = 2_000_000
"""Characters of HTML that are read; what follows is left out."""

_UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "math"})
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    ]
)
_APART = frozenset(["p", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "pre", "ul"])
_EMPTY = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    ]
)
_SHOWN = ("http://", "https://", "mailto:", "tel:")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f\u00a0]+")
_DEEPEST = 400
_LONGEST_TAG = 20_000
_DECLARED = re.compile(rf"<[!?][^<>]*>|<[^<>]{{{_LONGEST_TAG},}}>")
_LONE = re.compile(r"<(?![^<>]*>)")


def text_of(html: str) -> str:
    """What a reader would see of `html`, as text: paragraphs apart, links written out, quotes with
    `>`. What is hidden, and scripts and styles, are left out."""
    reader = _Reader()
    reader.feed(_tame(html[:MOST].replace("\x00", "")))
    reader.close()
    return reader.text()


def _tame(html: str) -> str:
    """`html` without what the parser would look for the end of again and again: comments,
    declarations, tags of absurd length, and brackets that never close."""
    first, *others = html.split("<!--")
    kept = [first]
    for other in others:
        _, end, rest = other.partition("-->")
        # One that never ends hides what is left of its tag only, as browsers mend it.
        kept.append(rest if end else other.partition(">")[2])
    return _LONE.sub("&lt;", _DECLARED.sub("", "".join(kept)))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line: list[str] = []
        self._open: list[tuple[str, bool]] = []  # tag, and whether what is in it is unseen
        self._standing = Counter[str]()  # how many of each tag are open
        self._unseen = self._quoted = self._pre = 0
        self._links: list[tuple[str, int]] = []
        self._wants_gap = False

    def text(self) -> str:
        """All that was read."""
        self._break()
        return "\n".join(self._lines).strip("\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        given = dict(attrs)
        if tag == "br":
            self._break(even_empty=True)
        elif tag in _BLOCKS:
            self._break(gap=tag in _APART)
        elif tag in ("td", "th") and self._line:
            self._line.append(" ")
        if tag == "li":
            self._line.append("• ")
        if tag == "img" and not self._unseen and (alt := (given.get("alt") or "").strip()):
            self._line.append(f"[{alt[:200]}]")
        if tag in _EMPTY or len(self._open) >= _DEEPEST:
            return
        unseen = tag in _UNSEEN or bool(_HIDDEN.search(given.get("style") or ""))
        self._open.append((tag, unseen))
        self._standing[tag] += 1
        self._unseen += unseen
        self._quoted += tag == "blockquote"
        self._pre += tag == "pre"
        if tag == "a":
            self._links.append((given.get("href") or "", len(self._line)))

    def handle_endtag(self, tag: str) -> None:
        """An element ends, and with it what was left open within."""
        if not self._standing[tag]:
            if tag == "p":
                self._break(gap=True)
            return
        while self._open:
            name, unseen = self._open.pop()
            self._standing[name] -= 1
            self._leave(name)
            self._unseen -= unseen
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        """Words."""
        if self._unseen:
            return
        if self._pre:
            first, *others = data.split("\n")
            self._line.append(first)
            for other in others:
                self._break(even_empty=True)
                self._line.append(other)
            return
        words = _SPACE.sub(" ", data)
        if words == " " and (not self._line or self._line[-1].endswith(" ")):
            return
        self._line.append(words)

    def _leave(self, tag: str) -> None:
        if tag == "a" and self._links:
            href, start = self._links.pop()
            shown = "".join(self._line[start:]).strip()
            target = href.strip()
            bare = target.partition(":")[2].removeprefix("//").rstrip("/")
            if target.lower().startswith(_SHOWN) and not self._unseen and bare not in shown:
                self._line.append(f" <{target[:2000]}>" if shown else f"<{target[:2000]}>")
        if tag in _BLOCKS:
            self._break(gap=tag in _APART)
        if tag == "blockquote":
            self._quoted = max(0, self._quoted - 1)
        if tag == "pre":
            self._pre = max(0, self._pre - 1)

    def _break(self, *, gap: bool = False, even_empty: bool = False) -> None:
        """End the line. `gap`: an empty line is to stand before the next."""
        line = "".join(self._line) if self._pre else "".join(self._line).strip(" ")
        self._line = []
        self._links = [(href, 0) for href, _ in self._links]
        mark = "> " * min(self._quoted, 20)
        if line.strip() or even_empty:
            if self._wants_gap and self._lines and self._lines[-1].strip("> "):
                self._lines.append(mark.rstrip())
            self._wants_gap = False
            self._lines.append((mark + line).rstrip())
        self._wants_gap = self._wants_gap or gap
