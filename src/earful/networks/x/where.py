"""Pure: what a channel's fields say about X and our app there."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

import msgspec

from earful.networks.contract import Rejected

API = "https://api.x.com"
AUTHORIZE = "https://x.com/i/oauth2/authorize"
WAYS = ("mentions", "stream", "activity", "search", "messages")
_MICROS = 1_000_000
_DAY = 1440


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """The app and the account's plan. `cap` is in millionths of a dollar a day, 0 for none;
    `answer_within` in seconds, `look_again` in minutes. `names` is the vocabulary of requests."""

    api: str = API
    upload: str = API
    authorize: str = AUTHORIZE
    client_id: str = ""
    client_secret: str = ""
    consumer_secret: str = ""
    bearer: str = ""
    access_token: str = ""
    refresh_token: str = ""
    enterprise: bool = False
    own_app: bool = True
    names: str = "tweet"
    ways: frozenset[str] = frozenset(WAYS)
    searches: tuple[str, ...] = ()
    cap: int = 0
    look_again: float = 60.0
    answer_within: float = 20.0


def where(config: Mapping[str, str], secrets: Mapping[str, str]) -> Where:
    """What the fields say. Raises Rejected, in words, when they make no sense."""
    api = _address(config.get("api") or API)
    return Where(
        api=api,
        upload=_address(config.get("upload") or api),
        authorize=_address(config.get("authorize") or AUTHORIZE),
        client_id=config.get("client_id", "").strip(),
        client_secret=secrets.get("client_secret", "").strip(),
        consumer_secret=secrets.get("consumer_secret", "").strip(),
        bearer=secrets.get("bearer_token", "").strip(),
        access_token=secrets.get("access_token", "").strip(),
        refresh_token=secrets.get("refresh_token", "").strip(),
        enterprise=_one_of("tier", config, ("pay-per-use", "enterprise")) == "enterprise",
        own_app=_one_of("own_app", config, ("yes", "no")) == "yes",
        names=_one_of("names", config, ("tweet", "post")),
        ways=_ways(config.get("listen", "")),
        searches=tuple(filter(None, map(str.strip, config.get("search", "").splitlines()))),
        look_again=_minutes(config.get("look_again", "")),
        cap=_dollars(config.get("daily_cap", "")),
    )


def _address(text: str) -> str:
    text = text.strip().rstrip("/")
    parts = urlsplit(text if "://" in text else f"https://{text}")
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise Rejected(f"This is no address that X can be reached at: {text}")
    return parts.geturl()


def _one_of(name: str, config: Mapping[str, str], choices: tuple[str, ...]) -> str:
    """The first choice where nothing is said."""
    said = (config.get(name) or choices[0]).strip().lower()
    if said not in choices:
        raise Rejected(f"The field {name} takes {' or '.join(choices)}, and not {said!r}.")
    return said


def _ways(text: str) -> frozenset[str]:
    said = frozenset(filter(None, (way.strip().lower() for way in text.split(","))))
    if unknown := sorted(said - set(WAYS)):
        known = ", ".join(WAYS)
        raise Rejected(f"X can't be listened to by {', '.join(unknown)}; there are {known}.")
    return (said or frozenset(WAYS)) | {"mentions"}


def _dollars(text: str) -> int:
    try:
        micros = Decimal(text.strip().lstrip("$") or "0") * _MICROS
    except InvalidOperation:
        micros = Decimal(-1)
    if not micros.is_finite() or micros < 0:
        raise Rejected(f"The cap is an amount in dollars, such as 5.00, and not {text!r}.")
    return int(micros)


def _minutes(text: str) -> float:
    try:
        minutes = float(text.strip() or 60)
    except ValueError:
        minutes = 0.0
    if not 0 < minutes <= _DAY:
        raise Rejected(f"Looking again takes a number of minutes up to a day, and not {text!r}.")
    return minutes
