"""Rate limits by endpoint and token, with the headers that tell of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from earful.networks.x.prices import DAY, DMS_A_DAY, LIMITS
from earful.networks.x.simulator.problems import Trouble, blank


class Window(msgspec.Struct):
    """What is left until when."""

    most: int
    left: int
    ends_at: datetime


class Limits:
    """Counts requests. A window begins with the first request in it."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._windows: dict[tuple[str, str], Window] = {}

    def take(self, place: str, user: str | None, *, on: bool) -> dict[str, str]:
        """Count one request of `user`, or of the app. The headers; Trouble (429) when none is left.

        Nothing is refused when not `on`.
        """
        limit = LIMITS.get(place)
        if limit is None:
            return {}
        headers: dict[str, str] = {}
        windows = []
        if user and limit.user is not None:
            window = self._window(place, user, limit.user, limit.user_per)
            windows.append(window)
            headers |= _headers("x-rate-limit", window)
        if user and place == "dm_send":
            daily = self._window(place, user + " a day", DMS_A_DAY, DAY)
            windows.append(daily)
            headers |= _headers("x-user-limit-24hour", daily)
        if limit.app is not None and (user is None or limit.per == DAY):
            window = self._window(place, "", limit.app, limit.per)
            windows.append(window)
            daily_app = limit.per == DAY
            headers |= _headers("x-app-limit-24hour" if daily_app else "x-rate-limit", window)
        if on and any(window.left <= 0 for window in windows):
            answer = blank(429, code=88)
            raise Trouble(msgspec.structs.replace(answer, headers={**answer.headers, **headers}))
        for window in windows:
            window.left -= 1
        counted = dict(headers)
        for name in headers:
            if name.endswith("-remaining"):
                counted[name] = str(max(int(headers[name]) - 1, 0))
        return counted

    def spend(self, place: str, user: str | None) -> None:
        """Leave nothing in a window, as if others had used it up."""
        limit = LIMITS[place]
        most = limit.user if user else limit.app
        per = limit.user_per if user else limit.per
        self._window(place, user or "", most or 0, per).left = 0

    def _window(self, place: str, who: str, most: int, per: int) -> Window:
        window = self._windows.get((place, who))
        if window is None or window.ends_at <= self._now():
            window = Window(most, most, self._now() + timedelta(seconds=per))
            self._windows[place, who] = window
        return window


def _headers(prefix: str, window: Window) -> dict[str, str]:
    return {
        f"{prefix}-limit": str(window.most),
        f"{prefix}-remaining": str(max(window.left, 0)),
        f"{prefix}-reset": str(int(window.ends_at.timestamp())),
    }
