"""Carries embedded data from an older major of PostgreSQL into a fresh cluster of ours.

The old server, run by its own programs and told to write nothing, is dumped by our tools into the
new one. Only the caller's rename makes the new cluster count; until then, and after it, the old
folder is what it was, for the version of Earful that made it.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import subprocess
import tempfile
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from earful.store.address import ADMIN, APP, OWNER, socket_uri
from earful.store.binaries import kept_programs
from earful.store.child import environment
from earful.store.errors import StoreError, Unreachable, Unusable
from earful.store.passing import SETTINGS, passing_server
from earful.store.place import MAJOR, Place

SPARE = 200 << 20  # bytes left free beside the new data

OLD, NEW = 1, 2  # ports, of which only the names of the sockets are seen

log = logging.getLogger(__name__)
Found = TypeVar("Found")

OURS = tuple(f"CREATE ROLE {role};" for role in (ADMIN, OWNER, APP))
TABLES = """
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n
  ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
"""


def programs_for(place: Place, older: Path) -> Path:
    """The programs that made `older`. Raises Unusable without them, or without room to carry it."""
    programs = kept_programs(place.home, older.name)
    if programs is None:
        raise Unusable(
            f"The data in {older} were made by PostgreSQL {older.name}, whose programs are gone. "
            f"Put a PostgreSQL {older.name} on this machine and make "
            f"{place.home}/programs/{older.name} a link to the folder with its `postgres`; then "
            "start again."
        )
    _refuse_little_room(older, place.home)
    return programs


def carry(place: Place, programs: Path, older: Path, fresh: Path, *, hba: str) -> None:
    """Fill the fresh cluster with what `older` holds. Blocks. Raises Unusable, changing nothing."""
    major = older.name
    log.warning("carrying the database from PostgreSQL %s to %s", major, MAJOR)
    sockets = Path(tempfile.mkdtemp(prefix="earful-", dir="/tmp"))
    try:
        place.user.own(sockets)
        old = _server(place, programs, older, hba, _Port(sockets, OLD))
        new = _server(place, place.bin_dir, fresh, hba, _Port(sockets, NEW))
        with old, new:
            rows = _copy_all(place.bin_dir, _Port(sockets, OLD), _Port(sockets, NEW))
    except (StoreError, OSError, asyncpg.PostgresError) as error:
        raise Unusable(
            f"The database could not be carried from PostgreSQL {major} to {MAJOR}: {error} The "
            f"old data in {older} are as they were: mend this and start again, or start the "
            "version of Earful that you had."
        ) from error
    finally:
        shutil.rmtree(sockets, ignore_errors=True)
    log.warning("carried %d rows; the old data stay in %s until you delete them", rows, older)


@dataclass(frozen=True, slots=True)
class _Port:
    """One of the two servers behind the same folder of sockets."""

    sockets: Path
    number: int

    def uri(self, database: str = "postgres") -> str:
        """Its URI as the superuser."""
        return f"{socket_uri(self.sockets, ADMIN, database)}&port={self.number}"


def _server(
    place: Place, programs: Path, cluster: Path, hba: str, port: _Port
) -> AbstractContextManager[None]:
    config, hba_file = place.home / "carry.conf", place.home / "carry_hba.conf"
    for path, text in ((config, SETTINGS), (hba_file, hba)):
        path.write_text(text)
        path.chmod(0o644)
    options = {
        "config_file": str(config),
        "hba_file": str(hba_file),
        "unix_socket_directories": str(port.sockets),
        "port": str(port.number),
        "default_transaction_read_only": "on" if port.number == OLD else "off",
    }
    said = place.home / f"carry-{cluster.name}.log"
    return passing_server(place.user, programs, cluster, options, said)


def _copy_all(bin_dir: Path, old: _Port, new: _Port) -> int:
    _await(_copy_roles(bin_dir, old.uri(), new.uri()))
    rows = 0
    for name in _await(_databases(old.uri())):
        _copy(bin_dir, old.uri(name), new.uri())
        rows += _await(_compare(old.uri(name), new.uri(name)))
    return rows


def _await(work: Coroutine[Any, Any, Found]) -> Found:
    """What `work` gives; in a thread of its own, since this one may have a loop already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


async def _databases(uri: str) -> list[str]:
    connection = await asyncpg.connect(uri)
    try:
        rows = await connection.fetch(
            "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'"
        )
    finally:
        await connection.close()
    return [row["datname"] for row in rows]


async def _copy_roles(bin_dir: Path, old_uri: str, new_uri: str) -> None:
    """Roles, ours and the operator's, with their rights and settings."""
    told = await asyncio.to_thread(
        subprocess.run,
        [str(bin_dir / "pg_dumpall"), "--roles-only", "--dbname", old_uri],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if told.returncode != 0:
        raise Unreachable(f"pg_dumpall failed: {told.stderr.strip()[-2000:]}")
    lines = [line for line in told.stdout.splitlines() if not line.startswith((*OURS, "\\"))]
    connection = await asyncpg.connect(new_uri)
    try:
        await connection.execute("\n".join(lines))
    finally:
        await connection.close()


def _copy(bin_dir: Path, old_uri: str, new_uri: str) -> None:
    """A database with owners, rights and settings, from one server into the other."""
    restore = [str(bin_dir / "pg_restore"), "--create", "--clean", "--if-exists", "--exit-on-error"]
    with tempfile.TemporaryFile() as said:
        dumping = subprocess.Popen(  # noqa: S603 - our own program, no shell
            [str(bin_dir / "pg_dump"), "--format=custom", "--compress=none", "--dbname", old_uri],
            stdout=subprocess.PIPE,
            stderr=said,
            env=environment(),
        )
        with dumping:
            loaded = subprocess.run(  # noqa: S603 - as above
                [*restore, "--dbname", new_uri],
                stdin=dumping.stdout,
                stderr=said,
                env=environment(),
                check=False,
            )
        if dumping.returncode != 0 or loaded.returncode != 0:
            said.seek(0)
            words = said.read().decode(errors="replace").strip()
            raise Unreachable(f"The dump could not be loaded: {words[-2000:]}")


async def _compare(old_uri: str, new_uri: str) -> int:
    """How many rows both have; the new one is analyzed. Raises Unusable if they differ."""
    old, new = await _counts(old_uri), await _counts(new_uri, finish="ANALYZE")
    if old != new:
        differing = sorted(name for name in old | new if old.get(name) != new.get(name))
        raise Unusable(f"Old and new differ in {', '.join(differing)}.")
    return sum(new.values())


async def _counts(uri: str, finish: str = "") -> dict[str, int]:
    connection = await asyncpg.connect(uri)
    try:
        tables = [row[0] for row in await connection.fetch(TABLES)]
        found = {
            name: await connection.fetchval(f"SELECT count(*) FROM {name}")  # noqa: S608 - quoted by the server
            for name in tables
        }
        if finish:
            await connection.execute(finish)
    finally:
        await connection.close()
    return found


def _refuse_little_room(older: Path, home: Path) -> None:
    size = sum(path.stat().st_size for path in (older / "base").rglob("*") if path.is_file())
    free = shutil.disk_usage(home).free
    if free < size + SPARE:
        raise Unusable(
            f"The database must be carried from PostgreSQL {older.name} to {MAJOR}, which needs "
            f"{(size + SPARE) / (1 << 20):,.0f} MB in {home}; {free / (1 << 20):,.0f} MB are free. "
            "Make room and start again, or start the version of Earful that you had."
        )
