"""Logs are JSON lines in which nobody's words, names or secrets stand."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from earful.kit.logs import configure

PRIVATE = "carol.example wrote: my parcel, token s3cr3t"


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    root, ours = logging.getLogger(), logging.getLogger("earful")
    before = (root.handlers[:], root.level, ours.level)
    stream = io.StringIO()
    configure("info", stream)
    yield stream
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    ours.setLevel(before[2])
    structlog.reset_defaults()


def lines(out: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_line_is_json_with_level_and_instant(out: io.StringIO) -> None:
    structlog.get_logger().debug("too quiet")
    structlog.get_logger().info("sent", delivery="d1")
    [line] = lines(out)
    assert (line["event"], line["level"], line["delivery"]) == ("sent", "info", "d1")
    assert str(line["at"]).endswith("Z")


def test_an_exception_is_told_by_type_and_place_not_by_its_words(out: io.StringIO) -> None:
    try:
        raise ValueError(PRIVATE)
    except ValueError:
        structlog.get_logger().exception("broken", text=PRIVATE, handle="carol.example")
        logging.getLogger("some.library").exception(PRIVATE)
        logging.getLogger("earful.store").exception("migrating")
    assert len(lines(out)) == 3
    assert [line["error"] for line in lines(out)] == ["ValueError"] * 3
    for word in ("carol", "parcel", "s3cr3t"):
        assert word not in out.getvalue()


def test_a_library_that_chats_is_not_heard(out: io.StringIO) -> None:
    logging.getLogger("httpx").info("HTTP Request: GET %s", PRIVATE)
    assert out.getvalue() == ""
