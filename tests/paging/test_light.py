"""Paging costs nothing where nobody is paged."""

from __future__ import annotations

import subprocess
import sys


def test_the_library_of_services_is_in_no_worker_and_no_web_process() -> None:
    code = """
import sys
import earful.app.web, earful.app.worker
assert "earful.paging.calling" in sys.modules
print(*sorted({"apprise", "requests", "markdown"} & sys.modules.keys()))
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == []
