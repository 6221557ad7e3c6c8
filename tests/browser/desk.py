"""A real desk for the browser: `earful demo` with a data folder and a port of its own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Locator, Page, expect

STARTS_WITHIN = 60  # seconds; it makes a database cluster first
BEGUN = re.compile("draft|yours|Alice|Bob Castro|Priya", re.IGNORECASE)
ACCOUNT = re.compile(r"^\s+(\w+)@northwind\.example\s+(\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Desk:
    """A running desk."""

    url: str
    folder: Path
    process: subprocess.Popen[str]
    passwords: dict[str, str]

    def kill_web(self) -> None:
        """Kill the web process as a crash would; the desk starts another."""
        os.kill(self._child("web"), signal.SIGKILL)

    def count_published(self, text: str) -> int:
        """How often the rehearsal network was given a post with `text` in it."""
        (ledger,) = self.folder.glob("rehearsal-*.jsonl")
        return sum(text in line for line in ledger.read_text().splitlines())

    def _child(self, role: str) -> int:
        number = self.process.pid
        children = Path(f"/proc/{number}/task/{number}/children").read_text().split()
        for child in children:
            words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
            if role.encode() in words:
                return int(child)
        raise LookupError(f"the desk runs no {role} process")


@contextmanager
def running_desk() -> Iterator[Desk]:
    """Start a desk, and stop it in the end."""
    folder = Path(tempfile.mkdtemp(prefix="ef-", dir="/tmp"))
    folder.chmod(0o711)
    environ = {**os.environ, "EARFUL_DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "earful", "demo", "--bare", "--port", str(_free_port())]
    with subprocess.Popen(
        command, env=environ, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            yield _desk(folder, process)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(STARTS_WITHIN)
    shutil.rmtree(folder)


def _desk(folder: Path, process: subprocess.Popen[str]) -> Desk:
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if line.startswith("http"):
            return Desk(line.strip(), folder, process, dict(ACCOUNT.findall(said)))
    raise RuntimeError(f"the desk did not start: {said}")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def sign_in(page: Page, desk: Desk, name: str, path: str = "/") -> None:
    """Sign `name` in, and wait for the desk to stand."""
    # The desk says its address before its web process listens.
    for _ in range(100):
        try:
            await page.goto(f"{desk.url}/sign-in?next={path}")
            break
        except Exception as error:
            if "ERR_CONNECTION_REFUSED" not in str(error):
                raise
            await page.wait_for_timeout(200)
    await page.locator("[name=email]").fill(f"{name}@northwind.example")
    await page.locator("[name=password]").fill(desk.passwords[name])
    await page.keyboard.press("Enter")
    await expect(page.locator(".row").first).to_be_visible()


async def open_first(page: Page) -> str:
    """Open the first conversation nobody answered or began to answer; give its address.

    Customers write again: an answered one may stand at the top once more, as its agent's.
    """
    row = await untouched(page)
    await row.locator(".row-in").click()
    await expect(composer(page)).to_be_visible()
    return page.url.removeprefix("http://").partition("/")[2]


async def untouched(page: Page) -> Locator:
    """The first row that nobody answered or began to answer, as far down the list as it takes."""
    rows = page.locator(".row")
    free = rows.filter(has_not_text=BEGUN)
    await expect(rows.first).to_be_visible()
    for _ in range(50):
        if await free.count():
            break
        await rows.last.scroll_into_view_if_needed()
        await page.wait_for_timeout(100)
    return free.first


def composer(page: Page) -> Locator:
    """The field one writes in."""
    return page.locator(".comp .text")


async def prefer(page: Page, **preferences: object) -> None:
    """Set preferences of who is signed in, as the settings page would."""
    await page.evaluate(
        """async (wanted) => {
          const me = await (await fetch("/api/v1/me")).json();
          await fetch("/api/v1/me/preferences", { method: "PUT", body: JSON.stringify(wanted),
            headers: { "Content-Type": "application/json", "X-CSRF-Token": me.csrf } });
        }""",
        preferences,
    )
