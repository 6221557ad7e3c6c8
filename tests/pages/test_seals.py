"""What goes out with every page: cookies, headers, and where it may send a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from litestar import Litestar

from earful.pages.assets import STYLESHEET_URL
from earful.pages.onward import safe_next, with_next
from earful.settings import Settings
from tests.pages.browser import Browser
from tests.pages.story import ALICE, set_up

PAGES = ["/sign-in", "/setup", "/password", "/password/nothing", "/invitation/nothing"]


@pytest.mark.parametrize(
    "hostile",
    [
        None,
        "",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/c/1\r\nSet-Cookie: a=b",
        "/c/1\x00",
        "/\t/evil.example",
        "/ /evil.example",
        " /c/1",
        "c/1",
        "/c\\1",
        "/é",
        "/" + "a" * 3000,
        "/sign-out",
        "/sign-in?next=/",
    ],
)
def test_nothing_leads_elsewhere(hostile: str | None) -> None:
    assert safe_next(hostile) == "/"


@pytest.mark.parametrize("good", ["/", "/c/1", "/settings/people?x=1&y=%2F#z"])
def test_paths_of_ours_are_kept(good: str) -> None:
    assert safe_next(good) == good


def test_a_path_to_go_on_to_is_one_parameter() -> None:
    assert with_next("/sign-in", "/c/1?a=b&c=d") == "/sign-in?next=%2Fc%2F1%3Fa%3Db%26c%3Dd"
    assert with_next("/sign-in", "/") == "/sign-in"


@pytest.mark.parametrize("hostile", ["//evil.example", "https://evil.example", "/%0d%0aX: y"])
async def test_signing_in_leads_to_no_other_site(
    browser: Browser, open_browser: Callable[[], Browser], hostile: str
) -> None:
    await set_up(open_browser())
    answer = await browser.send(
        "/sign-in", email=ALICE["email"], password=ALICE["password"], next=hostile
    )
    assert answer.status_code == 303
    assert not answer.headers["location"].startswith(("//", "http"))
    assert "x" not in answer.headers


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_is_sealed(browser: Browser, path: str) -> None:
    answer = await browser.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "no-store"
    assert not re.search(r"<script|\son\w+=|\sstyle=|javascript:", answer.text)


async def test_the_stylesheet_may_be_kept_for_ever_under_its_own_name(browser: Browser) -> None:
    answer = await browser.get(STYLESHEET_URL)
    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]
    assert "http" not in answer.text


async def test_cookies_are_out_of_reach_of_scripts_and_other_sites(browser: Browser) -> None:
    await set_up(browser)
    answer = await browser.send("/sign-out")
    for cookie in answer.headers.get_list("set-cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Secure" not in cookie, "this desk has no https address"


async def test_with_an_https_address_cookies_travel_by_https_only(
    app: Litestar, browser: Browser
) -> None:
    app.state.settings = replace(Settings(), public_url="https://care.example.org")
    answer = await browser.get("/setup")
    cookies = answer.headers.get_list("set-cookie")
    assert cookies
    assert all("Secure" in cookie for cookie in cookies)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_other_methods_are_refused(browser: Browser, method: str) -> None:
    assert (await browser.http.request(method, "/sign-in")).status_code == 405
