"""Statuses as a server keeps them: one, several at once, or our own, newest first."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from typing import Any

from earful.networks.contract import Rejected
from earful.networks.mastodon.api import Call
from earful.networks.mastodon.errors import NotThere
from earful.networks.mastodon.session import Session

_ID = re.compile(r"[A-Za-z0-9_-]+")
AT_ONCE = 20  # what Mastodon gives in one answer
_PAGE = 40
_PAGES = 10


class Statuses:
    """Reads statuses for one account. Servers before Mastodon 4.3 know none but one at a time."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._several = True

    async def one(self, local: str) -> dict[str, Any] | None:
        """A status, or None when it is gone or not for us to see."""
        if not _ID.fullmatch(local):
            return None
        try:
            said = (await self._session.call(Call(path=f"/api/v1/statuses/{local}"))).said
        except NotThere:
            return None
        return said if isinstance(said, dict) and said.get("id") else None

    async def several(self, locals_: Sequence[str]) -> dict[str, dict[str, Any]] | None:
        """Those of at most AT_ONCE that are shown, by id; None where it can't be asked for."""
        if not self._several:
            return None
        params = [("id[]", local) for local in locals_]
        try:
            said = (await self._session.call(Call(path="/api/v1/statuses", params=params))).said
        except Rejected:  # some know the call, and ask for other words
            self._several = False
            return None
        if not isinstance(said, list):
            self._several = False
            return None
        return {str(each["id"]): each for each in said if isinstance(each, dict) and "id" in each}

    async def below(self, local: str) -> list[dict[str, Any]]:
        """What stands below a status, as far as the server shows it."""
        try:
            said = (await self._session.call(Call(path=f"/api/v1/statuses/{local}/context"))).said
        except Rejected:
            return []
        found = said.get("descendants") if isinstance(said, dict) else None
        listed = found if isinstance(found, list) else []
        return [each for each in listed if isinstance(each, dict)]

    async def own(self, account_id: str) -> AsyncIterator[dict[str, Any]]:
        """What we published ourselves, newest first, some hundreds at most."""
        before = ""
        for _ in range(_PAGES):
            params = [("limit", str(_PAGE)), ("exclude_reblogs", "true")]
            if before:
                params.append(("max_id", before))
            path = f"/api/v1/accounts/{account_id}/statuses"
            said = (await self._session.call(Call(path=path, params=params))).said
            listed = said if isinstance(said, list) else []
            page = [each for each in listed if isinstance(each, dict)]
            for status in page:
                yield status
            if not page or str(page[-1].get("id")) == before:
                return
            before = str(page[-1].get("id"))
