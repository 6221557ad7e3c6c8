"""What a workspace decides about its portal, and what is missing before it may go live."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import msgspec

from earful.kit.refusal import Refused
from earful.kit.text import one_line, storable
from earful.portal.css import cleaned

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[A-Za-z0-9]{2,8})*")
LONGEST_TEXT = 20_000
MOST = 20


class Way(msgspec.Struct, frozen=True):
    """One more way to reach the brand, for the help page."""

    title: str
    url: str


class PortalSettings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is shown and allowed. `privacy`, `imprint` and `contact` are texts, or one address each.

    `words` replaces texts of the pages by their name; `origins` may show the portal in a frame;
    `language` is that of the pages, empty for what each visitor reads.
    """

    intro: str = ""
    colour: str = "#0f766e"
    css: str = ""
    language: str = ""
    public: bool = False
    privacy: str = ""
    imprint: str = ""
    contact: str = ""
    origins: list[str] = msgspec.field(default_factory=list)
    ways: list[Way] = msgspec.field(default_factory=list)
    words: dict[str, str] = msgspec.field(default_factory=dict)


class Missing(msgspec.Struct, frozen=True):
    """One line of the checklist."""

    name: str
    done: bool
    words: str


def settings_of(kept: Any) -> PortalSettings:
    """The settings as their row has them; what a newer version added is passed over."""
    return msgspec.convert(kept or {}, PortalSettings)


def checked(asked: PortalSettings, known_words: frozenset[str]) -> PortalSettings:
    """The settings, cleaned. Raises Refused in words."""
    if not _COLOUR.fullmatch(asked.colour):
        raise Refused("invalid", "Write the colour as #0f766e.")
    if asked.language and not _LANGUAGE.fullmatch(asked.language):
        raise Refused("invalid", "Write the language as en or pt-BR, or leave it empty.")
    if unknown := sorted(set(asked.words) - known_words):
        raise Refused("invalid", f"The pages have no text called {', '.join(unknown)}.")
    if len(asked.origins) > MOST or len(asked.ways) > MOST:
        raise Refused("invalid", f"At most {MOST} sites and {MOST} ways.")
    return PortalSettings(
        intro=storable(asked.intro.strip(), LONGEST_TEXT),
        colour=asked.colour.lower(),
        css=cleaned(asked.css),
        language=asked.language,
        public=asked.public,
        privacy=storable(asked.privacy.strip(), LONGEST_TEXT),
        imprint=storable(asked.imprint.strip(), LONGEST_TEXT),
        contact=storable(asked.contact.strip(), LONGEST_TEXT),
        origins=[_origin(one) for one in asked.origins if one.strip()],
        ways=[_way(one) for one in asked.ways],
        words={
            name: one_line(storable(text), 500)
            for name, text in asked.words.items()
            if text.strip()
        },
    )


def checklist(settings: PortalSettings, name: str) -> list[Missing]:
    """What must be there before the portal goes live, done or not."""
    return [
        Missing("name", bool(name.strip()), "A name that visitors know you by."),
        Missing("privacy", bool(settings.privacy), "A privacy notice: what you keep, and why."),
        Missing("imprint", bool(settings.imprint), "An imprint: who answers for these pages."),
        Missing("contact", bool(settings.contact), "A contact: an address or a telephone number."),
    ]


def is_address(text: str) -> bool:
    """Whether a text is nothing but an https address."""
    parts = text.split()
    return len(parts) == 1 and _is_web(parts[0])


def _is_web(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _origin(text: str) -> str:
    """A site that may show the portal: scheme and host, no path and no pattern."""
    text = text.strip().rstrip("/").lower()
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not re.fullmatch(r"[a-z0-9.-]+", host):
        raise Refused("invalid", f"Write a site as https://shop.example.org, not {text[:100]!r}.")
    whole = f"{parts.scheme}://{host}" + (f":{port}" if port else "")
    if whole != text:
        raise Refused("invalid", f"Write a site without anything after its name: {whole}.")
    return whole


def _way(asked: Way) -> Way:
    title, url = one_line(storable(asked.title), 100), asked.url.strip()
    good = _is_web(url) or re.fullmatch(r"(mailto:[^\s@]+@[^\s@]+|tel:\+?[0-9 ()./-]{3,30})", url)
    if not title or not good or len(url) > 1000:
        raise Refused(
            "invalid", "Each way has a title and an address: https://..., mailto:... or tel:..."
        )
    return Way(title, url)
