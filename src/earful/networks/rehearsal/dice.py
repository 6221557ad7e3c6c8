"""Chance that always falls the same way: one die per seed and purpose."""

from __future__ import annotations

import random


def dice(seed: int, *purpose: str | int) -> random.Random:
    """A random source fixed by `seed` and `purpose`; the same on every machine and Python."""
    return random.Random("/".join(map(str, (seed, *purpose))))  # noqa: S311 - a script, no secret
