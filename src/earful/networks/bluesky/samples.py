"""Frames as the firehose brings them, made up, to measure how fast they are translated."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from earful.networks.bluesky.frames import concerns, read
from earful.networks.bluesky.translate import Found, instant, to_change
from earful.networks.contract import Change, Person

_US = "did:plc:northwindnorthwindnorthw"
_AT = datetime(2026, 11, 1, tzinfo=UTC)
_TEXTS = (
    "@northwind.example my parcel {0} is lost and nobody answers. Third time this month.",
    "@northwind.example thank you, order {0} works again 🙏",
    "@northwind.example warte seit drei Wochen auf Bestellung {0}. Antwort bitte öffentlich.",
)


class _Cid(bytes):
    """A link to another block; in CBOR it is a tagged byte string."""


def payloads(count: int) -> list[bytes]:
    """So many frames, each one post that names us; 40% answer an earlier one."""
    return [_frame(number) for number in range(count)]


def translate(payload: bytes) -> Sequence[Change]:
    """What a frame becomes, the way listening does it; people are known already."""
    if not concerns(payload, _US.encode()):
        return ()
    changes = []
    for one in read(payload, _US).operations:
        seen_at = instant(one.time, _AT)
        found = Found(
            uri=one.uri, cid=one.cid, record=one.record, author=_person(one.did), seen_at=seen_at
        )
        changes.append(to_change(found, _US, addressed=one.names_us))
    return changes


def _person(did: str) -> Person:
    return Person(did, f"customer{did[-3:]}.example", f"Customer {did[-3:]}")


def _did(number: int) -> str:
    return f"did:plc:customercustomercusto{number % 997:03}"


def _path(number: int) -> str:
    return f"app.bsky.feed.post/3k{number:011}"


def _frame(number: int) -> bytes:
    block = _cbor(_record(number))
    cid = _cid(block)
    roots = _cbor({"roots": [cid], "version": 1})
    car = _sized(roots) + _sized(cid + block)
    operation = {"action": "create", "cid": cid, "path": _path(number)}
    body = {
        "blocks": car,
        "ops": [operation],
        "repo": _did(number),
        "rev": "3k",
        "seq": number,
        "time": _time(number),
    }
    return _cbor({"op": 1, "t": "#commit"}) + _cbor(body)


def _record(number: int) -> dict[str, Any]:
    text = _TEXTS[number % len(_TEXTS)].format(number)
    mention = {"$type": "app.bsky.richtext.facet#mention", "did": _US}
    record: dict[str, Any] = {
        "$type": "app.bsky.feed.post",
        "createdAt": _time(number),
        "facets": [{"features": [mention], "index": {"byteEnd": 18, "byteStart": 0}}],
        "langs": ["en"],
        "text": text,
    }
    if number % 5 < 2 and number >= 7:
        parent = {"cid": str(number), "uri": f"at://{_did(number - 7)}/{_path(number - 7)}"}
        record["reply"] = {"parent": parent, "root": parent}
    return record


def _time(number: int) -> str:
    return (_AT + timedelta(seconds=number)).isoformat().replace("+00:00", "Z")


def _cid(block: bytes) -> _Cid:
    """CIDv1, dag-cbor, SHA-256."""
    return _Cid(b"\x01\x71\x12\x20" + hashlib.sha256(block).digest())


def _sized(data: bytes) -> bytes:
    """Behind its length, as the blocks of a CAR are: LEB128."""
    size, out = len(data), b""
    while size > 127:
        out += bytes([size & 127 | 128])
        size >>= 7
    return out + bytes([size]) + data


def _cbor(value: Any) -> bytes:
    """DAG-CBOR of what occurs here."""
    if isinstance(value, _Cid):
        return b"\xd8\x2a" + _head(2, len(value) + 1) + b"\x00" + value
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, int):
        return _head(0, value)
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(map(_cbor, value))
    keys = sorted(value, key=lambda key: (len(key), key))
    return _head(5, len(value)) + b"".join(_cbor(key) + _cbor(value[key]) for key in keys)


def _head(kind: int, size: int) -> bytes:
    if size < 24:
        return bytes([kind << 5 | size])
    width = next(n for n in (0, 1, 2, 3) if size < 256**2**n)
    return bytes([kind << 5 | 24 + width]) + size.to_bytes(2**width, "big")
