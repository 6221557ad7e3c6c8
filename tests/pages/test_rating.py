"""A customer rates by a link: without account, script or cookie."""

from __future__ import annotations

from typing import Any

import pytest

from earful.accounts.tokens import digest, new_token
from earful.kit.ids import new_id
from earful.pages.rating_words import ENGLISH, others
from earful.portal.words import LANGUAGES
from earful.store.pool import Database
from tests.cast import Cast, gather, post
from tests.desk.acts import home_of, rows, take
from tests.pages.browser import Browser
from tests.pages.conftest import Watch


@pytest.fixture
async def cast(database: Database) -> Cast:
    return await gather(database)


@pytest.fixture
async def token(cast: Cast, watch: Watch) -> str:
    """Carol was asked."""
    await take(cast, post("1"))
    home, made = await home_of(cast, "1"), new_token()
    await rows(
        cast,
        """INSERT INTO rating (workspace_id, id, conversation_id, contact_id, inbox_id, state,
             ask_at, asked_at, token, expires_at)
           SELECT workspace_id, $2, id, contact_id, inbox_id, 'asked', $3, $3, $4,
             $3::timestamptz + interval '30 days' FROM conversation WHERE id = $1""",
        home,
        new_id(),
        watch(),
        digest(made),
    )
    return made


async def test_it_is_asked_answered_and_changed(
    browser: Browser, cast: Cast, token: str, watch: Watch
) -> None:
    client = browser.http
    shown = await client.get(f"/rate/{token}")
    assert shown.status_code == 200
    assert "You wrote to Northwind." in shown.text
    assert "set-cookie" not in shown.headers
    assert shown.headers["cache-control"] == "no-store"
    sent: dict[str, Any] = {"score": "4", "words": "<script>alert(1)</script>"}
    thanked = await client.post(f"/rate/{token}", data=sent)
    assert thanked.status_code in (200, 201)
    assert "Thank you" in thanked.text
    again = await client.get(f"/rate/{token}")
    assert "&lt;script&gt;" in again.text
    assert "<script>" not in again.text
    [kept] = await rows(cast, "SELECT score, words, state FROM rating")
    assert (kept["score"], kept["words"], kept["state"]) == (
        4,
        "<script>alert(1)</script>",
        "answered",
    )


@pytest.mark.parametrize("score", ["", "0", "6", "٣", "1e3", "9" * 400])
async def test_no_other_answer_is_taken(
    browser: Browser, cast: Cast, token: str, score: str
) -> None:
    client = browser.http
    told = await client.post(f"/rate/{token}", data={"score": score, "words": "kept typed"})
    assert told.status_code == 422
    assert "kept typed" in told.text
    assert (await rows(cast, "SELECT score FROM rating"))[0]["score"] is None


async def test_a_wrong_or_old_link_leads_to_a_kind_page_and_guessing_is_slowed(
    browser: Browser, cast: Cast, token: str, watch: Watch
) -> None:
    client = browser.http
    assert (await client.get(f"/rate/{new_token()}")).status_code == 404
    assert (await client.get("/rate/x")).status_code == 404
    codes = [
        (await client.post(f"/rate/{new_token()}", data={"score": "5"})).status_code
        for _ in range(25)
    ]
    assert codes[0] == 404
    assert codes[-1] == 429
    watch.on(days=31)
    assert (await client.get(f"/rate/{token}")).status_code == 404
    assert (await rows(cast, "SELECT score FROM rating"))[0]["score"] is None


async def test_it_is_asked_in_what_the_customer_reads(browser: Browser, token: str) -> None:
    client = browser.http
    asked = {"Accept-Language": "de-CH,de;q=0.9,en;q=0.5"}
    shown = await client.get(f"/rate/{token}", headers=asked)
    assert '<html lang="de">' in shown.text
    assert "Sie haben Northwind geschrieben." in shown.text
    assert shown.headers["vary"] == "Accept-Language"
    wrong = await client.post(f"/rate/{token}", data={"score": "7"}, headers=asked)
    assert "Wählen Sie eine der fünf Antworten." in wrong.text
    thanked = await client.post(f"/rate/{token}", data={"score": "5"}, headers=asked)
    assert "Danke" in thanked.text
    gone = await client.get("/rate/x", headers=asked)
    assert "Dieser Link führt nirgendwohin" in gone.text


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_has_every_text_of_it(language: str) -> None:
    known = others()[language]
    assert set(known) == set(ENGLISH)
    for name, text in known.items():
        assert [one in text for one in ("{brand}", "{wait}")] == [
            one in ENGLISH[name] for one in ("{brand}", "{wait}")
        ], name
        assert text != ENGLISH[name], name
    assert set(others()) == set(LANGUAGES[1:])
