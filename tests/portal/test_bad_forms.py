"""What no browser sends: answered like any mistake, and never by a fault of ours."""

from __future__ import annotations

import pytest

from tests.portal.conftest import Desk, Visitor

PART = b"--b\r\nContent-Disposition: form-data"
KIND = "multipart/form-data; boundary=b"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        (KIND, b"--b\r\n\r\n"),
        (KIND, PART + b'; name="text"\r\n\r\n\xff\xfe\r\n--b--'),
        (KIND, PART + b"\r\n\r\nx\r\n--b--"),
        (KIND, PART + b'; name="pictures"; filename="a\x00.png"\r\n\r\nx\r\n--b--'),
        (KIND, PART + b'; name="text"\r\nContent-Type: text/plain; charset=klingon\r\n\r\nx'
         b"\r\n--b--"),
        (KIND, b"".join(PART + b'; name="%d"\r\n\r\nx\r\n' % n for n in range(3000)) + b"--b--"),
        (f"{KIND}; charset=klingon", PART + b'; name="text"\r\n\r\nx\r\n--b--'),
        ("application/x-www-form-urlencoded", b"text=%00%ff&email=%00"),
        ("application/x-www-form-urlencoded; charset=klingon", b"text=x"),
        ("application/x-www-form-urlencoded", b"a=b&" * 50_000),
        ("application/json", b'{"text":"x"}'),
        ("", b""),
    ],
    ids=lambda part: repr(part)[:40],
)  # fmt: skip
async def test_forms_that_no_browser_sends(
    desk: Desk, visitor: Visitor, kind: str, body: bytes
) -> None:
    here = (await visitor.write("hello")).headers["location"].partition("?")[0]
    for path in ("/portal/help", here, f"{here}/mail", f"{here}/take-back", "/portal/help/lost"):
        desk.cast.time.pass_(minutes=10)
        headers = {"Content-Type": kind} if kind else {}
        told = await visitor.http.post(path, content=body, headers=headers)
        assert told.status_code in (303, 403, 415, 422), (path, told.text[:200])


@pytest.mark.parametrize("odd", ["%00", "a%00b", "%ff%fe", "%F0%9F%98%80", "x" * 5_000, "..%2f.."])
async def test_addresses_that_no_page_has(visitor: Visitor, odd: str) -> None:
    here = (await visitor.write("hello")).headers["location"].partition("?")[0]
    for path in ("/portal/", "/portal/help/", "/portal/help/t/", f"{here}/", f"{here}/p/"):
        assert (await visitor.http.get(path + odd)).status_code in (200, 404), path
