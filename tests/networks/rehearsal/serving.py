"""A real rehearsal server in a process of its own, and hands on its API."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import msgspec

from earful.networks.rehearsal.ledger import Entry

MODULE = ("-m", "earful.networks.rehearsal")


class Server:
    """The tester's side of a running server."""

    def __init__(self, url: str, process: subprocess.Popen[str]) -> None:
        self.url = url
        self.process = process
        self.http = httpx.Client(base_url=url, trust_env=False, timeout=30)

    def ask(self, path: str, **body: Any) -> Any:
        """POST `body`; the answer's JSON."""
        response = self.http.post(path, json=body)
        assert response.status_code < 300, response.text
        return response.json() if response.content else None

    def entries(self) -> list[Entry]:
        """The whole ledger."""
        return msgspec.convert(self.http.get("/ledger").json()["entries"], list[Entry])

    def standing(self, key: str) -> int:
        """How many posts were published under a delivery key."""
        return sum(1 for entry in self.entries() if entry.key == key)


@contextmanager
def serving(*options: str, run: tuple[str, ...] = MODULE) -> Iterator[Server]:
    """A server that listens, and is gone afterwards."""
    command = [sys.executable, *run, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield (server := Server(json.loads(process.stdout.readline())["service"], process))
            server.http.close()
        finally:
            process.terminate()
