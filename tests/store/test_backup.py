"""Backup and restore, there and back with the real programs."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from earful.settings import Settings
from earful.store.after_restore import NUMBERS_SKIPPED
from earful.store.archive import Archive
from earful.store.backup import backup, scheduled_backup
from earful.store.contents import media_store
from earful.store.errors import MigrationError, StoreError, Unusable
from earful.store.opening import Store, open_store, owner_connection
from earful.store.pool import Connection
from earful.store.records import read_record
from earful.store.restore import prove_restore, read_through, restore
from earful.store.sealed import Unreadable
from earful.store.secret_key import key_path, secret_key
from tests.bucket_server import bucket_server
from tests.store.machine import names_in, passable_folder

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PASSPHRASE = "correct horse battery"
PICTURE = b"\x89PNG not really"
DIGEST = hashlib.sha256(PICTURE).hexdigest()

ROWS = """
INSERT INTO workspace (id, name, created_at) VALUES (gen_random_uuid(), 'Carol''s', now());
INSERT INTO inbox (workspace_id, id, name, created_at) SELECT id, id, 'Care', now() FROM workspace;
INSERT INTO channel (workspace_id, id, network, external_id, handle, name, inbox_id, created_at)
  SELECT id, id, 'rehearsal', 'e', 'care', 'Care', id, now() FROM workspace;
INSERT INTO delivery (workspace_id, id, channel_id, conversation_id, message_id, agent_id, draft,
    state, run_at, created_at)
  SELECT id, gen_random_uuid(), id, id, id, id, '{}', state, now(), now()
  FROM workspace, unnest(ARRAY['queued', 'sending', 'sent', 'held']) state;
INSERT INTO agent (workspace_id, id, name, email, role, handle, initials, created_at)
  SELECT id, id, 'Alice', 'alice@northwind.example', 'owner', 'alice', 'A', now() FROM workspace;
INSERT INTO api_token (workspace_id, id, agent_id, name, sha256, scopes, created_at)
  SELECT id, id, id, 'script', 'x', '{read}', now() FROM workspace;
INSERT INTO webhook (workspace_id, id, url, secret, seq, state, run_at, created_at)
  SELECT id, gen_random_uuid(), 'https://hooks.example', 'x', 6, state, now(), now()
  FROM workspace, unnest(ARRAY['active', 'failing', 'disabled']) state;
INSERT INTO letter (workspace_id, id, agent_id, sealed, run_at, expires_at, created_at)
  SELECT id, id, id, 'x', now(), now() + interval '1 day', now() FROM workspace;
INSERT INTO event_counter (workspace_id, seq) SELECT id, 7 FROM workspace;
INSERT INTO contact (workspace_id, id, name, created_at)
  SELECT id, id, 'Dave', now() FROM workspace;
INSERT INTO conversation (workspace_id, id, inbox_id, channel_id, network, status, severity,
    contact_id, contact_name, contact_handle, opened_at, last_message_at, sending)
  SELECT id, id, id, id, 'rehearsal', 'open', 3, id, 'Dave', 'dave', now(), now(), 2
  FROM workspace;
INSERT INTO pager (workspace_id, id, agent_id, name, service, sealed, position, created_at)
  SELECT id, id, id, 'Phone', 'ntfy', 'x', 0, now() FROM workspace;
INSERT INTO ladder (workspace_id, id, name, steps, rounds, created_at)
  SELECT id, id, 'All', '[]', 1, now() FROM workspace;
INSERT INTO paging_rule (workspace_id, cause, ladder_id, after_for, again_for)
  SELECT id, 'breach', id, 0, 0 FROM workspace;
INSERT INTO alert (workspace_id, id, cause, key, steps, rounds, raised_at, run_at)
  SELECT id, id, 'breach', 'k', '[]', 1, now(), now() FROM workspace;
INSERT INTO page (workspace_id, id, alert_id, round, step, pager_id, name, state, token, run_at,
    created_at)
  SELECT id, gen_random_uuid(), id, n, 0, id, 'Phone', state, n::text::bytea, now(), now()
  FROM workspace, unnest(ARRAY['queued', 'sending', 'sent']) WITH ORDINALITY AS s (state, n);
INSERT INTO rating (workspace_id, id, conversation_id, contact_id, inbox_id, state, token, ask_at)
  SELECT id, gen_random_uuid(), gen_random_uuid(), id, id, state,
    CASE state WHEN 'asked' THEN 'in her hand'::bytea END, now()
  FROM workspace, unnest(ARRAY['due', 'asked']) state;
INSERT INTO roster_feed (workspace_id, id, token, created_by, created_at)
  SELECT id, id, 'x', id, now() FROM workspace;
INSERT INTO link_code (workspace_id, id, contact_id, conversation_id, agent_id, digest, created_at,
    expires_at) SELECT id, id, id, id, id, 'x', now(), now() + interval '1 day' FROM workspace;
INSERT INTO other_desk (workspace_id, id, kind, name, url, hook, created_at)
  SELECT id, id, 'zammad', 'Theirs', 'https://zammad.example', 'x', now() FROM workspace;
INSERT INTO handoff (workspace_id, id, conversation_id, desk_id, agent_id, state, run_at,
    created_at)
  SELECT id, gen_random_uuid(), gen_random_uuid(), id, id, state, now(), now()
  FROM workspace, unnest(ARRAY['queued', 'sending', 'handed']) state;
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    made = passable_folder()
    yield made
    shutil.rmtree(made)


def settings_in(folder: Path) -> Settings:
    return Settings.from_env({"EARFUL_DATA_DIR": str(folder)})


@pytest.fixture(scope="module")
async def desk() -> AsyncIterator[Settings]:
    """A running desk with a few rows and a picture; tests only read it."""
    made = passable_folder()
    settings = settings_in(made)
    async with open_store(settings) as store:
        await fill(store)
        path = settings.media_dir / DIGEST[:2] / DIGEST[2:4] / DIGEST
        path.parent.mkdir(parents=True)
        path.write_bytes(PICTURE)
        (path.parent / "tmpabc").write_bytes(b"half")
        secret_key(settings)
        yield settings
    shutil.rmtree(made)


@pytest.fixture(autouse=True)
def no_record(desk: Settings) -> None:
    (desk.data_dir / "backups.json").unlink(missing_ok=True)


async def fill(store: Store) -> None:
    async with owner_connection(store.addresses) as owner:
        await owner.execute(ROWS)


async def test_there_and_back(desk: Settings, folder: Path) -> None:
    target = folder / "one.earful"
    seen: list[tuple[str, int]] = []
    made = await backup(
        desk, target, PASSPHRASE, now=NOW, with_key=True, progress=lambda *at: seen.append(at)
    )
    assert (made.media_files, made.media_bytes) == (1, len(PICTURE))
    assert seen[-1] == ("media", len(PICTURE))
    assert target.stat().st_mode & 0o777 == 0o600
    assert b"Carol" not in target.read_bytes()

    erased: list[str] = []

    async def replay(db: Connection, _: Archive) -> None:
        erased.append(await db.fetchval("SELECT name FROM workspace"))

    fresh = settings_in(folder / "fresh")
    restored = await restore(fresh, target, PASSPHRASE, replay=replay)
    assert restored.created_at == NOW
    assert erased == ["Carol's"]
    assert secret_key(fresh) == secret_key(desk)
    assert (fresh.media_dir / DIGEST[:2] / DIGEST[2:4] / DIGEST).read_bytes() == PICTURE
    async with open_store(fresh) as store, store.database.acquire() as db:
        assert await db.fetchval("SELECT state FROM channel") == "held"
        states = await db.fetchval("SELECT array_agg(state ORDER BY state) FROM delivery")
        assert states == ["sent", *["uncertain"] * 3], "a held one may have been sent since"
        card = await db.fetchrow("SELECT sending, trouble FROM conversation")
        assert tuple(card or ()) == (0, "uncertain")
        hooks = await db.fetchval("SELECT array_agg(state ORDER BY state) FROM webhook")
        assert hooks == ["disabled", "paused", "paused"]
        assert await db.fetchval("SELECT revoked_at IS NOT NULL FROM api_token")
        assert await db.fetchval("SELECT count(*) FROM letter") == 0
        assert await db.fetchval("SELECT kind FROM event") == "workspace.restored"
        assert await db.fetchval("SELECT seq FROM event") == 7 + NUMBERS_SKIPPED
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await db.execute("DELETE FROM audit")


RESTED = """
SELECT (SELECT count(*) FROM paging_rule) AS rules, (SELECT count(*) FROM roster_feed) AS feeds,
  (SELECT count(*) FROM link_code) AS codes, (SELECT count(*) FROM pager) AS pagers,
  (SELECT array_agg(state ORDER BY state) FROM alert) AS alerts,
  (SELECT array_agg(state ORDER BY state) FROM page) AS pages,
  (SELECT array_agg(state ORDER BY state) FROM rating) AS ratings,
  (SELECT array_agg(state ORDER BY state) FROM handoff) AS handoffs,
  (SELECT min(run_at) = 'infinity' FROM handoff WHERE state = 'uncertain') AS waits,
  (SELECT count(*) FROM rating WHERE token IS NOT NULL) AS links,
  (SELECT count(*) FROM other_desk WHERE hook IS NOT NULL) AS hooks
"""


async def test_what_wakes_asks_or_lets_in_by_itself_rests(desk: Settings, folder: Path) -> None:
    """Nobody is paged, asked or handed over on a backup's word; what others hold stays good."""
    await backup(desk, folder / "one.earful", PASSPHRASE, now=NOW, with_key=True)
    fresh = settings_in(folder / "rested")
    await restore(fresh, folder / "one.earful", PASSPHRASE)
    async with open_store(fresh) as store, store.database.acquire() as db:
        found = await db.fetchrow(RESTED)
    assert dict(found or {}) == {
        "rules": 0,
        "feeds": 0,
        "codes": 0,
        "pagers": 1,
        "alerts": ["cleared"],
        "pages": ["dropped", "dropped", "sent"],
        "ratings": ["asked", "dropped"],
        "handoffs": ["handed", "uncertain", "uncertain"],
        "waits": True,
        "links": 1,
        "hooks": 1,
    }


async def test_media_of_a_bucket_are_in_it_and_return_to_one(desk: Settings, folder: Path) -> None:
    with bucket_server(folder / "objects") as place:

        def keeping_in(settings: Settings, name: str) -> Settings:
            return replace(
                settings,
                media_bucket=f"{place.endpoint}/{place.bucket}/{name}",
                media_bucket_key_id=place.key_id,
                media_bucket_secret=place.secret,
            )

        old = keeping_in(desk, "old")
        digest = media_store(old).write(b"only in the bucket")
        made = await backup(old, folder / "one.earful", PASSPHRASE, now=NOW)
        assert (made.media_files, made.media_bytes) == (1, len(b"only in the bucket"))
        await prove_restore(old, folder / "one.earful", PASSPHRASE, now=NOW)
        fresh = keeping_in(settings_in(folder / "fresh"), "fresh")
        assert not list(media_store(fresh).digests()), "a proof puts nothing anywhere"
        await restore(fresh, folder / "one.earful", PASSPHRASE)
        assert media_store(fresh).read(digest) == b"only in the bucket"
        assert not fresh.media_dir.exists()


async def test_the_key_is_only_inside_when_asked_for(desk: Settings, folder: Path) -> None:
    target = folder / "one.earful"
    made = await backup(desk, target, PASSPHRASE, now=NOW)
    assert "NOT inside" in made.words
    with target.open("rb") as file:
        archive = Archive(file, PASSPHRASE)
        list(archive.database()), list(archive.media())
        archive.end()
    assert archive.key is None
    fresh = settings_in(folder / "fresh")
    restored = await restore(fresh, target, PASSPHRASE)
    assert "set EARFUL_SECRET_KEY" in restored.words
    assert not key_path(fresh).exists()


async def test_a_failed_backup_leaves_nothing(
    desk: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "out").mkdir()
    target = folder / "out" / "one.earful"

    def broken(*_: object) -> Iterator[bytes]:
        yield b"PGDMP"
        raise StoreError("pg_dump failed: the disk is on fire")

    monkeypatch.setattr("earful.store.backup_file.dump", broken)
    with pytest.raises(StoreError, match="on fire"):
        await backup(desk, target, PASSPHRASE, now=NOW)
    assert list(target.parent.iterdir()) == []
    assert read_record(desk.data_dir).last_backup_at is None


async def test_nothing_is_written_over(desk: Settings, folder: Path) -> None:
    target = folder / "one.earful"
    target.write_text("dear")
    with pytest.raises(StoreError, match="already there"):
        await backup(desk, target, PASSPHRASE, now=NOW)
    assert target.read_text() == "dear"


async def test_a_damaged_backup_changes_nothing(desk: Settings, folder: Path) -> None:
    target = folder / "one.earful"
    await backup(desk, target, PASSPHRASE, now=NOW)
    target.write_bytes(target.read_bytes()[:-1])
    fresh = settings_in(folder / "fresh")
    with pytest.raises(Unreadable):
        await restore(fresh, target, PASSPHRASE)
    assert not fresh.data_dir.exists()


async def test_only_an_empty_place_is_restored_into(desk: Settings, folder: Path) -> None:
    target = folder / "one.earful"
    await backup(desk, target, PASSPHRASE, now=NOW)
    with pytest.raises(StoreError, match="not empty"):
        await restore(desk, target, PASSPHRASE)
    used = settings_in(folder / "used")
    async with open_store(used):
        pass
    with pytest.raises(StoreError, match="already has"):
        await restore(used, target, PASSPHRASE)


async def test_a_restore_that_fails_leaves_an_empty_place(desk: Settings, folder: Path) -> None:
    target = folder / "one.earful"
    await backup(desk, target, PASSPHRASE, now=NOW)

    async def refuse(*_: object) -> None:
        raise MigrationError("erasures can't be replayed")

    fresh = settings_in(folder / "fresh")
    with pytest.raises(MigrationError, match="replayed"):
        await restore(fresh, target, PASSPHRASE, replay=refuse)
    assert not fresh.media_dir.exists()
    await restore(fresh, target, PASSPHRASE)


async def test_a_cut_off_restore_is_not_started(folder: Path) -> None:
    settings = settings_in(folder / "half")
    settings.data_dir.mkdir()
    (settings.data_dir / "restoring").touch()
    with pytest.raises(Unusable, match="cut off"):
        async with open_store(settings):
            pass


async def test_scheduled_backups_are_made_when_due_and_thinned_out(
    desk: Settings, folder: Path
) -> None:
    shelf, secret = folder / "shelf", folder / "passphrase"
    shelf.mkdir()
    secret.write_text(f"{PASSPHRASE}\n")
    (shelf / ".earful-20261101T120000Z.earful.7.partial").write_text("of a killed process")
    assert await scheduled_backup(desk, now=NOW) is None
    planned = replace(desk, backup_dir=shelf, backup_passphrase_file=secret, backup_keep=2)
    for days in range(3):
        at = NOW + timedelta(days=days)
        made = await scheduled_backup(planned, now=at)
        assert made is not None
        assert not made.with_key
    assert await scheduled_backup(planned, now=at + timedelta(hours=23)) is None
    *left, erasures = names_in(shelf)
    assert left == ["earful-20261123T120000Z.earful", "earful-20261124T120000Z.earful"]
    assert erasures == "erasures.jsonl"
    assert read_through(shelf / left[0], PASSPHRASE)[1].media_files == 1


async def test_two_workers_make_one_backup(desk: Settings, folder: Path) -> None:
    shelf, secret = folder / "shelf", folder / "passphrase"
    shelf.mkdir()
    secret.write_text(PASSPHRASE)
    planned = replace(desk, backup_dir=shelf, backup_passphrase_file=secret)
    made = await asyncio.gather(*(scheduled_backup(planned, now=NOW) for _ in range(3)))
    assert sum(one is not None for one in made) == 1
    assert names_in(shelf) == ["earful-20261122T120000Z.earful", "erasures.jsonl"]


async def test_a_proof_is_remembered_and_leaves_nothing(desk: Settings, folder: Path) -> None:
    target = folder / "one.earful"
    await backup(desk, target, PASSPHRASE, now=NOW)
    assert read_through(target, PASSPHRASE)[1].media_files == 1
    await prove_restore(desk, target, PASSPHRASE, now=NOW + timedelta(hours=1))
    record = read_record(desk.data_dir)
    assert record.last_restore_test_at == NOW + timedelta(hours=1)
    assert record.last_backup_at == NOW
