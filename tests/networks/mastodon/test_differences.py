"""Servers that speak Mastodon's API otherwise than Mastodon: each difference is borne."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from earful.kit.addresses import on_this_machine
from earful.kit.clock import system_clock
from earful.kit.ids import new_id
from earful.networks.contract import Draft, Post, Rejected, Unreadable, Upload
from earful.networks.mastodon import NETWORK
from earful.networks.mastodon.errors import resets_at
from earful.networks.mastodon.events import from_notification, from_status
from earful.networks.mastodon.instance import to_instance
from earful.networks.mastodon.translate import to_change
from tests.networks.mastodon.bench import Bench, Heard, listen, told
from tests.networks.mastodon.samples import AT, CAROL, US, WHERE, status
from tests.networks.mastodon.server import Account
from tests.networks.mastodon.test_listening import named
from tests.networks.mastodon.village_server import VillageServer


@pytest.mark.parametrize(
    "more",
    [
        {"account": CAROL | {"id": 7}, "mentions": [US | {"id": 1}], "id": 100},
        {"mentions": [], "in_reply_to_account_id": 1},
        {"mentions": [], "quote": {"quoted_status": {"id": 5, "account": {"id": 1}}}},
    ],
    ids=["names", "answers", "quotes"],
)
def test_ids_that_are_numbers(more: dict[str, Any]) -> None:
    [made] = from_status(status(**more), WHERE, AT)
    assert isinstance(made, Post)
    assert (made.external_id, made.addressed, made.own) == ("social.example/100", True, False)
    [ours] = from_status(status(account=CAROL | {"id": 1}, mentions=[]), WHERE, AT)
    assert isinstance(ours, Post)
    assert ours.own


@pytest.mark.parametrize(
    "missing",
    ["content", "mentions", "media_attachments", "poll", "visibility", "language", "spoiler_text",
     "url", "uri", "edited_at", "reblog", "in_reply_to_account_id", "created_at"],
)  # fmt: skip
@pytest.mark.parametrize("null", [True, False])
def test_fields_that_are_missing_or_null(missing: str, null: bool) -> None:
    """A mention with a picture, of which one field is not there: it is told all the same."""
    whole = status(media_attachments=[{"id": "3", "type": "image", "url": "https://x.example/a"}])
    whole[missing] = None
    if not null:
        del whole[missing]
    [made] = from_notification({"type": "mention", "status": whole}, WHERE, AT)
    assert isinstance(made, Post), made
    assert made.addressed
    assert made.external_id == "social.example/100"


@pytest.mark.parametrize(
    ("more", "shown"),
    [
        ({"mentions": [{"id": "1"}, {"id": "2", "acct": None}]}, "hello"),
        ({"poll": {"options": None}}, "hello"),
        ({"poll": {"options": [{"title": None}, {}]}}, "hello\n\n○ \n○ "),
        ({"in_reply_to_id": "99", "in_reply_to_account_id": None}, "hello"),
        ({"account": {"id": "7", "acct": "carol@other.example"}}, "hello"),
        ({"media_attachments": [{"type": "image", "url": None}, {}]}, "hello"),
    ],
)
def test_halves_of_things_are_borne(more: dict[str, Any], shown: str) -> None:
    made = to_change(status(**more), WHERE, AT)
    assert isinstance(made, Post), made
    assert made.text == shown


def test_what_has_no_author_is_set_aside_and_not_lost() -> None:
    for account in (None, {}, {"id": "7"}):
        assert isinstance(to_change(status(account=account), WHERE, AT), Unreadable)


@pytest.mark.parametrize("kind", ["favourite", "follow", "reblog", "poll", "status", "move", None])
def test_notifications_that_say_nothing_to_us(kind: str | None) -> None:
    """Also with servers that take no list of kinds; unknown ones are no error."""
    elsewhere = status(mentions=[])
    assert from_notification({"type": kind, "status": elsewhere}, WHERE, AT) == []
    assert from_notification({"type": kind, "status": None}, WHERE, AT) == []


def test_an_answer_that_awaits_approval_is_heard() -> None:
    [made] = from_notification({"type": "pending.reply", "status": status(mentions=[])}, WHERE, AT)
    assert isinstance(made, Post)
    assert made.addressed


def test_a_reset_told_as_a_length() -> None:
    assert resets_at({"x-ratelimit-reset": "30"}, AT) == AT + timedelta(seconds=30)


@pytest.mark.parametrize("way", ["header", "protocol", "query"])
async def test_streams_that_take_the_token_in_one_place_only(
    there: Bench, village: VillageServer, northwind: Account, dana: Account, way: str
) -> None:
    village.village.token_in = (way,)
    made = await dana.post(f"@{northwind.acct} hello")
    heard = await listen(there.connector, lambda _: bool(village.village.opened))
    assert village.village.opened[0] == way
    await listen(there.open(), told(named(village.url, made)), since=None)
    assert heard.cursor is not None


@pytest.mark.parametrize("most", [15, 20, 40])
@pytest.mark.parametrize("adjacent", [True, False])
async def test_servers_that_give_less_than_was_asked_for(
    there: Bench, village: VillageServer, dana: Account, adjacent: bool, most: int
) -> None:
    """Whether `min_id` gives what comes next or the newest, all is found."""
    northwind = village.account_of(there.token)
    first = await dana.post(f"@{northwind.acct} before")
    heard = await listen(there.connector, told(named(village.url, first)))
    village.village.adjacent, village.village.most = adjacent, most
    missed = {
        named(village.url, await dana.post(f"@{northwind.acct} {number}")) for number in range(70)
    }

    def all_told(heard: Heard) -> bool:
        return {each.external_id for each in heard.changes} >= missed

    await listen(there.open(streaming="off"), all_told, since=heard.cursor)


async def test_lists_that_take_no_words_they_do_not_know(
    there: Bench, village: VillageServer, northwind: Account, dana: Account
) -> None:
    village.village.plain_lists = True
    made = await dana.post(f"@{northwind.acct} hello")
    await listen(there.open(streaming="off"), told(named(village.url, made)))
    assert not any(there.said)


@pytest.mark.parametrize("ahead", [timedelta(hours=3), timedelta(hours=-3)])
async def test_a_server_whose_clock_is_wrong(
    there: Bench, village: VillageServer, northwind: Account, dana: Account, ahead: timedelta
) -> None:
    """Nothing is passed over, and the place from which to read on moves along."""
    there.clock_offset = -ahead
    made = await dana.post(f"@{northwind.acct} one")
    for each in village.village.people[northwind.token].notifications:
        each["created_at"] = (system_clock() - timedelta(minutes=1)).isoformat()

    def settled(heard: Heard) -> bool:
        return told(named(village.url, made))(heard) and "notifications" in heard.cursor

    await listen(there.connector, settled)


async def test_a_server_that_says_nothing_of_itself(there: Bench, village: VillageServer) -> None:
    """Mastodon's own limits are kept to then."""
    village.village.nameless = True
    assert (await there.connector.limits()).length == 500
    assert (await there.connector.probe()).handle.endswith(village.url.partition("://")[2])


async def test_a_place_that_is_no_server(there: Bench, village: VillageServer) -> None:
    """The words say what to mend."""
    village.village.unknown_api = True
    with pytest.raises(Rejected, match="There is no Mastodon API at this address"):
        await there.connector.probe()


async def test_a_server_that_counts_every_character(there: Bench, northwind: Account) -> None:
    """Whatever it says of links: what fits by their short form becomes a thread there."""
    link = "https://example.com/" + "a" * 300
    text = " ".join(["See", *[f"{link}{number}" for number in range(20)]])
    assert NETWORK.count(text) < 1000
    receipt = await there.connector.send(Draft(text=text), new_id())
    assert [len(part.text) <= 5000 for part in receipt.parts] == [True, True]
    assert " ".join(part.text for part in receipt.parts) == text
    assert len(await northwind.posts()) == 2


async def test_a_description_is_cut_where_the_server_would_refuse_it(
    there: Bench, village: VillageServer
) -> None:
    upload = Upload(b"jpeg", "image/jpeg", "a torn box " * 200, 10, 10)
    await there.connector.send(Draft(text="See", uploads=(upload,)), new_id())
    [media] = village.village.media.values()
    assert len(media["description"]) == 1500
    assert (
        to_instance(
            {"configuration": {"media_attachments": {"description_limit": 10_000}}}, "x.example"
        ).alt_length
        == 10_000
    )


async def test_a_server_on_this_machine_is_reached_past_any_proxy(
    village: VillageServer, northwind: Account, dana: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy that the environment names is for the world; nothing listens at this one."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "WS_PROXY", "ws_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    bench = Bench(village.url, northwind.token)
    made = await dana.post(f"@{northwind.acct} hello")
    await listen(bench.open(), told(named(village.url, made)))
    await listen(bench.open(), lambda _: bool(village.village.opened))
    await bench.close()


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://127.9.9.9", True),
        ("https://localhost/x", True),
        ("http://[::1]:80", True),
        ("https://mastodon.social", False),
        ("http://10.0.0.1", False),
        ("http://localhost.example", False),
        ("nonsense", False),
    ],
)
def test_what_is_on_this_machine(address: str, here: bool) -> None:
    assert on_this_machine(address) is here
