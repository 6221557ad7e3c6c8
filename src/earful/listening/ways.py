"""A search as networks can be asked for it: as wide as need be, so that nothing is missed; what
comes back is matched by the search itself."""

from __future__ import annotations

from itertools import product

from earful.listening.query import And, BadSearch, Near, Node, Not, Or, Term

MOST = 40
"""Ways of a search, each of which is asked for by itself on some networks."""
MOST_SLIPS = 8
"""Misspellings of a name that networks are asked for: they know no likeness."""
Way = tuple[str, ...]
"""Words, phrases and #tags that must all be there."""


def ways(node: Node) -> list[Way]:
    """What to ask networks for, in alternatives. Raises BadSearch where that can't be told."""
    found = sorted({tuple(sorted(way)) for way in _ways(node)})
    if any(not way for way in found) or not found:
        raise BadSearch(
            "No network can be asked for this: beside word beginnings, languages and writers a "
            "search needs a whole word, a phrase, a #tag or a domain.", 0,
        )  # fmt: skip
    # One that asks for less finds what one that asks for more would.
    least = [one for one in found if not any(set(o) < set(one) for o in found)]
    if len(least) > MOST:
        raise BadSearch(f"This has {len(least)} alternatives; at most {MOST} can be asked for.", 0)
    return least


def _ways(node: Node) -> list[frozenset[str]]:
    if isinstance(node, Or):
        return [way for part in node.of for way in _ways(part)]
    if isinstance(node, And):
        parts = [_ways(part) for part in node.of]
        size = 1
        for part in parts:
            size *= len(part)
        if size > 100 * MOST:
            raise BadSearch(f"This has {size} alternatives; at most {MOST} can be asked for.", 0)
        return [frozenset().union(*each) for each in product(*parts)]
    if isinstance(node, Near):
        return _ways(And((node.one, node.other)))
    if isinstance(node, Not):
        return [frozenset()]
    return _of_term(node)


def _of_term(term: Term) -> list[frozenset[str]]:
    said = " ".join(term.words)
    if term.how == "tag":
        return [frozenset({f"#{said}"})]
    if term.how == "like":
        return [frozenset({one}) for one in (said, *slips(said))]
    if term.how in ("prefix", "lang", "from"):
        return [frozenset()]
    return [frozenset({said})]


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
