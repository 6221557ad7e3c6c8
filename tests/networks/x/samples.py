"""X's own examples of activity events, and exchanges with X that were recorded."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from earful.networks.x.translate import Us

_FOLDER = Path(__file__).parent / "samples"
ACTIVITY: dict[str, Any] = json.loads((_FOLDER / "activity.json").read_text())
RECORDED: dict[str, Any] = json.loads((_FOLDER / "recorded.json").read_text())
US = Us("1111111111111111111", "ExampleUser")
NOW = datetime(2026, 8, 12, 18, 30, tzinfo=UTC)


def body(sample: Any) -> bytes:
    """As it goes over the line."""
    return msgspec.json.encode(sample)


def post(**said: Any) -> msgspec.Raw:
    """A post as X tells it; what is not said is usual."""
    told = {
        "id": "2080765813578191303",
        "author_id": "2222222222222222222",
        "created_at": "2026-07-24T21:23:23.000Z",
        "text": "hey @ExampleUser",
    } | said
    return msgspec.Raw(body(told))
