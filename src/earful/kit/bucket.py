"""An S3-compatible store that the operator named: objects by name, in one bucket.

The operator's own endpoint may stand on a private address; the guard against private addresses is
for what strangers choose. All calls block: run them in a thread. Raises `OSError`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import msgspec
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

CONNECT_WITHIN = timedelta(seconds=10)
ANSWER_WITHIN = timedelta(seconds=60)
TRY_FOR = timedelta(seconds=90)


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a bucket is, and the key to it. `prefix` stands before every name."""

    endpoint: str
    bucket: str
    region: str
    key_id: str
    secret: str
    prefix: str = ""

    def __repr__(self) -> str:
        """Without the secret, which would otherwise stand in logs and tracebacks."""
        return f"Place({self.endpoint}/{self.bucket})"


def place_of(
    address: str, *, region: str, key_id: str | None, secret: str | None, secret_file: Path | None
) -> Place:
    """The place at `https://host/bucket/folder`; the secret as it is, or a file's first line.

    Raises OSError for a file that can't be read.
    """
    parts = urlsplit(address)
    name, _, prefix = parts.path.strip("/").partition("/")
    if secret_file is not None:
        secret = secret_file.read_text(encoding="utf-8").partition("\n")[0]
    return Place(
        endpoint=f"{parts.scheme}://{parts.netloc}",
        bucket=name,
        region=region,
        key_id=key_id or "",
        secret=(secret or "").strip(),
        prefix=prefix,
    )


class Bucket:
    """Objects of one bucket. Names are paths without a leading slash."""

    def __init__(self, place: Place) -> None:
        self._store = S3Store(
            place.bucket,
            prefix=place.prefix or None,
            endpoint=place.endpoint,
            region=place.region,
            access_key_id=place.key_id,
            secret_access_key=place.secret,
            virtual_hosted_style_request=False,
            client_options={
                "allow_http": place.endpoint.startswith("http://"),
                "connect_timeout": CONNECT_WITHIN,
                "timeout": ANSWER_WITHIN,
            },
            retry_config={"max_retries": 4, "retry_timeout": TRY_FOR},
        )

    def put(self, name: str, data: bytes | IO[bytes]) -> None:
        """Keep `data` as `name`, whole or not at all; what was there is replaced."""
        with _as_os_error(name):
            self._store.put(name, data)

    def get(self, name: str) -> bytes:
        """The object. Raises FileNotFoundError."""
        with _as_os_error(name):
            return bytes(self._store.get(name).bytes())

    def pieces(self, name: str) -> Iterator[bytes]:
        """The object in pieces, for what is too large to hold. Raises FileNotFoundError."""
        with _as_os_error(name):
            for piece in self._store.get(name).stream():
                yield bytes(piece)

    def has(self, name: str) -> bool:
        """Whether the object is there."""
        try:
            with _as_os_error(name):
                self._store.head(name)
        except FileNotFoundError:
            return False
        return True

    def delete(self, name: str) -> None:
        """Remove the object; removing what is not there changes nothing."""
        try:
            with _as_os_error(name):
                self._store.delete(name)
        except FileNotFoundError:
            return

    def names(self, prefix: str = "") -> Iterator[tuple[str, int]]:
        """Name and size in bytes of every object below the folder `prefix`."""
        with _as_os_error(prefix):
            for page in self._store.list(prefix or None):
                for found in page:
                    yield found["path"], found["size"]

    def changed(self, prefix: str = "") -> Iterator[tuple[str, datetime]]:
        """Name and time of the last change of every object below the folder `prefix`."""
        with _as_os_error(prefix):
            for page in self._store.list(prefix or None):
                for found in page:
                    yield found["path"], found["last_modified"]


@contextmanager
def _as_os_error(name: str) -> Iterator[None]:
    """The library's errors as Python's own, in one line without addresses of keys."""
    try:
        yield
    except (NotFoundError, FileNotFoundError):
        raise FileNotFoundError(f"The bucket has no {name}.") from None
    except BaseError as error:
        words = str(error).partition("\n")[0][:300]
        raise OSError(f"The bucket refuses {name or 'to be listed'}: {words}") from None
