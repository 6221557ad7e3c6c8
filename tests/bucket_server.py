"""A real S3-compatible server in a process of its own: nanio, small, files in a folder.

It checks signatures as Amazon's does. It knows no policies, versions or lifecycles, and neither
does Earful.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from earful.kit.bucket import Place

KEY_ID, SECRET = "test-key-id", "test-secret-of-the-bucket"
STARTS_WITHIN = 30.0


@contextmanager
def bucket_server(folder: Path, bucket: str = "earful") -> Iterator[Place]:
    """Serve `folder`, with one empty bucket in it, until the end."""
    (folder / bucket).mkdir(parents=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "nanio", "serve", "--data-dir", str(folder)]
    environ = os.environ | {"NANIO_ACCESS_KEY": KEY_ID, "NANIO_SECRET_KEY": SECRET}
    process = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port)],
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    endpoint = f"http://127.0.0.1:{port}"
    try:
        _wait_for(endpoint, process)
        yield Place(
            endpoint=endpoint, bucket=bucket, region="us-east-1", key_id=KEY_ID, secret=SECRET
        )
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for(endpoint: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while process.poll() is None and time.monotonic() < until:
        try:
            httpx.get(endpoint, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"the bucket server did not start (exit {process.poll()})")
