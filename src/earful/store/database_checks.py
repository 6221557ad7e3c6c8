"""The doctor's look at the database: version, durability, and what the app role may not do."""

from __future__ import annotations

from datetime import datetime

import asyncpg

from earful.store.errors import MigrationError
from earful.store.findings import Check, fail, ok, warn
from earful.store.migrations import Migration, pending, read_migrations
from earful.store.older import at_work, in_words
from earful.store.pool import Connection, refuse_old_server
from earful.store.upgrade import words_of_waiting
from earful.triage.judging import shipped
from earful.triage.model import Damaged, parse

FORBIDDEN = (
    ("audit log", "UPDATE audit SET act = act WHERE false"),
    ("audit log", "DELETE FROM audit WHERE false"),
    ("audit log", "TRUNCATE audit"),
    ("event log", "UPDATE event SET seq = seq WHERE false"),
    ("event log", "TRUNCATE event"),
)
"""Statements that the app role must be refused, each tried in a transaction that is undone."""

SET_ASIDE = """
SELECT count(*) AS count, min(at) AS oldest FROM set_aside
WHERE replayed_at IS NULL AND discarded_at IS NULL
"""

SKEW = 5.0  # seconds


async def check_database(db: Connection, now: datetime) -> list[Check]:
    """All findings of a connection as the app role."""
    return [
        _version(db),
        await _schema(db),
        await _durable(db),
        await _role(db),
        *[await _refused(db, what) for what in ("audit log", "event log")],
        await _clock(db, now),
        await _set_aside(db, now),
        await _triage(db),
    ]


async def _triage(db: Connection) -> Check:
    try:
        shipped()
    except Damaged as error:
        words = f"The shipped model: {error}. A few signs judge posts instead: install Earful anew."
        return warn("triage", words)
    try:
        rows = await db.fetch("SELECT id, file FROM triage_model WHERE in_use")
    except asyncpg.UndefinedTableError:
        return ok("triage", "The shipped model judges posts.")
    for row in rows:
        try:
            parse(row["file"])
        except Damaged as error:
            words = f"{error}. The one that comes with Earful judges instead: earful triage train."
            return warn("triage", f"Model {row['id']}: {words}")
    own = "A model learnt here judges posts." if rows else "The shipped model judges posts."
    return await _asked(db, own)


async def _asked(db: Connection, own: str) -> Check:
    try:
        rows = await db.fetch("SELECT url, model, trouble FROM triage_endpoint ORDER BY url")
    except asyncpg.UndefinedTableError:
        return ok("triage", own)
    for row in rows:
        if row["trouble"]:
            there = f"{row['model']} at {row['url']} is asked, too: {row['trouble']}"
            return warn("triage", f"{own} {there} What it does not answer stays as judged here.")
    asked = "".join(f" {row['model']} at {row['url']} is asked, too." for row in rows)
    return ok("triage", own + asked)


def _version(db: Connection) -> Check:
    refuse_old_server(db)
    return ok("server", f"PostgreSQL {db.get_settings().server_version}.")


async def _schema(db: Connection) -> Check:
    try:
        todo = await pending(db, read_migrations())
    except asyncpg.InsufficientPrivilegeError:
        return warn("schema", "The app role can't read schema_version: grant it SELECT.")
    except asyncpg.UndefinedTableError:
        return fail("schema", "The database is empty: earful migrate.")
    except MigrationError as error:
        return fail("schema", str(error))
    return await _lacking(db, todo) if todo else await _newer(db)


async def _lacking(db: Connection, todo: list[Migration]) -> Check:
    if all(each.can_wait for each in todo):
        return warn("schema", await words_of_waiting(db, todo))
    contracts = [each.version for each in todo if each.contract]
    older = [one for one in await at_work(db) if contracts and one.knows < contracts[-1]]
    words = f"{len(todo)} migrations are not applied"
    if older:
        first = "Stop the processes of the version before"
        return fail("schema", f"{words}. {first} ({in_words(older)}), then: earful migrate.")
    return fail("schema", f"{words}: earful migrate.")


async def _newer(db: Connection) -> Check:
    newest = read_migrations()[-1].version
    if unknown := await db.fetchval(
        "SELECT count(*) FROM schema_version WHERE version > $1", newest
    ):
        return warn(
            "schema",
            f"A newer Earful has added {unknown} migrations that this one does not know. It works "
            "with them; start the newer one again when you can.",
        )
    return ok("schema", "Up to date.")


async def _durable(db: Connection) -> Check:
    names = ["fsync", "full_page_writes", "synchronous_commit"]
    rows = await db.fetch(
        "SELECT name, setting FROM pg_settings WHERE name = ANY($1) AND setting = 'off'", names
    )
    if rows:
        off = ", ".join(sorted(row["name"] for row in rows))
        return fail("durability", f"{off} is off: a power cut loses what customers wrote.")
    return ok("durability", "What was acknowledged is on the disk.")


async def _role(db: Connection) -> Check:
    row = await db.fetchrow(
        """
        SELECT current_user AS name, rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls
          OR rolreplication AS mighty,
          (SELECT count(*) FROM pg_class WHERE relowner = r.oid) AS owned,
          has_schema_privilege('public', 'CREATE') AS creates
        FROM pg_roles r WHERE rolname = current_user
        """
    )
    if row is None or row["mighty"] or row["owned"] or row["creates"]:
        return fail(
            "app role",
            "The role of EARFUL_DATABASE_URL owns tables or may do more than work with rows: use "
            "earful_app there, and the owner only in EARFUL_DATABASE_OWNER_URL.",
        )
    return ok("app role", f"{row['name']} owns nothing and can make nothing.")


async def _refused(db: Connection, what: str) -> Check:
    """Try what must be refused."""
    for statement in (sql for name, sql in FORBIDDEN if name == what):
        attempt = db.transaction()
        await attempt.start()
        try:
            await db.execute(statement)
        except asyncpg.InsufficientPrivilegeError:
            continue
        except asyncpg.UndefinedTableError:
            return fail(what, "The table is missing.")
        finally:
            await attempt.rollback()
        return fail(what, f"The app role may do this, and must not: {statement}")
    return ok(what, "The app role was refused every change it tried.")


async def _set_aside(db: Connection, now: datetime) -> Check:
    """Posts that wait because they could not be taken in."""
    try:
        row = await db.fetchrow(SET_ASIDE)
    except asyncpg.PostgresError as error:  # a schema of before, of which another check tells
        return warn("set aside", f"It can't be told whether posts wait: {error}.")
    if row is None or not row["count"]:
        return ok("set aside", "No post waits.")
    hours = (now - row["oldest"]).total_seconds() / 3600
    return warn(
        "set aside",
        f"{row['count']} posts could not be taken in; the oldest waits for {hours:,.0f} hours, and "
        "nobody answers it. Reasons: earful set-aside list, or Settings, Posts set aside. Once the "
        "cause is mended: earful set-aside replay --all",
    )


async def _clock(db: Connection, now: datetime) -> Check:
    away = abs((await db.fetchval("SELECT clock_timestamp()") - now).total_seconds())
    if away > SKEW:
        return warn("clock", f"This machine and the database are {away:.0f} s apart: set the time.")
    return ok("clock", "This machine and the database agree.")
