"""How many follow somebody: a number as networks say it, or none."""

from __future__ import annotations

from typing import Any

import pytest

from earful.networks.contract import counted


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (0, 0),
        (210_000, 210_000),
        (10**30, 2_000_000_000),
        (-1, None),
        (True, None),
        (None, None),
        ("1000", None),
        (1e9, None),
        ([], None),
        ({}, None),
    ],
)
def test_only_a_number_of_people_is_one(said: Any, kept: int | None) -> None:
    assert counted(said) == kept
