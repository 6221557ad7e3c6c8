"""Each bench in small: it ends with one JSON object, and nothing is lost or doubled."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any


def measure(*arguments: str) -> dict[str, Any]:
    """The object on the last line of `earful bench`."""
    command = [sys.executable, "-m", "earful", "bench", *arguments, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=230, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_ingest() -> None:
    found = measure("ingest", "--posts", "1200", "--existing", "2000")
    assert found["posts_per_s"] > 0
    assert found["cpu_ms_per_post"] > 0
    assert (found["lost"], found["doubled"]) == (0, 0)


def test_crash() -> None:
    found = measure("crash", "--rounds", "9")
    assert found["rounds"] == 9
    assert found["posts"] > 0
    assert (found["lost"], found["doubled"], found["unasked"]) == (0, 0, 0)
    assert found["log_whole"]
