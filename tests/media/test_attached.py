"""Files that came with a mail are told by their beginning, and never opened."""

from __future__ import annotations

import pytest

from earful.media.attached import LONGEST_NAME, look


@pytest.mark.parametrize(
    ("data", "name", "mime", "warned"),
    [
        (b"%PDF-1.7", "bill.pdf", "application/pdf", False),
        (b"MZ\x90\x00", "bill.pdf", "application/x-msdownload", True),
        (b"#!/bin/sh", "notes.txt", "text/x-shellscript", True),
        (b"PK\x03\x04...", "photo.jpg", "application/zip", False),
        (b"plain words", "notes.txt", "text/plain", False),
        (b"<script>", "page.html", "text/html", True),
        (b"<svg onload=x>", "logo.SVG", "image/svg+xml", True),
        (b"anything", "noending", "application/octet-stream", False),
        (b"", "empty.bin", "application/octet-stream", False),
    ],
)
def test_a_file_is_what_it_begins_with(data: bytes, name: str, mime: str, warned: bool) -> None:
    found = look(data, name)
    assert (found.mime, bool(found.warning)) == (mime, warned)
    assert found.data is data


def test_a_name_is_kept_short() -> None:
    assert len(look(b"x", "n" * 900).name) == LONGEST_NAME
    assert look(b"x", "\x00").name == "file"
