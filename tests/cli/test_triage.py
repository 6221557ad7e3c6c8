"""`earful triage predict`: JSON lines in, judgements out, whatever comes."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from earful.cli.bench import bench
from earful.cli.root import earful
from earful.triage.model import SHIPPED


def ask(*lines: bytes, model: Path | None = None) -> list[dict[str, object]]:
    options = ["--model", str(model)] if model else []
    done = CliRunner().invoke(earful, ["triage", "predict", *options], input=b"\n".join(lines))
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.output.splitlines()]


def test_each_line_has_its_judgement_and_what_else_it_had() -> None:
    first, second = ask(
        b'{"text": "@AcmeHelp the app keeps crashing, still no answer!", "id": 7}',
        b'{"text": "@AcmeHelp thanks, you are great"}',
    )
    assert (first["line"], first["kind"], first["given"]) == (1, "complaint", {"id": 7})
    assert first["reasons"]
    assert (second["complaint"], "given" in second) == (False, False)


def test_a_line_that_cannot_be_read_stops_nothing() -> None:
    found = ask(
        b"{",
        b'{"text": 4}',
        b"[]",
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"text": "\\ud800 \\u0000"}',
    )
    assert [("error" in one, one["line"]) for one in found] == [
        (True, 1), (True, 2), (True, 3), (True, 5), (True, 6), (False, 7)
    ]  # fmt: skip


def test_a_damaged_model_is_told(tmp_path: Path) -> None:
    spoilt = tmp_path / "model.bin"
    spoilt.write_bytes(SHIPPED.read_bytes()[:-1])
    done = CliRunner().invoke(earful, ["triage", "predict", "--model", str(spoilt)], input=b"")
    assert (done.exit_code, "damaged" in done.output) == (1, True)


def test_a_bench_without_its_data_ends_with_two(tmp_path: Path) -> None:
    done = CliRunner().invoke(bench, ["triage", "--data", str(tmp_path)])
    assert (done.exit_code, "--data" in done.output) == (2, True)
