"""What X has not sent us yet: parts missing, null, of another kind or in the other words.

Nothing is thrown, no post is lost, and none hides another."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from earful.networks.contract import Change, Deletion, Post, Unreadable
from earful.networks.x.activity import read
from earful.networks.x.payloads import read_page
from earful.networks.x.translate import Us, to_changes
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
    SENT,
    US,
    body,
    event,
    post,
    users,
    xs_own,
)  # fmt: skip
from tests.networks.x.variations import STRANGE, Path, altered, paths, renamed

FULL: dict[str, Any] = {
    "data": [
        json.loads(bytes(post(id="2080765813578191302", text="another"))),
        {
            "id": "2080765813578191303",
            "author_id": CAROL,
            "created_at": "2026-07-24T21:23:23.000Z",
            "text": "@ExampleUser 🎉 look https://t.co/aaaa https://t.co/bbbb",
            "conversation_id": "2080765813578191300",
            "in_reply_to_user_id": US.id,
            "lang": "en",
            "possibly_sensitive": False,
            "display_text_range": [13, 36],
            "edit_history_tweet_ids": ["2080765813578191303"],
            "withheld": {"copyright": False, "country_codes": ["DE"]},
            "referenced_tweets": [
                {"type": "replied_to", "id": OURS},
                {"type": "quoted", "id": "2080761390344937700"},
            ],
            "attachments": {"media_keys": ["3_1"], "poll_ids": ["9"]},
            "note_tweet": {
                "text": "@ExampleUser 🎉 look https://t.co/aaaa and so on https://t.co/bbbb",
                "entities": {"mentions": [{"start": 0, "end": 12, "id": US.id}]},
            },
            "entities": {
                "mentions": [{"start": 0, "end": 12, "username": "ExampleUser", "id": US.id}],
                "urls": [
                    {"url": "https://t.co/aaaa", "expanded_url": "https://shop.example/1"},
                    {"url": "https://t.co/bbbb", "media_key": "3_1"},
                ],
            },
        },
    ],
    "includes": {
        "users": users(CAROL, US.id),
        "media": [{"media_key": "3_1", "type": "photo", "url": "https://pbs.example/1.jpg"}],
        "tweets": [{"id": OURS, "author_id": US.id, "text": "ours"}],
        "polls": [{"id": "9", "options": [{"position": 1, "label": "yes", "votes": 0}]}],
    },
    "meta": {"result_count": 2, "newest_id": "2080765813578191303", "next_token": "b26v"},
    "errors": [{"title": "Not Found Error", "resource_id": "5", "type": "x/resource-not-found"}],
}  # fmt: skip
NAMED = frozenset({("data", 1), ("data", 1, "id"), ("data", 1, "author_id")})
"""Without these a post is set aside; without any other it is told."""


def sent(thing: Any) -> bytes:
    """As it goes over the line, half signs and all."""
    return json.dumps(thing).encode()


def told(page: Any) -> list[Change]:
    """What a page says, fit to be kept."""
    changes = to_changes(read_page(sent(page)), US, NOW)
    assert msgspec.json.encode(changes)
    return changes


def test_the_whole_of_it() -> None:
    _, found = told(FULL)
    assert isinstance(found, Post)
    assert found.text == "🎉 look https://shop.example/1 and so on\n\n◯ yes"
    assert (found.parent_id, found.quoted_id, found.root_id) == (
        OURS, "2080761390344937700", "2080765813578191300",
    )  # fmt: skip
    assert [each.url for each in found.attachments] == ["https://pbs.example/1.jpg"]
    assert (found.addressed, found.barred, found.author.handle) == (True, "", "OtherUser")


def test_in_the_newer_words_it_says_the_same() -> None:
    assert told(renamed(FULL)) == told(FULL)
    assert "tweet" not in json.dumps(renamed(FULL))


@pytest.mark.parametrize("path", [each for each in paths(FULL) if each], ids=str)
def test_whatever_is_odd_the_posts_are_told(path: Path) -> None:
    """Of a post whose id or author can't be read, the id and the payload are kept."""
    for strange in STRANGE:
        changes = told(altered(FULL, path, strange))
        if path == ("data",):
            continue  # nothing is left of the page
        ids = [each.external_id for each in changes if isinstance(each, Post)]
        assert path[:2] == ("data", 0) or "2080765813578191302" in ids, strange
        if path not in NAMED and path[:2] != ("data", 0):
            assert isinstance(changes[-1], Post), (strange, changes[-1])
        elif path in NAMED - {("data", 1)} and len(ids) < 2:
            [aside] = [each for each in changes if isinstance(each, Unreadable)]
            assert aside.reason
            assert "look" in aside.payload


def test_two_that_can_not_be_read_do_not_hide_each_other() -> None:
    page = {"data": [{"text": "one"}, {"text": "two"}, 7, "x", None, {"id": "", "author_id": "1"}]}
    changes = told(page)
    assert len({each.external_id for each in changes}) == 5
    assert all(isinstance(each, Unreadable) and each.reason for each in changes)


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("@ExampleUser help", True), ("help @exampleuser!", True), (".@ExampleUser", True),
        ("@ExampleUserFans hi", False), ("mail me@exampleuser.com", False),
    ],
)  # fmt: skip
def test_who_is_called_where_x_found_nothing(text: str, called: bool) -> None:
    """Recorded answers have no entities: the words alone tell."""
    [found] = told({"data": [json.loads(bytes(post(text=text)))]})
    assert isinstance(found, Post)
    assert bool(found.barred) is not called


def test_a_picture_that_x_does_not_tell_of_leaves_its_link() -> None:
    page = altered(FULL, ("includes", "media"), [])
    page = altered(page, ("data", 1, "display_text_range"), None)
    found = told(page)[-1]
    assert isinstance(found, Post)
    assert "https://t.co/bbbb" in found.text


EVENTS = {
    "mention": MENTION, "reply": REPLY, "quote": QUOTE, "deletion": DELETION,
    "encrypted": ENCRYPTED, "received": RECEIVED, "sent": SENT,
}  # fmt: skip
WHICH = {("filter", "user_id"), ("event_type",)}
"""Whose an event is, and of what kind: another one is none of ours."""


@pytest.mark.parametrize("kind", EVENTS)
def test_an_event_is_told_or_set_aside(kind: str) -> None:
    """What is kept is answered by 200; only an empty or foreign event says nothing."""
    sample = EVENTS[kind]
    for path in [each for each in paths(sample) if len(each) > 1]:
        for strange in STRANGE:
            found = read(sent(altered(sample, path, strange)), US, NOW).changes
            assert msgspec.json.encode(found)
            emptied = (path == ("data", "payload") and strange in (None, {})) or strange == "a"
            if path[1:] not in WHICH and path != ("data", "payload") and not emptied:
                assert found, (path, strange)


def test_xs_own_samples_and_exchanges_survive_all_of_it() -> None:
    for sample in xs_own("activity").values():
        for path in [each for each in paths(sample) if len(each) > 1]:
            for strange in STRANGE[:3]:
                changes = read(sent(altered(sample, path, strange)), US, NOW).changes
                assert msgspec.json.encode(changes)
    for exchange in xs_own("recorded").values():
        page = exchange["json"] or {}
        for path in [each for each in paths(page) if each]:
            for strange in STRANGE[:3]:
                told(altered(page, path, strange))


def test_events_in_the_newer_words_say_the_same() -> None:
    for sample in [*EVENTS.values(), *xs_own("activity").values()]:
        assert read(sent(renamed(sample)), US, NOW) == read(sent(sample), US, NOW)


def test_messages_in_the_shape_of_the_api() -> None:
    """`dm.received` keeps the old shape; what would come in the new one is understood as well."""
    new = {
        "id": "2080765901528535096", "event_type": "MessageCreate", "text": "hello!",
        "sender_id": CAROL, "created_at": "2026-07-24T21:23:44.372Z",
        "dm_conversation_id": f"{CAROL}-{US.id}",
    }  # fmt: skip
    included = {"includes": {"users": users(CAROL)}}
    [old] = read(body(RECEIVED), US, NOW).changes
    assert isinstance(old, Post)
    for payload in (new, {"dm_events": [new]}, {"data": new}, {"data": [new]}):
        [found] = read(body(event("dm.received", payload, **included)), US, NOW).changes
        assert isinstance(found, Post)
        assert (found.external_id, found.text, found.author, found.published_at) == (
            old.external_id, old.text, old.author, old.published_at,
        )  # fmt: skip


def test_one_odd_message_does_not_hide_the_others() -> None:
    sample = json.loads(body(RECEIVED))
    good = sample["data"]["payload"]["direct_message_events"][0]
    joined = [{"id": "8", "type": "participants_join"}]
    sample["data"]["payload"]["direct_message_events"] = [{"id": "7"}, good, *joined]
    odd, found = read(sent(sample), US, NOW).changes
    assert isinstance(odd, Unreadable)
    assert isinstance(found, Post)


def test_a_handle_in_the_oldest_words() -> None:
    sample = json.loads(body(RECEIVED))
    sample["data"]["payload"]["users"] = {CAROL: {"id": CAROL, "screen_name": "carol", "name": "C"}}
    [found] = read(sent(sample), US, NOW).changes
    assert isinstance(found, Post)
    assert found.author.handle == "carol"


@pytest.mark.parametrize("name", ["id", "post_id", "tweet_id"])
def test_a_deletion_by_any_name(name: str) -> None:
    found = read(body(event("post.delete", {name: 77})), US, NOW).changes
    assert found == (Deletion(external_id="77", at=NOW),)


def test_kinds_of_events_that_nobody_knows_say_nothing() -> None:
    for kind in ("post.sung", "", "dm.indicate_typing", "block.block"):
        assert read(body(event(kind, {"id": "5", "text": "x"})), US, NOW).changes == ()


def test_whose_rights_were_withdrawn() -> None:
    """Told by the payload, or by whose subscription it is."""
    other = event("oauth.revoke", {"app_id": "1"}, filter={"user_id": "5"})
    assert read(body(other), US, NOW).revoked == ""
    assert read(body(other), Us("5", "other"), NOW).revoked
