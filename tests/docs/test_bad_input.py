"""The list of bad input names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`((?:tests|src)/[a-z0-9_/]+\.py)::([a-z0-9_]+)`")


def test_every_row_names_tests_that_exist() -> None:
    text = (ROOT / "docs/reference/bad-input.md").read_text()
    rows = [line for line in text.splitlines() if line.startswith("| ")][1:]
    assert rows
    for row in rows:
        named = NAMED.findall(row)
        assert named, f"no test: {row}"
        for path, name in named:
            source = (ROOT / path).read_text()
            assert re.search(rf"^(async )?def {name}\(", source, re.MULTILINE), f"{path}::{name}"
