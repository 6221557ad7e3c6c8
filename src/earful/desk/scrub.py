"""Takes a person out of JSON that tells of them: cards, messages, authors, actors, plain words."""

from __future__ import annotations

from typing import Any

import msgspec

ERASED = "Erased"
"""Stands where a name was."""


class Person(msgspec.Struct, frozen=True):
    """Whom to take out: their contact, the messages to empty, and the words that name them."""

    contact_id: str
    message_ids: frozenset[str]
    words: tuple[str, ...]

    def plain(self, text: str) -> str:
        """`text` without the words that name the person."""
        for word in self.words:
            text = text.replace(word, ERASED)
        return text


def scrub(value: Any, person: Person) -> Any:
    """`value` without the person; everything else stays as it was."""
    if isinstance(value, str):
        return person.plain(value)
    if isinstance(value, list):
        return [scrub(one, person) for one in value]
    if not isinstance(value, dict):
        return value
    clean = {key: scrub(one, person) for key, one in value.items()}
    if value.get("id") == person.contact_id and "name" in value:
        clean["name"] = ERASED
        clean.update({"handle": ""} if "handle" in value else {})
    if value.get("id") in person.message_ids and "text" in value:
        clean |= {"text": "", "media": [], "external_id": None, "uri": ""}
    if "preview" in value:
        clean["preview"] = ""
    if "summary" in value:
        clean["summary"] = ""
    return clean
