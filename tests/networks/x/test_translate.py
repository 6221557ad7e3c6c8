"""Posts of X into the desk's words: whatever X may send."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from earful.networks.contract import Person, Post, Unreadable
from earful.networks.x.payloads import read_page
from earful.networks.x.samples import payloads, translate
from earful.networks.x.translate import BARRED, Us, to_change, to_changes
from earful.networks.x.wire import Expansions, Included, Medium, User, XPost
from tests.networks.x.samples import NOW, US, body, post, xs_own

CAROL = User(id="2222222222222222222", username="carol", name="Carol 🌻")
MENTION = {"start": 4, "end": 16, "username": "ExampleUser", "id": US.id}


def told(us: Us = US, *, with_: Expansions | None = None, **said: Any) -> Post:
    change = to_change(post(**said), Included(with_ or Expansions(users=[CAROL])), us, NOW)
    assert isinstance(change, Post)
    return change


def both(field: str, value: Any) -> list[dict[str, Any]]:
    """The same in both vocabularies."""
    return [{field: value}, {field.replace("tweet", "post"): value}]


def test_a_mention() -> None:
    found = told(entities={"mentions": [MENTION]}, lang="en", conversation_id="2080765813578191303")
    assert found.author == Person("2222222222222222222", "carol", "Carol 🌻")
    assert (found.text, found.language, found.barred) == ("hey @ExampleUser", "en", "")
    assert found.uri == "https://x.com/carol/status/2080765813578191303"
    assert found.published_at.isoformat() == "2026-07-24T21:23:23+00:00"
    assert found.addressed
    assert not found.own
    assert found.root_id is None


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"followers_count": 210_000}, 210_000),
        ({}, None),
        ([], None),
        ({"followers_count": "1"}, None),
    ],
)
def test_how_many_follow_somebody(said: Any, kept: int | None) -> None:
    star = msgspec.structs.replace(CAROL, public_metrics=said)
    assert told(with_=Expansions(users=[star])).author.followers == kept


@pytest.mark.parametrize("said", both("referenced_tweets", [{"type": "replied_to", "id": "77"}]))
def test_a_reply_without_the_handles_x_puts_before_it(said: dict[str, Any]) -> None:
    found = told(
        text="@ExampleUser @dave 🎉 it came &amp; works &lt;3",
        display_text_range=[19, 44],
        conversation_id="70",
        in_reply_to_user_id=US.id,
        **said,
    )
    assert found.text == "🎉 it came & works <3"
    assert (found.parent_id, found.root_id, found.addressed) == ("77", "70", True)


def test_handles_that_were_typed_stay() -> None:
    assert told(text="@ExampleUser hello", display_text_range=[0, 18]).text == "@ExampleUser hello"


@pytest.mark.parametrize("said", both("note_tweet", {"text": "@ExampleUser " + "long " * 200}))
def test_a_long_post_is_whole(said: dict[str, Any]) -> None:
    found = told(text="@ExampleUser long long…", display_text_range=[13, 23], **said)
    assert found.text == "long " * 200


@pytest.mark.parametrize("said", both("edit_history_tweet_ids", ["2080765813578191303", "209"]))
def test_an_edit_is_the_first_post_again(said: dict[str, Any]) -> None:
    found = told(id="209", created_at="2026-07-24T21:40:00.000Z", **said)
    assert found.external_id == "2080765813578191303"
    assert found.edited_at is not None
    assert found.edited_at.minute == 40
    assert found.published_at.minute == 23
    assert found.ref == {"id": "209"}  # what is answered is what stands


def test_a_reply_to_an_edited_post_names_its_first_version() -> None:
    parent = XPost(id="209", edit_history_tweet_ids=["200", "209"])
    found = told(
        with_=Expansions(tweets=[parent]), referenced_tweets=[{"type": "replied_to", "id": "209"}]
    )
    assert found.parent_id == "200"


def test_links_in_full_and_none_for_pictures_and_quotes() -> None:
    """Indices are not relied upon: X counts them in three ways."""
    short, picture, quote = "https://t.co/aaaa", "https://t.co/bbbb", "https://t.co/cccc"
    found = told(
        text=f"👩‍👩‍👧 see {short} &amp; this {quote} {picture}",
        attachments={"media_keys": ["3_1", "7_2"]},
        referenced_tweets=[{"type": "quoted", "id": "55"}],
        entities={
            "urls": [
                {"url": short, "expanded_url": "https://shop.example/?a=1&amp;b=2"},
                {"url": quote, "expanded_url": "https://twitter.com/ExampleUser/status/55"},
                {"url": picture, "expanded_url": "https://x.com/c/status/1", "media_key": "3_1"},
            ]
        },
        with_=Expansions(
            users=[CAROL],
            media=[
                Medium(media_key="3_1", type="photo", url="https://pbs.example/1.jpg",
                       alt_text="A broken box", width=10, height=20),
                Medium(media_key="7_2", type="video", preview_image_url="https://pbs.example/2"),
            ],
        ),
    )  # fmt: skip
    assert found.text == "👩‍👩‍👧 see https://shop.example/?a=1&amp;b=2 & this"
    assert (found.quoted_id, found.addressed, found.barred) == ("55", True, "")
    photo, film = found.attachments
    assert (photo.url, photo.alt, photo.width) == ("https://pbs.example/1.jpg", "A broken box", 10)
    assert (film.mime, film.url) == ("video/mp4", found.uri)


def test_display_range_in_utf16_units_and_in_characters() -> None:
    """An astral sign counts two units; older answers counted characters."""
    for end in (len("🎉🎉 look") + 2, len("🎉🎉 look")):
        assert (
            told(text="🎉🎉 look https://t.co/abcd", display_text_range=[0, end]).text
            == "🎉🎉 look"
        )
    assert told(text="cut nothing else", display_text_range=[0, 3]).text == "cut nothing else"


def test_who_did_not_summon_us_is_answered_in_x() -> None:
    stranger = told(text="my parcel is lost", entities={})
    assert (stranger.addressed, stranger.barred) == (False, BARRED)
    enterprise = Us(US.id, US.handle, summoned_only=False)
    assert told(enterprise, text="my parcel is lost", entities={}).barred == ""


@pytest.mark.parametrize(
    ("said", "barred"),
    [
        ({"entities": {"mentions": [{**MENTION, "id": ""}]}}, False),
        ({"note_tweet": {"text": "x", "entities": {"mentions": [MENTION]}}, "entities": {}}, False),
        ({"text": "@ExampleUser ok", "display_text_range": [13, 15], "in_reply_to_user_id": US.id,
          "entities": {"mentions": [MENTION]}}, False),
        ({"in_reply_to_user_id": US.id, "entities": {}, "text": "ok"}, True),
        ({"author_id": US.id, "entities": {}, "text": "ours"}, False),
    ],
    ids=["by name", "in the long text", "handle put by X", "reply that names nobody", "ours"],
)  # fmt: skip
def test_summons(said: dict[str, Any], barred: bool) -> None:
    found = told(**said)
    assert bool(found.barred) is barred
    assert found.own is (said.get("author_id") == US.id)


def test_withheld_protected_and_sensitive_in_words() -> None:
    shy = User(id=CAROL.id, username="carol", protected=True)
    found = told(
        with_=Expansions(users=[shy]),
        withheld={"copyright": True, "country_codes": ["DE", "FR"]},
        possibly_sensitive=True,
    )
    assert "withholds this post in DE, FR for a claim of copyright" in found.warning
    assert "protected" in found.warning
    assert "sensitive" in found.warning


def test_no_place_is_kept() -> None:
    found = told(geo={"place_id": "abc", "coordinates": {"coordinates": [1, 2]}})
    assert b"abc" not in msgspec.json.encode(found)


def test_reposts_say_nothing_of_their_own() -> None:
    repost = post(referenced_tweets=[{"type": "retweeted", "id": "1"}])
    assert to_change(repost, Included(), US, NOW) is None


def test_a_strange_post_hides_no_other() -> None:
    page = read_page(
        b'{"data":[%s,{"id":7},%s],"includes":{"users":[{"id":3},{"id":"2222222222222222222",'
        b'"username":"carol"}]}}' % (bytes(post()), bytes(post(id="5", author_id="")))
    )
    good, strange, nobodys = to_changes(page, US, NOW)
    assert isinstance(good, Post)
    assert good.author.handle == "carol"
    assert isinstance(strange, Unreadable)
    assert isinstance(nobodys, Unreadable)
    assert "who wrote it" in nobodys.reason


def test_recorded_exchanges() -> None:
    """Whatever came from X is told or set aside with a reason; nothing is thrown."""
    for exchange in xs_own("recorded").values():
        said = exchange["json"] or {}
        changes = to_changes(read_page(body(said)), US, NOW)
        if "/mentions" in exchange["request"]["uri"]:
            assert [each.external_id for each in changes] == [
                each["id"] for each in said.get("data", [])
            ]


JSON = some.recursive(
    some.none() | some.booleans() | some.integers(-9, 9) | some.text(max_size=30),
    lambda inner: (
        some.lists(inner, max_size=3)
        | some.dictionaries(some.sampled_from([*XPost.__struct_fields__]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(JSON)
def test_nothing_is_thrown_whatever_comes(said: Any) -> None:
    raw = msgspec.Raw(msgspec.json.encode(said))
    assert isinstance(to_change(raw, Included(), US, NOW), Post | Unreadable | None)


@given(some.text(max_size=80), some.lists(some.integers(-5, 90), max_size=3))
def test_text_without_links_is_never_lost(text: str, range_: list[int]) -> None:
    plain = text.replace("&", "").replace("t.co", "")
    assert told(text=plain, display_text_range=range_).text.strip() in plain


def test_what_is_measured_is_translated_whole() -> None:
    changes = [change for frame in payloads(8) for change in translate(frame)]
    assert len(changes) == 8
    assert all(isinstance(each, Post) and each.addressed and each.attachments for each in changes)
