"""Pure: the body of a mail of ours, as text and as HTML that says the same."""

from __future__ import annotations

import html
import re

from earful.kit.text import one_line
from earful.networks.contract import Original

LONGEST = 20_000
"""Characters of what is answered that are repeated."""
_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]}'’”]")


def as_plain(text: str, original: Original | None = None) -> str:
    """The text, and below it what it answers, each line behind a `>` (RFC 3676, section 4.5)."""
    if original is None or not original.text.strip():
        return text
    marked = "\n".join(
        f">{line}" if line.startswith(">") else f"> {line}".rstrip()
        for line in _shortened(original.text).split("\n")
    )
    return f"{text}\n\n{_attribution(original)}\n{marked}\n"


def as_html(text: str, original: Original | None = None) -> str:
    """The text as HTML: nothing but lines and links. Mail programs fold such a quote away."""
    quote = ""
    if original is not None and original.text.strip():
        said = html.escape(_attribution(original))
        lines = _linked(_shortened(original.text))
        quote = (
            f'<br>\n<div class="gmail_quote" dir="auto">{said}<br>\n'
            f'<blockquote type="cite" dir="auto">{lines}</blockquote></div>'
        )
    return (
        f'<!doctype html>\n<html><body><div dir="auto">{_linked(text)}</div>{quote}</body></html>\n'
    )


def _attribution(original: Original) -> str:
    """Who wrote what is repeated, in the words that mail programs know a quote by."""
    author = one_line(original.author, 100).replace(":", " ") or "somebody"
    return f"On {original.at:%a, %d %b %Y at %H:%M} UTC, {author} wrote:"


def _shortened(text: str) -> str:
    plain = text.replace("\x00", "").replace("\r\n", "\n").strip()
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST]}\n[…]"


def _linked(text: str) -> str:
    done, at = [], 0
    for found in _LINK.finditer(text):
        done.append(html.escape(text[at : found.start()]))
        address = html.escape(found[0])
        done.append(f'<a href="{address}">{address}</a>')
        at = found.end()
    done.append(html.escape(text[at:]))
    return "".join(done).replace("\n", "<br>\n")
