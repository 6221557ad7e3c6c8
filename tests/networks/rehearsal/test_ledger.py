"""The ledger: on disk before it is told, shared between processes, whole after a crash."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from earful.networks.rehearsal.ledger import Entry, Ledger
from earful.networks.rehearsal.town import Offer, Plan, Town

from .conftest import START

_WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from earful.networks.rehearsal.town import Offer, Plan, Town
now = datetime(2026, 3, 2, 9, tzinfo=UTC)
town = Town(Plan(rate=0, backlog=0, started_at=now, ledger=Path(sys.argv[1])), now)
for number in range(50):
    town.publish(Offer(handle="Northwind", text="x", key=f"{sys.argv[2]}-{number}"), now)
"""


def opened(path: Path | None) -> Ledger:
    return Ledger(path, seed=1, started_at=START)


def entry(number: int) -> Entry:
    return Entry(kind="post", id=str(number), at=START, text=f"post {number}\n\u2028\x85")


def write(ledger: Ledger, *numbers: int) -> None:
    with ledger.locked():
        ledger.append([entry(number) for number in numbers])


def test_what_was_appended_is_there_for_the_next(tmp_path: Path) -> None:
    first = opened(tmp_path / "new" / "ledger")
    write(first, 1, 2)
    second = Ledger(tmp_path / "new" / "ledger", seed=9, started_at=START + timedelta(days=1))
    assert second.header == first.header
    assert second.entries == [entry(1), entry(2)]
    write(second, 3)
    first.sync()
    assert first.entries == second.entries
    first.close()
    second.close()


def test_a_line_cut_by_a_crash_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    ledger = opened(path)
    write(ledger, 1)
    ledger.close()
    with path.open("ab") as file:
        file.write(b'{"kind":"post","id":"2"')
    again = opened(path)
    assert again.entries == [entry(1)]
    write(again, 3)
    again.close()
    last = opened(path)
    assert last.entries == [entry(1), entry(3)]
    last.close()


def test_two_processes_lose_nothing_and_share_no_id(tmp_path: Path) -> None:
    path = str(tmp_path / "ledger")
    command = (sys.executable, "-c", _WRITER, path)
    running = [subprocess.Popen([*command, name]) for name in ("a", "b")]
    assert [process.wait(60) for process in running] == [0, 0]
    ledger = opened(Path(path))
    assert len({each.id for each in ledger.entries}) == 100
    assert {each.key for each in ledger.entries} == {f"{n}-{k}" for n in "ab" for k in range(50)}
    ledger.close()


def test_memory_only() -> None:
    ledger = opened(None)
    write(ledger, 1)
    ledger.sync()
    assert (ledger.entries, ledger.durable) == ([entry(1)], False)
    ledger.close()


def test_a_town_left_alone_for_a_day_does_not_drown_who_comes_back(tmp_path: Path) -> None:
    plan = Plan(started_at=START, ledger=tmp_path / "ledger")
    before = Town(plan, START)
    before.advance(START)
    told = len(before.ledger.entries)
    before.close()
    now = START + timedelta(days=1)
    after = Town(plan, now)
    after.advance(now)
    assert told <= len(after.ledger.entries) < told + 150
    late = [each for each in after.ledger.entries[told:] if each.episode is not None]
    assert late
    after.publish(Offer(handle="Northwind", text="Good morning"), now)
    after.close()
