"""The pure parts: splitting, rich text, translation, frames. No network needed."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import libipld
import pytest
from hypothesis import given
from hypothesis import strategies as some

from earful.networks.bluesky.frames import FrameBroken, concerns, read
from earful.networks.bluesky.richtext import facets, spans
from earful.networks.bluesky.split import fits, split
from earful.networks.bluesky.translate import Found, to_change
from earful.networks.contract import Person, Post, Unreadable

US = "did:plc:us"
THEM = "did:plc:them"
AT = datetime(2026, 11, 22, tzinfo=UTC)


@given(some.text(alphabet=some.sampled_from("ab .\n!é👩\u200d👧#@:/https"), max_size=2500))
def test_splitting_loses_nothing(text: str) -> None:
    """Every part fits, and only white space goes missing, at the cuts."""
    parts = split(text)
    assert all(map(fits, parts))
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_splits_between_sentences_and_never_in_a_link() -> None:
    """A sentence's end before a word's; a link that straddles the limit goes to the next part."""
    sentence = "This is one sentence of some length, more or less. "
    assert all(part.endswith(".") for part in split(sentence * 15))
    link = "https://example.com/" + "a" * 60
    first, second = split("word " * 55 + link + " more")
    assert (first.count("word"), second) == (55, f"{link} more")


def test_bytes_count_too() -> None:
    """300 family emoji are 300 graphemes, but more bytes than a record takes."""
    assert len(split("👨\u200d👩\u200d👧\u200d👦" * 300)) == 3


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("(https://a.example/x_(y)).", [("link", "https://a.example/x_(y)")]),
        ("mail a@b.example, @c.example!", [("mention", "c.example")]),
        ("#1 #a1, ＃b #", [("tag", "a1"), ("tag", "b")]),
        ("https://", []),
        ("x@c.example #", []),
    ],
)
def test_spans(text: str, found: list[tuple[str, str]]) -> None:
    """Links without the sentence's signs, mentions at word starts, tags that are no numbers."""
    assert [(span.kind, span.value) for span in spans(text)] == found


def test_unknown_mention_is_plain_text() -> None:
    """No facet without a DID."""
    assert facets("@c.example", {}) == []


def change(record: Any) -> Any:
    """What a record by a stranger becomes."""
    uri = f"at://{THEM}/app.bsky.feed.post/3k"
    found = Found(uri=uri, cid="bafy", record=record, author=Person(THEM, "them.test"), seen_at=AT)
    return to_change(found, US)


@pytest.mark.parametrize(
    "record",
    [None, 7, "text", [], {}, {"text": 7}, {"text": "x", "reply": "y"},
     {"text": "x", "embed": {"images": [{}]}}, {"text": "x", "langs": 3},
     {"text": "x", "reply": {"root": {"uri": "at://x"}}}],
)  # fmt: skip
def test_nonsense_is_set_aside(record: Any) -> None:
    """With the reason, never dropped and never raised."""
    made = change(record)
    assert isinstance(made, Unreadable)
    assert made.reason


def test_senseless_time_is_when_it_was_seen() -> None:
    """A post is worth more than its clock."""
    made = change({"text": "x", "createdAt": "yesterday"})
    assert isinstance(made, Post)
    assert made.published_at == AT


def test_picture_beside_a_quote() -> None:
    """Both are found, one level down."""
    blob = {"ref": {"$link": "bafkpic"}, "mimeType": "image/png"}
    quote = {"record": {"uri": f"at://{US}/app.bsky.feed.post/3q", "cid": "c"}}
    media = {"images": [{"image": blob, "alt": "a cat"}]}
    made = change(
        {"text": "", "createdAt": "2026-11-22", "embed": {"record": quote, "media": media}}
    )
    assert isinstance(made, Post)
    assert made.addressed
    assert made.quoted_id == f"at://{US}/app.bsky.feed.post/3q"
    assert (made.attachments[0].alt, "bafkpic" in made.attachments[0].url) == ("a cat", True)


def frame(header: dict[str, Any], body: dict[str, Any]) -> bytes:
    """A frame as the firehose sends it."""
    return bytes(libipld.encode_dag_cbor(header)) + bytes(libipld.encode_dag_cbor(body))


def test_frames_that_do_not_concern_us_are_not_decoded() -> None:
    """Only our DID in a post, a post's deletion, or an error."""
    commit = {"t": "#commit", "op": 1}
    ops = [{"action": "create", "path": "app.bsky.feed.post/3k", "cid": None}]
    assert not concerns(frame(commit, {"ops": ops}), US.encode())
    assert concerns(frame(commit, {"ops": ops, "blocks": US.encode()}), US.encode())
    assert not concerns(frame({"t": "#identity", "op": 1}, {"did": US}), US.encode())
    error = frame({"op": -1}, {"error": "FutureCursor"})
    assert concerns(error, US.encode())
    assert read(error, US).error == "FutureCursor"


@pytest.mark.parametrize("raw", [b"", b"\xa1", b"\xff\xff", frame({"op": 1}, {"seq": 1})[:-1]])
def test_broken_frames(raw: bytes) -> None:
    """One error for all of them."""
    with pytest.raises(FrameBroken):
        read(raw, US)


def test_odd_posts_do_not_break_the_connection() -> None:
    """The frame keeps its number, so that the cursor passes it; the reason is told."""
    ops = [{"action": "create", "path": "app.bsky.feed.post/3k", "cid": None}]
    body = {"ops": ops, "seq": 7, "repo": THEM, "time": "x", "blocks": b"no blocks"}
    odd = read(frame({"t": "#commit", "op": 1}, body), US)
    assert odd.seq == 7
    assert odd.unread


@pytest.mark.parametrize("depth", [300, 600, 900, 5_000])
def test_parts_in_parts_beyond_all_measure_do_not_break_it_either(depth: int) -> None:
    """A stranger may put anything into a record, and nobody on the way need look at it."""
    record = libipld.encode_dag_cbor({"text": "hi", "mention": US, "x": "PLACE"})
    record = record.replace(libipld.encode_dag_cbor("PLACE"), b"\x81" * depth + b"\x00")
    cid = b"\x01\x71\x12\x20" + hashlib.sha256(record).digest()
    block = _sized(cid + record)
    path, link = "app.bsky.feed.post/3k", b"\xd8\x2a\x58\x25\x00" + cid
    head = libipld.encode_dag_cbor({"version": 1, "roots": ["PLACE"]})
    car = _sized(head.replace(libipld.encode_dag_cbor("PLACE"), link)) + block
    ops = [{"action": "create", "path": path, "cid": "PLACE"}]
    body = {"ops": ops, "seq": 7, "repo": THEM, "time": "x", "blocks": car}
    raw = frame({"t": "#commit", "op": 1}, body)
    odd = read(raw.replace(libipld.encode_dag_cbor("PLACE"), link), US)
    assert odd.seq == 7
    assert bool(odd.unread) is (depth > 300)


def _sized(data: bytes) -> bytes:
    """Behind its length, as blocks of a CAR are."""
    size, out = len(data), b""
    while size > 127:
        out += bytes([size & 127 | 128])
        size >>= 7
    return out + bytes([size]) + data
