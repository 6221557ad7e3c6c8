"""Statuses, notifications and events into the contract's words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from earful.networks.contract import Deletion, Post, Unreadable, Visibility
from earful.networks.mastodon.events import Event, from_event
from earful.networks.mastodon.lines import to_event
from earful.networks.mastodon.samples import payloads, translate
from earful.networks.mastodon.translate import to_change
from tests.networks.mastodon.samples import AT, CAROL, US, WHERE, status


def post(**more: Any) -> Post:
    """What a status of Carol's becomes."""
    made = to_change(status(**more), WHERE, AT)
    assert isinstance(made, Post), made
    return made


def test_who_wrote_what_where() -> None:
    made = post(in_reply_to_id="99", spoiler_text="food")
    assert (made.external_id, made.parent_id) == ("social.example/100", "social.example/99")
    assert made.author.external_id == made.author.handle == "carol@other.example"
    assert (made.author.name, made.warning, made.language) == ("Carol :blobcat:", "food", "en")
    assert made.uri == "https://other.example/@carol/9"
    assert made.published_at == datetime(2026, 11, 22, 11, 59, tzinfo=UTC)
    assert made.ref == {"id": "100", "acct": "carol@other.example", "visibility": "public"}


def test_how_many_follow_somebody() -> None:
    assert post(account=CAROL | {"followers_count": 210_000}).author.followers == 210_000
    assert post(account=CAROL | {"followers_count": "many"}).author.followers is None


def test_people_of_the_same_server_get_its_name() -> None:
    made = post(account=CAROL | {"acct": "carol"})
    assert made.author.handle == "carol@social.example"


@pytest.mark.parametrize(
    ("visibility", "seen"),
    [("public", Visibility.PUBLIC), ("unlisted", Visibility.PUBLIC),
     ("private", Visibility.DIRECT), ("direct", Visibility.DIRECT),
     ("mutuals_only", Visibility.DIRECT), ("list", Visibility.DIRECT), ("odd", Visibility.DIRECT),
     ("local", Visibility.PUBLIC), ("", Visibility.PUBLIC)],
)  # fmt: skip
def test_what_is_not_for_everybody_is_direct(visibility: str, seen: Visibility) -> None:
    assert post(visibility=visibility).visibility is seen


@pytest.mark.parametrize(
    ("more", "addressed"),
    [
        ({}, True),
        ({"mentions": []}, False),
        ({"mentions": [], "in_reply_to_account_id": "1"}, True),
        ({"mentions": [], "quote": {"state": "accepted", "quoted_status": {"id": "5",
          "account": US}}}, True),
        ({"mentions": [], "quote": {"state": "revoked", "quoted_status": None}}, False),
    ],
)  # fmt: skip
def test_addressed(more: dict[str, Any], addressed: bool) -> None:
    assert post(**more).addressed is addressed


def test_a_direct_post_of_ours_says_whom_it_is_for() -> None:
    ours = {"account": CAROL | {"id": "1"}, "visibility": "direct", "mentions": [US, CAROL]}
    made = post(**ours)
    assert made.own
    assert made.to is not None
    assert made.to.external_id == "carol@other.example"
    assert post(**ours, in_reply_to_id="9").to is None
    assert post(**ours | {"visibility": "public"}).to is None


def test_quotes_are_named() -> None:
    full = {"state": "accepted", "quoted_status": {"id": "5", "account": US}}
    shallow = {"state": "accepted", "quoted_status_id": "5"}
    for more in ({"quote": full}, {"quote": shallow}, {"quote": None, "quote_id": "5"}):
        assert post(**more).quoted_id == "social.example/5"
    assert post(quote={"state": "pending", "quoted_status": None}).quoted_id is None


def test_pictures_with_alt_text_and_films_as_links() -> None:
    picture = {
        "type": "image",
        "url": "https://social.example/m/1.jpg?x=1",
        "description": "a box",
        "meta": {"original": {"width": 640, "height": 480}},
    }
    film = {"type": "gifv", "url": "https://social.example/m/2.mp4", "description": None}
    away = {"type": "unknown", "url": None, "remote_url": "https://other.example/3.png"}
    made = post(media_attachments=[picture, film, away])
    one, two, three = made.attachments
    assert (one.mime, one.alt, one.width, one.height) == ("image/jpeg", "a box", 640, 480)
    assert (two.mime, two.url) == ("video/mp4", made.uri)
    assert (three.url, three.mime) == ("https://other.example/3.png", "image/png")


def test_a_poll_is_text() -> None:
    poll = {"options": [{"title": "red", "votes_count": 3}, {"title": "blue", "votes_count": None}]}
    assert post(content="<p>Which?</p>", poll=poll).text == "Which?\n\n○ red\n○ blue"


def test_an_edit_says_when() -> None:
    made = post(edited_at="2026-11-22T12:00:00Z")
    assert made.edited_at == AT


def test_times_that_are_none_are_when_it_was_seen() -> None:
    assert post(created_at="yesterday").published_at == AT
    assert post(created_at="9999-12-31T23:59:59Z").published_at.year == 9999


def test_boosts_say_nothing() -> None:
    assert to_change(status(reblog=status()), WHERE, AT) is None


@pytest.mark.parametrize(
    "odd",
    [{}, {"id": "1"}, status(account=None), status(content=7),
     status(media_attachments=[None]), status(account={"id": 1})],
)  # fmt: skip
def test_nonsense_is_set_aside(odd: dict[str, Any]) -> None:
    made = to_change(odd, WHERE, AT)
    assert isinstance(made, Unreadable)
    assert made.reason


def told(name: str, payload: Any) -> Any:
    """What an event tells."""
    text = payload if isinstance(payload, str) else msgspec.json.encode(payload).decode()
    return from_event(Event(name, text), WHERE, AT)


def test_events_that_concern_us() -> None:
    [mention] = told("notification", {"type": "mention", "status": status(mentions=[])})
    assert mention.addressed  # whatever the list of mentions says
    [edit] = told("status.update", status(edited_at="2026-11-22T12:00:00Z"))
    assert edit.edited_at == AT
    [edit] = told("notification", {"type": "update", "status": status()})
    assert edit.external_id == "social.example/100"
    [direct] = told("conversation", {"last_status": status(visibility="direct")})
    assert direct.visibility is Visibility.DIRECT
    [own] = told("update", status(account=CAROL | {"id": "1"}, mentions=[]))
    assert own.own
    assert told("delete", "100") == [Deletion(external_id="social.example/100", at=AT)]


@pytest.mark.parametrize(
    ("name", "payload"),
    [("update", status(mentions=[])), ("notification", {"type": "follow", "account": CAROL}),
     ("notification", {"type": "favourite", "status": status()}), ("notification", []),
     ("filters_changed", ""), ("announcement", {}), ("conversation", {"last_status": None}),
     ("delete", ""), ("update", status(reblog=status()))],
)  # fmt: skip
def test_events_that_do_not(name: str, payload: Any) -> None:
    assert told(name, payload) == []


def test_an_event_that_cannot_be_read_is_set_aside_once() -> None:
    [one], [again] = told("update", "{half"), told("update", "{half")
    assert isinstance(one, Unreadable)
    assert one.external_id == again.external_id


def test_made_up_frames_are_like_real_ones() -> None:
    """What the bench measures is told whole: posts that name us, with pictures, replies, links."""
    changes = [change for frame in payloads(40) for change in translate(frame)]
    posts = [change for change in changes if isinstance(change, Post)]
    assert len(posts) == 40
    assert len({each.external_id for each in posts}) == 40
    assert all(each.addressed and "@northwind@social.example" in each.text for each in posts)
    assert any(each.attachments for each in posts)
    assert any(each.parent_id for each in posts)
    assert any("https://example.com/orders/" in each.text for each in posts)


def test_parts_in_parts_beyond_all_measure_are_set_aside() -> None:
    deep = '{"a":' * 5_000 + "1" + "}" * 5_000
    [odd] = told("notification", f'{{"type":"mention","status":{deep}}}')
    assert isinstance(odd, Unreadable)
    assert to_event(f'{{"event":"update","payload":{deep}}}') is None


@pytest.mark.parametrize("kind", [[], {}, 7, "reply", "unheard-of"])
def test_news_of_a_kind_that_nobody_knows_is_heard_where_it_names_us(kind: Any) -> None:
    [made] = told("notification", {"type": kind, "status": status()})
    assert isinstance(made, Post)
    assert told("notification", {"type": kind, "status": status(mentions=[])}) == []
