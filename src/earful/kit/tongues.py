"""Which language somebody reads, as her browser tells it (RFC 9110, section 12.5.4)."""

from __future__ import annotations

from collections.abc import Sequence

RIGHT_TO_LEFT = frozenset({"ar", "arc", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})
_MOST = 20


def first_part(language: str) -> str:
    """`pt` of `pt-BR`."""
    return language.replace("_", "-").partition("-")[0].lower()


def best(asked: str, known: Sequence[str]) -> str:
    """The language of `known` that an `Accept-Language` likes best; the first where it names none.

    Of a language with a region only the language counts.
    """
    wishes = []
    for number, one in enumerate(asked[:1_000].split(",")[:_MOST]):
        name, _, weight = one.strip().partition(";")
        if first_part(name.strip()) in known and (likes := _weight(weight)) > 0:
            wishes.append((-likes, number, first_part(name.strip())))
    return min(wishes)[2] if wishes else known[0]


def _weight(text: str) -> float:
    name, _, value = text.replace(" ", "").partition("=")
    if not name:
        return 1.0
    try:
        return float(value) if name == "q" else 1.0
    except ValueError:
        return 0.0
