"""Streams a database out of pg_dump and into pg_restore."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from earful.store.errors import StoreError

PIECE = 4 << 20


def dump(bin_dir: Path, owner_uri: str) -> Iterator[bytes]:
    """The database in pg_dump's custom format, in pieces. Raises StoreError if the dump fails."""
    uri, env = _without_password(owner_uri)
    args = [str(bin_dir / "pg_dump"), "--format=custom", "--no-owner", "--dbname", uri]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 - our own program, no shell
            args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, env=env
        )
        with process:
            try:
                assert process.stdout is not None  # noqa: S101 - asked for a pipe
                while piece := process.stdout.read(PIECE):
                    yield piece
            except BaseException:
                process.kill()
                raise
        _refuse_failure("pg_dump", process.returncode, said.seek(0) or said.read())


def load(bin_dir: Path, owner_uri: str, pieces: Iterable[bytes]) -> None:
    """Restore a dump in one transaction: all of it or nothing."""
    uri, env = _without_password(owner_uri)
    options = ["--no-owner", "--single-transaction", "--exit-on-error"]
    args = [str(bin_dir / "pg_restore"), *options, "--dbname", uri]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 - our own program, no shell
            args, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said, env=env
        )
        with process:
            assert process.stdin is not None  # noqa: S101 - asked for a pipe
            try:
                for piece in pieces:
                    process.stdin.write(piece)
                process.stdin.close()
            except BrokenPipeError:
                pass  # it ended early and says why
            except BaseException:
                process.kill()  # an end of input would commit half a dump
                raise
        _refuse_failure("pg_restore", process.returncode, said.seek(0) or said.read())


def _refuse_failure(program: str, code: int, said: bytes | int) -> None:
    if code != 0:
        words = said.decode(errors="replace").strip() if isinstance(said, bytes) else ""
        raise StoreError(f"{program} failed: {words[-2000:]}")


def _without_password(uri: str) -> tuple[str, dict[str, str]]:
    """Move the password to the environment: everybody can read a command line."""
    parts = urlsplit(uri)
    env = {"PATH": os.defpath, "LC_ALL": "C"}
    if parts.password is None:
        return uri, env
    env["PGPASSWORD"] = unquote(parts.password)
    user, _, host = parts.netloc.rpartition("@")
    netloc = f"{user.partition(':')[0]}@{host}"
    return urlunsplit(parts._replace(netloc=netloc)), env
