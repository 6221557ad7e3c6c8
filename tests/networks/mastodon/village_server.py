"""The doors of the stand-in for GoToSocial, on a port of loopback (see `village`)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from earful.bench.desk import free_port
from tests.networks.mastodon.server import Account
from tests.networks.mastodon.village import Refusal, Village, Villager

Handler = Callable[[Request, Villager], Awaitable[Any]]


class Doors:
    """Answers requests for one village."""

    def __init__(self, village: Village) -> None:
        self.village = village
        self.codes: dict[str, dict[str, str]] = {}

    def app(self) -> Starlette:
        """All routes there are; what Mastodon has besides is not found."""
        signed = self._signed
        return Starlette(
            routes=[
                Route("/api/v1/instance", self.instance),
                Route("/api/v1/apps", self.apps, methods=["POST"]),
                Route("/oauth/authorize", self.authorize),
                Route("/oauth/token", self.token, methods=["POST"]),
                Route("/.well-known/oauth-authorization-server", self.metadata),
                Route("/oauth/revoke", self.revoke, methods=["POST"]),
                Route("/api/v1/accounts/verify_credentials", signed(self.who)),
                Route("/api/v1/accounts/{id}/statuses", signed(self.own)),
                Route("/api/v1/notifications", signed(self.notifications)),
                Route("/api/v1/conversations", signed(self.nothing)),
                Route("/api/v1/statuses", signed(self.publish), methods=["POST"]),
                Route("/api/v1/statuses/{id}", signed(self.status)),
                Route("/api/v1/statuses/{id}", signed(self.delete), methods=["DELETE"]),
                Route("/api/v1/statuses/{id}", signed(self.edit), methods=["PUT"]),
                Route("/api/v1/statuses/{id}/source", signed(self.source)),
                Route("/api/v2/media", signed(self.upload), methods=["POST"]),
                Route("/api/v1/media/{id}", signed(self.media)),
                WebSocketRoute("/api/v1/streaming", self.stream),
            ]
        )

    def _signed(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def signed(request: Request) -> Response:
            token = request.headers.get("authorization", "").removeprefix("Bearer ")
            who = self.village.people.get(token)
            if self.village.moved_to:
                return RedirectResponse(self.village.moved_to, 302)
            if self.village.unknown_api:
                return Response("<h1>Not here</h1>", 404)
            if who is None:
                return JSONResponse({"error": "Unauthorized: token not supplied"}, 401)
            try:
                found = await handler(request, who)
            except Refusal as refusal:
                return JSONResponse({"error": refusal.words}, refusal.status)
            return found if isinstance(found, Response) else JSONResponse(found)

        return signed

    async def instance(self, _request: Request) -> Response:
        if self.village.nameless:
            return JSONResponse({"error": "Not Found"}, 404)
        statuses = {
            "max_characters": 5000,
            "characters_reserved_per_url": 25,
            "max_media_attachments": 6,
        }
        media = {"image_size_limit": 40_000_000, "supported_mime_types": ["image/jpeg"]}
        village = self.village
        return JSONResponse(
            {
                "uri": village.origin,
                "account_domain": "village.example",
                "urls": {"streaming_api": village.streaming},
                "configuration": {"statuses": statuses, "media_attachments": media},
            }
        )

    async def who(self, _request: Request, who: Villager) -> Any:
        return self.village.account(who)

    async def nothing(self, _request: Request, _who: Villager) -> Any:
        return []

    async def own(self, request: Request, _who: Villager) -> Any:
        own = [
            each
            for each in self.village.statuses.values()
            if each["account"]["id"] == request.path_params["id"]
        ]
        return self._page(own, request)

    async def notifications(self, request: Request, who: Villager) -> Any:
        kinds = request.query_params.getlist("types[]")
        if self.village.plain_lists and kinds:
            raise Refusal(400, "Bad Request: Unexpected field: types[].")
        wanted = [each for each in who.notifications if not kinds or each["type"] in kinds]
        return self._page(wanted, request)

    def _page(self, items: list[dict[str, Any]], request: Request) -> list[dict[str, Any]]:
        """Newest first, as ids and the limit ask: `min_id` gives those right above it."""
        if self.village.lists_nothing:
            raise Refusal(403, "Forbidden: token has insufficient scope")
        asked = request.query_params
        limit = min(self.village.most, int(asked.get("limit", "20")))
        found = sorted(items, key=lambda each: str(each["id"]))
        if "max_id" in asked:
            found = [each for each in found if each["id"] < asked["max_id"]]
        if "min_id" in asked:
            found = [each for each in found if each["id"] > asked["min_id"]]
            found = found[:limit] if self.village.adjacent else found
        return found[-limit:][::-1]

    async def publish(self, request: Request, who: Villager) -> Any:
        village = self.village
        if village.limited_after is not None:
            village.limited_after -= 1
            if village.limited_after < 0:
                return JSONResponse({"error": "slow down"}, 429, {"Retry-After": "30"})
        return village.publish(who, await request.json())

    async def status(self, request: Request, who: Villager) -> Any:
        return self.village.shown(who, request.path_params["id"])

    async def edit(self, request: Request, who: Villager) -> Any:
        said = await request.json()
        return self.village.edit(who, request.path_params["id"], said["status"])

    async def delete(self, request: Request, who: Villager) -> Any:
        return self.village.delete(who, request.path_params["id"])

    async def source(self, request: Request, who: Villager) -> Any:
        status = self.village.own(who, request.path_params["id"])
        return {"id": status["id"], "text": status["text"]}

    async def upload(self, request: Request, _who: Villager) -> Any:
        async with request.form() as form:
            file = form["file"]
            if isinstance(file, str):
                raise Refusal(422, "Unprocessable Entity: no file")
            size, said = len(await file.read()), str(form.get("description") or "")
        id_ = self.village.new_id()
        media = {"id": id_, "type": "image", "url": None, "description": said, "size": size}
        self.village.media[id_] = media
        return JSONResponse(media, 202)

    async def media(self, request: Request, _who: Villager) -> Any:
        media = self.village.media[request.path_params["id"]]
        if "asked" not in media:
            media["asked"] = True
            return JSONResponse(media, 206)
        media["url"] = f"{self.village.origin}/fileserver/{media['id']}.jpg"
        return media

    async def stream(self, socket: WebSocket) -> None:
        tokens = {
            "header": socket.headers.get("authorization", "").removeprefix("Bearer "),
            "protocol": socket.headers.get("sec-websocket-protocol", ""),
            "query": socket.query_params.get("access_token", ""),
        }
        found = next((way for way in self.village.token_in if tokens[way]), "query")
        who = self.village.people.get(tokens[found])
        if who is None:
            await socket.close(1008)
            return
        await socket.accept(subprotocol=tokens["protocol"] or None)
        self.village.opened.append(found)
        mailbox: asyncio.Queue[str] = asyncio.Queue()
        who.streams.append(mailbox)
        try:
            while True:
                await socket.send_text(await mailbox.get())
        except (WebSocketDisconnect, asyncio.CancelledError):
            return  # the other side went, or the test is over
        finally:
            who.streams.remove(mailbox)

    async def apps(self, request: Request) -> Response:
        if self.village.moved_to:
            return RedirectResponse(self.village.moved_to, 302)
        said = await request.json()
        return JSONResponse(
            {"client_id": f"app {said['redirect_uris']}", "client_secret": "secret"}
        )

    async def metadata(self, _request: Request) -> Response:
        """What Mastodon says since 4.3, and GoToSocial does not."""
        if not self.village.challenges:
            return JSONResponse({"error": "Not Found"}, 404)
        return JSONResponse({"code_challenge_methods_supported": ["plain", "S256"]})

    async def authorize(self, request: Request) -> Response:
        """Whoever comes is Northwind, and agrees."""
        asked = dict(request.query_params)
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        back = httpx.URL(asked["redirect_uri"]).copy_merge_params(
            {"code": code, "state": asked["state"]}
        )
        return RedirectResponse(str(back), 302)

    async def token(self, request: Request) -> Response:
        async with request.form() as form:
            said = {name: str(value) for name, value in form.items()}
        if said.get("client_secret") != "secret":
            return JSONResponse({"error": "invalid_client"}, 401)
        if said["grant_type"] == "refresh_token":
            old = self.village.people.get(said["refresh_token"].removeprefix("refresh "))
            return self._fresh(old) if old else JSONResponse({"error": "invalid_grant"}, 400)
        asked = self.codes.pop(said.get("code", ""), None)
        if asked is None or asked["redirect_uri"] != said.get("redirect_uri"):
            return JSONResponse({"error": "invalid_grant"}, 400)
        digest = hashlib.sha256(said.get("code_verifier", "").encode()).digest()
        told = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked.get("code_challenge", told) != told:
            return JSONResponse({"error": "invalid_grant"}, 400)
        return self._fresh(self.village.move_in("northwind"))

    def _fresh(self, who: Villager) -> Response:
        """A new token for somebody; the old one is no good any more."""
        del self.village.people[who.token]
        who.token = f"{who.token}+"
        self.village.people[who.token] = who
        refresh = f"refresh {who.token}"
        return JSONResponse({"access_token": who.token, "refresh_token": refresh})

    async def revoke(self, request: Request) -> Response:
        async with request.form() as form:
            self.village.people.pop(str(form.get("token")), None)
        return JSONResponse({})


class _Quiet(uvicorn.Server):
    """Leaves the signals of the process alone, and ends at once."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.over = asyncio.Event()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self.over.wait()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class VillageServer:
    """A running stand-in."""

    def __init__(self, village: Village, http: httpx.AsyncClient) -> None:
        self.village, self.http, self.url = village, http, village.origin

    async def account(self, name: str) -> Account:
        """A new account."""
        return self.account_of(self.village.move_in(name).token)

    def account_of(self, token: str) -> Account:
        """The account that a token signs in."""
        who = self.village.people[token]
        return Account(who.id, who.name, "village.example", who.token, self.http)

    async def written_at(
        self, author: Account, brand: Account, text: str, at: datetime, below: str | None = None
    ) -> str:
        """A mention that claims another time and that no stream tells."""
        who = self.village.people[author.token]
        asked = {"status": f"@{brand.acct} {text}", "created_at": at.isoformat(), "quietly": True}
        return str(self.village.publish(who, asked | {"in_reply_to_id": below})["id"])


@asynccontextmanager
async def village_server() -> AsyncIterator[VillageServer]:
    """A fresh stand-in, ended with the block."""
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    village = Village(origin, streaming=f"wss://127.0.0.1:{port}")
    config = uvicorn.Config(
        Doors(village).app(), port=port, log_level="error", lifespan="off", ws="websockets-sansio"
    )
    server = _Quiet(config)
    serving = asyncio.create_task(server.serve())
    for pause in itertools.repeat(0.01):
        if server.started or serving.done():
            break
        await asyncio.sleep(pause)
    async with httpx.AsyncClient(base_url=origin, timeout=30) as http:
        yield VillageServer(village, http)
    server.should_exit = server.force_exit = True
    server.over.set()
    await serving
