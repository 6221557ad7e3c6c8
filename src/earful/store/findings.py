"""What a check of the doctor says."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class State(StrEnum):
    """How it stands."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Check(msgspec.Struct, frozen=True):
    """One finding: what was looked at, how it stands, and what to do about it, in words."""

    name: str
    state: State
    words: str


def ok(name: str, words: str) -> Check:
    """All is well."""
    return Check(name, State.OK, words)


def warn(name: str, words: str) -> Check:
    """It works, but should be looked at."""
    return Check(name, State.WARN, words)


def fail(name: str, words: str) -> Check:
    """It must be put right."""
    return Check(name, State.FAIL, words)
