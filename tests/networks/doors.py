"""A small network for tests: signed in to on its own pages, calls us, says what it allows."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from earful.networks.contract import (
    Answer,
    Batch,
    Call,
    Field,
    Finding,
    Grant,
    Identity,
    Limits,
    Manifest,
    NetworkError,
    Person,
    Ports,
    Post,
    Reauthorize,
    Rejected,
    RetryLater,
    Step,
    Visibility,
)

NAME = "doors"
SECRET = "hook-secret"
EASTWIND = Identity("acct-1", "Eastwind", "Eastwind Ltd")


class Town:
    """What the network knows and was asked, in this process."""

    def __init__(self) -> None:
        self.codes: dict[str, Identity] = {"good": EASTWIND}
        self.asked: list[tuple[str, Mapping[str, Any]]] = []
        self.limits = Limits(length=100, link_length=23)
        self.findings: tuple[Finding, ...] = ()
        self.error: NetworkError | None = None
        self.ports: list[Ports] = []

    def say(self, what: str, **more: Any) -> None:
        """Note what was asked."""
        self.asked.append((what, more))


TOWN = Town()


class DoorsConnector:
    """Keeps Connector, Streams, Hears, Limited and Checks."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    async def probe(self) -> Identity:
        """Whoever the session says."""
        session = await self._ports.tokens.load()
        if session is None:
            raise Reauthorize("Sign in first.")
        await self._ports.tokens.save({**session, "rotated": True})
        return TOWN.codes[session["code"]]

    async def close(self) -> None:
        """Nothing to let go of."""

    async def stream(self, since: Mapping[str, Any] | None) -> AsyncIterator[Batch]:
        """One empty batch, for the contract's sake."""
        yield Batch((), since)

    async def limits(self) -> Limits:
        """What the server allows."""
        return TOWN.limits

    async def check(self) -> tuple[Finding, ...]:
        """What was found."""
        if TOWN.error:
            raise TOWN.error
        return TOWN.findings

    async def hear(self, call: Call) -> Answer:
        """A challenge, or posts with the right signature."""
        if call.method == "GET":
            return Answer(body=call.query["crc"].encode(), content_type="text/plain")
        given = call.headers.get("x-signature", "")
        if not hmac.compare_digest(given, sign(call.body)):
            return Answer(status=403, body=b"{}")
        said = msgspec.json.decode(call.body)
        if said == "later":
            raise RetryLater("not now", 7)
        if said == "revoked":
            return Answer(revoked="You were signed out there.")
        return Answer(body=b"{}", batch=Batch(tuple(map(_post, said)), None))


def sign(body: bytes) -> str:
    """The signature of a body."""
    return hmac.digest(SECRET.encode(), body, "sha256").hex()


def _post(said: dict[str, Any]) -> Post:
    return Post(
        external_id=said["id"],
        author=Person("u1", "carol.example", "Carol Diaz"),
        text=said["text"],
        parent_id=said.get("parent"),
        published_at=datetime(2026, 11, 2, 8, said.get("minute", 0), tzinfo=UTC),
    )


class DoorsNetwork:
    """Keeps Network, Authorizes, Measures and Warns."""

    manifest = Manifest(
        network=NAME,
        title="Doors",
        fields=(
            Field("app", "App id"),
            Field("key", "App secret", secret=True),
            Field("token", "Token", secret=True, optional=True, instead=True),
            Field("way", "Way", default="page", choices=("page", "short")),
            Field("daily", "Most a day", default="5"),
        ),
        length=50,
        cap_field="daily",
        guide=(
            Step("Make an app", "Set this as the callback.", copy="{callback}"),
            Step("Let it call us", "Set this as the hook.", copy="{hook}"),
        ),
    )

    def open(
        self, config: Mapping[str, str], secrets: Mapping[str, str], ports: Ports
    ) -> DoorsConnector:
        """A channel."""
        del config, secrets
        TOWN.ports.append(ports)
        return DoorsConnector(ports)

    def count(self, text: str) -> int:
        """Characters."""
        return len(text)

    def count_by(self, text: str, limits: Limits) -> int:
        """Characters, a link as the server says."""
        words = text.split(" ")
        lengths = [limits.link_length if "://" in word else len(word) for word in words]
        return sum(lengths) + len(words) - 1

    def split_by(self, text: str, limits: Limits) -> list[str]:
        """Never split."""
        del limits
        return [text]

    def warn(self, text: str, visibility: Visibility, config: Mapping[str, str]) -> list[str]:
        """Links cost something."""
        return [f"A link costs $0.20 ({visibility}, {config['app']})."] if "://" in text else []

    async def begin(
        self, config: Mapping[str, str], secrets: Mapping[str, str], callback: str, state: str
    ) -> Grant:
        """Its page."""
        if TOWN.error:
            raise TOWN.error
        TOWN.say("begin", app=config["app"], key=secrets["key"], callback=callback)
        url = f"https://doors.example/authorize?state={state}"
        return Grant(url, {"verifier": f"of {state}"})

    async def finish(
        self,
        config: Mapping[str, str],
        secrets: Mapping[str, str],
        callback: str,
        keep: Mapping[str, Any],
        query: Mapping[str, str],
    ) -> Mapping[str, Any]:
        """The session for a code."""
        TOWN.say("finish", app=config["app"], key=secrets["key"], callback=callback, **keep)
        if query.get("error"):
            raise Rejected("you said no there.")
        if query["code"] not in TOWN.codes:
            raise Rejected("the code is no good.")
        return {"code": query["code"]}


NETWORK = DoorsNetwork()
