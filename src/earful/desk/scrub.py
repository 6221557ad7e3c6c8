"""Takes a person out of JSON that tells of them: cards, messages, authors, actors, plain words."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from earful.kit.ids import is_id

ERASED = "Erased"
"""Stands where a name was."""

_OURS = frozenset(
    {"kind", "status", "visibility", "direction", "network", "disposition", "state", "trouble"}
)
"""Keys whose values are words of ours: somebody may be called "open" or "public"."""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)")


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

    def found_in(self, value: str) -> bool:
        """Whether `value` may name the person: no id or instant does by its digits alone."""
        return value in self.words or not (is_id(value) or _INSTANT.fullmatch(value))


def scrub(value: Any, person: Person) -> Any:
    """`value` without the person; everything else stays as it was."""
    if isinstance(value, str):
        return person.plain(value) if person.found_in(value) else value
    if isinstance(value, list):
        return [scrub(one, person) for one in value]
    if not isinstance(value, dict):
        return value
    clean = {key: one if key in _OURS else scrub(one, person) for key, one in value.items()}
    if value.get("id") == person.contact_id and "name" in value:
        clean["name"] = ERASED
        clean.update({"handle": ""} if "handle" in value else {})
    if value.get("id") in person.message_ids and "text" in value:
        clean |= {"text": "", "media": [], "external_id": None, "uri": ""}
        # What stood beside the text: a subject, a warning, all of a mail with what it repeats.
        clean.update({"extra": None} if "extra" in value else {})
    if "preview" in value:
        clean["preview"] = ""
    if "summary" in value:
        clean["summary"] = ""
    return clean


_SAID_BY_US = ("reason", "words", "note", "evidence")
"""What agents wrote about a conversation, in the events that tell of it."""


def cut(line: str) -> str:
    """A line of history without what an agent wrote into it: "Bob resolved it: solved (…)"."""
    return re.split(r": | \(", line, maxsplit=1)[0]


def scrub_event(data: Any, person: Person, home_of: str | None) -> Any:
    """An event's data without the person; in a conversation of theirs (`home_of` is its contact)
    also without what agents wrote about it."""
    clean = scrub(data, person)
    if home_of != person.contact_id or not isinstance(clean, dict):
        return clean
    for part in (clean, *(one for one in clean.values() if isinstance(one, dict))):
        part.update({name: "" for name in _SAID_BY_US if isinstance(part.get(name), str)})
    for message in clean.get("messages") or []:
        if message.get("direction") == "activity":
            message["text"] = cut(message["text"])
    return clean


def whole(external_id: str) -> str:
    """A pattern for PostgreSQL that finds an id in JSON, and not a longer one that holds it.

    What it finds is deleted: by "7" alone everybody's post would be. Before the id may stand a line
    break, which JSON writes as a backslash and a letter.
    """
    plain = re.sub(r"(\W)", r"\\\1", msgspec.json.encode(external_id).decode()[1:-1])
    return rf"(^|[^[:alnum:]_.+-]|\\[nrt]){plain}(?![[:alnum:]_-]|\.[[:alnum:]])"
