"""Pure: a frame of the firehose into what of it concerns us.

A relay passes on the whole network's posts, some hundreds a second, so a frame is first looked at
as bytes: only one that holds our DID, or that deletes a post, is decoded.
"""

from __future__ import annotations

from typing import Any

import libipld
import msgspec

from earful.networks.bluesky.translate import POST, names_us

_PATH = f"{POST}/"
_PATH_BYTES = _PATH.encode()
_DELETE = b"fdelete"  # CBOR: a text of 6 bytes
_HEAD = 24  # bytes in which a frame's kind stands
_ODD = (AttributeError, KeyError, RecursionError, TypeError, ValueError)
"""What strangers' records lead to; parts within parts beyond all measure, too."""


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """A post made, edited or (without record) deleted."""

    uri: str
    did: str
    time: str
    cid: str = ""
    record: Any = None
    edited: bool = False
    names_us: bool | None = None
    """Whether the record names us; None where nobody has looked, or it makes no sense."""


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """What one frame said. `error` is the network's name for why it ends the connection; `unread`
    is why posts in it could not be read."""

    seq: int | None = None
    operations: tuple[Operation, ...] = ()
    error: str = ""
    unread: str = ""


class FrameBroken(ValueError):
    """Bytes that are no frame: the connection is no good any more."""


def concerns(raw: bytes, our_did: bytes) -> bool:
    """Whether a frame is worth decoding. Never wrong about a post that names us."""
    if b"#commit" not in raw[:_HEAD]:
        return b"#" not in raw[:_HEAD]  # error frames carry no kind
    return _PATH_BYTES in raw and (our_did in raw or _DELETE in raw)


def read(raw: bytes, our_did: str) -> Frame:
    """A decoded frame. Raises FrameBroken when it is none; odd posts inside one are no reason."""
    try:
        header, body = libipld.decode_dag_cbor_multi(raw)
        if header["op"] != 1:
            return Frame(error=str(body.get("error") or "unknown"))
        seq, is_commit = body.get("seq"), header["t"] == "#commit"
    except _ODD as error:
        raise FrameBroken(f"{type(error).__name__}: {error}") from error
    if not is_commit:
        return Frame(seq=seq)
    try:
        return Frame(seq=seq, operations=tuple(_operations(body, our_did)))
    except _ODD as error:
        return Frame(seq=seq, unread=f"{type(error).__name__}: {error}")


def _operations(body: dict[str, Any], our_did: str) -> list[Operation]:
    wanted = [each for each in body["ops"] if each["path"].startswith(_PATH)]
    made = [each for each in wanted if each["action"] != "delete"]
    blocks = libipld.decode_car(bytes(body["blocks"]))[1] if made else {}
    did, time = str(body["repo"]), str(body["time"])
    found = []
    for each in wanted:
        uri = f"at://{did}/{each['path']}"
        if each["action"] == "delete":
            found.append(Operation(uri=uri, did=did, time=time))
            continue
        record = _plain(blocks.get(each["cid"]))
        names = None if did == our_did else _names(record, our_did)
        if record is None or names is False:
            continue
        cid = libipld.encode_cid(each["cid"])
        edited = each["action"] == "update"
        found.append(
            Operation(
                uri=uri,
                did=did,
                time=time,
                cid=cid,
                record=record,
                edited=edited,
                names_us=names,
            )
        )
    return found


def _names(record: Any, our_did: str) -> bool | None:
    try:
        return names_us(record, our_did)
    except (AttributeError, TypeError):
        return None  # it holds our DID and makes no sense: set aside, not dropped


def _plain(value: Any) -> Any:
    """The record as JSON would have it: a link is a CID's text."""
    kind = type(value)  # what libipld makes is of these types and no others
    if kind is str or kind is int:
        return value
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, bytes):
        try:
            return libipld.encode_cid(value)
        except ValueError:
            return value.hex()
    return value
