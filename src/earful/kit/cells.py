"""Tables for other programs: CSV (RFC 4180) whose cells no program will run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet takes a text that begins so for a formula."""


def safe(text: str) -> str:
    """A text that a spreadsheet shows as it is: an apostrophe before what it would run."""
    return f"'{text}" if text.startswith(_RUNS) else text


def csv_of(head: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    """The table; UTF-8 with a mark, since spreadsheets guess else. Cells are safe() already."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(lines)
    return out.getvalue().encode("utf-8-sig")
