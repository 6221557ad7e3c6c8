"""The tests of a full disk, for whoever is not root: with mounts of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.machine import APART

HERE = Path(__file__).parent
# The same user outside and inside, who may mount there.
UNSHARE = ["unshare", "--user", "--mount", "--map-current-user", "--keep-caps"]
PYTEST = ["-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider"]


@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() == 0 or APART in os.environ,
    reason="here they run as they are",
)
def test_small_disks_apart() -> None:
    can = subprocess.run([*UNSHARE, "true"], capture_output=True, text=True, check=False)
    if can.returncode:
        pytest.skip(f"NOT TESTED, full disks: this kernel lets only root mount: {can.stderr}")
    done = subprocess.run(
        [*UNSHARE, sys.executable, *PYTEST, str(HERE / "test_full_disk.py")],
        env=os.environ | {APART: "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    assert "passed" in done.stdout
    assert "only root mounts" not in done.stdout, "a test that needs the disk did not run"
