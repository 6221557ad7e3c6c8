"""X's own descriptions of its API: they may not be handed on, so they lie beside the checkout.

`EARFUL_TEST_DATA` names the folder where it is elsewhere. Tests that need it are skipped, saying
so, where there is none.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

_BESIDE = Path(__file__).parents[4] / "shared" / "data"
_WHERE = Path(os.environ.get("EARFUL_TEST_DATA") or _BESIDE) / "x"


def shared(name: str) -> Path:
    """A file or folder of X's data; skips the test where there is none."""
    if not _WHERE.is_dir():
        pytest.skip(f"X's own data are not here: {_WHERE} (EARFUL_TEST_DATA names their folder)")
    return _WHERE / name


def read(name: str) -> Any:
    """A JSON file of X's data."""
    return json.loads(shared(name).read_text())
