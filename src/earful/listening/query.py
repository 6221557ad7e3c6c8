"""The language of saved searches: read, checked, and written back.

    northwind OR ~northwind OR "north wind"
    (router NEAR/5 broken) lang:en -from:northwind
    #northwindfail OR url:northwind.example

Words side by side must all be there; `OR` between them, `-` or `NOT` before one that must not be.
Capitals and accents count nothing. The reference is docs/reference/searches.md.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from earful.listening.places import known
from earful.listening.words import fold, words_of

LONGEST = 1000
"""Characters of a search."""
MOST = 60
"""Words, phrases and fields of one."""
DEEPEST = 12
"""Parentheses within parentheses."""
FAR = 20
"""Words between two that are NEAR each other, at most."""
FIELDS = ("lang", "from", "url", "place")
LEAST_PREFIX = 3
LEAST_LIKE = 5
"""Letters of a name, below which its misspellings are other words."""


class BadSearch(ValueError):
    """A search that can't be used: in words, and `at` which character, from 0."""

    def __init__(self, words: str, at: int) -> None:
        super().__init__(words)
        self.words, self.at = words, at


@dataclass(frozen=True)
class Term:
    """`how` is word, phrase, prefix, like, tag, or one of FIELDS; `words` are folded.

    `said` is how it was written, in small letters: networks fold otherwise than we do, or not.
    """

    how: str
    words: tuple[str, ...]
    said: str = field(default="", compare=False)


@dataclass(frozen=True)
class Near:
    """Both within so many words of each other, in either order."""

    one: Term
    other: Term
    within: int


@dataclass(frozen=True)
class Not:
    """What must not be there."""

    of: Node


@dataclass(frozen=True)
class And:
    """What must all be there."""

    of: tuple[Node, ...]


@dataclass(frozen=True)
class Or:
    """One of which must be there."""

    of: tuple[Node, ...]


Node = Term | Near | Not | And | Or


class _Piece(NamedTuple):
    kind: str
    text: str
    at: int


_PIECES = re.compile(
    r"""(?P<space>\s+)|(?P<open>\()|(?P<close>\))|(?P<phrase>"[^"]*"?)
    |(?P<near>NEAR(?:/(?P<within>\d+))?(?=[\s(]|$))|(?P<or>OR(?=[\s(]|$)|\|)
    |(?P<and>AND(?=[\s(]|$))|(?P<not>NOT(?=[\s(]|$)|-(?=[^\s-]))|(?P<word>[^\s()"|]+)""",
    re.VERBOSE,
)
_WITHIN = "'\u200c"
"""What stands within a word: an apostrophe, and what Persian parts it by."""


def _said(text: str) -> str:
    """As somebody writes it: letters, marks and digits, with what else there is as spaces."""
    whole = unicodedata.normalize("NFC", text).lower().replace("’", "'")
    plain = (s if unicodedata.category(s)[0] in "LMN" or s in _WITHIN else " " for s in whole)
    return " ".join(filter(None, (word.strip("'") for word in "".join(plain).split())))


class _Reader:
    """Reads one search from left to right."""

    def __init__(self, text: str) -> None:
        found = _PIECES.finditer(text)
        self.pieces = [
            _Piece(piece.lastgroup or "", piece.group(), piece.start())
            if piece.lastgroup != "within"
            else _Piece("near", piece.group(), piece.start())
            for piece in found
            if piece.lastgroup != "space"
        ]
        self.next, self.end, self.count, self.depth = 0, len(text), 0, 0

    def peek(self) -> _Piece:
        if self.next < len(self.pieces):
            return self.pieces[self.next]
        return _Piece("end", "", self.end)

    def take(self) -> _Piece:
        piece = self.peek()
        self.next += 1
        return piece

    def either(self) -> Node:
        parts = [self.all()]
        while self.peek().kind == "or":
            self.take()
            parts.append(self.all())
        return parts[0] if len(parts) == 1 else Or(_flat(Or, parts))

    def all(self) -> Node:
        parts = [self.unary()]
        while True:
            piece = self.peek()
            if piece.kind == "and":
                self.take()
            elif piece.kind in ("end", "close", "or"):
                return parts[0] if len(parts) == 1 else And(_flat(And, parts))
            parts.append(self.unary())

    def unary(self) -> Node:
        if self.peek().kind == "not":
            piece = self.take()
            self._deeper(piece)
            found = Not(self.unary())
            self.depth -= 1
            return found
        return self.near()

    def near(self) -> Node:
        found = self.one()
        while self.peek().kind == "near":
            piece = self.take()
            within = int(piece.text.partition("/")[2] or 5)
            if not 1 <= within <= FAR:
                raise BadSearch(f"NEAR/n takes 1 to {FAR} words.", piece.at)
            other = self.one()
            if not isinstance(found, Term) or not isinstance(other, Term):
                raise BadSearch("NEAR stands between two words or phrases.", piece.at)
            if {found.how, other.how} & set(FIELDS):
                raise BadSearch("NEAR stands between words, not fields.", piece.at)
            found = Near(found, other, within)
        return found

    def one(self) -> Node:
        piece = self.take()
        if piece.kind == "open":
            self._deeper(piece)
            found = self.either()
            if self.take().kind != "close":
                raise BadSearch("A parenthesis is opened here and never closed.", piece.at)
            self.depth -= 1
            return found
        if piece.kind not in ("word", "phrase"):
            raise BadSearch(_MISSING.get(piece.kind, "A word is missing here."), piece.at)
        self.count += 1
        if self.count > MOST:
            raise BadSearch(f"A search has at most {MOST} words and phrases.", piece.at)
        return _phrase(piece) if piece.kind == "phrase" else _term(self._valued(piece))

    def _valued(self, piece: _Piece) -> _Piece:
        """place:"New York" is one: a field with what stands in quotes right behind it."""
        name, colon, value = piece.text.partition(":")
        behind = self.peek()
        beside = behind.kind == "phrase" and behind.at == piece.at + len(piece.text)
        if not (beside and colon and not value and name.lower() in FIELDS):
            return piece
        said = self.take().text
        if len(said) < 2 or not said.endswith('"'):
            raise BadSearch("A quote is opened here and never closed.", behind.at)
        return piece._replace(text=f"{piece.text}{said[1:-1]}")

    def _deeper(self, piece: _Piece) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise BadSearch(f"At most {DEEPEST} parentheses within each other.", piece.at)


_MISSING = {
    "end": "A word is missing at the end.",
    "close": "A parenthesis is closed here that was never opened, or nothing stands in it.",
    "or": "A word is missing before OR.",
    "and": "A word is missing before AND.",
    "near": "A word is missing before NEAR.",
}


def _flat(kind: type[And] | type[Or], parts: list[Node]) -> tuple[Node, ...]:
    """(a b) c is a b c."""
    found: list[Node] = []
    for part in parts:
        found.extend(part.of if isinstance(part, kind) else (part,))
    return tuple(found)


def _phrase(piece: _Piece) -> Term:
    text = piece.text
    if len(text) < 2 or not text.endswith('"'):
        raise BadSearch("A quote is opened here and never closed.", piece.at)
    return _whole(text[1:-1], piece.at)


def _whole(text: str, at: int) -> Term:
    words = words_of(text)
    if not words:
        raise BadSearch("There is no letter or digit in this.", at)
    return Term("word" if len(words) == 1 else "phrase", words, _said(text))


def _term(piece: _Piece) -> Term:
    text, at = piece.text, piece.at
    name, colon, value = text.partition(":")
    if colon and name.lower() in FIELDS:
        return _field(name.lower(), value, at)
    words = words_of(text)
    if text.startswith("#"):
        if not words:
            return _whole(text, at)
        return Term("tag", ("".join(words),), _said(text).replace(" ", ""))
    if text.startswith("~"):
        if len(words) != 1 or len(words[0]) < LEAST_LIKE:
            raise BadSearch(f"~ stands before one name of at least {LEAST_LIKE} letters.", at)
        return Term("like", words, _said(text))
    if text.endswith("*"):
        if len(words) != 1 or len(words[0]) < LEAST_PREFIX:
            raise BadSearch(f"* stands after at least {LEAST_PREFIX} letters.", at)
        return Term("prefix", words)
    found = _whole(text, at)
    # Some networks tell a name from the word that it is.
    named = text.startswith("@") and found.how == "word"
    return replace(found, said=f"@{found.said}") if named else found


def _field(name: str, value: str, at: int) -> Term:
    plain = fold(value.strip().lstrip("@")).removeprefix("https://").removeprefix("http://")
    if name == "url":
        plain = plain.removeprefix("www.").rstrip("/")
        if not re.fullmatch(r"[\w.-]+\.[\w-]{2,}(/\S*)?", plain):
            raise BadSearch("url: takes a domain, such as url:northwind.example.", at)
    elif name == "lang":
        if not re.fullmatch(r"[a-z]{2,3}", plain):
            raise BadSearch("lang: takes a language's code, such as lang:en.", at)
    elif name == "place":
        plain = " ".join(words_of(value.replace("_", " ")))
        if not known(plain):
            raise BadSearch(
                f"No place called “{value}” is known: name a country, or a town of 15,000 people "
                "or more.", at,
            )  # fmt: skip
    if not plain:
        raise BadSearch(f"{name}: has nothing after it.", at)
    return Term(name, (plain,), _said(value) if name == "place" else "")


def read(text: str) -> Node:
    """The search in a text. Raises BadSearch, also for one that nearly everything would match."""
    if len(text) > LONGEST:
        raise BadSearch(f"A search has at most {LONGEST} characters.", LONGEST)
    reader = _Reader(text)
    if not reader.pieces:
        raise BadSearch("Name at least one word.", 0)
    found = reader.either()
    if reader.peek().kind != "end":
        raise BadSearch(_MISSING["close"], reader.peek().at)
    if not _narrow(found):
        raise BadSearch(
            "Nearly everything would match this: name a word of your own that must be there.", 0
        )
    return found


_COMMON = frozenset(
    re.findall(
        r"\w+",
        """the a an and or of to in is it i you he she we they for on at by be are was my your this
        that der die das und ist ich du wir ein eine le la les de et un une el los y que zu den""",
    )
)


def _narrow(node: Node) -> bool:
    """Whether something that few texts have must be there."""
    if isinstance(node, And):
        return any(_narrow(part) for part in node.of)
    if isinstance(node, Or):
        return all(_narrow(part) for part in node.of)
    if isinstance(node, Near):
        return _narrow(node.one) or _narrow(node.other)
    if isinstance(node, Not):
        return False
    if node.how in ("word", "phrase"):
        rare = [word for word in node.words if word not in _COMMON]
        # A Chinese or Japanese sign is a word of its own.
        return len(node.words) > 3 or any(len(word) > 1 or ord(word) > 0x2E80 for word in rare)
    return node.how not in ("lang", "place")


def write(node: Node) -> str:
    """The search as text, which reads as the same search."""
    if isinstance(node, Or):
        return " OR ".join(_inner(part) for part in node.of)
    if isinstance(node, And):
        return " ".join(f"({write(p)})" if isinstance(p, Or) else _inner(p) for p in node.of)
    if isinstance(node, Not):
        return f"-{_inner(node.of)}" if isinstance(node.of, Term) else f"NOT {_grouped(node.of)}"
    if isinstance(node, Near):
        return f"{_written(node.one)} NEAR/{node.within} {_written(node.other)}"
    return _written(node)


def _grouped(node: Node) -> str:
    return f"({write(node)})"


def _inner(node: Node) -> str:
    return _grouped(node) if isinstance(node, And | Or) else write(node)


def _written(term: Term) -> str:
    said = " ".join(term.words)
    marks = {"tag": f"#{said}", "like": f"~{said}", "prefix": f"{said}*"}
    if term.how in FIELDS:
        return f"{term.how}:{said.replace(' ', '_')}"
    # A quoted word is never an operator: "or" is the word.
    return marks.get(term.how, f'"{said}"')
