"""The workspace's own text with its variables: an instant in the language of the text."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime, get_timezone_location, get_timezone_name

FAR = timedelta(days=6)


def in_words(at: datetime, now: datetime, zone: str, language: str) -> str:
    """`at` as one says it in `language` (BCP 47) and `zone`: "14:30 CET", "Monday 9:00 CET",
    "7 December 9:00 CET". A language that is unknown is said in English."""
    locale = locale_of(language)
    here, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    clock = format_datetime(here, _PATTERN_TIME[_clock(locale)], locale=locale)
    time = f"{clock} {_zone(here, locale)}"
    if here.date() == today.date():
        return time
    day = "EEEE" if at - now < FAR else "d MMMM"
    return f"{format_datetime(here, day, locale=locale)} {time}"


def _zone(here: datetime, locale: Locale) -> str:
    """ "CET" where that is said; else the city, for nobody knows her time by "+0900"."""
    short = get_timezone_name(here, "short", locale=locale)
    if not any(sign.isdigit() for sign in short):
        return short
    return f"({get_timezone_location(here, locale=locale, return_city=True)})"


_PATTERN_TIME = {24: "H:mm", 12: "h:mm a"}


def _clock(locale: Locale) -> int:
    return 12 if "a" in locale.time_formats["short"].pattern else 24


def locale_of(language: str) -> Locale:
    """The locale of a language; English where it is unknown."""
    try:
        return Locale.parse(language.replace("-", "_"))
    except (ValueError, UnknownLocaleError, TypeError):
        return Locale("en", "GB")


def filled(text: str, **values: str) -> str:
    """`text` with its {names} replaced, in one go: a value with braces is no variable."""
    parts = []
    rest = text
    while "{" in rest:
        before, _, after = rest.partition("{")
        name, closed, behind = after.partition("}")
        if closed and name in values:
            parts += [before, values[name]]
            rest = behind
        else:
            parts.append(before + "{")
            rest = after
    return "".join(parts) + rest
