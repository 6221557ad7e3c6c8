"""A worker that was killed is known to be dead at once; one that may live is left alone."""

from __future__ import annotations

import os
import subprocess
import sys

from earful.worker.names import is_dead, own_name

NAME = "from earful.worker.names import own_name; print(own_name(1), flush=True)"


def started(then: str = "") -> tuple[subprocess.Popen[str], str]:
    """A process that has said its worker's name."""
    process = subprocess.Popen(
        [sys.executable, "-c", NAME + then], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def test_one_that_ended_is_dead_and_one_that_runs_or_is_elsewhere_is_not() -> None:
    process, name = started()
    process.communicate()
    assert is_dead(name)
    assert not is_dead(own_name(1))
    assert not is_dead("elsewhere/" + name)
    assert not is_dead("a name of an older version:12:34")
    assert not is_dead("")


def test_one_that_was_killed_is_dead_though_nobody_has_looked_after_it() -> None:
    process, name = started("; import time; time.sleep(600)")
    assert not is_dead(name)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # it ended, its number is kept
    assert is_dead(name)
    process.communicate()


def test_another_process_that_got_its_number_is_not_taken_for_it() -> None:
    here, pid, _, rest = own_name(1).split("|")
    assert is_dead("|".join((here, pid, "1", rest)))
