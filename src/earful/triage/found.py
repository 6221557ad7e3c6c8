"""What stands in a text beside its kind: whose turn, how pressing, about what; by rules alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from earful.triage.entities import Entity, entities
from earful.triage.language import language
from earful.triage.openings import Near, starts_of
from earful.triage.said import Said, said
from earful.triage.said import topics as said_topics
from earful.triage.sensitive import plain, sensitive
from earful.triage.sensitive import topics as grave_topics
from earful.triage.shaming import shaming
from earful.triage.words import MOST


@dataclass(frozen=True)
class Found:
    """What rules find in a text; words where something was found, else empty.

    `language` is an ISO 639-1 code. `sensitive` routes the one message and is kept about nobody.
    `urgency` is "now", "today" or "none", `urgent_words` are what "now" was told by.
    """

    language: str
    sensitive: str
    shaming: str
    prior: Said | None
    urgency: str
    urgent_words: str
    entities: list[Entity]

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        prior = self.prior._asdict() if self.prior else None
        return {
            "language": self.language,
            "sensitive": self.sensitive,
            "shaming": self.shaming,
            "prior_contact": prior,
            "urgency": self.urgency,
            "entities": [one.as_dict() for one in self.entities],
        }

    def severity(self, given: int) -> int:
        """The severity that these call for: never less grave than what was `given`.

        3 for what is said before everybody or was asked before, 2 where a person must come at once.
        """
        if self.sensitive:
            return min(given, 2)
        return min(given, 3) if self.shaming or self.prior else given

    def reasons(self) -> list[str]:
        """Why, in words, the gravest first."""
        told = [self.sensitive, self.shaming]
        if self.prior:
            told.append(f"has asked before: “{self.prior.words}”")
        if self.urgent_words:
            told.append(f"can't wait: “{self.urgent_words}”")
        return [one for one in told if one]


@cache
def _near() -> Near:
    """Where any of the ways of speaking may open. Read when first asked for."""
    return Near([*grave_topics(), *said_topics()])


def find(text: str, brands: Sequence[str] = ()) -> Found:
    """What rules find in a text; `brands` are one's own names and handles. Never fails."""
    read = text[:MOST]
    plainly = plain(read)
    starts = _near().of(starts_of(plainly))
    now = said("now", plainly, starts)
    return Found(
        language=language(read),
        sensitive=sensitive(read, plainly, starts),
        shaming=shaming(read, brands, plainly, starts),
        prior=said("prior", plainly, starts),
        urgency="now" if now else "today" if said("today", plainly, starts) else "none",
        urgent_words=now.words if now else "",
        entities=entities(read),
    )
