"""Each bench in small: it ends with one JSON object, and nothing is lost or doubled."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any


def measure(*arguments: str) -> dict[str, Any]:
    """The object on the last line of `earful bench`."""
    command = [sys.executable, "-m", "earful", "bench", *arguments, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=230, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_ingest() -> None:
    found = measure("ingest", "--posts", "1200", "--existing", "2000")
    assert found["posts_per_s"] > 0
    assert found["cpu_ms_per_post"] > 0
    assert (found["lost"], found["doubled"]) == (0, 0)


def test_surge() -> None:
    found = measure("surge", "--posts", "600", "--existing", "2000", "--rate", "200")
    assert (found["lost"], found["doubled"]) == (0, 0)
    assert found["owed"] == found["authors"] == 600
    assert found["open"] == found["open_with_clock"] == found["in_rows"] == found["unfolded"] == 621
    assert found["rows"] < 60
    assert (found["out_of_order"], found["wrong_sums"]) == (0, 0)
    for name in ("list", "fold", "unfold", "open"):
        assert found[f"{name}_p99_ms"] >= found[f"{name}_p50_ms"] > 0


def test_crash() -> None:
    found = measure("crash", "--rounds", "9")
    assert found["rounds"] == 9
    assert found["posts"] > 0
    assert (found["lost"], found["doubled"], found["unasked"]) == (0, 0, 0)
    assert (found["unjudged"], found["judged_twice"]) == (0, 0)
    assert found["log_whole"]


def test_inbox() -> None:
    found = measure("inbox", "--messages", "4000", "--requests", "80")
    for name in ("p99_ms", "reply_p99_ms", "search_p99_ms"):
        assert found[name] > 0


def test_live() -> None:
    found = measure("live", "--posts", "20")
    assert found["p99_ms"] >= found["p50_ms"] > 0
    assert found["delivered"] == 1.0


def test_fanout() -> None:
    found = measure("fanout", "--agents", "30", "--rate", "50", "--seconds", "2")
    assert found["p99_ms"] > 0
    assert (found["delivered"], found["wrongly_delivered"]) == (1.0, 0)


def test_memory() -> None:
    found = measure("memory", "--posts", "200", "--wait", "1")
    assert found["mb"] > 0
    assert {"serve", "web", "worker", "database"} <= found["parts_mb"].keys()


def test_networks() -> None:
    found = measure("networks", "--posts", "60")
    each = found["networks"]
    assert set(each) >= {"rehearsal", "bluesky", "mastodon", "x", "email"}
    assert (found["lost"], found["doubled"]) == (0, 0)
    social = [one["translate_ms_per_post"] for name, one in each.items() if name != "email"]
    assert found["translate_ms_per_post"] == max(social) > 0
    assert found["email_translate_ms"] == each["email"]["translate_ms_per_post"] > 0


def test_gap() -> None:
    found = measure("gap", "--posts", "120", "--outages", "3")
    assert set(found["networks"]) == {"rehearsal", "x", "mastodon", "email", "bluesky"}
    for one in found["networks"].values():
        assert (one["posts"], one["outages"]) == (120, 3)
        assert one["written_per_s"] > 0
    assert (found["lost"], found["doubled"], found["unmeasured"]) == (0, 0, {})


def test_clock() -> None:
    found = measure("clock", "--timers", "300", "--seconds", "4")
    assert (found["missed"], found["twice"]) == (0, 0)
    assert found["lateness_p99_ms"] >= found["lateness_p50_ms"] > 0
