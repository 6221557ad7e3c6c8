"""Makes a database cluster and writes its configuration."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from earful.store.address import ADMIN, APP, DATABASE, OWNER
from earful.store.child import run
from earful.store.errors import Unusable
from earful.store.folder import sync_folder
from earful.store.orphan import end_orphan
from earful.store.place import MAJOR, Place, clusters

# Only the socket in a closed folder lets anyone in; who can enter that folder can read the data
# files anyway, so a password would protect nothing.
HBA = f"local all all trust\nlocal replication {ADMIN} trust\n"

CONFIG_FILE = "postgresql.conf"
HBA_FILE = "pg_hba.conf"
LOCAL_FILE = "local.conf"

BOOTSTRAP = f"""\
CREATE ROLE {OWNER} LOGIN
CREATE ROLE {APP} LOGIN
ALTER ROLE {APP} SET statement_timeout = '15s'
ALTER ROLE {APP} SET idle_in_transaction_session_timeout = '60s'
CREATE DATABASE {DATABASE} OWNER {OWNER}
REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC
GRANT CONNECT, TEMPORARY ON DATABASE {DATABASE} TO {APP}
"""

CONFIG = """\
# Written by Earful at every start. Your own settings: local.conf beside this file.
listen_addresses = ''
unix_socket_directories = '{socket_dir}'
unix_socket_permissions = 0700
cluster_name = 'earful'
max_connections = 60

# Nothing that was acknowledged may be lost.
fsync = on
synchronous_commit = on
full_page_writes = on

# The whole desk fits in 300 MB.
shared_buffers = 64MB
work_mem = 8MB
maintenance_work_mem = 64MB
autovacuum_work_mem = 16MB
effective_cache_size = 512MB
io_method = sync
max_parallel_workers_per_gather = 0
max_worker_processes = 4
max_logical_replication_workers = 0
autovacuum_max_workers = 2
random_page_cost = 1.1
jit = off

wal_level = replica
max_wal_senders = 3
wal_compression = on
min_wal_size = 64MB
max_wal_size = 512MB
checkpoint_timeout = 15min
max_locks_per_transaction = 128

timezone = 'UTC'
log_timezone = 'UTC'
default_text_search_config = 'pg_catalog.simple'

# One file a weekday, written over a week later. Terse, and without parameters: a log must not
# hold what customers wrote.
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_file_mode = 0600
log_truncate_on_rotation = on
log_rotation_age = 1d
log_rotation_size = 0
log_line_prefix = '%m [%p] %q%u '
log_error_verbosity = terse
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_min_error_statement = panic
log_checkpoints = off
include_if_exists 'local.conf'
"""


def make_cluster(place: Place) -> None:
    """Make the cluster if there is none, with the data of an older major's if there is one.

    A half-made one is thrown away first. Raises Unusable.
    """
    found = clusters(place.home)
    if found and max(found) > MAJOR:
        raise Unusable(
            f"A newer Earful has carried the data in {place.home} to PostgreSQL {max(found)}: "
            "start that one. To go back to what was there before, and lose what came since, move "
            f"{found[max(found)]} to another place."
        )
    if MAJOR in found:
        _check_version(place.cluster)
        return
    fill = _filler(place, found[max(found)] if found else None)
    fresh = place.home / f"{MAJOR}.new"
    end_orphan(fresh, within=60.0)
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        _make(place, fresh)
        fill(fresh)
        fresh.rename(place.cluster)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    sync_folder(place.home)


def _filler(place: Place, older: Path | None) -> Callable[[Path], None]:
    """What brings the older major's data, if there are any, into a fresh cluster."""
    if older is None:
        return lambda _: None
    from earful.store.carry import carry, programs_for  # noqa: PLC0415 - once in years

    programs = programs_for(place, older)
    return lambda fresh: carry(place, programs, older, fresh, hba=HBA)


def _make(place: Place, fresh: Path) -> None:
    place.user.own(fresh)
    options = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "-E", "UTF8"]
    auth = ["-U", ADMIN, "-A", "trust", "--no-instructions"]
    run(place.user, place.bin_dir / "initdb", "-D", str(fresh), *options, *auth, cwd=place.home)
    if _version(fresh) != str(MAJOR):
        raise Unusable(
            f"{place.bin_dir} holds PostgreSQL {_version(fresh)}; the embedded database needs "
            f"{MAJOR}."
        )
    postgres = place.bin_dir / "postgres"
    single = ["--single", "-D", str(fresh), "postgres"]
    said = run(place.user, postgres, *single, cwd=place.home, stdin=BOOTSTRAP)
    if "ERROR" in said or "FATAL" in said:
        raise Unusable(f"The new database could not be prepared: {said[-2000:]}")


def write_config(place: Place, socket_dir: Path) -> None:
    """Write the server's configuration for this start, outside what the server may write."""
    quoted = str(socket_dir).replace("'", "''")
    for path, text in (
        (place.home / CONFIG_FILE, CONFIG.format(socket_dir=quoted)),
        (place.home / HBA_FILE, HBA),
    ):
        path.write_text(text)
        path.chmod(0o644)


def server_options(place: Place) -> list[str]:
    """The server's command line after the program."""
    config, hba = place.home / CONFIG_FILE, place.home / HBA_FILE
    return ["-D", str(place.cluster), "-c", f"config_file={config}", "-c", f"hba_file={hba}"]


def _check_version(cluster: Path) -> None:
    found = _version(cluster)
    if found != str(MAJOR):
        raise Unusable(
            f"{cluster} holds data of PostgreSQL {found}, not {MAJOR}: rename the folder to "
            f"{cluster.with_name(found)}, and they will be carried over."
        )


def _version(cluster: Path) -> str:
    return (cluster / "PG_VERSION").read_text().strip()
