"""What the portal says, by name and language. A workspace may say each otherwise, also in another
language than these."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from earful.kit.tongues import RIGHT_TO_LEFT, best, first_part
from earful.portal.settings import PortalSettings

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl")

WORDS: Mapping[str, str] = {
    "write": "Write to us",
    "name": "Your name",
    "name_hint": "If you like. It stands beside your message.",
    "email": "Your e-mail address",
    "email_hint": "If you like: we tell you there when we have answered, and nothing else.",
    "text": "Your message",
    "pictures": "Pictures",
    "pictures_hint": "Up to four.",
    "who": "Who can read it?",
    "private": "Only you and us",
    "private_hint": "You by a link that you get, and the people who work here.",
    "public": "Everyone",
    "public_hint": "Your message, your name and our answer stand on our public page, where "
    "everyone can read them and search engines find them, once we have answered. Your e-mail "
    "address is never shown.",
    "send": "Send",
    "sent": "We have it. Keep the address of this page: with it you come back, from anywhere.",
    "link": "Your link",
    "waiting": "We have not answered yet. The answer appears here.",
    "waiting_mail": "We have not answered yet. The answer appears here, and we tell you by e-mail.",
    "more": "Write more",
    "you": "You",
    "guest": "Guest",
    "talk_private": "Only you, with this link, and the people who work here can read this.",
    "talk_public": "This is public: once we have answered, everyone can read it.",
    "take_back": "Take back",
    "take_back_hint": "It leaves these pages for good. Who has read it here has read it.",
    "taken_back": "Taken back.",
    "mail_on": "We tell {email} when we answer.",
    "mail_stop": "No more e-mail",
    "mail_start": "Tell me by e-mail",
    "mail_stopped": "We write you no more e-mail about this.",
    "refresh": "Look again",
    "again": "Write about something else",
    "back": "Back to your talk",
    "help": "Ways to reach us",
    "hours": "When somebody is here",
    "hours_open": "Somebody is here now.",
    "hours_closed": "Nobody is here now. Write: it is answered when somebody is.",
    "here": "Here",
    "here_hint": "Without an account, privately or in public.",
    "here_hint_private": "Without an account, and only we read it.",
    "reach_public": "What you write there is public.",
    "public_page": "Questions and answers",
    "public_none": "Nothing is public yet.",
    "notices": "What we know",
    "lost": "I have lost my link",
    "lost_hint": "If you gave us an e-mail address, we send new links to it.",
    "lost_send": "Send me my links",
    "lost_done": "If there are talks with this address, their links are on the way to it.",
    "legal": "Privacy, imprint, contact",
    "privacy": "Privacy",
    "imprint": "Imprint",
    "contact": "Contact",
    "older": "Older ones",
    "closed": "This page is not open.",
    "unknown": "There is no such page here. The link may be cut off, or what it led to was erased.",
    "stale": "This form was open for very long. Your text is still here: please send it again.",
    "empty": "Write something first.",
    "long": "That is too long: at most {most} characters.",
    "unreadable": "It has characters in it that can't be kept. Take them out, and send it again.",
    "bad_email": "Write an e-mail address, such as alice@example.org, or leave it empty.",
    "bad_picture": "{file}: {why} Please choose your pictures again.",
    "many_pictures": "At most four pictures. Please choose them again.",
    "trap": "Leave the field that is not for you empty.",
    "quick": "That was very quick. Please press Send once more.",
    "twice": "This very message came from here a moment ago. It is with us; no need to repeat it.",
    "often": "Many messages came from where you are. Wait {wait}, then press Send again.",
    "flood": "Very many people write to us right now, so new messages wait their turn. Nothing "
    "that was sent is lost, and your text is still here. Wait {wait}, then press Send again.",
    "away": "We can't take it just now. Your text is still here: please send it again in a moment.",
    "kept": "Your text is still here; pictures must be chosen again.",
    "hello": "Hello,",
    "mail_subject": "{brand} has answered",
    "mail_text": "{brand} has answered you. Read the answer, and write back, here:",
    "mail_key": "Whoever has this link can read your talk. On that page you can also say that you "
    "want no more e-mail about it.",
    "links_subject": "Your links to {brand}",
    "links_text": "somebody, perhaps you, asked for the links to your talks with {brand}:",
    "links_key": "Whoever has a link can read that talk. If you asked for nothing, there is "
    "nothing to do.",
}


def language_of(settings: PortalSettings, asked: str) -> str:
    """The language of a portal's pages: the one that is set, else what the visitor asks for
    (`Accept-Language`). Own texts are of one language, so without it they stay among English ones.
    """
    if settings.language or settings.words:
        return settings.language or "en"
    return best(asked, LANGUAGES)


def texts(language: str) -> Mapping[str, str]:
    """The texts in a language; English for one that is not built in."""
    first = first_part(language)
    return _built_in(first) if first in LANGUAGES[1:] else WORDS


@cache
def _built_in(language: str) -> Mapping[str, str]:
    found = files("earful.portal").joinpath(f"languages/{language}.json")
    known: dict[str, str] = json.loads(found.read_text("utf-8"))
    return known


class Words:
    """The texts of one portal, in one language."""

    def __init__(self, own: Mapping[str, str], language: str = "en") -> None:
        self._own, self._known = own, texts(language)
        self.language = language

    @property
    def direction(self) -> str:
        """ "rtl" or "ltr", by the language."""
        return "rtl" if first_part(self.language) in RIGHT_TO_LEFT else "ltr"

    def __call__(self, name: str, **values: object) -> str:
        """The text of that name, with `values` put in."""
        text = self._own.get(name) or self._known[name]
        for key, value in values.items():
            text = text.replace("{" + key + "}", str(value))
        return text
