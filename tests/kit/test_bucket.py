"""The client of an S3-compatible store, against a real one."""

from __future__ import annotations

import io
from collections.abc import Iterator

import msgspec
import pytest

from earful.kit.bucket import Bucket, Place
from tests.bucket_server import SECRET, bucket_server


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A bucket of this module's own."""
    with bucket_server(tmp_path_factory.mktemp("bucket")) as place:
        yield place


def test_what_is_put_is_there_until_it_is_deleted(place: Place) -> None:
    bucket = Bucket(msgspec.structs.replace(place, prefix="one"))
    bucket.put("a/b", b"first")
    bucket.put("a/b", b"second")
    bucket.put("a/c", io.BytesIO(b"x" * 12_000_000))
    assert (bucket.get("a/b"), bucket.has("a/b"), bucket.has("a/nothing")) == (
        b"second",
        True,
        False,
    )
    assert sum(map(len, bucket.pieces("a/c"))) == 12_000_000
    assert sorted(bucket.names("a")) == [("a/b", 6), ("a/c", 12_000_000)]
    assert list(Bucket(place).names("two")) == []
    bucket.delete("a/b")
    bucket.delete("a/b")
    with pytest.raises(FileNotFoundError):
        bucket.get("a/b")


def test_a_wrong_key_is_an_error_that_does_not_tell_the_right_one(place: Place) -> None:
    wrong = msgspec.structs.replace(place, secret="not-the-secret")
    with pytest.raises(OSError, match="refuses a") as told:
        Bucket(wrong).put("a", b"x")
    assert SECRET not in str(told.value)
    assert "not-the-secret" not in repr(wrong) + str(told.value)
