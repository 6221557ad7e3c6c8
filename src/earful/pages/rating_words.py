"""What the page says on which customers rate us, by name, in the language that they read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from earful.kit.tongues import best

ENGLISH: Mapping[str, str] = {
    "title": "How did we do?",
    "5": "Very good",
    "4": "Good",
    "3": "So so",
    "2": "Bad",
    "1": "Very bad",
    "asked": "You wrote to {brand}. One answer is enough; words are welcome.",
    "legend": "Your answer",
    "words": "In your words (may stay empty)",
    "send": "Send",
    "kept": "{brand} keeps your answer with your conversation.",
    "thanks": "Thank you",
    "done": "It helps. You can change your answer by the same link.",
    "gone": "This link does not work",
    "gone_why": "It is too old, or was copied in part. Nothing more is needed from you.",
    "wait": "Please wait {wait}, then send it again.",
    "invalid": "Choose one of the five.",
    "too-long": "That is too long. Please shorten it.",
}


@cache
def others() -> Mapping[str, Mapping[str, str]]:
    """The texts in other languages than English."""
    found = files("earful.pages").joinpath("languages/rating.json").read_text("utf-8")
    known: dict[str, dict[str, str]] = json.loads(found)
    return known


class RatingWords:
    """The texts for who asks for languages (`Accept-Language`)."""

    def __init__(self, asked: str) -> None:
        self.language = best(asked, ("en", *others())) if asked else "en"
        self._known = ENGLISH if self.language == "en" else others()[self.language]

    def __call__(self, name: str, **values: str) -> str:
        """The text of that name, with `values` put in."""
        text = self._known[name]
        for key, value in values.items():
            text = text.replace("{" + key + "}", value)
        return text

    def __contains__(self, name: str) -> bool:
        """Whether there is such a text."""
        return name in self._known
