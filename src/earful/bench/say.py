"""Progress of long work, on standard error: standard output ends with the result alone."""

from __future__ import annotations

import sys
import time


def say(text: str) -> None:
    """One line of progress with the time of day."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of `values` do not exceed (nearest rank)."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))] if ranked else 0.0


def ms(seconds: float) -> float:
    """Milliseconds, as figures are shown."""
    return round(seconds * 1000, 1)
