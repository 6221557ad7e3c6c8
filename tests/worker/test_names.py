"""A worker that was killed is known to be dead at once; one that may live is left alone."""

from __future__ import annotations

import subprocess
import sys

from earful.worker.names import is_dead, own_name

NAME = "from earful.worker.names import own_name; print(own_name(1))"


def test_one_that_ended_is_dead_and_one_that_runs_or_is_elsewhere_is_not() -> None:
    ended = subprocess.run([sys.executable, "-c", NAME], capture_output=True, text=True, check=True)
    name = ended.stdout.strip()
    assert is_dead(name)
    assert not is_dead(own_name(1))
    assert not is_dead("elsewhere/" + name)
    assert not is_dead("a name of an older version:12:34")
