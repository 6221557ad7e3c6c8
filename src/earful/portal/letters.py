"""What stands in letters to visitors: nothing of it is a stranger's, so that whoever types somebody
else's address can send them no words by it."""

from __future__ import annotations

from collections.abc import Sequence

from earful.accounts import letters
from earful.accounts.mail import Letter
from earful.portal.words import Words


def answered(to: str, *, brand: str, url: str, words: Words) -> Letter:
    """The letter that tells of an answer."""
    parts = (words("hello"), words("mail_text", brand=brand), url, words("mail_key"))
    subject = words("mail_subject", brand=brand)
    return letters.to_visitor(to, brand=brand, subject=subject, parts=parts, stop=f"{url}/mail")


def links(to: str, *, brand: str, urls: Sequence[str], words: Words) -> Letter:
    """The letter by which a visitor gets back to her talks."""
    asked = words("links_text", brand=brand)
    parts = (words("hello"), asked, "\n".join(urls), words("links_key"))
    subject = words("links_subject", brand=brand)
    return letters.to_visitor(to, brand=brand, subject=subject, parts=parts)
