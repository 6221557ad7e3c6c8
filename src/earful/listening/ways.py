"""A search as networks can be asked for it: as wide as need be, so that nothing is missed; what
comes back is matched by the search itself."""

from __future__ import annotations

from collections.abc import Iterable

from earful.listening.query import And, BadSearch, Near, Node, Not, Or, Term

MOST = 60
"""Ways of a search, each of which is asked for by itself on some networks."""
MOST_AT_ONCE = 20 * MOST
"""Ways that are looked through to find out whether there are fewer."""
MOST_SLIPS = 16
"""Misspellings of a name that networks are asked for: they know no likeness."""
Way = tuple[str, ...]
"""Words, phrases, #tags and domains (url:) that must all be there."""
_LATIN = 0x0250
"""Signs below are Latin letters: networks find some of them with and without accents."""


def ways(node: Node) -> list[Way]:
    """What to ask networks for, in alternatives. Raises BadSearch where that can't be told."""
    least = sorted(tuple(sorted(way)) for way in _least(_ways(node)))
    if not least or not least[0]:
        raise BadSearch(
            "No network can be asked for this: beside word beginnings, languages and writers a "
            "search needs a whole word, a phrase, a #tag or a domain.", 0,
        )  # fmt: skip
    if len(least) > MOST:
        raise BadSearch(f"This has {len(least)} alternatives; at most {MOST} can be asked for.", 0)
    return least


def _ways(node: Node) -> list[frozenset[str]]:
    if isinstance(node, Or):
        return [way for part in node.of for way in _ways(part)]
    if isinstance(node, And):
        return _all_of(dict.fromkeys(node.of))
    if isinstance(node, Near):
        return _ways(And((node.one, node.other)))
    if isinstance(node, Not):
        return [frozenset()]
    return _of_term(node)


def _all_of(parts: Iterable[Node]) -> list[frozenset[str]]:
    """Each way of one with each of the others. Raises BadSearch where that is beyond measure."""
    found = [frozenset[str]()]
    for part in parts:
        more = _ways(part)
        if len(found) * len(more) > MOST_AT_ONCE:
            raise BadSearch(
                f"This has {len(found) * len(more)} alternatives; at most {MOST} can be asked for.",
                0,
            )
        found = _least([one | other for one in found for other in more])
    return found


def _least(ways: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """One that asks for less finds what one that asks for more would."""
    each = list(dict.fromkeys(ways))
    return [one for one in each if not any(other < one for other in each)]


def _of_term(term: Term) -> list[frozenset[str]]:
    folded = " ".join(term.words)
    if term.how == "url":
        return [frozenset({f"url:{folded}"})]
    if term.how in ("prefix", "lang", "from"):
        return [frozenset()]
    mark = "#" if term.how == "tag" else ""
    more = slips(folded) if term.how == "like" else []
    return [frozenset({f"{mark}{one}"}) for one in dict.fromkeys((*_forms(term), *more))]


def _forms(term: Term) -> list[str]:
    """As it was written and, with Latin letters, without accents: é is e to some networks only.

    Of other letters the folded form is no word: no network knows 한 by its parts.
    """
    folded = " ".join(term.words)
    if not term.said or term.said == folded:
        return [folded]
    latin = all(ord(sign) < _LATIN for sign in term.said)
    return [term.said, folded] if latin else [term.said]


def without(node: Node) -> list[str]:
    """Words, phrases, #tags and writers (from:) that nothing may have which the search is after.

    A network that charges is asked to leave them out.
    """
    parts = node.of if isinstance(node, And) else (node,)
    found: list[str] = []
    for part in parts:
        if isinstance(part, Not):
            found += map(_said, part.of.of if isinstance(part.of, Or) else (part.of,))
    return [one for one in dict.fromkeys(found) if one]


def doubts(node: Node) -> list[str]:
    """What is likely meant otherwise: words side by side belong together more than by OR."""
    if not isinstance(node, Or):
        return []
    narrowed = [
        isinstance(part, And) and any(isinstance(one, Not) for one in part.of) for part in node.of
    ]
    if all(narrowed) or not any(narrowed):
        return []
    return [
        "What is left out is left out of one alternative only. To leave it out of all, put them "
        "in parentheses: (a OR b) -c."
    ]


def _said(node: Node) -> str:
    """What stands for it in the network's words; nothing where it may mean more there."""
    if not isinstance(node, Term):
        return ""
    said = node.said or " ".join(node.words)
    marks = {"word": "", "phrase": "", "like": "", "tag": "#", "from": "from:"}
    return f"{marks[node.how]}{said}" if node.how in marks else ""


def slips(name: str) -> list[str]:
    """The likeliest misspellings of a name: two letters in each other's place, one left out, one
    doubled letter single; the most at the middle, where fingers slip most."""
    swapped = [
        name[:at] + name[at + 1] + name[at] + name[at + 2 :]
        for at in range(1, len(name) - 1)
        if name[at] != name[at + 1]
    ]
    dropped = [name[:at] + name[at + 1 :] for at in range(1, len(name))]
    both = [one for pair in zip(swapped, dropped, strict=False) for one in pair]
    middle = len(both) // 2
    ordered = sorted(range(len(both)), key=lambda at: abs(at - middle))
    return list(dict.fromkeys(both[at] for at in ordered if both[at] != name))[:MOST_SLIPS]
