"""Keyset paging: a page token is the sort key of the last row, opaque to the caller."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, TypeVar

import msgspec

T = TypeVar("T")
R = TypeVar("R")

At = Annotated[datetime, msgspec.Meta(tz=True)]
"""An instant in a token."""
Id = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
"""An id in a token."""


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


def cut(rows: list[R], size: int, key: Callable[[R], list[Any]]) -> tuple[list[R], str | None]:
    """The rows of a page of `size`, of which one more was asked for, and the next page's token."""
    page = rows[:size]
    return page, to_token(key(page[-1])) if len(rows) > size else None
