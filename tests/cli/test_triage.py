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


def test_what_goes_in_as_a_number_comes_out_as_json_or_null() -> None:
    (found,) = ask(b'{"text": "no parcel yet", "a": NaN, "b": 1e999, "c": [-Infinity, 1.5]}')
    assert found["given"] == {"a": None, "b": None, "c": [None, 1.5]}


def test_a_damaged_model_is_told(tmp_path: Path) -> None:
    spoilt = tmp_path / "model.bin"
    spoilt.write_bytes(SHIPPED.read_bytes()[:-1])
    done = CliRunner().invoke(earful, ["triage", "predict", "--model", str(spoilt)], input=b"")
    assert (done.exit_code, "damaged" in done.output) == (1, True)


def test_a_file_to_learn_from_is_refused_by_what_is_wrong_with_it(tmp_path: Path) -> None:
    one = b'{"text": "thanks", "kind": "praise"}\n'
    for content, words in (
        (b"\n \n", "no posts in this file"),
        (b"\xff\xfe{", "Line 1 is no JSON"),
        (b"\xef\xbb\xbf" + one + b'{"text": "x", "kind": ["spam"]}', "Line 2: `kind` is one of"),
        (one * 25_001, "more than 25,000 posts"),
    ):
        (tmp_path / "told.jsonl").write_bytes(content)
        options = ["triage", "train", "--file", str(tmp_path / "told.jsonl")]
        done = CliRunner().invoke(earful, options)
        assert (done.exit_code, words in done.output) == (1, True), done.output


def test_a_bench_without_its_data_ends_with_two(tmp_path: Path) -> None:
    done = CliRunner().invoke(bench, ["triage", "--data", str(tmp_path)])
    assert (done.exit_code, "--data" in done.output) == (2, True)
