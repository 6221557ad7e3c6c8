"""What every page needs of a request: who visits, when, and the forms' own proof."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from litestar import MediaType, Request, Response
from litestar.background_tasks import BackgroundTask
from litestar.datastructures import Cookie

from earful.accounts.csrf import csrf_for, csrf_matches
from earful.accounts.identify import Principal, identify
from earful.accounts.postbox import can_mail
from earful.accounts.secrets import Keyring
from earful.accounts.sessions import LIVES_FOR
from earful.accounts.signing_in import SignedIn, Step, Visit
from earful.accounts.tokens import is_token, new_token
from earful.accounts.visitors import client_address
from earful.pages.markup import Html, whole_page
from earful.settings import Settings
from earful.store.pool import Database

SESSION_COOKIE = "earful_session"
STEP_COOKIE = "earful_step"
FORM_COOKIE = "earful_form"

AnyRequest: TypeAlias = Request[Any, Any, Any]
Page: TypeAlias = Response[Any]


class Door:
    """One visit to one page."""

    def __init__(self, request: AnyRequest) -> None:
        state = request.app.state
        self.request = request
        self.settings: Settings = state.settings
        self.database: Database = state.database
        self.keyring: Keyring = state.keyring
        self.now: datetime = state.now()
        known = request.cookies.get(FORM_COOKIE)
        self._visitor = known if known is not None and is_token(known) else new_token()
        self._cookies: list[Cookie] = []

    @property
    def visit(self) -> Visit:
        """Address and browser."""
        return Visit(self.address, self.request.headers.get("user-agent", ""))

    @property
    def address(self) -> str:
        """The visitor's IP address."""
        peer = self.request.client.host if self.request.client else None
        forwarded = self.request.headers.getall("x-forwarded-for", [])
        return client_address(peer, ",".join(forwarded), behind_proxy=self.settings.behind_proxy)

    @property
    def csrf(self) -> str:
        """The proof to put into a form."""
        return csrf_for(self._visitor)

    async def can_mail(self) -> bool:
        """Whether a link can be mailed: by a server, and to an address that people can open."""
        if not self.settings.public_url:
            return False
        async with self.database.acquire() as db:
            return await can_mail(db)

    async def principal(self) -> Principal | None:
        """Who is signed in."""
        cookie = self.request.cookies.get(SESSION_COOKIE)
        if cookie is None:
            return None
        async with self.database.acquire() as db:
            return await identify(db, cookie=cookie, bearer=None, now=self.now)

    async def form(self) -> dict[str, str]:
        """The posted fields, of which the first of each name counts."""
        kind = self.request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/x-www-form-urlencoded":
            return {}
        body = (await self.request.body()).decode("utf-8", "replace")
        try:
            pairs = parse_qsl(body, keep_blank_values=True, errors="replace", max_num_fields=30)
        except ValueError:
            return {}
        return dict(reversed(pairs))

    def is_ours(self, form: dict[str, str]) -> bool:
        """Whether the form was shown by us to this browser."""
        site = self.request.headers.get("sec-fetch-site", "none")
        if site not in ("same-origin", "none"):
            return False
        return csrf_matches(self.request.cookies.get(FORM_COOKIE), form.get("csrf"))

    def come_in(self, outcome: SignedIn) -> None:
        """Set the session's cookie with the answer."""
        self._set(SESSION_COOKIE, outcome.token, LIVES_FOR)
        self.drop(STEP_COOKIE)

    def step(self, outcome: Step) -> None:
        """Set the cookie of the step between password and code."""
        self._set(STEP_COOKIE, outcome.token, timedelta(minutes=10))

    def drop(self, name: str) -> None:
        """Delete a cookie with the answer."""
        self._set(name, "", timedelta(0))

    def page(
        self,
        title: str,
        body: Html,
        *,
        status: int = 200,
        task: BackgroundTask | None = None,
        cookie: bool = True,
        brand: str = "",
        language: str = "en",
    ) -> Page:
        """An answer with a page; it is never stored by caches. `cookie` is the forms' proof, which
        a page needs not whose address is the secret. A customer's page has her `brand`'s name."""
        if cookie:
            self._set(FORM_COOKIE, self._visitor, timedelta(days=1))
        return self._answer(whole_page(title, body, brand, language), status, {}, task)

    def go(self, path: str) -> Page:
        """An answer that sends the browser to `path`, on this site."""
        return self._answer("", 303, {"Location": path})

    def wait(
        self,
        title: str,
        body: Html,
        wait: timedelta,
        *,
        cookie: bool = True,
        language: str = "en",
    ) -> Page:
        """A page for somebody who has to wait."""
        answer = self.page(title, body, status=429, cookie=cookie, language=language)
        answer.headers["Retry-After"] = str(max(1, round(wait.total_seconds())))
        return answer

    def _answer(
        self,
        content: str,
        status: int,
        headers: dict[str, str],
        task: BackgroundTask | None = None,
    ) -> Page:
        cookies: Sequence[Cookie] = self._cookies
        return Response(
            content,
            status_code=status,
            media_type=MediaType.HTML,
            headers={"Cache-Control": "no-store", **headers},
            cookies=cookies,
            background=task,
        )

    def _set(self, name: str, value: str, lasts_for: timedelta) -> None:
        self._cookies.append(
            Cookie(
                name,
                value=value,
                path="/",
                max_age=int(lasts_for.total_seconds()),
                secure=(self.settings.public_url or "").startswith("https://"),
                httponly=True,
                samesite="lax",
            )
        )
