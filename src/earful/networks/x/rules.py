"""Our rules of the filtered stream. Rules without our tag are another program's, and left alone."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from earful.networks.contract import Rejected
from earful.networks.x.api import Call
from earful.networks.x.errors import NotAllowed
from earful.networks.x.notices import Notices
from earful.networks.x.payloads import several
from earful.networks.x.prices import RULE_LENGTH
from earful.networks.x.session import Session
from earful.networks.x.translate import Us
from earful.networks.x.wire import Page, Rule

_PATH = "/2/tweets/search/stream/rules"
_RULE = msgspec.json.Decoder(Rule)


class Rules:
    """Keeps the app's rules as one channel wants them."""

    def __init__(self, session: Session, searches: tuple[str, ...], notices: Notices) -> None:
        self._session, self._searches, self._notices = session, searches, notices

    async def keep(self, us: Us, *, searching: bool = True) -> None:
        """Add what is missing and take away what is no longer wanted. A rule that X rejects is
        told in words, and the others stand. Raises a NetworkError."""
        wanted = self._wanted(us, searching=searching)
        ours = await self._standing(us)
        if old := [rule.id for rule in ours if wanted.get(rule.tag) != rule.value]:
            await self._change({"delete": {"ids": old}})
        there = {rule.tag for rule in ours if wanted.get(rule.tag) == rule.value}
        words = [await self._add(tag, value) for tag, value in wanted.items() if tag not in there]
        await self._notices.say("rules", " ".join(filter(None, words)))

    def _wanted(self, us: Us, *, searching: bool) -> Mapping[str, str]:
        mark = marked(us)
        told = {
            f"{mark}mention": f"@{us.handle} -is:retweet",
            f"{mark}own": f"from:{us.handle} -is:retweet",
        }
        searches = self._searches if searching else ()
        return told | {f"{mark}search {number}": each for number, each in enumerate(searches, 1)}

    async def _standing(self, us: Us) -> list[Rule]:
        page = await self._session.call(Call(path=_PATH, bucket="rules", app=True))
        rules = several(page.data, _RULE)
        return [rule for rule in rules if rule.tag.startswith(marked(us))]

    async def _add(self, tag: str, value: str) -> str:
        """Words where it was not added; empty when all is well."""
        if len(value) > RULE_LENGTH:
            return f"The search {value[:40]!r}… is longer than the {RULE_LENGTH} signs X takes."
        try:
            page = await self._change({"add": [{"value": value, "tag": tag}]})
        except NotAllowed:
            raise
        except Rejected as error:
            return f"X rejects the search {value!r}: {error}"
        problems = [
            each
            for each in page.errors or ()
            if "duplicate" not in (each.title + each.type).lower()
        ]
        if not problems:
            return ""
        why = problems[0].details or [problems[0].detail or problems[0].title]
        return f"X rejects the search {value!r}: {' '.join(why)}"

    async def _change(self, body: Mapping[str, object]) -> Page:
        call = Call(method="POST", path=_PATH, bucket="rules_change", body=body, app=True)
        return await self._session.call(call)


def marked(us: Us) -> str:
    """How the tags of our rules and subscriptions begin."""
    return f"earful:{us.id}:"
