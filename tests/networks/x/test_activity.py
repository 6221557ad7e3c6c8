"""Events of the activity API: X's own samples, and what strangers may send."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from earful.networks.contract import Deletion, Post, Unreadable, Visibility
from earful.networks.x.activity import read
from earful.networks.x.translate import Us
from tests.networks.x.samples import (
    CAROL,
    DELETION,
    ENCRYPTED,
    MENTION,
    NOW,
    OURS,
    QUOTE,
    RECEIVED,
    REPLY,
    REVOKED,
    SENT,
    US,
    body,
    event,
    xs_own,
)

TELLING = {
    "post.create", "post.mention.create", "post.reply.create", "post.quote.create", "post.delete",
    "dm.received", "dm.sent", "chat.received", "chat.sent", "oauth.revoke",
}  # fmt: skip
"""All others are nothing that a desk answers."""


def test_every_sample_of_x_is_understood() -> None:
    for name, sample in xs_own("activity").items():
        event = sample["data"]
        payload = event.get("payload") or {}
        whose = event.get("filter", {}).get("user_id") or payload.get("user_id") or US.id
        found = read(body(sample), Us(whose, US.handle), NOW)
        assert not [each for each in found.changes if isinstance(each, Unreadable)], name
        tells = event["event_type"] in TELLING and bool(payload)
        assert bool(found.changes or found.revoked) is tells, name
        assert found.uuid == event["event_uuid"], name


def one(sample: Any) -> Post:
    [found] = read(body(sample), US, NOW).changes
    assert isinstance(found, Post)
    return found


def test_mention_reply_and_quote_summon_us() -> None:
    mention, reply, quote = map(one, (MENTION, REPLY, QUOTE))
    assert (mention.text, mention.author.handle) == ("hey @ExampleUser", "OtherUser")
    assert mention.author.bot  # X shows it as automated
    assert (reply.text, reply.parent_id) == ("Great — thanks!", OURS)
    assert (quote.text, quote.quoted_id) == ("Some context.", OURS)
    assert not any(each.barred for each in (mention, reply, quote))
    assert all(each.addressed for each in (mention, reply, quote))


def test_messages_in_both_directions() -> None:
    received, sent = one(RECEIVED), one(SENT)
    assert received.visibility is sent.visibility is Visibility.DIRECT
    assert (received.text, received.author.handle, received.own) == ("hello!", "OtherUser", False)
    assert received.published_at.isoformat() == "2026-07-24T21:23:44.372000+00:00"
    assert sent.own
    assert sent.to is not None
    assert sent.to.handle == "Dave"


def test_an_encrypted_message_is_known_of() -> None:
    found = one(ENCRYPTED)
    assert "encrypted" in found.text.lower()
    assert found.barred
    # What somebody of ours wrote there answers her: nobody goes on waiting for it here.
    told = {"id": "8e75", "sender_id": US.id, "created_at_msec": "1784841233939"}
    ours = one(event("chat.sent", {**told, "conversation_id": f"{CAROL}:{US.id}"}))
    assert ours.own
    assert ours.to is not None
    assert ours.to.external_id == found.author.external_id == CAROL
    assert ours.uri == found.uri
    assert ours.published_at > found.published_at
    for unknown in ("", None, US.id, "group"):
        many = event("chat.sent", {**told, "conversation_id": unknown})
        assert read(body(many), US, NOW).changes == ()


def test_deletion_and_withdrawal() -> None:
    [gone] = read(body(DELETION), US, NOW).changes
    assert gone == Deletion(external_id="2080761269309813134", at=NOW)
    revoked = body(REVOKED)
    assert "Sign in again" in read(revoked, US, NOW).revoked
    assert read(revoked, Us("5", "other"), NOW).revoked == ""


def test_an_event_without_its_envelope_is_one() -> None:
    assert read(body(MENTION["data"]), US, NOW) == read(body(MENTION), US, NOW)
    for alive in (b"{}", b'{"data": null}', b'{"meta": {}}'):
        assert read(alive, US, NOW).changes == ()


def test_another_channels_events_are_not_ours() -> None:
    other = Us("5", "other")
    assert read(body(RECEIVED), other, NOW).changes == ()


def test_what_is_strange_is_set_aside() -> None:
    event = {"event_type": "dm.received", "event_uuid": "9", "payload": {"users": []}}
    [found] = read(body({"data": event}), US, NOW + timedelta(days=1)).changes
    assert isinstance(found, Unreadable)
    assert found.external_id == "event:9"
    for bad in (b"", b"[]", b"\xff", b'{"data":7}'):
        with pytest.raises(ValueError, match="no event"):
            read(bad, US, NOW)
