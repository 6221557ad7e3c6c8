"""What a line of the logs may hold; and such lines from a process that does without structlog.

The parent of a desk speaks a few times in its life, and stays small.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO

OURS = "earful"
FRAMES = 8
"""Innermost frames that are told of an exception."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43,}")
_LIBRARIES_SPEAK_FROM = logging.WARNING


def configure_plainly(level: str, stream: TextIO | None = None) -> None:
    """Send what this process logs by the standard library's way to `stream` (stderr)."""
    hear(Lines(stream or sys.stderr), logging.getLevelNamesMapping()[level.upper()])


def hear(handler: logging.Handler, level: int) -> None:
    """Hand all records to `handler`: ours from `level` on, of libraries those that warn."""
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(max(level, _LIBRARIES_SPEAK_FROM))
    logging.getLogger(OURS).setLevel(level)


def words_of(record: logging.LogRecord) -> str:
    """What a record says: ours in its words, others' without."""
    ours = record.name.partition(".")[0] == OURS
    return record.getMessage() if ours else "a library speaks"


def bare(value: Any) -> Any:
    """`value` without tokens: an address may hold one, such as that of an invitation."""
    return _TOKEN.sub("...", value) if isinstance(value, str) else value


def places(trace: TracebackType | None) -> list[str]:
    """Where an exception went through, innermost last."""
    frames = traceback.extract_tb(trace)[-FRAMES:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]


class Lines(logging.Handler):
    """Writes each record as one JSON object on a line."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record; an exception by its type and place."""
        line: dict[str, Any] = {
            "logger": record.name,
            "place": f"{record.filename}:{record.lineno}",
            "event": bare(words_of(record)),
            "level": record.levelname.lower(),
            "at": datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z"),
        }
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line |= {"error": type(error).__name__, "where": places(error.__traceback__)}
        self._stream.write(json.dumps(line) + "\n")
        self._stream.flush()
