"""Looks a channel's set-up over: who we are, what we may do, and by which ways X can tell us."""

from __future__ import annotations

from earful.networks.contract import Finding, NetworkError
from earful.networks.x.api import Call
from earful.networks.x.means import Means
from earful.networks.x.oauth import SCOPES
from earful.networks.x.subscriptions import callable_by_x

_ORDER = {"bad": 0, "warn": 1, "good": 2}


async def check(means: Means) -> tuple[Finding, ...]:
    """What was found, the worst first."""
    found = [await _sign_in(means), await _rights(means), await _app(means), _door(means)]
    found.append(_purse(means))
    return tuple(sorted(found, key=lambda each: _ORDER[each.state]))


async def _sign_in(means: Means) -> Finding:
    try:
        who = await means.session.confirm()
    except NetworkError as error:
        return Finding("bad", "Sign-in", str(error))
    return Finding("good", "Sign-in", f"X knows us as @{who.handle}.")


async def _rights(means: Means) -> Finding:
    """Which rights were given; X says so when somebody signs in."""
    given = (await means.ports.tokens.load() or {}).get("scope")
    missing = [each for each in SCOPES if each not in str(given).split()]
    if not given:
        return Finding("warn", "Rights", "X did not say which rights the tokens carry.")
    if missing:
        return Finding("bad", "Rights", f"Sign in again and allow {', '.join(missing)}.")
    return Finding("good", "Rights", "All that is needed was allowed.")


async def _app(means: Means) -> Finding:
    title = "Streams"
    if not means.place.bearer:
        words = "There is no bearer token of the app: mentions and messages are asked for only."
        return Finding("warn", title, words)
    try:
        await means.session.call(
            Call(path="/2/tweets/search/stream/rules", bucket="rules", app=True)
        )
    except NetworkError as error:
        return Finding("bad", title, str(error))
    return Finding("good", title, "X takes the app's bearer token.")


def _door(means: Means) -> Finding:
    title, place = "Webhook", means.place
    if not callable_by_x(means.ports.hook, place.api):
        words = "X can't call this desk (https without a port); the streams tell the same."
        return Finding("warn" if not place.bearer else "good", title, words)
    if not place.consumer_secret:
        return Finding("warn", title, "Without the consumer secret no call of X can be checked.")
    return Finding("good", title, "X can call this desk, and is known by its signature.")


def _purse(means: Means) -> Finding:
    if not means.place.cap:
        words = "There is no daily cap: a day with many mentions costs what it costs."
        return Finding("warn", "Money", words)
    return Finding("good", "Money", f"At most about ${means.place.cap / 1_000_000:.2f} a day.")
