"""The figures as a table for other programs: CSV (RFC 4180) whose cells no program will run."""

from __future__ import annotations

import csv
import io
from typing import Any

import msgspec

from earful.figures.sums import Figure, Figures

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet takes a text that begins so for a formula."""


def to_csv(figures: Figures) -> bytes:
    """One line for each row and one for all; UTF-8 with a mark, since spreadsheets guess else.

    Lengths are whole seconds, rates between 0 and 1.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([figures.by, *Figure.__struct_fields__[1:]])
    for row in figures.rows:
        writer.writerow(_line(row, row.key or "none"))
    writer.writerow(_line(figures.total, "all"))
    return out.getvalue().encode("utf-8-sig")


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


def safe(text: str) -> str:
    """A text that a spreadsheet shows as it is: an apostrophe before what it would run."""
    return f"'{text}" if text.startswith(_RUNS) else text
