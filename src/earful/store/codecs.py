"""How JSON and ids look in Python: JSON as plain values, ids as strings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import asyncpg
import msgspec

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


async def set_codecs(
    connection: asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record],
) -> None:
    """Set the codecs on a fresh connection: json and jsonb by msgspec, uuid as text."""
    for name in ("json", "jsonb"):
        await connection.set_type_codec(
            name,
            schema="pg_catalog",
            format="text",
            encoder=_json,
            decoder=msgspec.json.decode,
        )
    await connection.set_type_codec(
        "uuid", schema="pg_catalog", format="text", encoder=str, decoder=str
    )
