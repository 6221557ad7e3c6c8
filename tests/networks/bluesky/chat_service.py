"""A small, strict chat service: no chat server comes with the packages of the test network.

It is reached as the real one is: the account's own server looks its identity up, signs a token for
exactly this call and hands the call on (`atproto-proxy`). What it answers has the shape of the
lexicons `chat.bsky.convo.*`. It reads whose token it is and refuses one for another service or
another method, but does not check the signature: that is the server's part.
"""

from __future__ import annotations

import base64
import itertools
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from earful.kit.clock import system_clock
from earful.kit.text import graphemes
from earful.networks.bluesky.keys import stamp

CREATED = "chat.bsky.convo.defs#logCreateMessage"
LONGEST = 1000


class Refusal(Exception):
    """An answer of 400 with the lexicon's name for it."""


class ChatService:
    """The conversations, and the door to them."""

    def __init__(self) -> None:
        self.convos: dict[str, dict[str, Any]] = {}
        self.log: list[dict[str, Any]] = []
        self.incoming: dict[str, str] = {}
        """Whom a person lets write: "all", "none" or "following" (where nobody follows anybody)."""
        self.drop_answers = 0
        """How many messages are taken from now on whose answers are lost."""
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        service = self

        class Door(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service.serve(self, None)

            def do_POST(self) -> None:
                size = int(self.headers.get("content-length", 0))
                service.serve(self, json.loads(self.rfile.read(size)))

            def log_message(self, *_: Any) -> None:
                """Nothing is printed."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.url = f"http://localhost:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Close the door."""
        self._server.shutdown()
        self._server.server_close()

    def say(self, sender: str, reader: str, text: str) -> dict[str, Any]:
        """Somebody writes to somebody in their own app."""
        with self._lock:
            return self._write(sender, self._between(sender, reader)["id"], text)

    def serve(self, door: BaseHTTPRequestHandler, body: Any) -> None:
        """Answer one call."""
        asked = urlsplit(door.path)
        method = asked.path.removeprefix("/xrpc/")
        params = parse_qs(asked.query)
        try:
            us = _caller(door.headers.get("authorization", ""), method)
            if (method == "chat.bsky.convo.sendMessage") is not (body is not None):
                raise Refusal("InvalidRequest")
            with self._lock:
                answer = self._answer(us, method.rpartition(".")[2], params, body)
        except Refusal as refusal:
            _reply(door, 400, {"error": str(refusal), "message": "That can't be done."})
            return
        if body is not None and self.drop_answers:
            self.drop_answers -= 1
            _reply(door, 502, {"error": "UpstreamFailure"})
            return
        _reply(door, 200, answer)

    def _answer(self, us: str, method: str, params: dict[str, list[str]], body: Any) -> Any:
        if method == "sendMessage":
            return self._write(us, body["convoId"], body["message"]["text"])
        if method in ("getConvoForMembers", "getConvoAvailability"):
            return self._meet(us, method, _dids(params))
        if method in ("getConvo", "getMessages"):
            return self._read(us, method, params)
        if method == "listConvos":
            return {"convos": [self._view(c, us) for c in self.convos.values() if us in c["dids"]]}
        if method != "getLog":
            raise Refusal("MethodNotImplemented")
        after = params.get("cursor", [""])[0]
        mine = [e for e in self.log if e["rev"] > after and us in self._dids_of(e)][:20]
        return {"logs": mine, "cursor": mine[-1]["rev"] if mine else after}

    def _meet(self, us: str, method: str, members: list[str]) -> Any:
        [them] = members
        if method == "getConvoAvailability":
            return {"canChat": self._may(us, them)}
        if not self._may(us, them):
            shut = self.incoming[them] == "none"
            raise Refusal("MessagesDisabled" if shut else "NotFollowedBySender")
        return {"convo": self._view(self._between(us, them), us)}

    def _read(self, us: str, method: str, params: dict[str, list[str]]) -> Any:
        convo, most = self._of(us, params["convoId"][0]), int(params.get("limit", ["50"])[0])
        if not 1 <= most <= 100:
            raise Refusal("InvalidRequest")
        if method == "getConvo":
            return {"convo": self._view(convo, us)}
        return {"messages": convo["messages"][::-1][:most]}

    def _may(self, us: str, them: str) -> bool:
        known = any({us, them} == set(convo["dids"]) for convo in self.convos.values())
        return known or self.incoming.get(them, "all") == "all"

    def _between(self, one: str, other: str) -> dict[str, Any]:
        for convo in self.convos.values():
            if {one, other} == set(convo["dids"]):
                return convo
        convo_id, dids = f"convo{len(self.convos) + 1}", [one, other]
        made = {"id": convo_id, "dids": dids, "messages": [], "rev": self._rev()}
        self.convos[convo_id] = made
        return made

    def _of(self, us: str, convo_id: str) -> dict[str, Any]:
        convo = self.convos.get(convo_id)
        if convo is None or us not in convo["dids"]:
            raise Refusal("InvalidConvo")
        return convo

    def _write(self, sender: str, convo_id: str, text: str) -> dict[str, Any]:
        convo = self._of(sender, convo_id)
        if not text or graphemes(text) > LONGEST or len(text.encode()) > 10_000:
            raise Refusal("InvalidRequest")
        rev = convo["rev"] = self._rev()
        message: dict[str, Any] = {
            "$type": "chat.bsky.convo.defs#messageView",
            "id": f"m{rev}",
            "rev": rev,
            "text": text,
            "sender": {"did": sender},
            "sentAt": stamp(system_clock()),
        }
        convo["messages"].append(message)
        entry: dict[str, Any] = {
            "$type": CREATED,
            "rev": rev,
            "convoId": convo_id,
            "message": message,
        }
        self.log.append(entry)
        return message

    def _view(self, convo: dict[str, Any], us: str) -> dict[str, Any]:
        unread = [m for m in convo["messages"] if m["sender"]["did"] != us]
        members = [{"did": did, "handle": f"{did[-6:]}.test"} for did in convo["dids"]]
        return {"id": convo["id"], "rev": convo["rev"], "members": members, "muted": False,
                "unreadCount": len(unread), "status": "accepted"}  # fmt: skip

    def _dids_of(self, entry: dict[str, Any]) -> list[str]:
        found: list[str] = self.convos[entry["convoId"]]["dids"]
        return found

    def _rev(self) -> str:
        return f"{next(self._numbers):013d}"


def _caller(header: str, method: str) -> str:
    """Whose call it is. Raises Refusal for a token that is not for this call."""
    try:
        part = header.removeprefix("Bearer ").split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        fits = claims["lxm"] == method and str(claims["aud"]).startswith("did:plc:")
        live = claims["exp"] > system_clock().timestamp()
    except (IndexError, KeyError, ValueError) as error:
        raise Refusal("AuthMissing") from error
    if not (fits and live):
        raise Refusal("BadJwt")
    return str(claims["iss"])


def _dids(params: dict[str, list[str]]) -> list[str]:
    found = params.get("members", [])
    if len(found) != 1 or not found[0].startswith("did:"):
        raise Refusal("InvalidRequest")
    return found


def _reply(door: BaseHTTPRequestHandler, status: int, answer: Any) -> None:
    data = json.dumps(answer).encode()
    door.send_response(status)
    door.send_header("content-type", "application/json")
    door.send_header("content-length", str(len(data)))
    door.end_headers()
    door.wfile.write(data)
