"""Whether a post is what a search looks for; in time that grows with the post's words alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from earful.listening.query import And, Near, Node, Not, Or, Term
from earful.listening.words import words_of

CLIP = 5000
"""Characters of a post that are looked at."""
_TAG = re.compile(r"[#＃]([^\W_][\w]*)")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"]+|\b[\w-]+(?:\.[\w-]+)+/[^\s<>\"]*", re.I)
_BARE = re.compile(r"\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}\b", re.I)


@dataclass
class Text:
    """A post as searches see it."""

    words: tuple[str, ...]
    tags: frozenset[str]
    links: tuple[str, ...]
    language: str = ""
    author: str = ""
    at: dict[str, list[int]] = field(default_factory=dict)


def prepare(text: str, language: str = "", author: str = "", links: Iterable[str] = ()) -> Text:
    """A post made ready to be looked at by many searches. `author` is a handle without @."""
    clipped = text[:CLIP]
    words = words_of(clipped)
    found = Text(
        words,
        frozenset("".join(words_of(tag)) for tag in _TAG.findall(clipped)),
        tuple(_link(one) for one in (*_LINK.findall(clipped), *_BARE.findall(clipped), *links)),
        language.lower().partition("-")[0],
        author.lower().removeprefix("@"),
    )
    for number, word in enumerate(words):
        found.at.setdefault(word, []).append(number)
    return found


def _link(said: str) -> str:
    try:
        parts = urlsplit(said if "://" in said else f"//{said}")
    except ValueError:
        return ""
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}{parts.path}".lower().rstrip("/.,;:!?)")


def matches(node: Node, text: Text) -> bool:
    """Whether the post is what the search looks for."""
    if isinstance(node, And):
        return all(matches(part, text) for part in node.of)
    if isinstance(node, Or):
        return any(matches(part, text) for part in node.of)
    if isinstance(node, Not):
        return not matches(node.of, text)
    if isinstance(node, Near):
        return _near(node, text)
    return _has(node, text)


def _has(term: Term, text: Text) -> bool:
    said = term.words[0]
    if term.how == "tag":
        return said in text.tags
    if term.how == "lang":
        return text.language == said
    if term.how == "from":
        return text.author == said or text.author.partition("@")[0] == said
    if term.how == "url":
        return any(_under(link, said) for link in text.links)
    return bool(_places(term, text))


def _under(link: str, said: str) -> bool:
    """northwind.example is shop.northwind.example, too, and its pages."""
    host, _, path = link.partition("/")
    want, _, below = said.partition("/")
    return (host == want or host.endswith(f".{want}")) and path.startswith(below)


def _places(term: Term, text: Text) -> list[tuple[int, int]]:
    """Where it stands: from which word to which."""
    said = term.words[0]
    if term.how == "prefix":
        return [(n, n) for word, ns in text.at.items() if word.startswith(said) for n in ns]
    if term.how == "like":
        return [(n, n) for word, ns in text.at.items() if alike(said, word) for n in ns]
    words = tuple(said.split()) if term.how == "place" else term.words
    size = len(words)
    found = [
        (n, n + size - 1)
        for n in text.at.get(words[0], ())
        if size == 1 or text.words[n : n + size] == words
    ]
    if found or not _unspaced(words):
        return found
    # Chinese, Japanese and Thai put no spaces between words, Korean none before what ends them.
    whole = "".join(words)
    return [(n, n) for n, word in enumerate(text.words) if whole in word]


def _unspaced(words: tuple[str, ...]) -> bool:
    return any(
        0x0E00 <= ord(sign) <= 0x0EFF or 0x1100 <= ord(sign) <= 0x11FF or ord(sign) >= 0x2E80
        for word in words
        for sign in word
    )


def _near(node: Near, text: Text) -> bool:
    """Both sorted: one walk finds whether any two are close."""
    ones, others = sorted(_places(node.one, text)), sorted(_places(node.other, text))
    at = 0
    for start, end in ones:
        while at < len(others) and others[at][1] < start - node.within - 1:
            at += 1
        for other_start, other_end in others[at : at + 2 * node.within + 4]:
            between = other_start - end if other_start > end else start - other_end
            if 1 <= between <= node.within + 1:
                return True
    return False


def alike(name: str, word: str) -> bool:
    """Whether `word` is `name` or one slip of the fingers from it: a letter more, less, other, or
    two in each other's place (optimal string alignment distance at most 1; Damerau 1964).

    The first letter must be the same, but for two in each other's place: few mistake it, and other
    words begin otherwise.
    """
    if name == word:
        return True
    short, long = sorted((name, word), key=len)
    if len(long) - len(short) > 1:
        return False
    at = 0
    while at < len(short) and short[at] == long[at]:
        at += 1
    swapped = (
        len(short) == len(long)
        and short[at : at + 2] == long[at : at + 2][::-1]
        and short[at + 2 :] == long[at + 2 :]
    )
    if swapped:
        return True
    if at == 0:
        return False
    return (
        short[at + 1 :] == long[at + 1 :]
        if len(short) == len(long)
        else short[at:] == long[at + 1 :]
    )


def found_words(node: Node, text: Text) -> list[str]:
    """The words of the post that the search was found by, to be marked."""
    if isinstance(node, And | Or):
        return sorted({word for part in node.of for word in found_words(part, text)})
    if isinstance(node, Near):
        return found_words(Or((node.one, node.other)), text)
    if isinstance(node, Not) or node.how in ("lang", "from", "url"):
        return []
    if node.how == "tag":
        return [node.words[0]] if node.words[0] in text.tags else []
    return sorted({word for a, b in _places(node, text) for word in text.words[a : b + 1]})
