"""How well messages are judged, and what judging costs."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import earful
from earful.bench.peers.fetched import python_with
from earful.bench.say import say
from earful.triage.judging import judge
from earful.triage.trial import LEARNING, read_complaints

ROUNDS = 3
"""Judging is measured so often, and the best is told: the others tell of the machine."""


async def triage(data: Path) -> dict[str, Any]:
    """F1 of the baseline, of our way of learning and of the shipped weights; CPU of judging.

    Raises Absent where scikit-learn can't be had, FileNotFoundError without the data.
    """
    texts = read_complaints(data).texts
    say("judging")
    # Patterns are put together when a word first asks for them: a worker that runs has done so.
    ours = [judge(text).complaint for text in texts]
    costs = {"cpu_ms_per_message": _batch(texts), "cpu_ms_alone": _alone(texts[:200])}
    python = python_with(sklearn=LEARNING)
    say("learning, ten folds and each trade left out in turn, three ways: a minute or two")
    return await asyncio.to_thread(_try_out, python, data, ours) | costs


def _try_out(python: str, data: Path, shipped_says: list[bool]) -> dict[str, Any]:
    root = str(Path(earful.__file__).parent.parent)
    environ = {**os.environ, "PYTHONPATH": root, "OMP_NUM_THREADS": "1"}
    command = [python, "-m", "earful.triage.trial", str(data)]
    done = subprocess.run(  # noqa: S603
        command,
        env=environ,
        input=json.dumps(shipped_says),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _batch(texts: list[str]) -> float:
    """All that is found in a message, as the desk judges what comes to it."""
    took = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for text in texts:
            judge(text, to_us=True)
        took.append((time.process_time() - began) / len(texts))
    return round(min(took) * 1000, 3)


def _alone(texts: list[str]) -> float:
    """The slowest of a hundred, with its reasons, as one message that comes by itself is judged."""
    took = []
    for text in texts:
        began = time.process_time()
        judge(text)
        took.append(time.process_time() - began)
    return round(sorted(took)[int(len(took) * 0.99)] * 1000, 3)
