"""What a policy promises, and to whom: plain values, as they are kept and as the API tells them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

import msgspec

from earful.sla.calendar import Calendar
from earful.sla.errors import HoursError

Kind = Literal["first_response", "next_response", "resolution"]
KINDS: tuple[Kind, ...] = ("first_response", "next_response", "resolution")
MOST = 366 * 86_400.0
"""Seconds: the longest target. A promise for years is none."""
MOST_WARNINGS = 5


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many seconds, of the policy's hours or around the clock."""

    within: float
    counts: Literal["business", "calendar"] = "calendar"

    @property
    def length(self) -> timedelta:
        """The same as a timedelta."""
        return timedelta(seconds=self.within)


class Promise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The targets of one severity; None: no clock of that kind."""

    first_response: Target | None = None
    next_response: Target | None = None
    resolution: Target | None = None

    def target(self, kind: Kind) -> Target | None:
        """The target of that kind."""
        found: Target | None = getattr(self, kind)
        return found


class Match(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom a policy is for. Each list that is not empty must hold what the conversation has."""

    inbox_ids: tuple[str, ...] = ()
    channel_ids: tuple[str, ...] = ()
    visibilities: tuple[str, ...] = ()
    contact_tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


class Warn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A point before it is due: when a `share` (0 to 1) of the target or `before` s are left."""

    share: float | None = None
    before: float | None = None

    def left(self, target: timedelta) -> timedelta:
        """How much of the target is left at this point."""
        if self.share is not None:
            return target * self.share
        return timedelta(seconds=self.before or 0)


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A policy. `limit_for`: seconds of calendar time in which somebody must answer in any case."""

    name: str
    severities: dict[int, Promise]
    match: Match = Match()
    hours_id: str | None = None
    limit_for: float | None = 86_400.0
    warn: tuple[Warn, ...] = (Warn(share=0.5), Warn(share=0.2))
    snoozed_pauses_response: bool = False
    snoozed_pauses_resolution: bool = True
    pending_pauses_resolution: bool = True
    calendar: Calendar | None = None
    """The hours as they were when this version was made; filled in by the desk."""

    def pauses(self, status: str, kind: str) -> bool:
        """Whether a clock of that kind stands still while the conversation has that status."""
        if status == "pending":
            return kind == "resolution" and self.pending_pauses_resolution
        if status != "snoozed":
            return False
        resolution = kind == "resolution"
        return self.snoozed_pauses_resolution if resolution else self.snoozed_pauses_response

    @property
    def limit(self) -> timedelta | None:
        """The outer limit."""
        return None if self.limit_for is None else timedelta(seconds=self.limit_for)


def read_terms(data: Any) -> Terms:
    """Terms as they were kept."""
    return msgspec.convert(data, Terms, str_keys=True)


def check_terms(terms: Terms) -> None:
    """Raises HoursError with what to mend."""
    if not terms.severities or not set(terms.severities) <= {1, 2, 3, 4, 5}:
        raise HoursError("A policy has targets for severities from 1 to 5, at least for one.")
    targets = [
        target
        for promise in terms.severities.values()
        for kind in KINDS
        if (target := promise.target(kind)) is not None
    ]
    if not targets:
        raise HoursError("This policy promises nothing. Set at least one target.")
    for target in targets:
        _check_length(target.within, "A target")
    if terms.limit_for is not None:
        _check_length(terms.limit_for, "The outer limit")
    if any(target.counts == "business" for target in targets) and terms.hours_id is None:
        raise HoursError("A target in business hours needs hours. Choose some.")
    if len(terms.warn) > MOST_WARNINGS:
        raise HoursError(f"A policy warns at most {MOST_WARNINGS} times.")
    for warn in terms.warn:
        _check_warning(warn)


def _check_length(seconds: float, what: str) -> None:
    if not 1 <= seconds <= MOST:
        raise HoursError(f"{what} is at least a second and at most 366 days.")


def _check_warning(warn: Warn) -> None:
    if (warn.share is None) == (warn.before is None):
        raise HoursError("A warning says either a share of the target or a time before it is due.")
    if warn.share is not None and not 0 < warn.share < 1:
        raise HoursError("The share left at a warning is between 0 and 1.")
    if warn.before is not None:
        _check_length(warn.before, "The time before it is due")
