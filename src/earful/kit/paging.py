"""Keyset paging: a page token is the sort key of the last row, opaque to the caller."""

from __future__ import annotations

import base64
import binascii
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


class BadToken(ValueError):
    """The page token was not made by us."""


def to_token(key: list[Any]) -> str:
    """An opaque token for `key` (JSON values and datetimes)."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def from_token(token: str, shape: type[T]) -> T:
    """The key inside `token`, checked against `shape`. Raises BadToken."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        return msgspec.json.decode(raw, type=shape)
    except (binascii.Error, msgspec.MsgspecError, ValueError) as error:
        raise BadToken("this page token is not valid; start from the first page") from error
