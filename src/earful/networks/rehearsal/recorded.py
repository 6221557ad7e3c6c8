"""The recorded feed, retold: real customers' words, addressed to the brand that rehearses."""

from __future__ import annotations

import gzip
import html
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files

import msgspec

_BRANDS = """
    RockstarSupport RockstarGames MojangSupport Mojang Minecraft Google TeamYouTube YouTube
    AppleSupport Apple HPSupport HP AdobeCare AdobePremiere Adobe AskeBay eBay DropboxSupport
    Dropbox AskPlayStation PlayStation SpotifyCares Spotify YahooCare Yahoo hulu_support hulu
    zoom_us Ask_WellsFargo GoDaddyHelp GoDaddy MicrosoftHelps Microsoft SouthwestAir ChaseSupport
    AmazonHelp Amazon TMobileHelp TMobile XboxSupport Xbox Delta Ask_Spectrum Uber_Support Uber
"""
_COMPANIES = """
    Apple Adobe Spotify YouTube Youtube Dropbox GoDaddy Godaddy Yahoo Hulu Rockstar Mojang Google
    Amazon Microsoft Uber eBay Ebay T-Mobile TMobile Wells.Fargo Southwest Zoom Spectrum adobe
    spotify youtube dropbox godaddy yahoo hulu rockstar mojang ebay tmobile
"""


def _any_of(words: str) -> str:
    """A pattern for any of `words`; where one begins another, the longer comes first."""
    return "|".join(sorted(words.split(), key=len, reverse=True))


_BRAND_HANDLE = re.compile(rf"@(?:{_any_of(_BRANDS)})\b", re.I)
_COMPANY = re.compile(rf"(?<![A-Za-z@])(?:{_any_of(_COMPANIES)})(?![a-z])(?!\.com)")
_MASKED = re.compile(r"(?<![\w@])@user([0-9a-f]{7})\b")
_MAIL = re.compile(r"\S+@(?:user[0-9a-f]{7}|\w+)\.\w+")
_URL = re.compile(r"https?://\S+")
_TRAILER = re.compile(r"(?:\s+link)+\s*$")


class _Message(msgspec.Struct):
    id: str
    inbound: bool
    text: str


class _Recording(msgspec.Struct):
    messages: list[_Message]


class Conversation(msgspec.Struct, frozen=True):
    """What one customer wrote: before the brand first answered, and after. HTML is unescaped."""

    opening: tuple[str, ...]
    later: tuple[str, ...]


@cache
def conversations() -> tuple[Conversation, ...]:
    """All usable recorded conversations, in the order of the file."""
    packed = (
        files("earful.networks.rehearsal").joinpath("feed", "conversations.jsonl.gz").read_bytes()
    )
    recordings = msgspec.json.Decoder(_Recording).decode_lines(gzip.decompress(packed))
    return tuple(found for each in recordings if (found := _customer_side(each)) is not None)


def _customer_side(recording: _Recording) -> Conversation | None:
    opening: list[str] = []
    later: list[str] = []
    answered = False
    for message in recording.messages:
        if message.inbound:
            (later if answered else opening).append(html.unescape(message.text))
        else:
            answered = True
    if not opening or (_URL.search(opening[0]) and not _BRAND_HANDLE.search(opening[0])):
        return None  # an advertisement that a bystander passed on is no complaint
    return Conversation(tuple(opening), tuple(later))


def retold(text: str, handle: str, brand: str, friend: Callable[[str], str]) -> str:
    """`text` addressed to `@handle` of `brand`; `friend` gives a masked person's handle.

    Links point to a reserved name, so that even a click reaches nobody's site.
    """
    text = _MAIL.sub("someone@mail.example", text)
    text = _URL.sub("https://northwind.example/page", text)
    text = _TRAILER.sub("", text)
    text = _BRAND_HANDLE.sub(f"@{handle}", text)
    if f"@{handle}" not in text:
        text = _MASKED.sub(f"@{handle}", text, count=1)
    text = _MASKED.sub(lambda found: "@" + friend(found[1]), text)
    text = _COMPANY.sub(brand, text)
    text = re.sub(rf"(@{re.escape(handle)})(?:\s+@{re.escape(handle)}\b)+", r"\1", text)
    return text if f"@{handle}" in text else f"@{handle} {text}"
