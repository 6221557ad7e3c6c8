"""The way in, as a browser without script sees it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from litestar import Litestar

from earful.accounts.csrf import csrf_for
from earful.accounts.people import add_agent
from earful.accounts.standing import disable_agent
from earful.pages.sign_in import STALE, WRONG
from earful.store.pool import Database
from tests.pages.browser import Browser, hidden
from tests.pages.conftest import Watch
from tests.pages.story import ALICE, set_up, sign_in


async def test_the_first_visit_leads_to_setup_and_then_in(browser: Browser) -> None:
    assert (await browser.get("/sign-in")).headers["location"] == "/setup"
    await set_up(browser)
    assert browser.session()
    assert (await browser.get("/setup")).headers["location"] == "/sign-in"
    assert (await browser.get("/sign-in?next=/c/7")).headers["location"] == "/c/7"


async def test_signing_out_and_in_again(
    browser: Browser, open_browser: Callable[[], Browser]
) -> None:
    await set_up(browser)
    stolen = browser.session()
    assert (await browser.send("/sign-out")).headers["location"] == "/sign-in"
    assert browser.session() is None
    thief = open_browser()
    thief.http.cookies.set("earful_session", str(stolen))
    assert (await thief.get("/sign-out")).headers["location"] == "/sign-in", "it ended for all"
    answer = await browser.send(
        "/sign-in",
        shown_at="/sign-in?next=/c/7",
        email=" Alice@Northwind.example ",
        password=ALICE["password"],
    )
    assert answer.status_code == 303
    assert answer.headers["location"] == "/c/7"
    assert browser.session()


@pytest.mark.parametrize(
    "fields",
    [
        {"password": "three tall shipz"},
        {"password": ""},
        {"password": "\x00"},
        {"password": ALICE["password"] + "\x00"},
        {"password": "x" * 50_000},
        {"email": "nobody@northwind.example"},
        {"email": "alice@northwind.example\x00"},
        {"email": "alice@northwind.example\r\nBcc: eve@x.example"},
        {"email": "' OR 1=1 --"},
        {"email": ""},
    ],
)
async def test_whatever_is_wrong_is_said_in_the_same_words(
    browser: Browser, open_browser: Callable[[], Browser], fields: dict[str, str]
) -> None:
    await set_up(open_browser())
    answer = await sign_in(browser, **fields)
    assert answer.status_code == 403
    assert WRONG in answer.text
    assert browser.session() is None


async def test_people_without_a_password_or_disabled_are_told_the_same(
    browser: Browser, open_browser: Callable[[], Browser], database: Database, watch: Watch
) -> None:
    await set_up(open_browser())
    async with database.transaction() as db:
        ours = await db.fetchval("SELECT id FROM workspace")
        bob = await add_agent(
            db, ours, name="Bob", email="bob@x.example", role="agent", now=watch.now
        )
    assert WRONG in (await sign_in(browser, email=bob.email)).text
    async with database.transaction() as db:
        await disable_agent(db, ours, bob.id, by="owner", now=watch.now)
    assert WRONG in (await sign_in(browser, email=bob.email)).text


async def test_a_password_of_a_megabyte_is_refused_before_it_is_read(browser: Browser) -> None:
    await set_up(browser)
    answer = await browser.http.post("/sign-in", data={"password": "x" * 1_000_000})
    assert answer.status_code == 413
    assert "longer than" in answer.text


async def test_what_was_typed_is_escaped_and_the_password_not_shown_again(
    browser: Browser, open_browser: Callable[[], Browser]
) -> None:
    await set_up(open_browser())
    hostile = '"><script>alert(1)</script>'
    answer = await sign_in(browser, email=hostile, password="hunter22-hunter22")
    assert "<script>" not in answer.text
    assert "&quot;&gt;&lt;script&gt;" in answer.text
    assert "hunter22" not in answer.text


async def test_guessing_gets_slower_and_the_wait_is_said(
    browser: Browser, open_browser: Callable[[], Browser], watch: Watch
) -> None:
    await set_up(open_browser())
    for _ in range(5):
        assert (await sign_in(browser, password="a wrong password")).status_code == 403
    answer = await sign_in(browser)
    assert answer.status_code == 429, "even the right password waits"
    assert answer.headers["retry-after"] == "2"
    assert "Wait 2 seconds" in answer.text
    watch.on(seconds=2)
    assert (await sign_in(browser)).status_code == 303
    assert browser.session()


async def test_each_try_is_in_the_audit_log(
    browser: Browser, open_browser: Callable[[], Browser], database: Database
) -> None:
    await set_up(open_browser())
    await sign_in(browser, password="a wrong password")
    await sign_in(browser)
    async with database.acquire() as db:
        acts = [row["act"] for row in await db.fetch("SELECT act FROM audit ORDER BY seq")]
    assert acts == ["workspace.created", "session.opened", "session.refused", "session.opened"]


@pytest.mark.parametrize("csrf", ["", "x", None])
async def test_a_form_of_somebody_elses_is_refused(
    browser: Browser, open_browser: Callable[[], Browser], csrf: str | None
) -> None:
    await set_up(open_browser())
    await browser.get("/sign-in")
    fields = {"email": ALICE["email"], "password": ALICE["password"]}
    if csrf is not None:
        fields["csrf"] = csrf
    answer = await browser.http.post("/sign-in", data=fields)
    assert answer.status_code == 403
    assert STALE in answer.text
    assert browser.session() is None


async def test_the_proof_of_another_browser_is_refused(
    browser: Browser, open_browser: Callable[[], Browser]
) -> None:
    await set_up(open_browser())
    proof = hidden((await open_browser().get("/sign-in")).text)
    await browser.get("/sign-in")
    answer = await browser.http.post(
        "/sign-in", data={**proof, "email": ALICE["email"], "password": ALICE["password"]}
    )
    assert STALE in answer.text


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_a_form_sent_from_another_site_is_refused(
    browser: Browser, open_browser: Callable[[], Browser], site: str
) -> None:
    await set_up(open_browser())
    browser.http.headers["sec-fetch-site"] = site
    assert STALE in (await sign_in(browser)).text
    browser.http.headers["sec-fetch-site"] = "same-origin"
    assert (await sign_in(browser)).status_code == 303


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"&".join([b"a=1"] * 1000), b"{}", b"csrf=%00&email=%ff"]
)
async def test_rubbish_is_answered_with_the_form(
    app: Litestar, browser: Browser, body: bytes
) -> None:
    await set_up(browser)
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        answer = await browser.http.post("/sign-in", content=body, headers={"content-type": kind})
        assert answer.status_code == 403
        assert STALE in answer.text
    other = {"content-type": "application/json"}
    answer = await browser.http.post("/sign-in", content=body, headers=other)
    assert answer.status_code == (415 if body else 403)
    assert ("takes its own form only" if body else STALE) in answer.text


async def test_the_screen_signs_out_with_its_own_proof(browser: Browser) -> None:
    await set_up(browser)
    wrong = await browser.http.post("/sign-out", headers={"x-csrf-token": "wrong"})
    assert wrong.status_code == 403
    assert browser.session()
    right = {"x-csrf-token": csrf_for(str(browser.session()))}
    assert (await browser.http.post("/sign-out", headers=right)).status_code == 303
    assert browser.session() is None
