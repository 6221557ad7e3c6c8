"""The list of erasures beside the database, so that a restored backup erases them again."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from earful.accounts.restored import note_restored
from earful.accounts.secrets import Keyring, SecretError, context_of
from earful.accounts.stored_secrets import PLACE, put_secret
from earful.desk.marks import KEY, sealed_key
from earful.desk.privacy import Erasure, erase_person, handle_hashes
from earful.media.files import MediaStore
from earful.settings import Settings
from earful.store.archive import Archive
from earful.store.codecs import set_codecs
from earful.store.erasure_copies import FILE, add_beside, append_line, lines_of
from earful.store.errors import StoreError
from earful.store.pool import Connection
from earful.store.restore import Replay
from earful.stream.work import SYSTEM, Vault, Work


def keep_erasure(data_dir: Path, erasure: Erasure) -> None:
    """Add a line to `<data_dir>/erasures.jsonl`, durably."""
    append_line(data_dir / FILE, msgspec.json.encode(erasure))


def keep_erasure_and_copy(settings: Settings, erasure: Erasure) -> None:
    """The same, and at once beside the backups as well."""
    keep_erasure(settings.data_dir, erasure)
    add_beside(settings, msgspec.json.encode(erasure))


def read_erasures(path: Path) -> list[Erasure]:
    """The list; empty without a file. A last line that was cut off is passed over."""
    return erasures_in(path.read_bytes()) if path.exists() else []


def erasures_in(data: bytes) -> list[Erasure]:
    """The erasures of a list's text."""
    found = []
    for line in lines_of(data):
        try:
            found.append(msgspec.json.decode(line, type=Erasure))
        except msgspec.DecodeError:
            continue
    return found


async def complete_list(db: Any, data_dir: Path) -> None:
    """Bring the file in line with the table: another machine's erasures, or a crash in between.

    And with the key of today, once keys were rotated.
    """
    known = {(e.workspace_id, e.contact_id, e.key) for e in read_erasures(data_dir / FILE)}
    for row in await db.fetch(_KEPT, KEY):
        sealed = (row["ciphertext"] or b"").hex()
        if (row["workspace_id"], row["contact_id"], sealed) not in known:
            hashes = [one.hex() for one in row["handles"]]
            keep_erasure(
                data_dir,
                Erasure(row["workspace_id"], row["contact_id"], hashes, row["at"], sealed),
            )


def replay_of(
    data_dir: Path,
    media: MediaStore,
    listed: bytes | None,
    *,
    now: datetime,
    name: str = "",
    secret: str | None = None,
) -> Replay:
    """What a restore calls at its end: erase again whom the list names, and keep it in `data_dir`.

    And write into the audit logs that it was done; `name` is that of the backup. `secret` is the
    secret key at hand, if there is one; the backup's own is used as well.
    """

    async def replay(db: Connection, archive: Archive) -> None:
        erasures = erasures_in(listed or b"")
        known = read_erasures(data_dir / FILE)
        for erasure in erasures:
            if erasure not in known:
                keep_erasure(data_dir, erasure)
        texts = [text for text in (secret, archive.key) if text]
        keyring = Keyring.from_setting(",".join(texts)) if texts else None
        await erase_again(db, erasures, media, now, keyring)
        await note_restored(db, made_at=archive.manifest.created_at, name=name, now=now)

    return replay


async def erase_again(
    db: Any, erasures: list[Erasure], media: MediaStore, now: datetime, vault: Vault | None = None
) -> int:
    """Erase in a restored database whom the list names. Returns how many were found.

    Somebody who came back after the erasure is a new contact, and stays. Raises StoreError when the
    key is missing that tells who it was.
    """
    await set_codecs(db)
    keys = await _keys(db, erasures, vault, now)
    wanted = {bytes.fromhex(one): e for e in erasures for one in e.handles}
    rows = await db.fetch(
        """SELECT h.workspace_id, h.network, h.external_id, h.contact_id, c.created_at
           FROM contact_handle h JOIN contact c
             ON c.workspace_id = h.workspace_id AND c.id = h.contact_id"""
    )
    found: set[tuple[str, str]] = set()
    for row in rows:
        known = [keys[row["workspace_id"]]] if row["workspace_id"] in keys else []
        hashes = handle_hashes(known, row["workspace_id"], row["network"], row["external_id"])
        if any(one in wanted and row["created_at"] <= wanted[one].at for one in hashes):
            found.add((row["workspace_id"], row["contact_id"]))
    for workspace_id, contact_id in sorted(found):
        work = Work(db, workspace_id, SYSTEM, now, vault)
        erased = await erase_person(work, contact_id)
        await work.append_events()
        for digest in erased.files:
            media.delete(digest)
    return len(found)


async def _keys(
    db: Any, erasures: list[Erasure], vault: Vault | None, now: datetime
) -> dict[str, bytes]:
    """The key of each workspace: the database's, or the list's where that is older than the key."""
    keys: dict[str, bytes] = {}
    for row in await db.fetch("SELECT id FROM workspace"):
        context = context_of(row["id"], PLACE, KEY)
        key = _opened(vault, await sealed_key(db, row["id"]), context)
        listed = {one.key for one in erasures if one.workspace_id == row["id"] and one.key}
        if key is None and listed:
            some = (_opened(vault, bytes.fromhex(one), context) for one in sorted(listed))
            key = next((one for one in some if one), None)
            if key is None or vault is None:
                raise StoreError(
                    "Whom the desk has erased can't be told without its secret key: set "
                    "EARFUL_SECRET_KEY to it, or put it into the data folder, and restore again. "
                    f"If it is lost, move {FILE} away, restore, and erase them again by hand."
                )
            await put_secret(db, vault, row["id"], KEY, key, now=now)
        if key is not None:
            keys[row["id"]] = key
    return keys


def _opened(vault: Vault | None, sealed: bytes | None, context: str) -> bytes | None:
    if vault is None or sealed is None:
        return None
    try:
        return vault.open(sealed, context=context)
    except SecretError:
        return None


_KEPT = """
SELECT e.workspace_id, e.contact_id, e.handles, e.at, s.ciphertext
FROM erasure e LEFT JOIN secret s ON s.workspace_id = e.workspace_id AND s.id = $1
"""
