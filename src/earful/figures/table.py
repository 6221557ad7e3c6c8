"""The figures as a table for other programs: CSV (RFC 4180) whose cells no program will run."""

from __future__ import annotations

from typing import Any

import msgspec

from earful.figures.sums import Figure, Figures
from earful.kit.cells import csv_of, safe


def to_csv(figures: Figures) -> bytes:
    """One line for each row and one for all; UTF-8 with a mark, since spreadsheets guess else.

    Lengths are whole seconds, rates between 0 and 1.
    """
    lines = [_line(row, row.key or "none") for row in figures.rows]
    head = [figures.by, *Figure.__struct_fields__[1:]]
    return csv_of(head, [*lines, _line(figures.total, "all")])


def _line(row: Figure, key: str) -> list[str]:
    values = [key, *msgspec.structs.astuple(row)[1:]]
    names = Figure.__struct_fields__
    return [_cell(value, name) for name, value in zip(names, values, strict=True)]


def _cell(value: Any, name: str) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.0f}" if name.endswith(("_median", "_p90")) else f"{value:.4f}"
    if isinstance(value, str):
        return safe(value)
    return f"{value}" if isinstance(value, int) else f"{value:%Y-%m-%dT%H:%M:%SZ}"
