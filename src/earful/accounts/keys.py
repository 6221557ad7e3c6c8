"""Keys over time: refuse a start with the wrong one, and re-encrypt with a new one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from earful.accounts.secrets import Keyring, SecretError, context_of
from earful.settings import Settings
from earful.store.pool import Connection
from earful.store.secret_key import secret_key


def keyring_of(settings: Settings) -> Keyring:
    """The keys of the setting, or of the file that the embedded desk makes for itself."""
    return Keyring.from_setting(secret_key(settings))


class WrongKey(SecretError):
    """EARFUL_SECRET_KEY can't open what this database holds."""


class Place(msgspec.Struct, frozen=True):
    """A column with ciphertexts. All fields are names from our own migrations, never input."""

    table: str
    column: str
    id_column: str = "id"
    key_column: str = ""

    @property
    def name(self) -> str:
        """The place's part of the context."""
        return f"{self.table}.{self.column}"


PLACES = (
    Place("secret", "ciphertext", key_column="key_id"),
    Place("totp", "secret", "agent_id"),
    Place("channel", "secret"),
    Place("channel", "session"),
    Place("other_desk", "secret"),
    Place("pager", "sealed"),
    Place("page", "link"),
    Place("other_desk", "hook"),
    Place("webhook", "secret"),
    Place("mail_server", "password", "workspace_id"),
    Place("letter", "sealed"),
    Place("sign_in_there", "sealed"),
    Place("triage_endpoint", "key", "workspace_id"),
)
"""Every column that a Keyring seals."""


async def check_keys(db: Connection, keyring: Keyring, *, now: datetime) -> None:
    """At start: raises WrongKey unless the keyring has every key this database was used with.

    Call it in a transaction, so that two first starts with different keys can't both pass.
    """
    await db.execute("SELECT pg_advisory_xact_lock(hashtextextended('earful keys', 0))")
    rows = await db.fetch("SELECT key_id, fingerprint FROM key_fingerprint ORDER BY first_used_at")
    ours = keyring.fingerprints
    lost = [row["key_id"] for row in rows if ours.get(row["key_id"]) != row["fingerprint"]]
    if lost:
        raise WrongKey(
            f"The secrets in this database were encrypted with key {', '.join(lost)}; "
            f"EARFUL_SECRET_KEY has {', '.join(ours)}. Set the key it was made with (with the "
            "embedded database it lies in the data folder); to change keys, put the new one "
            "first, a comma, and the old one after it."
        )
    await db.execute(_REMEMBER, keyring.current_id, ours[keyring.current_id], now)


async def rotate_batch(db: Connection, keyring: Keyring, place: Place, *, limit: int = 200) -> int:
    """Re-encrypt up to `limit` ciphertexts of `place` with the current key. Returns how many.

    Call it, a transaction each, until it returns 0 for each of PLACES, when every process runs
    with the new key; then `retire_keys`.
    """
    current = b"\x01" + bytes.fromhex(keyring.current_id)
    where, column, key = place.table, place.column, place.id_column
    rows = await db.fetch(
        f"SELECT workspace_id::text, {key}::text AS id, {column} AS sealed FROM {where} "  # noqa: S608 - names from PLACES
        f"WHERE {column} IS NOT NULL AND substring({column} FROM 1 FOR 9) <> $1 "
        "ORDER BY 1, 2 LIMIT $2 FOR UPDATE",
        current,
        limit,
    )
    also = f", {place.key_column} = '{keyring.current_id}'" if place.key_column else ""
    for row in rows:
        context = context_of(row["workspace_id"], place.name, row["id"])
        plain = keyring.open(row["sealed"], context=context)
        await db.execute(
            f"UPDATE {where} SET {column} = $3{also} WHERE workspace_id = $1 AND {key} = $2",  # noqa: S608
            row["workspace_id"],
            row["id"],
            keyring.seal(plain, context=context),
        )
    return len(rows)


async def retire_keys(
    db: Connection, keyring: Keyring, places: Sequence[Place] = PLACES
) -> list[str]:
    """Forget the keys that nothing is encrypted with any more. Returns the ids still needed."""
    used = {keyring.current_id}
    for place in places:
        rows = await db.fetch(
            f"SELECT DISTINCT substring({place.column} FROM 2 FOR 8) AS key_id "  # noqa: S608
            f"FROM {place.table} WHERE {place.column} IS NOT NULL"
        )
        used |= {row["key_id"].hex() for row in rows}
    await db.execute("DELETE FROM key_fingerprint WHERE key_id <> ALL($1::text[])", sorted(used))
    return sorted(used)


_REMEMBER = """
INSERT INTO key_fingerprint (key_id, fingerprint, first_used_at) VALUES ($1, $2, $3)
ON CONFLICT (key_id) DO NOTHING
"""
