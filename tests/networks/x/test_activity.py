"""Events of the activity API: X's own samples, and what strangers may send."""

from __future__ import annotations

from datetime import timedelta

import pytest

from earful.networks.contract import Deletion, Post, Unreadable, Visibility
from earful.networks.x.activity import read
from earful.networks.x.translate import Us
from tests.networks.x.samples import ACTIVITY, NOW, US, body

QUIET = {
    "00_event-envelope", "06_post.repost.create", "07_like.create", "08_follow.follow",
    "09_follow.unfollow", "10_profile.update.bio", "11_profile.update.profile-picture",
    "12_profile.update.banner-picture", "13_profile.update.screenname", "14_profile.update.geo",
    "15_profile.update.url", "17_chat.sent", "20_news.new", "21_spaces.start", "22_spaces.end",
    "23_broadcast.start", "24_broadcast.end", "25_broadcast.chat",
}  # fmt: skip


@pytest.mark.parametrize("name", ACTIVITY)
def test_every_sample_is_understood(name: str) -> None:
    found = read(body(ACTIVITY[name]), US, NOW)
    assert not [each for each in found.changes if isinstance(each, Unreadable)]
    assert bool(found.changes or found.revoked) is (name not in QUIET)
    assert found.uuid == ACTIVITY[name]["data"]["event_uuid"]


def one(name: str) -> Post:
    [found] = read(body(ACTIVITY[name]), US, NOW).changes
    assert isinstance(found, Post)
    return found


def test_mention_reply_and_quote_summon_us() -> None:
    mention, reply, quote = map(
        one, ("03_post.mention.create", "04_post.reply.create", "05_post.quote.create")
    )
    assert (mention.text, mention.author.handle) == ("hey @ExampleUser", "OtherUser")
    assert mention.author.bot  # X shows it as automated
    assert (reply.text, reply.parent_id) == (
        "Great post — thanks for sharing!",
        "2080761390344937796",
    )
    assert (quote.text, quote.quoted_id) == ("Adding some context to this.", reply.parent_id)
    assert not any(each.barred for each in (mention, reply, quote))
    assert all(each.addressed for each in (mention, reply, quote))


def test_messages_in_both_directions() -> None:
    received, sent = one("19_dm.received"), one("18_dm.sent")
    assert received.visibility is sent.visibility is Visibility.DIRECT
    assert (received.text, received.author.handle, received.own) == ("hello!", "OtherUser", False)
    assert received.published_at.isoformat() == "2026-07-24T21:23:44.372000+00:00"
    assert sent.own
    assert sent.to is not None
    assert sent.to.handle == "XDevelopers"


def test_an_encrypted_message_is_known_of() -> None:
    found = one("16_chat.received")
    assert "encrypted" in found.text.lower()
    assert found.barred


def test_deletion_and_withdrawal() -> None:
    [gone] = read(body(ACTIVITY["02_post.delete"]), US, NOW).changes
    assert gone == Deletion(external_id="2080761269309813134", at=NOW)
    revoked = body(ACTIVITY["26_oauth.revoke"])
    assert "Sign in again" in read(revoked, US, NOW).revoked
    assert read(revoked, Us("5", "other"), NOW).revoked == ""


def test_another_channels_events_are_not_ours() -> None:
    other = Us("5", "other")
    assert read(body(ACTIVITY["19_dm.received"]), other, NOW).changes == ()


def test_what_is_strange_is_set_aside() -> None:
    event = {"event_type": "dm.received", "event_uuid": "9", "payload": {"users": []}}
    [found] = read(body({"data": event}), US, NOW + timedelta(days=1)).changes
    assert isinstance(found, Unreadable)
    assert found.external_id == "event:9"
    for bad in (b"", b"[]", b"\xff", b'{"data":7}'):
        with pytest.raises(ValueError, match="no event"):
            read(bad, US, NOW)
