"""A small network of our own, real over HTTP: the peer of the connector that the how-to builds.

Members post below each other's posts; a brand's account reads what is addressed to it from a
position on, and publishes under a reference of its own.
"""

from __future__ import annotations

import json
import secrets
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

LONGEST = 500
PATIENCE = 5.0


class Parlour:
    """The network's memory; `posts` hold dicts as they are told, in order."""

    def __init__(self, account: str, password: str) -> None:
        self.account, self.password = account, password
        self.told: list[dict[str, Any]] = []
        self.tokens: set[str] = set()
        self.news = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it stands."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        """End."""
        self._server.shutdown()
        self._server.server_close()

    def write(
        self, author: str, text: str, *, at: datetime | None = None, below: str = "", key: str = ""
    ) -> dict[str, Any]:
        """A post by `author`."""
        with self.news:
            post = {
                "id": f"p{len(self.told)}",
                "author": author,
                "text": text,
                "at": (at or datetime.now(UTC)).isoformat(),
                "below": below,
                "reference": key,
                "gone": False,
            }
            self.told.append(post)
            self.news.notify_all()
            return post

    def erase(self, id_: str) -> None:
        """Take a post away."""
        with self.news:
            self.told.append({"id": id_, "gone": True, "at": datetime.now(UTC).isoformat()})
            self.news.notify_all()

    def standing(self, id_: str) -> dict[str, Any] | None:
        """A post that was not taken away."""
        if any(post["id"] == id_ and post["gone"] for post in self.told):
            return None
        return next((post for post in self.told if post["id"] == id_), None)

    def of(self, author: str) -> list[dict[str, Any]]:
        """What somebody published, oldest first."""
        return [post for post in self.told if post.get("author") == author]


def _handler(parlour: Parlour) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Say nothing."""

        def _answer(self, status: int, body: Any) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def _known(self) -> bool:
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            if token in parlour.tokens:
                return True
            self._answer(401, {"error": "who are you?"})
            return False

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path == "/session":
                self._sign_in(body)
            elif self._known():
                self._publish(body)

        def _sign_in(self, body: dict[str, str]) -> None:
            if (body["account"], body["password"]) != (parlour.account, parlour.password):
                return self._answer(403, {"error": "wrong password"})
            parlour.tokens.add(token := secrets.token_hex(8))
            return self._answer(200, {"token": token})

        def _publish(self, body: dict[str, str]) -> None:
            if len(body["text"]) > LONGEST:
                return self._answer(422, {"error": f"at most {LONGEST} characters"})
            if body["below"] and parlour.standing(body["below"]) is None:
                return self._answer(422, {"error": "the post is gone that you want to answer"})
            for post in parlour.of(parlour.account):
                if post["reference"] == body["reference"]:
                    return self._answer(200, post)
            made = parlour.write(
                parlour.account, body["text"], below=body["below"], key=body["reference"]
            )
            return self._answer(201, made)

        def do_GET(self) -> None:
            if not self._known():
                return None
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            if parts.path == "/mine":
                found = [
                    post
                    for post in parlour.of(parlour.account)
                    if post["reference"] == query["reference"]
                ]
                return self._answer(200, found)
            after = int(query["after"])
            with parlour.news:
                parlour.news.wait_for(lambda: len(parlour.told) > after, PATIENCE)
                told = parlour.told[after : after + 100]
            return self._answer(200, {"posts": told, "next": after + len(told)})

    return Handler
