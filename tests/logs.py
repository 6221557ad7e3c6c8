"""Logging that a test configures as it likes; afterwards it is as it was."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog


@contextmanager
def kept_apart() -> Iterator[io.StringIO]:
    """Where logs may go while the block runs."""
    root, ours = logging.getLogger(), logging.getLogger("earful")
    before = (root.handlers[:], root.level, ours.level)
    try:
        yield io.StringIO()
    finally:
        root.handlers[:] = before[0]
        root.setLevel(before[1])
        ours.setLevel(before[2])
        structlog.reset_defaults()
