"""The list of erasures beside the database, so that a restored backup erases them again."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from earful.accounts.restored import note_restored
from earful.desk.privacy import Erasure, erase_person, handle_hash
from earful.media.files import MediaStore
from earful.store.archive import Manifest
from earful.store.codecs import set_codecs
from earful.store.pool import Connection
from earful.store.restore import Replay
from earful.stream.work import SYSTEM, Work

FILE = "erasures.jsonl"


def keep_erasure(data_dir: Path, erasure: Erasure) -> None:
    """Add a line to `<data_dir>/erasures.jsonl`, durably."""
    path = data_dir / FILE
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "ab") as file:
        file.write(msgspec.json.encode(erasure) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read_erasures(path: Path) -> list[Erasure]:
    """The list; empty without a file. A last line that was cut off is passed over."""
    if not path.exists():
        return []
    found = []
    for line in path.read_bytes().splitlines():
        try:
            found.append(msgspec.json.decode(line, type=Erasure))
        except msgspec.DecodeError:
            continue
    return found


async def complete_list(db: Any, data_dir: Path) -> None:
    """Bring the file in line with the table: another machine's erasures, or a crash in between."""
    known = {(e.workspace_id, e.contact_id) for e in read_erasures(data_dir / FILE)}
    for row in await db.fetch("SELECT workspace_id, contact_id, handles, at FROM erasure"):
        if (row["workspace_id"], row["contact_id"]) not in known:
            hashes = [one.hex() for one in row["handles"]]
            keep_erasure(
                data_dir, Erasure(row["workspace_id"], row["contact_id"], hashes, row["at"])
            )


def replay_of(
    data_dir: Path, media: MediaStore, more: Path | None, *, name: str = "", now: datetime
) -> Replay:
    """What a restore calls at its end: erase again whom `data_dir`'s list or `more` names.

    And write into the audit logs that it was done; `name` is that of the backup.
    """

    async def replay(db: Connection, manifest: Manifest) -> None:
        listed = read_erasures(data_dir / FILE)
        for erasure in read_erasures(more) if more else []:
            if erasure not in listed:
                keep_erasure(data_dir, erasure)
                listed.append(erasure)
        await erase_again(db, listed, media, now)
        await note_restored(db, made_at=manifest.created_at, name=name, now=now)

    return replay


async def erase_again(db: Any, erasures: list[Erasure], media: MediaStore, now: datetime) -> int:
    """Erase in a restored database whom the list names. Returns how many were found.

    Somebody who came back after the erasure is a new contact, and stays.
    """
    await set_codecs(db)
    wanted = {bytes.fromhex(one): e for e in erasures for one in e.handles}
    rows = await db.fetch(
        """SELECT h.workspace_id, h.network, h.external_id, h.contact_id, c.created_at
           FROM contact_handle h JOIN contact c
             ON c.workspace_id = h.workspace_id AND c.id = h.contact_id"""
    )
    found: set[tuple[str, str]] = set()
    for row in rows:
        listed = wanted.get(handle_hash(row["workspace_id"], row["network"], row["external_id"]))
        if listed is not None and row["created_at"] <= listed.at:
            found.add((row["workspace_id"], row["contact_id"]))
    for workspace_id, contact_id in sorted(found):
        work = Work(db, workspace_id, SYSTEM, now)
        erased = await erase_person(work, contact_id)
        await work.append_events()
        for digest in erased.files:
            media.delete(digest)
    return len(found)
