"""Logs are JSON lines in which nobody's words, names or secrets stand."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from earful.kit.log_lines import configure_plainly
from earful.kit.logs import configure
from tests.logs import kept_apart

PRIVATE = "carol.example wrote: my parcel, token s3cr3t"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    with kept_apart() as stream:
        yield stream


@pytest.fixture
def out(stream: io.StringIO) -> io.StringIO:
    configure("info", stream)
    return stream


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


def test_a_small_process_writes_such_lines_too(stream: io.StringIO) -> None:
    configure_plainly("info", stream)
    logging.getLogger("httpx").info("HTTP Request: GET %s", PRIVATE)
    logging.getLogger("earful.cli").info("process %s ended", "web")
    try:
        raise ValueError(PRIVATE)
    except ValueError:
        logging.getLogger("some.library").exception(PRIVATE)
    ours, theirs = lines(stream)
    assert (ours["event"], ours["level"]) == ("process web ended", "info")
    assert (theirs["event"], theirs["error"]) == ("a library speaks", "ValueError")
    assert str(ours["at"]).endswith("Z")
    assert "parcel" not in stream.getvalue()
