"""The language of search and stream rules: words, phrases, operators, AND, OR, not, brackets."""

from __future__ import annotations

from collections.abc import Callable

import regex

from earful.networks.x.length import links
from earful.networks.x.simulator.things import Post
from earful.networks.x.simulator.world import World

Test = Callable[[World, Post], bool]
_TOKEN = regex.compile(r'\s*(\(|\)|-?(?:[a-z_]+:)?(?:"[^"]*"|\[[^\]]*\])|-?[^\s()"]+|-(?=\())')
_LONELY = frozenset({"is", "has", "lang", "sample"})
"""Operators that X takes only beside another that narrows down."""
_NEVER = frozenset(
    [
        "place",
        "place_country",
        "point_radius",
        "bounding_box",
        "retweets_of",
        "retweets_of_tweet_id",
        "context",
        "entity",
        "list",
    ]
)
"""Operators about what this X does not have: read, and met by nothing."""


class BadQuery(ValueError):
    """X would reject it; says why."""


def parse(text: str) -> Test:
    """What a query asks. Raises BadQuery."""
    tokens = _tokens(text)
    reader = _Reader(tokens)
    test = reader.either()
    if reader.rest:
        raise BadQuery(f"unexpected '{reader.rest[0]}'")
    if all(_lonely(token) for token in tokens):
        raise BadQuery("Rule must contain at least one positive, non-stopword clause")
    return test


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    text = text.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or not match[1]:
            raise BadQuery(f"missing quote or bracket at '{text[at : at + 20].strip()}'")
        found.append(match[1])
        at = match.end()
    if not found:
        raise BadQuery("empty")
    return found


def _lonely(word: str) -> bool:
    operator = word.split(":", maxsplit=1)[0]
    return word in ("(", ")", "OR", "AND") or word[0] == "-" or operator in _LONELY


class _Reader:
    """Reads tokens from left to right; AND binds tighter than OR."""

    def __init__(self, tokens: list[str]) -> None:
        self.rest = list(tokens)

    def either(self) -> Test:
        tests = [self._all()]
        while self.rest and self.rest[0] == "OR":
            self.rest.pop(0)
            tests.append(self._all())
        return lambda world, post: any(test(world, post) for test in tests)

    def _all(self) -> Test:
        tests = [self._one()]
        while self.rest and self.rest[0] not in (")", "OR"):
            if self.rest[0] == "AND":
                self.rest.pop(0)
            tests.append(self._one())
        return lambda world, post: all(test(world, post) for test in tests)

    def _one(self) -> Test:
        if not self.rest or self.rest[0] in (")", "OR", "AND"):
            raise BadQuery("a clause is missing")
        word = self.rest.pop(0)
        if word in ("-", "("):
            if word == "-":
                self.rest.pop(0)
            inner = self.either()
            if not self.rest or self.rest.pop(0) != ")":
                raise BadQuery("missing ')'")
            return inner if word == "(" else lambda world, post: not inner(world, post)
        if word.startswith("-"):
            positive = _clause(word[1:])
            return lambda world, post: not positive(world, post)
        return _clause(word)


def _clause(token: str) -> Test:
    name, colon, value = token.partition(":")
    if token.startswith('"') or not colon or "/" in name:
        return _words(token)
    value = value.strip('"[]').lower()
    if not value:
        raise BadQuery(f"operator '{name}:' needs a value")
    if name in _NEVER:
        return lambda _, __: False
    if name in ("is", "has"):
        return _trait(name, value)
    if name not in _OPERATORS:
        raise BadQuery(f"unknown operator '{name}'")
    operator = _OPERATORS[name]
    return lambda world, post: operator(world, post, value)


def _words(token: str) -> Test:
    word = token.strip('"').lower()
    if word[:1] in "@#$":
        pattern = regex.compile(regex.escape(word) + r"(?!\w)", regex.I)
    else:
        pattern = regex.compile(r"(?<![\w@#])" + regex.escape(word) + r"(?!\w)", regex.I)
    return lambda _, post: pattern.search(post.text) is not None


def _trait(name: str, value: str) -> Test:
    traits: dict[str, Test] = {
        "is:reply": lambda _, post: post.reply_to is not None,
        "is:quote": lambda _, post: post.quoted is not None,
        "is:retweet": lambda _, __: False,
        "is:verified": lambda world, post: world.users[post.author_id].verified_type != "none",
        "has:media": lambda _, post: bool(post.media),
        "has:images": lambda _, post: bool(post.media),
        "has:links": lambda _, post: bool(links(post.text)),
        "has:mentions": lambda _, post: bool(post.mentions),
        "has:hashtags": lambda _, post: "#" in post.text,
        "has:cashtags": lambda _, post: "$" in post.text,
        "has:video_link": lambda _, __: False,
        "has:geo": lambda _, __: False,
        "is:nullcast": lambda _, __: False,
    }
    if f"{name}:{value}" not in traits:
        raise BadQuery(f"unknown operator '{name}:{value}'")
    return traits[f"{name}:{value}"]


def _by(world: World, id_: str | None, who: str) -> bool:
    return id_ is not None and who.lstrip("@") in (id_, world.users[id_].username.lower())


_OPERATORS: dict[str, Callable[[World, Post, str], bool]] = {
    "from": lambda world, post, who: _by(world, post.author_id, who),
    "to": lambda world, post, who: _by(world, post.reply_to_user, who),
    "conversation_id": lambda _, post, id_: post.conversation_id == id_,
    "in_reply_to_tweet_id": lambda _, post, id_: post.reply_to == id_,
    "quotes_of_tweet_id": lambda _, post, id_: post.quoted == id_,
    "lang": lambda _, post, lang: post.lang == lang,
    "url": lambda _, post, part: any(
        part in post.text[first:last].lower() for first, last in links(post.text)
    ),
}
