"""Structured logs: one JSON object a line, without what people wrote or any secret.

What our code logs are names, ids, counts and kinds of errors. An exception is told by its type and
place, never by its text, and of other libraries' messages only who spoke where: both quote data.
"""

from __future__ import annotations

import logging
import sys
from typing import Any, TextIO

import msgspec
import structlog
from structlog.typing import EventDict, WrappedLogger

from earful.kit.log_lines import bare, hear, places, words_of

_FORBIDDEN = frozenset(
    {"text", "name", "handle", "token", "password", "secret", "cookie", "email", "url", "body"}
)
"""Keys that would carry what does not belong here; a slip of ours is left out, not printed."""


def configure(level: str, stream: TextIO | None = None) -> None:
    """Send all logs of this process to `stream` (stderr), from `level` on."""
    out = stream or sys.stderr
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            _plain,
            structlog.processors.JSONRenderer(serializer=_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=out),
        cache_logger_on_first_use=False,
    )
    hear(_Bridge(), number)


def _json(event: EventDict, **_: Any) -> str:
    return msgspec.json.encode(event, enc_hook=str).decode()


def _plain(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    clean = {key: bare(value) for key, value in event.items() if key not in _FORBIDDEN}
    info = clean.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        clean |= {"error": type(error).__name__, "where": places(error.__traceback__)}
    return clean


class _Bridge(logging.Handler):
    """Hands what is logged by the standard library's way to structlog."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log a record: ours with its words, others' without."""
        log = structlog.get_logger().bind(logger=record.name)
        place = f"{record.filename}:{record.lineno}"
        log.log(record.levelno, words_of(record), place=place, exc_info=record.exc_info)
